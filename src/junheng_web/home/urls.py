"""The first page, the components, the manual, what was published, and what a browser keeps for when it is alone."""

from __future__ import annotations

from django.urls import path

from junheng_web.home import gallery, help, published, views

urlpatterns = [
    path("", views.home, name="home"),
    path("components", gallery.components, name="components"),
    path("help/", help.contents, name="help"),
    path("help/<str:code>/", help.page, name="manual"),
    path("c/<str:county_code>/help/<str:id>/", help.indicator, name="help_indicator"),
    path("published/", published.contents, name="published"),
    path("published/<str:area>/<str:code>/", published.document, name="publication"),
    path("published/<str:area>/<str:code>/chart/", published.chart, name="publication_chart"),
    path("published/<str:area>/<str:code>/<str:part>/", published.part, name="publication_part"),
    path("offline", views.offline, name="offline"),
    path("service-worker.js", views.worker, name="worker"),
]
