"""Files of a county."""

from __future__ import annotations

from django.urls import path

from junheng_web.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.files, name="files"),
    path("add", views.add, name="add"),
    path("<str:digest>", views.download, name="download"),
    path("<str:digest>/", views.file, name="file"),
    path("<str:digest>/links", views.link, name="link"),
    path("<str:digest>/links/<int:number>/remove", views.unlink, name="unlink"),
]
