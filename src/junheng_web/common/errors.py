"""Our own pages for what goes wrong: what happened, why, what to do, and an id to quote."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = structlog.get_logger(__name__)

# Status: heading, why, what to do.
TOLD = {
    400: ("这个请求读不懂", "地址或提交的内容不完整，或被改动过。", "请返回上一页重新操作。"),
    403: ("您现在的岗位不能看这一页", "这一页归别的岗位办理。", "请换一个岗位，或请本县办公室给您的岗位加上这项权限。"),
    404: ("没有这一页", "地址写错了，或者这一页不属于您所在的县。", "请核对地址，或回到首页，从左边的菜单重新进入。"),
    413: ("文件太大", "超过了允许的大小。", "请只保留要报的表，另存之后再上传。"),
    429: ("试得太多了", "为了安全，登录失败多次之后会锁定一段时间。", "请过半小时再试，或请管理员解锁。"),
    503: (
        "文件现在拿不出来",
        "存放文件的服务器用不了；文件没有丢，您填的内容没有因此改变。",
        "请过几分钟再试；还不行，请把下面的编号告诉管理员。",
    ),
    500: ("系统出了错", "这是我们的问题，您填的内容没有因此改变。", "请稍后再试；还不行，请把下面的编号告诉管理员。"),
}


def page(request: HttpRequest, status: int, why: str = "") -> HttpResponse:
    """Return the page of a status; `why` replaces its usual reason. It asks neither the database nor who is reading."""
    what, reason, remedy = TOLD[status]
    told = {"status": status, "what": what, "why": why or reason, "remedy": remedy, "request_id": _id(request)}
    return HttpResponse(render_to_string("errors/error.html", told), status=status)


def _id(request: HttpRequest) -> str:
    return getattr(request, "id", "")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say what was wrong with a request; Django counts one that is too big among these."""
    return page(request, 413 if isinstance(exception, RequestDataTooBig) else 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def broken(request: HttpRequest, *args: Any) -> HttpResponse:
    """Say that we failed, in plain text where even our templates do (static files that were never collected)."""
    try:
        return page(request, 500)
    except Exception:
        log.exception("the page of status 500 failed")
        text = "。".join(part.rstrip("。") for part in TOLD[500]) + f"。编号 {_id(request)}"
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was too old; Django calls it where the token does not fit."""
    return page(request, 403, "表单放得太久，或登录已经过期。请返回上一页，刷新之后再提交一次。")
