"""What the API's tests share: a token of somebody, the header that carries it, and where things are."""

from __future__ import annotations

from typing import Any

from places import COUNTY

ROOT = f"/api/v1/counties/{COUNTY}"


def token_of(username: str, *, days: int = 1) -> str:
    """Return a new token of an account of the demonstration."""
    from junheng_web.organisation.models import Account, Area
    from junheng_web.organisation.token_services import token_issue

    account, county = Account.objects.get(username=username), Area.objects.get(code=COUNTY)
    return token_issue(by=None, account=account, county=county, name="测试", days=days)


def bearer(secret: str) -> dict[str, Any]:
    """Return what a request has to carry: `client.get(url, **bearer(secret))`."""
    return {"headers": {"Authorization": f"Bearer {secret}"}}


def run_url() -> str:
    """Return where the demonstration's run stands."""
    from junheng_web.assessment.models import Run

    return f"{ROOT}/runs/{Run.objects.filter(county__code=COUNTY).latest('id').code}"
