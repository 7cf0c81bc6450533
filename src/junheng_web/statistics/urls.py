"""Mappings of statistics forms, marking, and the census read by them."""

from __future__ import annotations

from django.urls import path

from junheng_web.statistics import import_views, marking_views, upload_views, views

app_name = "statistics"
urlpatterns = [
    path("", views.mappings, name="mappings"),
    path("add/", marking_views.add, name="add"),
    path("books/<str:trial>/", marking_views.sheets, name="sheets"),
    path("books/<str:trial>/<int:sheet>/", marking_views.marking, name="marking"),
    path("upload/", upload_views.upload, name="upload"),
    path("mappings/<str:code>/", views.mapping, name="mapping"),
    path("mappings/<str:code>/file", views.mapping_file, name="mapping_file"),
    path("mappings/<str:code>/state", views.state, name="state"),
    path("dismiss", views.dismiss, name="dismiss"),
    path("aliases/withdraw", views.alias_take_back, name="alias_withdraw"),
    path("import/<str:period>/", import_views.bring, name="import"),
    path("import/<str:period>/<str:trial>/", import_views.plan, name="import_plan"),
    path("import/<str:period>/<str:trial>/names", import_views.names, name="names"),
    path("import/<str:period>/<str:trial>/apply", import_views.apply, name="apply"),
]
