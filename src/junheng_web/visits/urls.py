"""The plan of visits, a visit and what is done to it, what the visits come to."""

from __future__ import annotations

from django.urls import path

from junheng_web.visits import exchange_views, result_views, views

app_name = "visits"
VISIT = "<str:period>/visit/<int:visit>/"
urlpatterns = [
    path("", views.newest, name="newest"),
    path("<str:period>/", views.plan, name="plan"),
    path("<str:period>/assign/", views.assign, name="assign"),
    path("<str:period>/open/", views.open_visit, name="open"),
    path("<str:period>/results/", result_views.results, name="results"),
    path("<str:period>/results/<str:id>/", result_views.item, name="item"),
    path("<str:period>/results/<str:id>/confirm", result_views.confirm, name="confirm"),
    path(VISIT, views.visit, name="visit"),
    path(f"{VISIT}save", views.save, name="save"),
    path(f"{VISIT}note", views.note, name="note"),
    path(f"{VISIT}finish", views.finish, name="finish"),
    path(f"{VISIT}correct", views.correct, name="correct"),
    path(f"{VISIT}photo", views.photo, name="photo"),
    path(f"{VISIT}reply", views.reply, name="reply"),
    path(f"{VISIT}printed", views.printed, name="printed"),
    path(f"{VISIT}workbook", exchange_views.workbook, name="workbook"),
    path(f"{VISIT}import/", exchange_views.bring, name="import"),
]
