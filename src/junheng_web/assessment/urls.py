"""The main job: verdict, grid, school, indicator, trace, board, rules, comparison, upload."""

from __future__ import annotations

from django.urls import path

from junheng_web.assessment import (
    applicability_views,
    live_views,
    office_views,
    then_views,
    trend_views,
    upload_views,
    views,
)

app_name = "assessment"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("grid/", views.grid, name="grid"),
    path("grid/<str:stage>/", views.grid, name="grid"),
    path("schools/<str:code>/", views.school, name="school"),
    path("indicators/<str:id>/", views.indicator, name="indicator"),
    path("indicators/<str:id>/<str:stage>/", views.indicator, name="indicator_stage"),
    path("trace/<str:id>/", views.trace, name="trace"),
    path("trends/", trend_views.county, name="trends"),
    path("trends/<str:id>/", trend_views.requirement, name="trend"),
    path("trends/<str:id>/<str:stage>/", trend_views.indicator, name="trend_stage"),
    path("board/", views.board, name="board"),
    path("board/answering", views.answering, name="answering"),
    path("rules/", views.rules, name="rules"),
    path("rules/<str:id>/", views.rule, name="rule"),
    path("runs/", views.runs, name="runs"),
    path("runs/against/", views.choose, name="choose"),
    path("runs/<str:before>/against/<str:after>/", views.compare, name="compare"),
    path("runs/<str:code>/official/", office_views.declare, name="declare"),
    path("runs/<str:code>/official/withdraw/", office_views.withdraw, name="withdraw"),
    path("review-date/", office_views.review_date, name="review_date"),
    path("live/<str:period>/<str:basis>/", live_views.live, name="live"),
    path("live/<str:period>/<str:basis>/<str:kind>/<str:code>/", live_views.effect, name="effect"),
    path("then/<str:period>/<str:basis>/", then_views.at, name="then"),
    path("then/<str:period>/<str:basis>/<str:kind>/<str:code>/", then_views.form, name="then_form"),
    path("between/<str:period>/<str:basis>/", then_views.between, name="between"),
    path("applicability/<str:period>/<str:basis>/", applicability_views.applicability, name="applicability"),
    path("applicability/<str:period>/<str:basis>/confirm", applicability_views.confirm, name="applicability_confirm"),
    path("approved/<str:period>/<str:basis>/", live_views.approved, name="approved"),
    path("upload/", upload_views.upload, name="upload"),
    path("upload/template", upload_views.template, name="upload_template"),
    path("upload/<str:trial>/", upload_views.findings, name="upload_findings"),
    path("upload/<str:trial>/foreign", upload_views.foreign, name="upload_foreign"),
    path("upload/<str:trial>/annotated", upload_views.annotated, name="upload_annotated"),
    path("upload/<str:trial>/keep", upload_views.keep, name="upload_keep"),
    path("upload/<str:trial>/drop", upload_views.drop, name="upload_drop"),
]
