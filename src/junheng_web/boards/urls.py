"""Boards and the map."""

from __future__ import annotations

from django.urls import path

from junheng_web.boards import map_views, views

app_name = "boards"
urlpatterns = [
    path("", views.county, name="wall"),
    path("units/", views.units, name="units"),
    path("units/<str:code>/", views.unit, name="unit"),
    path("schools/", views.schools, name="schools"),
    path("schools/<str:code>/", views.school, name="school"),
    path("map/", map_views.shown, name="map"),
    path("map/keep/", map_views.keep, name="map_keep"),
    path("map/withdraw", map_views.withdraw, name="map_withdraw"),
    path("map/keep/<str:trial>/", map_views.plan, name="map_plan"),
    path("map/keep/<str:trial>/apply", map_views.apply, name="map_apply"),
]
