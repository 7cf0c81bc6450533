"""The registers' pages. What both registers have is guarded here: each asks for rights of its own."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from junheng_web.organisation.permissions import permitted
from junheng_web.registers import counting_views, exchange_views, views

app_name = "registers"


def _exchanged(name: str, sees: str, enters: str) -> list[URLPattern]:
    """Return the pages on which a register goes out and in as a workbook."""
    own, at = {"name": name}, f"{name}/import/"
    bring = permitted(enters)(require_http_methods(["GET", "POST"])(exchange_views.bring))
    plan, apply = (permitted(enters)(kind(view)) for kind, view in _PLANNED)
    return [
        path(at, bring, own, name=f"{name}_import"),
        path(f"{at}<str:trial>/", plan, own, name=f"{name}_plan"),
        path(f"{at}<str:trial>/apply", apply, own, name=f"{name}_apply"),
        path(f"{name}/workbook", permitted(sees)(require_GET(exchange_views.workbook)), own, name=f"{name}_workbook"),
    ]


_PLANNED = ((require_GET, exchange_views.plan), (require_POST, exchange_views.apply))


def _rows(name: str, sees: str, enters: str, one: str) -> list[URLPattern]:
    """Return the pages on which one row is typed in, or shown with its history."""
    own, both = {"name": name}, require_http_methods(["GET", "POST"])
    return [
        path(f"{name}/add/", permitted(enters)(both(views.add)), own, name=f"{one}_add"),
        path(f"{name}/row/<str:key>/", permitted(sees)(both(views.row)), own, name=one),
    ]


urlpatterns = [
    path("teachers/", views.teachers, name="teachers"),
    path("teachers/traps/", views.traps, name="traps"),
    path("teachers/counts/", counting_views.counts, name="counts"),
    path("teachers/counts/units/<str:code>/fill", counting_views.fill_county, name="counts_fill_county"),
    path("teachers/counts/<str:school>/", counting_views.school, name="counts_school"),
    path("teachers/counts/<str:school>/fill", counting_views.fill, name="counts_fill"),
    path("teachers/counts/<str:school>/<str:column>/", counting_views.people, name="counts_people"),
    path("staffing/", views.staffing, name="staffing"),
    path("staffing/readers/", views.readers, name="readers"),
    *_exchanged("teachers", "registers.teachers", "registers.enter"),
    *_exchanged("staffing", "registers.staffing", "registers.manage"),
    *_rows("teachers", "registers.teachers", "registers.enter", "person"),
    *_rows("staffing", "registers.staffing", "registers.manage", "post"),
]
