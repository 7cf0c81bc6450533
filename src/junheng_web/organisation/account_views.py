"""Accounts: who has one, opened, given another password, closed; and one's own password."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import django_tables2
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from junheng_web.common.tables import Table, table_response
from junheng_web.organisation import account_services as services
from junheng_web.organisation.asking import UNUSABLE
from junheng_web.organisation.forms import PasswordForm, UsernameForm
from junheng_web.organisation.group_views import asking, url
from junheng_web.organisation.models import Account, Appointment, Person, Post
from junheng_web.organisation.permissions import permitted, signed_in
from junheng_web.organisation.selectors import posts_of

# How an account stands: its word and its tone, by what one may look for.
STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "open": ("可以登录", "green"),
        "initial": ("初始密码还没有改", "yellow"),
        "closed": ("已关闭", "secondary"),
        "none": ("没有账号", "secondary"),
    }
)


def state_of(account: Account | None) -> str:
    """Return how an account stands, by a name of `STATES`."""
    if account is None:
        return "none"
    if not account.is_active:
        return "closed"
    return "initial" if account.initial else "open"


class AccountsTable(Table):
    """The county's people with their accounts; when one signed in is nobody's business (P4)."""

    name = django_tables2.Column("姓名")
    state = django_tables2.Column("状态")
    posts = django_tables2.Column("岗位", orderable=False, attrs={"td": {"class": "wrap"}})
    username = django_tables2.Column("用户名")

    title = "账号"
    nothing, remedy = "没有这样的人", "换个条件再查；还没有登记的人，先在“人员和联系人”里添上"

    def render_name(self, value: str, record: dict[str, Any]) -> str:
        """Lead to where the account is opened, reset, closed."""
        return format_html('<a href="{}">{}</a>', record["url"], value)

    def value_name(self, value: str) -> str:
        """In the workbook, the name alone."""
        return value

    def render_state(self, value: str) -> str:
        """A badge."""
        word, tone = STATES[value]
        return format_html('<span class="badge bg-{}-lt">{}</span>', tone, word)

    def value_state(self, value: str) -> str:
        """In the workbook, the word."""
        return STATES[value][0]


@permitted("organisation.accounts")
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Everybody of the county, with how his account stands; `?q=` and `?state=` look for some."""
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    state = state if state in STATES else ""
    rows = [row for row in _rows(request) if words in _words(row) and state in ("", row["state"])]
    told = {"words": words, "state": state, "states": [(code, word) for code, (word, _) in STATES.items()]}
    return table_response(request, AccountsTable(rows), "organisation/accounts.html", told)


def _words(row: dict[str, Any]) -> str:
    return f"{row['name']} {row['posts']} {row['username']}"


def _rows(request: HttpRequest) -> Iterator[dict[str, Any]]:
    held: dict[int, list[Post]] = {}
    today = Appointment.objects.on(timezone.localdate()).filter(post__area=request.county)
    for one in today.select_related("post").order_by("post__code"):
        held.setdefault(one.person_id, []).append(one.post)
    people = Person.objects.visible_to(request.scope).of(request.county).select_related("account")
    for person in people.order_by("name", "id"):
        account = getattr(person, "account", None)
        yield {
            "name": person.name,
            "url": url(request, "account", person.id),
            "posts": "、".join(post.name for post in held.get(person.id, [])) or None,
            "username": account.username if account else None,
            "state": state_of(account),
        }


def _person(request: HttpRequest, number: int) -> Person:
    own = Person.objects.visible_to(request.scope).of(request.county).select_related("county", "account")
    return get_object_or_404(own, id=number)


@permitted("organisation.accounts")
@require_GET
def account(request: HttpRequest, number: int) -> HttpResponse:
    """Somebody's account, and what can be done with it."""
    return _page(request, _person(request, number))


def _page(request: HttpRequest, person: Person, form: UsernameForm | None = None, why: str = "") -> HttpResponse:
    one = getattr(person, "account", None)
    proposed = person.code if services.USERNAME.fullmatch(person.code) else ""
    told = {
        "person": person,
        "account": one,
        "state": STATES[state_of(one)],
        "own": one == request.scope.account,
        "posts": posts_of(person, timezone.localdate()),
        "form": form or UsernameForm(initial={"username": proposed}),
        "why": why,
    }
    return render(request, "organisation/account.html", told, status=UNUSABLE if why or form else 200)


def _opened(request: HttpRequest, person: Person) -> str:
    return services.account_open(by=request.scope, person=person, username=request.POST.get("username", ""))


def _on_account(service: Callable[..., str]) -> Callable[[HttpRequest, Person], str]:
    def do(request: HttpRequest, person: Person) -> str:
        one = getattr(person, "account", None)
        if one is None:
            raise ValidationError(f"{person}没有账号；请先开通")
        return service(by=request.scope, account=one)

    return do


DEEDS: Mapping[str, Callable[[HttpRequest, Person], str]] = MappingProxyType(
    {
        "open": _opened,
        "reset": _on_account(services.account_reset),
        "reopen": _on_account(services.account_reopen),
    }
)


@permitted("organisation.accounts")
@never_cache
@require_POST
def deed(request: HttpRequest, number: int, deed: str) -> HttpResponse:
    """Open, reset or open an account again, and show its initial password: on this answer and nowhere else."""
    if deed not in DEEDS:
        raise Http404
    person = _person(request, number)
    form = UsernameForm(request.POST) if deed == "open" else None
    if form is not None and not form.is_valid():
        return _page(request, person, form)
    try:
        password = DEEDS[deed](request, person)
    except ValidationError as why:
        if form is None:
            return _page(request, person, why=why.messages[0])
        form.add_error("username", why)
        return _page(request, person, form)
    told = {"person": person, "account": Account.objects.get(person=person), "password": password}
    return render(request, "organisation/account_password.html", told)


@permitted("organisation.accounts")
@require_POST
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Close an account."""
    person = _person(request, number)
    try:
        services.account_close(by=request.scope, account=get_object_or_404(Account, person=person))
    except ValidationError as why:
        return _page(request, person, why=why.messages[0])
    messages.success(request, f"{person}的账号已关闭，不能再登录；岗位和办过的事都还在。")
    return redirect(url(request, "account", number))


@signed_in
@never_cache
@asking
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; whoever has an initial one comes here first."""
    form = PasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.password_change(by=request.scope, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.scope.account)
        messages.success(request, "密码已改，下次登录用新的。")
        return redirect("home")
    told = {"form": form, "first": request.scope.account.initial}
    return render(request, "organisation/password.html", told, status=UNUSABLE if form.errors else 200)
