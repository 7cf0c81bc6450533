"""A token opens what its account may read in one county, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from api_tokens import ROOT, bearer, run_url, token_of
from places import COUNTY, FOREIGN

pytestmark = pytest.mark.django_db


def said(answer, status: int, code: str) -> None:
    """Check that an answer is a problem with this code, explained in Chinese."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert (told["status"], told["code"], told["request_id"]) == (status, code, answer["X-Request-Id"])
    assert told["detail"].endswith("。")


def test_without_a_token_nothing_is_told(client, as_) -> None:
    """Nor with a wrong one, nor by the cookie of somebody who is signed in."""
    for answer in (
        client.get(f"{ROOT}/runs"),
        client.get(f"{ROOT}/runs", **bearer("x")),
        as_("office").get(ROOT + "/runs"),
    ):
        said(answer, 401, "unauthorized")
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_token_ends(client) -> None:
    """By its date, by being taken back, and with its account."""
    from junheng_web.organisation.models import Account, AuditRow, Token
    from junheng_web.organisation.token_services import token_revoke

    secret = token_of("office")
    assert client.get(f"{ROOT}/runs", **bearer(secret)).status_code == 200
    token = Token.objects.get()
    assert secret not in token.digest
    Token.objects.update(expires=timezone.now() - dt.timedelta(seconds=1))
    said(client.get(f"{ROOT}/runs", **bearer(secret)), 401, "unauthorized")
    Token.objects.update(expires=timezone.now() + dt.timedelta(days=1))
    Account.objects.filter(username="office").update(is_active=False)
    said(client.get(f"{ROOT}/runs", **bearer(secret)), 401, "unauthorized")
    Account.objects.filter(username="office").update(is_active=True)
    token_revoke(token, by=None)
    said(client.get(f"{ROOT}/runs", **bearer(secret)), 401, "unauthorized")
    rows = AuditRow.objects.filter(object_code="office", county_code=COUNTY, action__startswith="token.")
    assert [row.action for row in rows] == ["token.issue", "token.revoke"]
    assert secret not in str([row.detail for row in rows])


def test_a_token_follows_its_account_s_posts(client) -> None:
    """Who has left the post today reads nothing any more."""
    from junheng_web.organisation.models import Appointment

    secret = token_of("office")
    left = timezone.localdate() - dt.timedelta(days=1)
    Appointment.objects.filter(person__account__username="office").update(end=left)
    assert client.get("/api/v1/counties", **bearer(secret)).json() == {"items": []}
    said(client.get(f"{ROOT}/runs", **bearer(secret)), 404, "not_found")


def test_a_token_is_of_one_county(client) -> None:
    """Of a viewer of the whole league as well, even where the league has a second county."""
    from junheng_web.organisation.models import Area

    secret = token_of("area-viewer")
    Area.objects.filter(code=FOREIGN).update(parent=Area.objects.get(code="159900"))
    assert [one["code"] for one in client.get("/api/v1/counties", **bearer(secret)).json()["items"]] == [COUNTY]
    said(client.get(f"/api/v1/counties/{FOREIGN}/runs", **bearer(secret)), 404, "not_found")


def test_a_post_without_the_right_is_refused(client) -> None:
    """The administrator reads the rule book, but no assessment, as in the browser."""
    carried = bearer(token_of("administrator"))
    for path in ("", "/assessment", "/sections", "/sections/primary/1506990003", "/indicators"):
        said(client.get(run_url() + path, **carried), 403, "forbidden")
    assert client.get(f"{run_url()}/rules", **carried).status_code == 200


def test_what_is_not_there_and_what_is_written_wrong(client) -> None:
    """404 and 422, which names the parameter; only reads; the program's form for every address below /api/."""
    carried = bearer(token_of("office"))
    for path in (f"{ROOT}/runs/nothing", f"{ROOT}/runs?cursor=nothing", f"{run_url()}/sections/primary/0", "/api/v2/x"):
        said(client.get(path, **carried), 404, "not_found")
    for path, named in ((f"{ROOT}/runs?limit=0", "limit"), ("/api/v1/counties/%00/runs", "county")):
        answer = client.get(path, **carried)
        said(answer, 422, "unprocessable")
        assert named in answer.json()["detail"]
    said(client.post(f"{ROOT}/runs", **carried), 405, "method_not_allowed")


def test_the_command_gives_a_token_once_and_takes_it_back(client, capsys) -> None:
    """Printed and nowhere kept; what it cannot do it says."""
    call_command("token", "office", COUNTY, name="平台", days=1)
    carried = bearer(capsys.readouterr().out.splitlines()[0])
    assert client.get(f"{ROOT}/runs", **carried).status_code == 200
    call_command("token", "office", COUNTY, name="平台", revoke=True)
    assert client.get(f"{ROOT}/runs", **carried).status_code == 401
    for words in (["nobody", COUNTY], ["office", "1"], ["office", FOREIGN]):
        with pytest.raises(CommandError, match=r"没有"):
            call_command("token", *words, name="平台")
    with pytest.raises(CommandError, match=r"1 到 366"):
        call_command("token", "office", COUNTY, name="平台", days=0)


def test_every_address_states_the_permission_it_asks() -> None:
    """The URL says what its operation's guard asks, so that no walk over the URLs passes the API by."""
    from junheng_web.config import api
    from junheng_web.organisation.permissions import PERMISSIONS, SIGNED_IN

    asked = {url.name: url.callback.permission for url in api.urls}
    assert {asked.pop(f"api_{name}") for name in ("counties", "dictionary")} == {SIGNED_IN}
    assert set(asked.values()) <= set(PERMISSIONS)
    assert len(asked) == 7
