"""Notices of a county."""

from __future__ import annotations

from django.urls import path

from junheng_web.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read", views.read, name="read"),
    path("robots/", views.robots, name="robots"),
    path("mails/", views.mails, name="mails"),
    path("read-all", views.read_all, name="read_all"),
]
