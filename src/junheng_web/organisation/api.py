"""Who a program is: a token instead of signing in, the county that it is for, and the same table of permissions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Path, Router, Schema
from ninja.security import HttpBearer

from junheng_web.organisation.models import Area, Token
from junheng_web.organisation.permissions import PERMISSIONS, SIGNED_IN, allowed
from junheng_web.organisation.scopes import Scope, scope_of
from junheng_web.organisation.tokens import hashed

Operation = Callable[..., Any]
# A code is what stands in documents; anything else is not looked up at all.
CODE = r"^[0-9A-Za-z]{1,16}$"
CountyCode = Annotated[str, Path(pattern=CODE, description="县（旗）的行政区划代码")]
router = Router(tags=["counties"])


@dataclass(frozen=True)
class TokenScope(Scope):
    """What an account may reach, narrowed to the county of its token."""

    only: Area

    def counties(self) -> QuerySet[Area]:
        """Return the token's county while one of the account's posts reaches it; else nothing."""
        return super().counties().filter(id=self.only.id)


class Bearer(HttpBearer):
    """Reads `Authorization: Bearer …`; a cookie of somebody who is signed in opens nothing here."""

    openapi_description = "管理员用 junheng-web token 发的令牌"

    def authenticate(self, request: HttpRequest, token: str) -> TokenScope | None:
        """Return the scope of a token that is in force, of an account that may sign in."""
        known = Token.objects.filter(digest=hashed(token), expires__gt=timezone.now(), account__is_active=True)
        found = known.select_related("account__person", "county").first()
        if found is None:
            return None
        scope = scope_of(found.account, timezone.localdate())
        return TokenScope(scope.account, scope.posts, scope.acting, found.county)


def permitted(permission: str) -> Callable[[Operation], Operation]:
    """Guard an operation on a county: it gets `request.county`; answers as the guard of the pages does."""

    def guard(operation: Operation) -> Operation:
        @wraps(operation)
        def guarded(request: HttpRequest, county: str, **more: Any) -> Any:
            found = request.auth.counties().filter(code=county).select_related("parent__parent").first()
            if found is None:
                raise Http404
            if not allowed(permission, request.auth, found):
                raise PermissionDenied
            request.county = found
            return operation(request, county, **more)

        # Types are read where the operation stands, not where its guard does.
        guarded.__signature__ = signature(operation, eval_str=True)
        guarded.permission = permission
        return guarded

    if permission not in PERMISSIONS:
        raise KeyError(f"no such permission: {permission}")
    return guard


def with_token(operation: Operation) -> Operation:
    """Say that an operation belongs to no county, but to whoever has a token."""
    operation.permission = SIGNED_IN
    return operation


class County(Schema):
    """A county that the token reaches."""

    code: str
    name: str
    invented: bool


class Counties(Schema):
    """The counties that the token reaches."""

    items: list[County]


@router.get("counties", response=Counties, summary="令牌能读的县（旗）")
@with_token
def counties(request: HttpRequest) -> dict[str, Any]:
    """The token's county, while its account holds a post that reaches it."""
    return {"items": list(request.auth.counties())}
