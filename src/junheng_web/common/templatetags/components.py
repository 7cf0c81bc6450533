"""The components that every page is made of. Colour never tells alone: each status has its sign and its word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField

register = template.Library()

# Status or verdict: word, sign, tone of the theme.
STATUSES: Mapping[str, tuple[str, str, str]] = {
    "met": ("达标", "✓", "green"),
    "floor": ("达到85%", "▽", "yellow"),
    "below": ("未达85%", "✗", "red"),
    "missing": ("未报", "?", "azure"),
    "pass": ("达标", "✓", "green"),
    "fail": ("不达标", "✗", "red"),
    "undetermined": ("不能判定", "?", "azure"),
    "not_applicable": ("不适用", "–", "secondary"),
    "excluded": ("不纳入", "–", "secondary"),
}
NUMBER = re.compile(r"(?P<sign>-?)(?P<whole>\d+)(?P<rest>(?:\.\d+)?)")
# Kind of control: its class.
CLASSES = {"text": "form-control", "choice": "form-select", "check": "form-check-input", "group": "form-check-input"}


@register.filter
def grouped(value: Any) -> str:
    """Show a number with its thousands apart; one that was not reported says so, and what is no number stays."""
    if value is None:
        return STATUSES["missing"][0]
    number = NUMBER.fullmatch(str(value))
    return f"{number['sign']}{int(number['whole']):,}{number['rest']}" if number else str(value)


@register.inclusion_tag("components/status.html")
def status(value: str, label: str = "") -> dict[str, Any]:
    """Show a status as sign and word; `label` replaces the word."""
    word, sign, tone = STATUSES[value]
    return {"word": label or word, "sign": sign, "tone": tone}


@register.inclusion_tag("components/figure.html")
def figure(title: str, value: Any, note: str = "", status: str = "", url: str = "") -> dict[str, Any]:
    """Show one number or word large, with what it is and, if given, its status; a link where `url` is given."""
    return {"title": title, "value": value, "note": note, "status": status, "url": url}


@register.inclusion_tag("components/empty.html")
def empty(what: str, remedy: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """Say that there is nothing here, and what the next step is."""
    return {"what": what, "remedy": remedy, "url": url, "action": action}


@register.inclusion_tag("components/chart.html")
def chart(id: str, option: Mapping[str, Any], label: str, height: int = 320) -> dict[str, Any]:
    """Draw an ECharts option; `label` says in words what the chart shows, and a table beside it holds its figures."""
    return {"id": id, "option": option, "label": label, "height": height}


@register.inclusion_tag("components/help.html")
def help(text: str, url: str = "", label: str = "说明") -> dict[str, Any]:
    """Show a question mark that opens an explanation, by mouse and by keyboard."""
    return {"text": text, "url": url, "label": label}


@register.inclusion_tag("components/progress.html")
def progress(done: int, total: int, doing: str = "") -> dict[str, Any]:
    """Show how far something long is."""
    return {"done": done, "total": total, "percent": 100 * done // total if total else 0, "doing": doing}


@register.inclusion_tag("components/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """Show a form's field with its label, help and errors."""
    kind = _kind(bound.field.widget)
    return {"field": bound, "kind": kind, "control": bound.as_widget(attrs={"class": CLASSES[kind]})}


def _kind(widget: forms.Widget) -> str:
    if widget.use_fieldset:
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "choice" if isinstance(widget, forms.Select) else "text"


@register.inclusion_tag("components/problems.html")
def problems(form: forms.BaseForm) -> dict[str, Any]:
    """Say above a form what has to be put right, each with a link to its field; the reader's focus goes there."""
    return {"form": form, "count": sum(len(errors) for errors in form.errors.values())}
