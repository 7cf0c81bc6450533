"""The user manual, in Chinese and without a network, and beside every indicator what it means."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import Context, engines
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from junheng import api as jh
from junheng_web.assessment import rulebook, selectors
from junheng_web.assessment.models import Run
from junheng_web.assessment.telling import Unknown, document, judged
from junheng_web.organisation.permissions import PERMISSIONS, permitted, public, who_may
from junheng_web.scrutiny.declared import declared

FOLDER = Path(__file__).with_name("help")
# The pages in the order in which they are read; each is a file of this name.
ORDER = (
    *("start", "verdicts", "missing", "spread", "upload", "collect", "newyear", "statistics", "registers", "visits"),
    *(
        "scrutiny",
        "history",
        "official",
        "boards",
        "areas",
        "organisation",
        "duties",
        "tasks",
        "rectify",
        "dossier",
        "plan",
    ),
    *("funding", "reports", "posts", "print", "burden"),
)
# What each permission lets one do, in the reader's words.
DEEDS = {
    "areas.view": "看所辖各县的结论（岗位设在盟市、省的）",
    "assessment.view": "看评估结果",
    "assessment.try": "上传即评（不保存）",
    "assessment.keep": "保存数据，做一次评估",
    "assessment.declare": "把一次评估定为正式，或撤销",
    "assessment.schedule": "定计划接受国家评估认定的日期",
    "boards.wall": "看大屏（全县）",
    "boards.unit": "看本单位的大屏（办公室和领导看任一单位）",
    "boards.school": "看本校的大屏（办公室和领导看任一所学校）",
    "boards.map": "看学校分布图（评估专家和上级只看有审图号的图）",
    "boards.maps": "上传、撤下县的地图",
    "collection.view": "看归自己的填报表，签字、审核、审定归自己办的",
    "collection.enter": "填表、写说明、导入工作簿",
    "collection.preview": "用填着的数预演结论，看以前任一天的结论和变化",
    "collection.manage": "开新学年，定截止日期，定县级项目由谁填，确认不适用",
    "collection.read_submitted": "看提交过的填报数据、佐证和更正",
    "collection.lock": "锁定、解锁、封存填报的数",
    "dossier.view": "看归自己的佐证清单（评估专家和上级只看审定的文件）",
    "dossier.hand_in": "交归自己交的佐证（办公室可以代录）",
    "dossier.review": "审核佐证，退回",
    "dossier.approve": "审定佐证，撤销审定",
    "dossier.bind": "把佐证装订成册",
    "dossier.manage": "从规则书列出佐证清单，加项，改由谁交和期限",
    "dossier.gaps": "看各单位佐证缺什么",
    "duties.view": "看各单位的职责和任务分工",
    "duties.report": "报本单位的职责办理情况（办公室可以代录）",
    "duties.reports": "看各单位职责报了没有",
    "duties.manage": "改职责、增派职责，定牵头单位和经办股室",
    "evidence.view": "看归自己看的文件，下载文件",
    "evidence.add": "上传文件",
    "evidence.clear": "放行程序读不准的扫描件，给县外的人看",
    "funding.view": "看创建资金明细（单位和学校看归自己的项目）",
    "funding.manage": "登记、改动、取消资金项目，导入明细表，定哪些单位管资金台账",
    "funding.money": "看资金来源和定案（责任单位要由办公室定）",
    "funding.record": "记关口办理（学校记验收和入账）；管资金台账的单位还记来源、合同、支付和学校证照",
    "funding.raise": "把验收入账的项目加进本校填报表（照常提交、审定）",
    "notices.view": "看通知",
    "notices.robots": "设工作群机器人",
    "notices.mails": "看邮件提醒开没开、发成没有",
    "organisation.jobs": "看自己提交的任务办到哪里",
    "organisation.audit": "查操作记录",
    "organisation.accounts": "开通、重设、关闭账号",
    "organisation.view": "看组织架构、单位和岗位、学校名册",
    "organisation.contacts": "看人员和联系电话",
    "organisation.manage": "改单位、岗位、人员和学校名册，交接岗位，成立、撤销工作组，导入导出",
    "registers.teachers": "看教师台账（学校看本校的人）和台账算出的数",
    "registers.enter": "改教师台账、导入台账、把算出的数填进填报表",
    "registers.staffing": "看编制台账（学校看本校一行，责任单位要由办公室开放）",
    "registers.manage": "改编制台账、导入编制台账",
    "registers.readers": "定哪些单位看编制台账",
    "rectification.view": "看归自己整改的问题和一校一案",
    "rectification.answer": "开始整改，申请销号",
    "rectification.manage": "把缺口立为问题，登记问题，导入上级反馈，交办、退回、复核、销号",
    "rectification.vetoes": "看否决项登记（事件只看到“待核”）",
    "rectification.declare": "定期申报否决项有没有发生",
    "rectification.incidents": "报告否决项事件，看自己单位报告的",
    "rectification.settle": "定否决项由谁申报，核定事件属实不属实",
    "rectification.figures": "看各单位的办理数字和领导一页",
    "reports.view": "看签发的文稿（会审的人看要会审的稿）",
    "reports.write": "起草、修改文稿，定会审和签发的人，换模板，代录纸上的意见和签发",
    "reports.review": "会审文稿；签发由定下的岗位",
    "reports.checklist": "看签发前还差什么",
    "reports.pack": "照接收单位的清单打包报送",
    "rules.view": "看规则书和指标说明",
    "visits.view": "看归自己的督导查看",
    "visits.enter": "开始一次督导查看，记情况，更正",
    "visits.reply": "替学校回复督导查看",
    "visits.results": "看各校各项的等级和按规则得出的评定",
    "visits.confirm": "确认评定，写进填报",
    "visits.manage": "把学校分派给责任督学",
    "planning.view": "看达标方案、倒排工期和共享的推演（工作底稿）",
    "planning.edit": "填价格和限制，求方案，做推演",
    "planning.adopt": "采用方案：记下哪次会议定的，列出资金项目和任务",
    "scrutiny.view": "看风险提示（工作底稿）",
    "scrutiny.verify": "把一条迹象记为已核实，或要求再看",
    "supervision.view": "看归自己的任务，签收、办理、申请办结归自己办的",
    "supervision.manage": "立项、交办、审核办结、催办、延期，拟督办单，办调度会，排日程",
    "supervision.compare": "看各单位的任务情况",
    "supervision.sign": "签发督办单、纪要和通报（由发文机关定的签发岗位）",
    "supervision.instruct": "写批示，代录领导批示",
    "statistics.view": "看统计工作簿的对照",
    "statistics.manage": "建立统计工作簿的对照，导入统计口径的数，确认校名",
}


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the manual: its address, its heading, and what follows it as HTML."""

    code: str
    title: str
    body: SafeString


@cache
def manual() -> dict[str, Page]:
    """Return the pages by their addresses. What they say of rules and rights is filled in: it cannot go stale."""
    told = _told()
    return {code: _page(code, told) for code in ORDER}


def _page(code: str, told: dict[str, Any]) -> Page:
    text = engines["django"].engine.from_string((FOLDER / f"{code}.md").read_text(encoding="utf-8"))
    title, _, rest = text.render(Context(told, autoescape=False)).partition("\n")
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(rest)
    return Page(code, title.removeprefix("# "), mark_safe(html))  # noqa: S308 (our own files, with HTML in them refused)


def _told() -> dict[str, Any]:
    """Return what the pages take from the rule book as it reads today, and from the table of permissions."""
    rules = document(selectors.rules_today())
    passing, decimals = rules["pass_rule"], rules["display"]["spread_decimals"]
    limits = rules["spread_limits"][max(rules["spread_limits"])].items()
    return {
        **rules["display"],
        "floor": f"{jh.line_told(passing['floor'] * 100)}%",
        "measured": len(rules["indicators"]),
        "must": len(rules["indicators"]) - passing["may_miss"],
        "groups": rules["groups"].values(),
        "observed": [(id, one["name"]) for id, one in rules["requirements"].items() if one["points"]],
        "limits": [(rules["stages"][stage], jh.shown(limit, decimals)) for stage, limit in limits],
        "signs": declared(),
        "least_schools": max(one.terms.least_schools for one in declared()),
        "previewers": who_may("collection.preview"),
        "deeds": [(DEEDS[permission], who_may(permission)) for permission in PERMISSIONS],
    }


@public
def contents(request: HttpRequest) -> HttpResponse:
    """Lead to the manual's first page, which has the list of all beside it."""
    return redirect("manual", ORDER[0])


@public
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One page of the manual, with what comes before and after it."""
    pages = manual()
    if code not in pages:
        raise Http404
    at = ORDER.index(code)
    beside = {
        "before": pages[ORDER[at - 1]] if at else None,
        "after": pages[ORDER[at + 1]] if at + 1 < len(ORDER) else None,
    }
    return render(request, "home/help.html", {"page": pages[code], "pages": pages.values(), **beside})


@permitted("rules.view")
def indicator(request: HttpRequest, id: str) -> HttpResponse:
    """What an indicator means, from the run's copy of the rules; for htmx the words alone."""
    try:
        run = judged(request.scope, request.county, request.GET.get("run", ""))
        told = rulebook.rule(request.county, run, id)
    except (Run.DoesNotExist, Unknown):
        raise Http404 from None
    template = "home/help_words.html" if request.htmx else "home/help_indicator.html"
    answer = render(request, template, told | _asked(told))
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _asked(told: dict[str, Any]) -> dict[str, Any]:
    """Return what is asked today, and the clause; a line says its source only where that is another one."""
    now = list(_now(told))
    clause = told["rule"].get("clause") or (now[0][2] if now else told["rules"]["number"])
    return {"clause": clause, "now": [(what, line, "" if source == clause else source) for what, line, source in now]}


def _now(told: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield what is asked today: of which stage or by which condition, the line, and the clause that says so."""
    unit = told["rule"].get("unit", "")
    for date in (one for one in told.get("dates", []) if one["now"]):
        for line in date["lines"]:
            yield line["stage"], f"{line['threshold']} {unit}（85% 线 {line['floor']}）", date["reference"]
    for part in told.get("parts", []):
        for date in (one for one in part["dates"] if one["now"]):
            yield part["name"], date["line"], date["reference"]
