"""The menu on the left: what each room offers to the post one acts for, under headings, as it is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import ResolverMatch, reverse

from junheng_web.assessment.selectors import rules_today
from junheng_web.organisation.context import county_of
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import SIGNED_IN, allowed
from junheng_web.organisation.publishing import publications
from junheng_web.organisation.scopes import Scope

UPLOAD = [f"assessment:upload_{name}" for name in ("template", "findings", "foreign", "annotated", "keep", "drop")]
UPLOADED = ("upload_begin", "upload_part", "upload_finish")
FILES = [
    f"evidence:{name}"
    for name in (
        "add",
        "describe",
        "look",
        "picture",
        "download",
        "file",
        "link",
        "unlink",
        "lay_out",
        "clear",
        "clear_many",
        *UPLOADED,
    )
]
MAPS = [f"boards:{name}" for name in ("map_keep", "map_plan", "map_apply", "map_withdraw")]
RUNS = [f"assessment:{name}" for name in ("choose", "compare", "declare", "withdraw")]
FORM = ("form", "save", "carried", "findings", "explain", "history", "printed", "workbook", "step")
BOARD = ("open", "board", "county_findings", "differences", "due", "remind", "owners", "waits")
YEAR = [f"year_{name}" for name in ("schools", "facts", "lists", "evidence", "issues", "summary", "drop")]
IMPORT = ("county_workbook", "import", "import_plan", "import_apply")
APPROVAL = ("locks", "prove", "sealed", "reply", "reminders", "confirm", "difference")
COLLECTION = [f"collection:{name}" for name in (*BOARD, *YEAR, *IMPORT, *FORM, *APPROVAL)]
VISIT = ("visit", "save", "note", "finish", "correct", "photo", "reply", "printed", "workbook", "import")
VISITS = [f"visits:{name}" for name in ("plan", "assign", "open", "results", "item", "confirm", *VISIT)]
APPLICABILITY = ("applicability", "applicability_confirm")
LIVE = [f"assessment:{name}" for name in ("live", "effect", "approved", "then", "then_form", "between", *APPLICABILITY)]
COUNTED = ("counts", "counts_school", "counts_people", "counts_fill", "counts_fill_county", "traps")
EXCHANGED = ("import", "plan", "apply", "workbook")
PEOPLE = [f"registers:{name}" for name in ("person", "person_add", *COUNTED, *(f"teachers_{one}" for one in EXCHANGED))]
POSTS = [f"registers:{name}" for name in ("post", "post_add", "readers", *(f"staffing_{one}" for one in EXCHANGED))]
MAPPED = ("add", "upload", "sheets", "marking", "mapping", "mapping_file", "state", "dismiss", "alias_withdraw")
BROUGHT = ("import", "import_plan", "names", "apply")
STATISTICS = [f"statistics:{name}" for name in (*MAPPED, *BROUGHT)]
SUBMITTED = ["collection:submitted", "collection:submitted_form"]
SCRUTINY = [f"scrutiny:{name}" for name in ("ledger", "school", "verify", "workbook")]
GROUPS = ("groups", "group", "group_found", "group_change", "group_dissolve", "seat_add", "seat", "workbook", "import")
PARTS = ("unit", "unit_add", "unit_change", "unit_close", "post", "post_add", "post_change", "hand_over")
ORGANISATION = [f"organisation:{name}" for name in (*GROUPS, "import_apply")]
UNITS = [f"organisation:{name}" for name in PARTS]
CONTACTS = [f"organisation:{name}" for name in ("person", "person_add", "contacts")]
ACCOUNTS = [f"organisation:{name}" for name in ("account", "account_deed", "account_close")]
SCHOOLS = [f"organisation:{name}" for name in ("school", "school_add", "school_deed", "aliases", "alias_withdraw")]
TASK = ("task", "edit", "step", "add", "mine", "board", "late", "late_send")
DISPATCH = ("dispatch", "dispatch_add", "dispatch_edit", "dispatch_step", "printed", "bodies")
MEETING = ("meeting", "meeting_add", "meeting_edit", "brief", "decide", "minutes")
TASKS, DISPATCHES, MEETINGS = ([f"supervision:{name}" for name in names] for names in (TASK, DISPATCH, MEETING))
CLAUSES = ("clauses_workbook", "clauses_import", "clauses_plan", "clauses_apply")
DUTY = (*CLAUSES, "unit", "add", "take", "duty", "edit", "end", "names", "name_set", "name_withdraw")
DUTIES = [f"duties:{name}" for name in DUTY]
MATRIX = [f"duties:{name}" for name in ("printed", "workbook", "import", "import_plan", "import_apply", "matrix_edit")]
PAPERS = ("item", "take", "add", "change", "end", "hand_in", "hand_in_parts", "step", "file", "year_part")
DOSSIER = [f"dossier:{name}" for name in PAPERS]
FEEDBACK = ("feedback", "feedback_template", "feedback_plan", "feedback_apply")
ISSUE = ("issue", "send", "take", "add", "gaps", "gaps_raise", "year_part", *FEEDBACK)
ISSUES = [f"rectification:{name}" for name in ISSUE]
VETO = ("report", "incident", "settle", "veto_duties", "declare", "banner")
VETOES = [f"rectification:{name}" for name in VETO]
TERMS = ("terms", "terms_exempt", "terms_workbook", "terms_import")
PLAN = ("add", "plan", "stop", "calendar", "rotation", "workbook", "proof", *TERMS)
SCENARIO = ("scenario", "scenario_add", "beside", "edit", "undo", "sharing", "copy")
ADOPTED = [f"planning:{name}" for name in ("adopt", "adoption", "assign")]
PLANS, SCENARIOS = ([f"planning:{name}" for name in names] for names in (PLAN, SCENARIO))
MONEY = (
    "item",
    "item_add",
    "item_edit",
    "item_drop",
    "line",
    "gate",
    "skip",
    "gate_undo",
    "contract",
    "payment",
    "undo",
)
MONIES = (
    "issue_part",
    "allot",
    "printed",
    "workbook",
    "import",
    "import_plan",
    "import_apply",
    "raise_undo",
    "keepers",
)
FUNDING = [f"funding:{name}" for name in (*MONEY, *MONIES)]
SOURCES = [f"funding:{name}" for name in ("source", "decide")]
RISES = [f"funding:{name}" for name in ("rise", "rise_fill", "rises_part")]
CERTIFICATE = ("", "s_workbook", "s_import", "s_plan", "s_apply")
CERTIFICATES = [f"funding:certificate{name}" for name in CERTIFICATE]
REPORT = ("report", "add", "edit", "paper", "checklist", "between", "frozen", "step", "figures", "templates")
OWN_TABLES = ("tables", "table_file", "sheets")
REPORTS = [f"reports:{name}" for name in (*REPORT, *OWN_TABLES)]
PACKAGES = [f"reports:{name}" for name in ("package", "package_add", "package_edit", "package_zip")]
# Asks for a right in the area above counties that the reader acts in.
ABOVE = "areas.view"
# Headings, each over its entries: label, name of the URL, permission, names of the pages that belong under it.
# What asks for a right is of a county.
SECTIONS = (
    (
        "结论",
        (
            ("所辖各县", "areas:counties", ABOVE, []),
            ("总览", "assessment:overview", "assessment.view", ["assessment:review_date"]),
            ("各校各项", "assessment:grid", "assessment.view", ["assessment:school", "assessment:indicator_stage"]),
            ("其他指标", "assessment:board", "assessment.view", ["assessment:indicator", "assessment:answering"]),
            ("大屏", "boards:wall", "boards.wall", []),
            ("单位大屏", "boards:units", "boards.unit", ["boards:unit"]),
            ("学校大屏", "boards:schools", "boards.school", ["boards:school"]),
            ("学校分布图", "boards:map", "boards.map", MAPS),
            ("历年走势", "assessment:trends", "assessment.view", ["assessment:trend", "assessment:trend_stage"]),
            ("评估记录", "assessment:runs", "assessment.view", RUNS),
            ("上传即评", "assessment:upload", "assessment.try", [*UPLOAD, "job", "job_cancel"]),
        ),
    ),
    (
        "分工",
        (
            ("我的职责", "duties:mine", "duties.report", ["duties:report", "duties:report_file"]),
            ("各单位职责", "duties:duties", "duties.view", DUTIES),
            ("任务分工表", "duties:matrix", "duties.view", MATRIX),
            ("职责报送", "duties:reports", "duties.reports", []),
        ),
    ),
    (
        "推进",
        (
            ("任务", "supervision:tasks", "supervision.view", TASKS),
            ("督办单和纪要", "supervision:dispatches", "supervision.view", DISPATCHES),
            ("调度会", "supervision:meetings", "supervision.compare", MEETINGS),
            ("领导批示", "supervision:instructions", "supervision.instruct", ["supervision:instruct"]),
            ("申报日程", "supervision:calendar", "supervision.view", ["supervision:calendar_edit"]),
        ),
    ),
    (
        "数据",
        (
            ("填报", "collection:newest", "collection.view", [*COLLECTION, *LIVE]),
            ("提交的数", "collection:submitted_newest", "collection.read_submitted", SUBMITTED),
            ("统计工作簿", "statistics:mappings", "statistics.view", STATISTICS),
            ("教师台账", "registers:teachers", "registers.teachers", PEOPLE),
            ("编制台账", "registers:staffing", "registers.staffing", POSTS),
        ),
    ),
    (
        "整改",
        (
            ("领导一页", "rectification:leader", "rectification.figures", []),
            ("整改台账", "rectification:issues", "rectification.view", ISSUES),
            ("一校一案", "rectification:plans", "rectification.view", ["rectification:plan"]),
            ("否决项登记", "rectification:vetoes", "rectification.vetoes", VETOES),
            ("办理情况", "rectification:figures", "rectification.figures", ["rectification:circular"]),
        ),
    ),
    (
        "规划",
        (
            ("达标方案", "planning:plans", "planning.view", PLANS),
            ("沙盘推演", "planning:scenarios", "planning.view", SCENARIOS),
            ("采用的方案", "planning:adoptions", "planning.view", ADOPTED),
        ),
    ),
    (
        "资金",
        (
            ("创建资金明细", "funding:ledger", "funding.view", FUNDING),
            ("计划和实际", "funding:actual", "funding.view", []),
            ("资金和缺口", "funding:balance", "funding.view", []),
            ("资金来源和定案", "funding:sources", "funding.money", SOURCES),
            ("学校证照", "funding:certificates", "funding.view", CERTIFICATES),
            ("验收入账加进填报", "funding:rises", "funding.raise", RISES),
        ),
    ),
    (
        "文稿",
        (
            ("文稿和签发", "reports:reports", "reports.view", REPORTS),
            ("报送材料", "reports:packages", "reports.pack", PACKAGES),
        ),
    ),
    (
        "核查",
        (
            ("督导查看", "visits:newest", "visits.view", VISITS),
            ("风险提示", "scrutiny:newest", "scrutiny.view", SCRUTINY),
        ),
    ),
    (
        "组织",
        (
            ("组织架构", "organisation:chart", "organisation.view", ORGANISATION),
            ("单位和岗位", "organisation:units", "organisation.view", UNITS),
            ("人员和联系人", "organisation:people", "organisation.contacts", CONTACTS),
            ("账号", "organisation:accounts", "organisation.accounts", ACCOUNTS),
            ("学校名册", "organisation:schools", "organisation.view", SCHOOLS),
        ),
    ),
    (
        "资料",
        (
            ("规则书", "assessment:rules", "rules.view", ["assessment:rule", "help_indicator"]),
            ("佐证清单", "dossier:items", "dossier.view", DOSSIER),
            ("佐证缺口", "dossier:gaps", "dossier.gaps", []),
            ("装订成册", "dossier:binders", "dossier.bind", ["dossier:binder_file"]),
            ("文件", "evidence:files", "evidence.view", FILES),
            (
                "通知",
                "notices:inbox",
                "notices.view",
                [f"notices:{name}" for name in ("read", "read_all", "robots", "mails")],
            ),
            (
                "公开文件",
                "published",
                SIGNED_IN,
                ["publication", "publication_part", "publication_chart", "publication_matrix"],
            ),
        ),
    ),
)
ENTRIES = tuple(entry for _, entries in SECTIONS for entry in entries)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu; `here` is what `aria-current` says of it: "page", "true" above a page below, or nothing."""

    section: str
    label: str
    url: str
    here: str


def menu(request: HttpRequest) -> dict[str, Any]:
    """Return the menu's lines for the county that the page is about, or that one acts in; of an area, no county's."""
    scope = getattr(request, "scope", None)
    if scope is None:
        return {"menu": []}
    county = None if getattr(request, "area", None) else county_of(request)
    if county is None and scope.above is None:
        return {"menu": []}
    at = _name(request.resolver_match)
    return {
        "menu": [
            _entry(request, section, label, _url(name, asked, scope, county), at in {name, *below})
            for section, entries in SECTIONS
            for label, name, asked, below in entries
            if _offered(asked, scope, county)
        ]
    }


def _offered(asked: str, scope: Scope, county: Area | None) -> bool:
    """Return whether the entry leads somewhere for this reader: what nothing was published for is not offered."""
    if asked == SIGNED_IN:
        return publications().exists()
    area = scope.above if asked == ABOVE else county
    return area is not None and allowed(asked, scope, area)


def _url(name: str, asked: str, scope: Scope, county: Area | None) -> str:
    place = scope.above if asked == ABOVE else county
    return reverse(name, args=[] if asked == SIGNED_IN else [place.code])


def _entry(request: HttpRequest, section: str, label: str, url: str, within: bool) -> Entry:
    return Entry(section, label, url, "page" if request.path == url else "true" if within else "")


def _name(match: ResolverMatch | None) -> str:
    """Return the name of the page that is shown; a number's trace belongs where its indicator does."""
    if match is None or match.view_name != "assessment:trace":
        return match.view_name if match else ""
    measured = match.kwargs["id"] in rules_today()["indicators"]
    return "assessment:indicator_stage" if measured else "assessment:indicator"
