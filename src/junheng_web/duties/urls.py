"""Duties, the table of indicators and units, recurring reports."""

from __future__ import annotations

from django.urls import path

from junheng_web.duties import clause_views, following, matrix_views, naming_views, report_views, views

app_name = "duties"
# Whoever hands a post over sees what of this room follows it.
FOLLOWING = following.duties_of_post
DUTY, MATRIX = "duty/<int:number>/", "matrix/"
PERIOD = f"{DUTY}report/<str:unit>/<str:period>/"
urlpatterns = [
    path("", views.duties, name="duties"),
    path("mine/", views.mine, name="mine"),
    path("reports/", views.reports, name="reports"),
    path("unit/<str:unit>/", views.unit, name="unit"),
    path("add/", views.add, name="add"),
    path("workbook", clause_views.workbook, name="clauses_workbook"),
    path("import/", clause_views.bring, name="clauses_import"),
    path("import/<str:trial>/", clause_views.plan, name="clauses_plan"),
    path("import/<str:trial>/apply", clause_views.apply, name="clauses_apply"),
    path("take", views.take, name="take"),
    path(DUTY, views.duty, name="duty"),
    path(f"{DUTY}edit/", views.edit, name="edit"),
    path(f"{DUTY}end", views.end, name="end"),
    path(PERIOD, report_views.report, name="report"),
    path(f"{PERIOD}file", report_views.report_file, name="report_file"),
    path("names/", naming_views.names, name="names"),
    path("names/set", naming_views.name_set, name="name_set"),
    path("names/withdraw", naming_views.name_withdraw, name="name_withdraw"),
    path(MATRIX, matrix_views.table, name="matrix"),
    path(f"{MATRIX}printed/", matrix_views.printed, name="printed"),
    path(f"{MATRIX}workbook", matrix_views.workbook, name="workbook"),
    path(f"{MATRIX}import/", matrix_views.bring, name="import"),
    path(f"{MATRIX}import/<str:trial>/", matrix_views.plan, name="import_plan"),
    path(f"{MATRIX}import/<str:trial>/apply", matrix_views.apply, name="import_apply"),
    path(f"{MATRIX}set/<str:indicator>/", matrix_views.edit, name="matrix_edit"),
]
