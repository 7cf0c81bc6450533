"""B31 asks whose monitoring its figures are from: on the form, in the live result, in the rule book (P8)."""

from __future__ import annotations

import pytest

from collected import acting, ledger_of
from junheng_web.assessment.live import live
from junheng_web.assessment.periods import period_of, period_told
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.fields import county_form
from junheng_web.collection.ledger.subjects import subject
from places import COUNTY

SAMPLED, NATIONAL = "monitoring_sampled", "monitoring_national"


def fill(**items: str) -> dict[str, object]:
    """Enter items in the office's form, and return what the live result then says of B31's period."""
    texts = [(("county", item, "value"), text, None) for item, text in items.items()]
    form_save(by=acting("office"), one=subject(ledger_of(), "unit", "office"), texts=texts)
    return period_of(live(ledger_of()), "B31")


def test_the_form_asks_it_beside_whether_the_county_was_sampled(db) -> None:
    """One field more, for the requirement's own group, of whoever answers for B31."""
    own = [field for field in county_form(ledger_of().period) if field.indicators == ("B31",)]
    assert [field.key[1] for field in own][:2] == [SAMPLED, NATIONAL]
    assert own[1].label == "监测结果是否出自国家义务教育质量监测"


@pytest.mark.django_db
def test_the_live_result_says_whose_they_are() -> None:
    """Untold it is a reminder; told it stands beside the period; the verdict is the same."""
    untold = fill(monitoring_sampled="是", monitoring_arts_level="3", monitoring_arts_spread="0.1")
    assert "数出自" not in untold["period"]
    assert any("请对照监测报告补填" in one for one in untold["warnings"])
    statuses = {live(ledger_of()).answer["indicators"]["B31"]["status"]}
    for text, words in (("是", "国家义务教育质量监测"), ("否", "省级质量监测")):
        told = fill(monitoring_national=text)
        assert told["period"].endswith(f"；数出自{words}")
        assert not any("监测报告" in one for one in told["warnings"])
        statuses.add(live(ledger_of()).answer["indicators"]["B31"]["status"])
    assert statuses == {"pass"}


def test_an_answer_that_was_stored_before_is_read() -> None:
    """It has no such key, and says nothing of it."""
    old = {"time_basis": "最近一轮监测", "school_year": "2025-2026", "counted": "2025-09-01"}
    assert "数出自" not in period_told({**old, "judged_from": None, "judged_to": None})


def test_the_rule_book_s_page_says_that_it_is_asked(as_) -> None:
    """With both answers and what tells them apart; of another requirement there is no such line."""
    page = as_("clerk-03").get(f"/c/{COUNTY}/rules/B31/").content.decode()
    assert "国家义务教育质量监测或省级质量监测，由“监测结果是否出自国家义务教育质量监测”说明；不影响结论" in page
    assert "<dt>数出自</dt>" not in as_("clerk-03").get(f"/c/{COUNTY}/rules/B30/").content.decode()
