"""The steps of a task as its page offers them: which form each asks for, and which service does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django import forms
from django.db import transaction

from junheng_web.evidence.services import file_add
from junheng_web.organisation.scopes import Scope
from junheng_web.supervision import services
from junheng_web.supervision.chain import Deed, Step, Task
from junheng_web.supervision.forms import AssignForm, DayNoteForm, NoteForm, PlainForm, ReportForm, UrgeForm
from junheng_web.supervision.services import may, possible

Asked = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """One step: what its button says, how its form is made, what is done with it, and what is said then."""

    button: str
    form: Callable[..., forms.Form]
    do: Callable[..., Any]
    said: str
    label: str = ""
    required: bool = True
    first: bool = False


def _assign(*, by: Scope, task: Task, form: AssignForm, note: str) -> Any:
    return services.task_assign(by=by, task=task, desk=form.chosen, note=note)


def _with(deed: Callable[..., Any], *names: str) -> Callable[..., Any]:
    """Return a deed that is given what its form holds under these names."""

    def do(*, by: Scope, task: Task, form: forms.Form, note: str) -> Any:
        return deed(by=by, task=task, note=note, **{name: form.cleaned_data[name] for name in names})

    return do


WAYS: Mapping[str, Way] = MappingProxyType(
    {
        Deed.ASSIGN: Way("交办", AssignForm, _assign, "已交办。", "交办说明（可以空着）", False, True),
        Deed.RECEIVE: Way("签收", PlainForm, _with(services.task_receive), "已签收。", "说明（可以空着）", False, True),
        Deed.DECLINE: Way(
            "退回交办", PlainForm, _with(services.task_decline), "已退回办公室。", "为什么不该由本单位办"
        ),
        Deed.REPORT: Way(
            "记办理情况", ReportForm, _with(services.task_report, "progress"), "已记下。", "办理情况", True, True
        ),
        Deed.ASK: Way("申请办结", NoteForm, _with(services.task_ask_to_close), "已申请，等办公室审核。", "办结情况"),
        Deed.POSTPONE: Way(
            "申请延期", DayNoteForm, _with(services.task_postpone, "due"), "已申请，等办公室答复。", "为什么要延期"
        ),
        Deed.CLOSE: Way(
            "审核通过，办结", PlainForm, _with(services.task_close), "已办结。", "审核意见（可以空着）", False, True
        ),
        Deed.RETURN: Way(
            "退回重办", PlainForm, _with(services.task_return), "已退回责任单位。", "退回的原因：还缺什么"
        ),
        Deed.EXTEND: Way("延期", DayNoteForm, _with(services.task_extend, "due"), "已延期。", "延期的理由"),
        Deed.REFUSE: Way("不同意延期", PlainForm, _with(services.task_refuse), "已答复。", "不同意的理由"),
        Deed.URGE: Way(
            "催办", UrgeForm, _with(services.task_urge, "told"), "已记下。", "催办时说了什么（电话、当面也记）"
        ),
        Deed.STOP: Way("终止", PlainForm, _with(services.task_stop), "已终止。", "为什么终止"),
        Deed.REOPEN: Way("重新办理", PlainForm, _with(services.task_reopen), "已重新办理。", "为什么重新办理"),
    }
)


def offered(by: Scope, task: Task) -> list[str]:
    """Return the steps that one may take with a task as it stands."""
    found = [deed for deed in WAYS if possible(deed, task) and may(by, deed, task)]
    return [deed for deed in found if deed != Deed.REFUSE or task.asked_due]


def form_for(deed: str, task: Task, *asked: Any) -> forms.Form:
    """Return the form of a step, as it was sent or blank."""
    way = WAYS[deed]
    told: Asked = {"label": way.label, "required": way.required, "prefix": deed, "initial": _known(deed, task)}
    return way.form(task.county, *asked, **told) if way.form is AssignForm else way.form(*asked, **told)


def _known(deed: str, task: Task) -> Asked:
    if deed == Deed.ASSIGN:
        return {"desk": task.desk_id}
    return {"due": task.asked_due} if deed == Deed.EXTEND else {"told": True}


@transaction.atomic
def take(by: Scope, task: Task, deed: str, form: forms.Form) -> str:
    """Take a step as its form says, its file with it, and return what is said then. Raises as the services do."""
    way = WAYS[deed]
    done = way.do(by=by, task=task, form=form, note=form.cleaned_data.get("note", ""))
    sent = form.cleaned_data.get("file")
    if sent and isinstance(done, Step):
        file_add(by=by, county=task.county, name=sent.name, chunks=sent.chunks(), of=("task", done.code))
    return way.said
