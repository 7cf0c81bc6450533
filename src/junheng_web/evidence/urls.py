"""Files of a county."""

from __future__ import annotations

from django.urls import path

from junheng_web.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.files, name="files"),
    path("<str:digest>", views.download, name="download"),
]
