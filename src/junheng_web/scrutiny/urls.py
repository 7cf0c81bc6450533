"""The risk page, a school's signs, and the workbook."""

from __future__ import annotations

from django.urls import path

from junheng_web.scrutiny import views

app_name = "scrutiny"
urlpatterns = [
    path("", views.newest, name="newest"),
    path("<str:period>/<str:basis>/", views.ledger, name="ledger"),
    path("<str:period>/<str:basis>/workbook", views.workbook, name="workbook"),
    path("<str:period>/<str:basis>/<str:code>/", views.school, name="school"),
    path("<str:period>/<str:basis>/<str:code>/verify", views.verify, name="verify"),
]
