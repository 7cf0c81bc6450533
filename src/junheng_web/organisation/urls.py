"""Signing in, posts, jobs, health."""

from __future__ import annotations

from django.urls import path

from junheng_web.organisation import account_views, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("act-for", views.act_for, name="act_for"),
    path("password", account_views.password, name="password"),
    path("c/<str:county_code>/jobs/<int:number>", views.job, name="job"),
    path("c/<str:county_code>/jobs/<int:number>/cancel", views.cancel, name="job_cancel"),
]
