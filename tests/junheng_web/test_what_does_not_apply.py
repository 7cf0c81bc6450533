"""不适用 is a status: listed with its reason, confirmed by the office, and back again where the reason changes."""

from __future__ import annotations

import json

import pytest

from collected import acting, ledger_of, type_in
from junheng_web.assessment.applicability import applicability_confirm, items
from junheng_web.assessment.live import live
from junheng_web.assessment.models import NotApplicable
from junheng_web.organisation.models import AuditRow, School
from places import COUNTY

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/applicability/2025/current/"
SMALL = "1506990017"


def listed():
    """Return what does not apply today, by its key."""
    ledger = ledger_of()
    return {one.key: one for one in items(live(ledger), ledger.period)}


def confirm(*keys: str) -> int:
    """Confirm items as they are now, as the office."""
    ledger, found = ledger_of(), listed()
    seen = {(key, found[key].reason) for key in keys}
    return applicability_confirm(by=acting("office"), judged=live(ledger), period=ledger.period, seen=seen)


def test_what_does_not_apply_is_listed_with_whom_and_why() -> None:
    """Schools outside the sample, and conditions that are about nobody."""
    found = listed()
    assert found[f"school:{SMALL}:primary"].whom == "清水嘎查教学点（小学）"
    assert "教学点" in found[f"school:{SMALL}:primary"].reason
    assert found["part:B31:level"].reason == "“是否参加最近一轮质量监测”填的是“否”"
    assert {key.split(":")[0] for key in found} == {"school", "part"}
    assert not any(one.confirmed for one in found.values())


def test_a_county_without_a_stage_says_so() -> None:
    """No junior school: neither the seven indicators nor what is asked of juniors applies."""
    keep = School.objects.filter(county__code=COUNTY, school_type="primary").values_list("id", flat=True)[:3]
    gone = School.objects.filter(county__code=COUNTY).exclude(id__in=list(keep))
    gone.update(closed="2025-01-01")
    found = listed()
    assert found["stage:junior"].reason == "没有一所可判的初中学校"
    assert "part:B23:kept" in found
    assert found["part:B13:funded"].reason == "规模较小学校核定公用经费：没有适用的对象"


def test_the_office_confirms_and_is_named() -> None:
    """Once; confirming again changes nothing."""
    key = f"school:{SMALL}:primary"
    assert confirm(key) == 1
    assert "创建办主任" in listed()[key].confirmed
    assert confirm(key) == 0
    assert NotApplicable.objects.count() == 1
    assert AuditRow.objects.filter(action="applicability.confirm").count() == 1


def test_another_reason_is_read_anew() -> None:
    """What was confirmed was the reason; and what applies after all is listed no more."""
    key = f"school:{SMALL}:primary"
    confirm(key)
    type_in("office", ("schools", SMALL, "primary_pupils"), "0", code=SMALL)
    assert "没有在校生" in listed()[key].reason
    assert not listed()[key].confirmed
    type_in("office", ("schools", SMALL, "primary_pupils"), "60", code=SMALL)
    assert key not in listed()


def test_the_page_confirms_what_is_ticked(as_) -> None:
    """And tells how many are left."""
    office, found = as_("office"), listed()
    assert f"还有 {len(found)} 条没有确认" in office.get(HERE).content.decode()
    ticked = [json.dumps([one.key, one.reason]) for one in found.values()]
    assert office.post(f"{HERE}confirm", {"seen": ticked[:1]}).url == HERE
    assert f"还有 {len(found) - 1} 条没有确认" in office.get(HERE).content.decode()
    answer = office.post(f"{HERE}confirm", {"seen": ticked[1:]}, follow=True).content.decode()
    assert f"已确认 {len(found) - 1} 项不适用" in answer
    assert "全部确认" in answer


def test_a_reason_that_changed_while_one_read_is_not_confirmed(as_) -> None:
    """The page says so, and nothing is written down."""
    stale = json.dumps([f"school:{SMALL}:primary", "别的理由"])
    answer = as_("office").post(f"{HERE}confirm", {"seen": stale}, follow=True).content.decode()
    assert "其余的理由刚刚变了" in answer
    assert not NotApplicable.objects.exists()


@pytest.mark.parametrize("seen", ["", "{", "7", '["one"]', '["a","b","c"]'])
def test_what_no_page_sends_is_not_there(as_, seen: str) -> None:
    """And nothing breaks."""
    assert as_("office").post(f"{HERE}confirm", {"seen": seen}).status_code == 404


def test_the_office_alone_confirms(as_) -> None:
    """A desk and the leader read; a school and a unit do not even that."""
    for username, reads in (("edu-hr-desk", 200), ("leader", 200), ("clerk-03", 403), ("fin-staff", 403)):
        assert as_(username).get(HERE).status_code == reads, username
        assert as_(username).post(f"{HERE}confirm").status_code == 403, username
