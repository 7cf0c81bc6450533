"""The first page, the components' page, and what a browser keeps for when the platform cannot be reached."""

from __future__ import annotations

from django.urls import path

from junheng_web.home import gallery, help, views

urlpatterns = [
    path("", views.home, name="home"),
    path("components", gallery.components, name="components"),
    path("help/", help.contents, name="help"),
    path("help/<str:code>/", help.page, name="manual"),
    path("c/<str:county_code>/help/<str:id>/", help.indicator, name="help_indicator"),
    path("offline", views.offline, name="offline"),
    path("service-worker.js", views.worker, name="worker"),
]
