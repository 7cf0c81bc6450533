"""The table and its items, money, gaps beside money, what schools' forms are to hold, and the table as a workbook."""

from __future__ import annotations

from django.urls import path

from junheng_web.funding import certificate_views, exchange_views, money_views, views

app_name = "funding"
urlpatterns = [
    path("", views.ledger, name="ledger"),
    path("print/", views.printed, name="printed"),
    path("actual/", views.actual, name="actual"),
    path("balance/", views.balance, name="balance"),
    path("add/", views.item_add, name="item_add"),
    path("line/<int:place>/", views.line, name="line"),
    path("item/<int:number>/", views.item, name="item"),
    path("item/<int:number>/edit/", views.item_edit, name="item_edit"),
    path("item/<int:number>/drop", views.item_drop, name="item_drop"),
    path("item/<int:number>/gate", views.gate, name="gate"),
    path("item/<int:number>/skip", views.skip, name="skip"),
    path("item/<int:number>/gate/<str:gate>/undo", views.gate_undo, name="gate_undo"),
    path("item/<int:number>/contract", views.contract, name="contract"),
    path("item/<int:number>/payment", views.payment, name="payment"),
    path("item/<int:number>/allot", views.allot, name="allot"),
    path("item/<int:number>/undo/<str:kind>/<int:id>", views.undo, name="undo"),
    path("item/<int:number>/raise/undo", views.raise_undo, name="raise_undo"),
    path("issue/<int:number>/part", views.issue_part, name="issue_part"),
    path("keepers/", views.keepers, name="keepers"),
    path("sources/", money_views.sources, name="sources"),
    path("sources/<str:code>/", money_views.source, name="source"),
    path("decide", money_views.decide, name="decide"),
    path("rises/", money_views.rises, name="rises"),
    path("rises/<str:code>/", money_views.rise, name="rise"),
    path("rises/<str:code>/part", money_views.rises_part, name="rises_part"),
    path("rises/<str:code>/fill", money_views.rise_fill, name="rise_fill"),
    path("certificates/", certificate_views.certificates, name="certificates"),
    path("certificates/workbook", certificate_views.workbook, name="certificates_workbook"),
    path("certificates/import/", certificate_views.bring, name="certificates_import"),
    path("certificates/import/<str:trial>/", certificate_views.plan, name="certificates_plan"),
    path("certificates/import/<str:trial>/apply", certificate_views.apply, name="certificates_apply"),
    path("certificates/<str:code>/<str:kind>/", certificate_views.certificate, name="certificate"),
    path("workbook", exchange_views.workbook, name="workbook"),
    path("import/", exchange_views.bring, name="import"),
    path("import/<str:trial>/", exchange_views.plan, name="import_plan"),
    path("import/<str:trial>/apply", exchange_views.apply, name="import_apply"),
]
