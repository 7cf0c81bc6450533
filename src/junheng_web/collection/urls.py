"""Periods, forms, steps, and workbooks out and in."""

from __future__ import annotations

from django.urls import path

from junheng_web.collection.pages import (
    confirm_views,
    difference_views,
    exchange_views,
    finding_views,
    history_views,
    lock_views,
    newyear_views,
    reminder_views,
    reply_views,
    seal_views,
    submitted_views,
    views,
)

app_name = "collection"
FORM = "<str:period>/<str:basis>/<str:kind>/<str:code>/"
urlpatterns = [
    path("", views.newest, name="newest"),
    path("waits/", views.waits, name="waits"),
    path("open/", newyear_views.begin, name="open"),
    path("open/schools/", newyear_views.schools, name="year_schools"),
    path("open/facts/", newyear_views.facts, name="year_facts"),
    path("open/lists/", newyear_views.lists, name="year_lists"),
    path("open/evidence/", newyear_views.evidence, name="year_evidence"),
    path("open/issues/", newyear_views.issues, name="year_issues"),
    path("open/summary/", newyear_views.summary, name="year_summary"),
    path("open/drop", newyear_views.drop, name="year_drop"),
    path("submitted/", submitted_views.newest, name="submitted_newest"),
    path("<str:period>/owners/", views.owners, name="owners"),
    path("<str:period>/locks/", lock_views.locks, name="locks"),
    path("<str:period>/differences/", difference_views.differences, name="differences"),
    path("<str:period>/differences/reason/", difference_views.difference, name="difference"),
    path("<str:period>/<str:basis>/", views.board, name="board"),
    path("<str:period>/<str:basis>/due", views.due, name="due"),
    path("<str:period>/<str:basis>/remind", views.remind, name="remind"),
    path("<str:period>/<str:basis>/reminders/", reminder_views.reminders, name="reminders"),
    path("<str:period>/<str:basis>/findings/", finding_views.findings, name="county_findings"),
    path("<str:period>/<str:basis>/workbook", exchange_views.workbook, name="county_workbook"),
    path("<str:period>/<str:basis>/import/", exchange_views.bring, name="import"),
    path("<str:period>/<str:basis>/import/<str:trial>/", exchange_views.plan, name="import_plan"),
    path("<str:period>/<str:basis>/import/<str:trial>/apply", exchange_views.apply, name="import_apply"),
    path("<str:period>/<str:basis>/submitted/", submitted_views.submitted, name="submitted"),
    path(
        "<str:period>/<str:basis>/submitted/<str:kind>/<str:code>/",
        submitted_views.submitted_form,
        name="submitted_form",
    ),
    path(FORM, views.form, name="form"),
    path(f"{FORM}save", views.save, name="save"),
    path(f"{FORM}carried", views.carried, name="carried"),
    path(f"{FORM}findings", views.findings, name="findings"),
    path(f"{FORM}explain", views.explain, name="explain"),
    path(f"{FORM}history", history_views.history, name="history"),
    path(f"{FORM}prove", history_views.prove, name="prove"),
    path(f"{FORM}printed", views.printed, name="printed"),
    path(f"{FORM}confirm/", confirm_views.confirm, name="confirm"),
    path(f"{FORM}reply/", reply_views.reply, name="reply"),
    path(f"{FORM}sealed/", seal_views.sealed, name="sealed"),
    path(f"{FORM}workbook", exchange_views.workbook, name="workbook"),
    path(f"{FORM}step/<str:deed>", views.step, name="step"),
]
