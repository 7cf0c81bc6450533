"""The API that mounts each room's part: reads only, tokens only; every error is problem+json, with a code and why."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError
from ninja.operation import Operation

from junheng import api as jh
from junheng_web.assessment.api import router as of_assessment
from junheng_web.organisation.api import Bearer
from junheng_web.organisation.api import router as of_organisation
from junheng_web.organisation.permissions import View, public

PREFIX = "/api/v1/"
ROUTERS = (of_organisation, of_assessment)
log = structlog.get_logger(__name__)

# Status: code, heading, what happened and what to do.
PROBLEMS = {
    401: ("unauthorized", "令牌无效", "没有令牌，或令牌已经过期、收回。请向本县管理员要一个新的。"),
    403: ("forbidden", "没有权限", "令牌所属账号的岗位不能读这项内容。请换一个账号的令牌，或请管理员调整岗位。"),
    404: ("not_found", "没有这项内容", "代码写错了，或者它不属于这个令牌的县。请从上一级的列表里取代码。"),
    405: ("method_not_allowed", "只能读", "这个接口只提供读取。请用 GET。"),
    422: ("unprocessable", "参数不对", "这些参数不合要求：{fields}。请按 /api/schema.json 里的说明改正。"),
    500: ("internal", "系统出了错", "这是我们的问题。请稍后再试；还不行，请把 request_id 告诉管理员。"),
}
DOCUMENTED = (401, 403, 404, 422)
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"enum": [code for code, *_ in PROBLEMS.values()]},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
    },
}


def problem(request: HttpRequest, status: int, **words: str) -> HttpResponse:
    """Return an error as RFC 9457 writes it."""
    code, title, detail = PROBLEMS[status]
    said = {"type": "about:blank", "title": title, "status": status, "code": code, "detail": detail.format(**words)}
    said["request_id"] = getattr(request, "id", "")
    text = json.dumps(said, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/problem+json")


class Api(NinjaAPI):
    """Names an operation as its function, so that a program made from the document does not know our modules."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the operation's name."""
        return operation.view_func.__name__


api = Api(
    title="均衡",
    version="1",
    description="读取各县的评估结果。只增加，不改变已有的含义；不兼容的改动另开 /api/v2。",
    auth=Bearer(),
    docs_url=None,
    openapi_url=None,
)
for router in ROUTERS:
    api.add_router("", router)


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, error: Exception) -> HttpResponse:
    answer = problem(request, 401)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(request, 403)


@api.exception_handler(Http404)
def _absent(request: HttpRequest, error: Exception) -> HttpResponse:
    return problem(request, 404)


@api.exception_handler(ValidationError)
def _wrong(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return problem(request, 422, fields="、".join(dict.fromkeys(str(one["loc"][-1]) for one in error.errors)))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, error: Exception) -> HttpResponse:
    log.exception("the API failed", path=request.path)
    return problem(request, 500)


def _asked() -> dict[str, str]:
    """Return the permission that each operation's guard asks, by the operation's name."""
    views = (view for router in ROUTERS for view in router.path_operations.values())
    operations = [one.view_func for view in views for one in view.operations]
    return {one.__name__: one.permission for one in operations}


def _telling(view: View, permission: str) -> View:
    """Return a view that states its operation's permission, and answers a write as every other error."""

    def answering(request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        answer = view(request, *args, **more)
        if answer.status_code != 405:
            return answer
        refusal = problem(request, 405)
        refusal.headers["Allow"] = answer.headers["Allow"]
        return refusal

    answering.csrf_exempt = True  # a token is no cookie: nobody else's page can send it
    answering.permission = permission
    return answering


def _urls() -> list[URLPattern]:
    asked = _asked()
    found = [one for one in api.urls[0] if one.name in asked]
    return [URLPattern(one.pattern, _telling(one.callback, asked[one.name]), name=f"api_{one.name}") for one in found]


urls = _urls()


@public
def schema(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI document: what is offered, and every answer that can come."""
    return HttpResponse(document(), content_type="application/json")


@public
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """Say to a program that there is nothing at an address, in its own form."""
    return problem(request, 404)


@cache
def document() -> str:
    """Return the OpenAPI document as text: ninja's, with the answers' schema, the errors and 304."""
    made = json.loads(json.dumps(api.get_openapi_schema(path_prefix=PREFIX)))
    made["components"]["schemas"] |= {**_answers(), "Problem": PROBLEM}
    for path, item in made["paths"].items():
        responses = item["get"]["responses"]
        responses |= {str(status): _problem(status) for status in DOCUMENTED}
        if "{run}" in path:
            responses["304"] = {"description": "与 If-None-Match 所指的相同"}
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def _answers() -> dict[str, Any]:
    """Return the core's schema of an answer, as components that refer to each other."""
    whole = json.loads(json.dumps(jh.schema()).replace("#/$defs/", "#/components/schemas/"))
    parts: dict[str, Any] = whole.pop("$defs")
    return {**parts, "assessment": {key: value for key, value in whole.items() if not key.startswith("$")}}


def _problem(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": PROBLEMS[status][1], "content": content}
