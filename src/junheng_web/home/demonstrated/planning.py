"""Terms and scenarios of the demonstration: all invented, on the facts that 示例旗 starts from."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone

from junheng import api as jh
from junheng_web.assessment.selectors import latest_run
from junheng_web.organisation.models import Account, Area
from junheng_web.organisation.scopes import scope_of
from junheng_web.planning.models import Scenario, Terms
from junheng_web.planning.services import edit_add, scenario_make, terms_set
from junheng_web.planning.terms import terms_at

POOR, RICH = "1506990004", "1506990006"
SCENARIOS = (
    ("给第四小学添设备", (jh.Edit("deed", "equipment_value", POOR, amount=210_000),)),
    (
        "调骨干教师，再添一半设备",
        (
            jh.Edit("deed", "transfer", RICH, POOR, "primary", 2, ("backbone_teachers",)),
            jh.Edit("deed", "equipment_value", POOR, amount=105_000),
        ),
    ),
)


def load(county: Area, facts: Path) -> None:
    """Set the terms that stand beside the facts, and make two scenarios. Loading them again changes nothing."""
    if Terms.objects.of(county).exists():
        return
    terms = terms_set(by=None, county=county, tables=terms_at(facts), note="虚构价格，仅供演示")
    scope = scope_of(Account.objects.get(username="office"), timezone.localdate())
    base = latest_run(scope, county)
    for name, edits in SCENARIOS:
        known = {"name": name, "base": base, "terms": terms, "shared": Scenario.Shared.READERS}
        one = scenario_make(by=scope, county=county, **known)
        for at, edit in enumerate(edits):
            edit_add(by=scope, scenario=one, edit=edit, seen=at)
