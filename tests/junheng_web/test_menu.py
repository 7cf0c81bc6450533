"""The menu marks the page that one is on, and the entry under which it belongs."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django.urls import resolve

from junheng_web.config.menu import ENTRIES, menu
from junheng_web.organisation.models import Account, Area
from junheng_web.organisation.permissions import PERMISSIONS
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import scope_of
from moments import TODAY
from places import COUNTY
from test_walls_of_urls import PAGES, URLS, Url

SCHOOL = "1506990003"
# Page of the example county: the entry that is marked, and how.
MARKED = {
    "": ("总览", "page"),
    "?every=1": ("总览", "page"),
    "grid/": ("各校各项", "page"),
    "grid/junior/": ("各校各项", "true"),
    f"schools/{SCHOOL}/": ("各校各项", "true"),
    "indicators/B6/primary/": ("各校各项", "true"),
    f"trace/B6/?school={SCHOOL}&stage=primary": ("各校各项", "true"),
    "trace/B6/?stage=primary": ("各校各项", "true"),
    "indicators/B10/": ("其他指标", "true"),
    "trace/B10/": ("其他指标", "true"),
    f"trace/B10/?school={SCHOOL}": ("其他指标", "true"),
    "trace/VETO/": ("其他指标", "true"),
    "board/": ("其他指标", "page"),
    "rules/": ("规则书", "page"),
    "rules/B6/": ("规则书", "true"),
    "help/B6/": ("规则书", "true"),
    "runs/": ("评估记录", "page"),
    "upload/": ("上传即评", "page"),
    "duties/": ("各单位职责", "page"),
    "duties/mine/": ("我的职责", "page"),
    "duties/unit/fin/": ("各单位职责", "true"),
    "duties/names/": ("各单位职责", "true"),
    "duties/import/": ("各单位职责", "true"),
    "notices/mails/": ("通知", "true"),
    "duties/matrix/": ("任务分工表", "page"),
    "duties/matrix/set/B4/": ("任务分工表", "true"),
    "duties/reports/": ("职责报送", "page"),
    "dossier/": ("佐证清单", "page"),
    "dossier/add/": ("佐证清单", "true"),
    "dossier/gaps/": ("佐证缺口", "page"),
    "dossier/binders/": ("装订成册", "page"),
    "rectification/": ("整改台账", "page"),
    "rectification/gaps/": ("整改台账", "true"),
    "rectification/plans/": ("一校一案", "page"),
    "rectification/vetoes/": ("否决项登记", "page"),
    "rectification/vetoes/report/": ("否决项登记", "true"),
    "rectification/figures/": ("办理情况", "page"),
    "rectification/figures/circular/": ("办理情况", "true"),
    "rectification/leader/": ("领导一页", "page"),
    "funding/": ("创建资金明细", "page"),
    "funding/add/": ("创建资金明细", "true"),
    "funding/actual/": ("计划和实际", "page"),
    "funding/balance/": ("资金和缺口", "page"),
    "funding/sources/": ("资金来源和定案", "page"),
    "visits/": ("督导查看", "page"),
    "visits/2025/": ("督导查看", "true"),
    "visits/2025/results/B28/": ("督导查看", "true"),
    "files/": ("文件", "page"),
    "statistics/": ("统计工作簿", "page"),
    "statistics/add/": ("统计工作簿", "true"),
    "statistics/import/2025/": ("统计工作簿", "true"),
}


@pytest.mark.parametrize("page", MARKED)
def test_a_page_marks_its_entry_and_no_other(as_, page: str) -> None:
    """As programs that read aloud hear it: "page" for the page itself, "true" for one below it."""
    answer = as_("office").get(f"/c/{COUNTY}/{page}")
    assert answer.status_code == 200
    assert [(one.label, one.here) for one in answer.context["menu"] if one.here] == [MARKED[page]]
    assert answer.content.decode().split('id="side"')[1].split("</nav>")[0].count("aria-current") == 1


def test_a_comparison_belongs_to_the_runs(as_) -> None:
    """Two runs by their codes."""
    from junheng_web.assessment.models import Run

    code = Run.objects.filter(county__code=COUNTY).latest("id").code
    answer = as_("office").get(f"/c/{COUNTY}/runs/{code}/against/{code}/")
    assert [(one.label, one.here) for one in answer.context["menu"] if one.here] == [("评估记录", "true")]


@pytest.mark.parametrize("url", PAGES, ids=lambda url: url.route)
def test_every_url_of_a_county_belongs_under_one_entry(db, url: Url) -> None:
    """Whoever adds a page says where it belongs; the administrator's own are in his menu alone."""
    path = url.at(COUNTY)
    reader = "office" if Role.OFFICE in PERMISSIONS[url.permission] else "administrator"
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    request.county = Area.objects.get(code=COUNTY)
    request.scope = scope_of(Account.objects.get(username=reader), TODAY)
    assert len([one for one in menu(request)["menu"] if one.here]) == 1


def test_every_entry_names_pages_that_there_are() -> None:
    """A name that is misspelt or gone would mark nothing, and nobody would notice."""
    known = {resolve(url.at(COUNTY)).view_name for url in URLS}
    assert {name for _, own, _, below in ENTRIES for name in (own, *below)} - known == set()
