"""The organisation's pages: chart, groups, units, posts, people, contacts, schools, and its workbook."""

from __future__ import annotations

from django.urls import path

from junheng_web.organisation import (
    account_views,
    alias_views,
    contact_views,
    exchange_views,
    group_views,
    school_views,
    unit_views,
)

app_name = "organisation"
urlpatterns = [
    path("", group_views.chart, name="chart"),
    path("groups/", group_views.groups, name="groups"),
    path("groups/found", group_views.found, name="group_found"),
    path("groups/<str:code>/", group_views.group, name="group"),
    path("groups/<str:code>/change", group_views.change, name="group_change"),
    path("groups/<str:code>/dissolve", group_views.dissolve, name="group_dissolve"),
    path("groups/<str:code>/seats/add", group_views.seat_add, name="seat_add"),
    path("groups/<str:code>/seats/<int:place>/", group_views.seat, name="seat"),
    path("units/", unit_views.units, name="units"),
    path("units/add", unit_views.add, name="unit_add"),
    path("units/<str:code>/", unit_views.unit, name="unit"),
    path("units/<str:code>/change", unit_views.change, name="unit_change"),
    path("units/<str:code>/close", unit_views.close, name="unit_close"),
    path("posts/add", unit_views.post_new, name="post_add"),
    path("posts/<str:code>/", unit_views.post, name="post"),
    path("posts/<str:code>/change", unit_views.post_edit, name="post_change"),
    path("posts/<str:code>/hand-over", unit_views.hand_over, name="hand_over"),
    path("people/", contact_views.people, name="people"),
    path("people/add", contact_views.add, name="person_add"),
    path("people/<int:number>/", contact_views.person, name="person"),
    path("accounts/", account_views.accounts, name="accounts"),
    path("accounts/<int:number>/", account_views.account, name="account"),
    path("accounts/<int:number>/close", account_views.close, name="account_close"),
    path("accounts/<int:number>/<str:deed>", account_views.deed, name="account_deed"),
    path("contacts/", contact_views.contacts, name="contacts"),
    path("schools/", school_views.schools, name="schools"),
    path("schools/add", school_views.add, name="school_add"),
    path("schools/aliases/", alias_views.aliases, name="aliases"),
    path("schools/aliases/withdraw", alias_views.withdraw, name="alias_withdraw"),
    path("schools/<str:code>/", school_views.school, name="school"),
    path("schools/<str:code>/<str:deed>", school_views.deed, name="school_deed"),
    path("workbook", exchange_views.workbook, name="workbook"),
    path("import/", exchange_views.bring, name="import"),
    path("import/apply", exchange_views.apply, name="import_apply"),
]
