"""Reports: written, reviewed, signed, packed."""

from __future__ import annotations

from django.urls import path

from junheng_web.reports import package_views, review_views, views

app_name = "reports"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("add/", views.add, name="add"),
    path("figures/", views.figures, name="figures"),
    path("templates/", views.templates, name="templates"),
    path("packages/", package_views.packages, name="packages"),
    path("packages/add/", package_views.add, name="package_add"),
    path("packages/<int:number>/", package_views.package, name="package"),
    path("packages/<int:number>/edit/", package_views.edit, name="package_edit"),
    path("packages/<int:number>/zip", package_views.package_zip, name="package_zip"),
    path("<int:number>/", views.report, name="report"),
    path("<int:number>/edit/", views.edit, name="edit"),
    path("<int:number>/paper", views.paper, name="paper"),
    path("<int:number>/tables/", views.tables, name="tables"),
    path("<int:number>/tables/<str:name>", views.table_file, name="table_file"),
    path("<int:number>/print/", views.sheets, name="sheets"),
    path("<int:number>/checklist/", views.checklist, name="checklist"),
    path("<int:number>/between/", views.between, name="between"),
    path("<int:number>/frozen/", views.frozen, name="frozen"),
    path("<int:number>/<str:deed>", review_views.step, name="step"),
]
