"""The checklist of evidence."""

from __future__ import annotations

from django.urls import path

from junheng_web.dossier import binder_views, paper_views, views

app_name = "dossier"
ITEM = "<str:indicator>/<int:number>/"
urlpatterns = [
    path("", views.items, name="items"),
    path("take", views.take, name="take"),
    path("add/", views.add, name="add"),
    path("year/part", views.year_part, name="year_part"),
    path("gaps/", views.lacking, name="gaps"),
    path("binders/", binder_views.binders, name="binders"),
    path("binders/<int:number>/<str:part>", binder_views.binder_file, name="binder_file"),
    path("files/<str:digest>/", paper_views.file, name="file"),
    path(ITEM, views.item, name="item"),
    path(f"{ITEM}change/", views.change, name="change"),
    path(f"{ITEM}end", views.end, name="end"),
    path(f"{ITEM}hand-in", paper_views.hand_in, name="hand_in"),
    path(f"{ITEM}hand-in/<str:upload>", paper_views.hand_in_parts, name="hand_in_parts"),
    path(f"{ITEM}papers/<int:paper>/step", paper_views.step, name="step"),
]
