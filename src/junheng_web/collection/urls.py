"""Periods, forms, steps, and workbooks out and in."""

from __future__ import annotations

from django.urls import path

from junheng_web.collection import exchange_views, newyear_views, views

app_name = "collection"
FORM = "<str:period>/<str:basis>/<str:kind>/<str:code>/"
urlpatterns = [
    path("", views.newest, name="newest"),
    path("open/", newyear_views.begin, name="open"),
    path("open/schools/", newyear_views.schools, name="year_schools"),
    path("open/facts/", newyear_views.facts, name="year_facts"),
    path("open/lists/", newyear_views.lists, name="year_lists"),
    path("open/evidence/", newyear_views.evidence, name="year_evidence"),
    path("open/summary/", newyear_views.summary, name="year_summary"),
    path("open/drop", newyear_views.drop, name="year_drop"),
    path("<str:period>/owners/", views.owners, name="owners"),
    path("<str:period>/differences/", views.differences, name="differences"),
    path("<str:period>/<str:basis>/", views.board, name="board"),
    path("<str:period>/<str:basis>/due", views.due, name="due"),
    path("<str:period>/<str:basis>/workbook", exchange_views.workbook, name="county_workbook"),
    path("<str:period>/<str:basis>/import/", exchange_views.bring, name="import"),
    path("<str:period>/<str:basis>/import/<str:trial>/", exchange_views.plan, name="import_plan"),
    path("<str:period>/<str:basis>/import/<str:trial>/apply", exchange_views.apply, name="import_apply"),
    path(FORM, views.form, name="form"),
    path(f"{FORM}save", views.save, name="save"),
    path(f"{FORM}confirm", views.confirm, name="confirm"),
    path(f"{FORM}findings", views.findings, name="findings"),
    path(f"{FORM}explain", views.explain, name="explain"),
    path(f"{FORM}history", views.history, name="history"),
    path(f"{FORM}printed", views.printed, name="printed"),
    path(f"{FORM}workbook", exchange_views.workbook, name="workbook"),
    path(f"{FORM}step/<str:deed>", views.step, name="step"),
]
