"""Areas above counties."""

from __future__ import annotations

from django.urls import path

from junheng_web.areas import views

app_name = "areas"
urlpatterns = [path("", views.counties, name="counties")]
