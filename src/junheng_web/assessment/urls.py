"""The main job: verdict, grid, school, indicator, trace, board, rules, comparison, upload."""

from __future__ import annotations

from django.urls import path

from junheng_web.assessment import views

app_name = "assessment"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("grid/", views.grid, name="grid"),
    path("board/", views.board, name="board"),
    path("runs/", views.runs, name="runs"),
    path("upload/", views.upload, name="upload"),
]
