"""Files of a county."""

from __future__ import annotations

from django.urls import path

from junheng_web.evidence import upload_views, views

app_name = "evidence"
urlpatterns = [
    path("", views.files, name="files"),
    path("add", views.add, name="add"),
    path("uploads/begin", upload_views.begin, name="upload_begin"),
    path("uploads/<str:upload>", upload_views.part, name="upload_part"),
    path("uploads/<str:upload>/finish", upload_views.finish, name="upload_finish"),
    path("clear", views.clear_many, name="clear_many"),
    path("<str:digest>", views.download, name="download"),
    path("<str:digest>/", views.file, name="file"),
    path("<str:digest>/describe", views.describe, name="describe"),
    path("<str:digest>/look/", views.look, name="look"),
    path("<str:digest>/clear", views.clear, name="clear"),
    path("<str:digest>/layout", views.lay_out, name="lay_out"),
    path("<str:digest>/pages/<int:number>", views.picture, name="picture"),
    path("<str:digest>/links", views.link, name="link"),
    path("<str:digest>/links/<int:number>/remove", views.unlink, name="unlink"),
]
