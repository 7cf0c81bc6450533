"""Issues, gaps and school plans; feedback; the veto register; figures and the leader's page."""

from __future__ import annotations

from django.urls import path

from junheng_web.rectification import feedback_views, figure_views, veto_views, views

app_name = "rectification"
urlpatterns = [
    path("", views.issues, name="issues"),
    path("add/", views.add, name="add"),
    path("gaps/", views.gaps, name="gaps"),
    path("gaps/raise", views.gaps_raise, name="gaps_raise"),
    path("issue/<int:number>/", views.issue, name="issue"),
    path("issue/<int:number>/send", views.send, name="send"),
    path("issue/<int:number>/take", views.take, name="take"),
    path("year/part", views.year_part, name="year_part"),
    path("plans/", views.plans, name="plans"),
    path("plans/<str:code>/", views.plan, name="plan"),
    path("feedback/", feedback_views.bring, name="feedback"),
    path("feedback/template", feedback_views.template, name="feedback_template"),
    path("feedback/<str:trial>/", feedback_views.plan, name="feedback_plan"),
    path("feedback/<str:trial>/apply", feedback_views.apply, name="feedback_apply"),
    path("figures/", figure_views.shown, name="figures"),
    path("figures/circular/", figure_views.circular, name="circular"),
    path("leader/", figure_views.leader, name="leader"),
    path("vetoes/", veto_views.register, name="vetoes"),
    path("vetoes/banner", veto_views.banner, name="banner"),
    path("vetoes/report/", veto_views.report, name="report"),
    path("vetoes/incident/<int:number>/", veto_views.incident, name="incident"),
    path("vetoes/incident/<int:number>/settle", veto_views.settle, name="settle"),
    path("vetoes/<str:part>/units/", veto_views.duties, name="veto_duties"),
    path("vetoes/<str:part>/<str:unit>/<str:span>/", veto_views.declare, name="declare"),
]
