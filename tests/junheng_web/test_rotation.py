"""The teachers that a plan moves, by the unit that has to act: page, workbook, and what the matrix says."""

from __future__ import annotations

import io

import openpyxl
import pytest

from junheng.facts.plan_schema import DEEDS
from junheng_web.assessment.models import Responsibility
from junheng_web.duties.models import Desk
from junheng_web.organisation.models import Area, Unit
from junheng_web.planning import rotation
from junheng_web.planning.adopting import actions_of
from junheng_web.planning.models import PlanRun
from places import COUNTY
from test_planning import begun, ended

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/planning/"


@pytest.fixture
def plan() -> PlanRun:
    """A search of the demonstration's that has ended."""
    return ended(begun())


def lead(**units: str) -> None:
    """Let these units lead these indicators, and nobody any other."""
    Desk.objects.filter(county__code=COUNTY).delete()
    Responsibility.objects.filter(county__code=COUNTY).update(lead=False)
    county = Area.objects.get(code=COUNTY)
    for indicator, code in units.items():
        unit = Unit.objects.get(county=county, code=code)
        known = {"county": county, "indicator": indicator, "unit": unit}
        made, _ = Responsibility.objects.get_or_create(**known, defaults={"place": 99})
        made.lead = True
        made.save()


def transfers(plan: PlanRun) -> list[dict]:
    """Return the plan's transfers as it tells them."""
    return [one for one in actions_of(plan) if DEEDS[one["item"]].kind == "transfer"]


def test_every_transfer_stands_under_one_unit(plan: PlanRun) -> None:
    """Those that serve B2 with its lead, the others apart; nobody twice, nobody left out."""
    lead(B2="edu")
    found = rotation.parts(plan)
    own = transfers(plan)
    assert own
    assert sum(part.people for part in found) == sum(one["quantity"] for one in own)
    led = {part.unit.code if part.unit else None: part for part in found}
    serving = sum(one["quantity"] for one in own if "B2" in one["serves"])
    assert serving
    assert all("B2" in one.serves or not one.serves for one in led["edu"].moves)
    assert sum(one.people for one in led["edu"].moves if one.serves) == serving


def test_the_first_indicator_that_has_a_lead_decides(plan: PlanRun) -> None:
    """With another unit leading B1, what serves both goes to it, for B1 comes first; units come in their order."""
    lead(B1="fin", B2="edu")
    found = [part for part in rotation.parts(plan) if part.unit]
    for part in found:
        led = set(
            Responsibility.objects.filter(county__code=COUNTY, unit=part.unit, lead=True).values_list(
                "indicator", flat=True
            )
        )
        for move in part.moves:
            first = next((id for id in move.serves if id in {"B1", "B2"}), None)
            assert first is None or first in led
    assert [part.unit.place for part in found] == sorted(part.unit.place for part in found)


def test_the_page_and_the_workbook_say_the_same(as_, plan: PlanRun) -> None:
    """Who, from where, to where, how many; the desks read it, schools do not; without a lead it says what to do."""
    lead()
    leader, page = as_("leader"), f"{HERE}plan/{plan.number}/rotation/"
    text = leader.get(page).content.decode()
    assert "还没有定牵头单位" in text
    sheet = openpyxl.load_workbook(io.BytesIO(leader.get(f"{page}?format=xlsx").content), data_only=True).active
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    lines, total = rows[:-1], rows[-1][rotation.PEOPLE]
    assert [cell.value for cell in sheet[1]] == list(rotation.HEADINGS)
    assert len(lines) == len(transfers(plan))
    assert total == sum(row[rotation.PEOPLE] for row in lines) == sum(one["quantity"] for one in transfers(plan))
    for row in lines:
        assert f'{row[2]}</th><td data-label="调入">{row[3]}' in text
    assert as_("head-03").get(page).status_code == 403
    assert page in as_("office").get(plan.url).content.decode()
