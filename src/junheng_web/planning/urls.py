"""Searches for a plan, the terms on which one plans, and the sandbox."""

from __future__ import annotations

from django.urls import path

from junheng_web.planning import adoption_views, scenario_views, views

app_name = "planning"
urlpatterns = [
    path("", views.plans, name="plans"),
    path("add", views.add, name="add"),
    path("terms", views.set_terms, name="terms"),
    path("terms/exempt", views.terms_exempt, name="terms_exempt"),
    path("terms/workbook", views.terms_workbook, name="terms_workbook"),
    path("terms/import", views.terms_import, name="terms_import"),
    path("plan/<int:number>/", views.plan, name="plan"),
    path("plan/<int:number>/stop", views.stop, name="stop"),
    path("plan/<int:number>/calendar", views.calendar, name="calendar"),
    path("plan/<int:number>/rotation/", views.rotations, name="rotation"),
    path("plan/<int:number>/workbook", views.workbook, name="workbook"),
    path("plan/<int:number>/proof", views.proof, name="proof"),
    path("plan/<int:number>/adopt", adoption_views.adopt, name="adopt"),
    path("adopted/", adoption_views.adoptions, name="adoptions"),
    path("adopted/<int:number>/", adoption_views.adoption, name="adoption"),
    path("adopted/<int:number>/tasks", adoption_views.assign, name="assign"),
    path("scenarios/", scenario_views.scenarios, name="scenarios"),
    path("scenarios/add", scenario_views.scenario_add, name="scenario_add"),
    path("scenarios/beside", scenario_views.beside, name="beside"),
    path("scenarios/<int:number>/", scenario_views.scenario, name="scenario"),
    path("scenarios/<int:number>/edit", scenario_views.edit, name="edit"),
    path("scenarios/<int:number>/undo", scenario_views.undo, name="undo"),
    path("scenarios/<int:number>/sharing", scenario_views.sharing, name="sharing"),
    path("scenarios/<int:number>/copy", scenario_views.copy, name="copy"),
]
