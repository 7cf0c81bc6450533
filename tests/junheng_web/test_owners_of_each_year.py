"""Whose an item is holds for a year: what moves in a new one leaves the years before and their forms as they are."""

from __future__ import annotations

import datetime as dt
import json
import os

import pytest
from django.utils import timezone

import installations
from collected import acting, ledger_of
from junheng_web.collection.handing.approving import digest_of, step_take
from junheng_web.collection.handing.deeds import DEEDS
from junheng_web.collection.handing.filling import form_save
from junheng_web.collection.ledger.locking import period_freeze
from junheng_web.collection.ledger.moments import moment_at, owners_at
from junheng_web.collection.ledger.services import arrangement_set, owner_set, period_open
from junheng_web.collection.ledger.subjects import Subject, subject
from junheng_web.collection.models import Arrangement, Ledger, Owner, Period
from junheng_web.collection.years.opening import Asked, year_draft_save, year_open
from junheng_web.organisation import audit
from junheng_web.organisation.models import AuditRow, Unit
from places import COUNTY, leads

pytestmark = pytest.mark.django_db
ITEM, OTHER = "special_operating_fund", "special_pupils"
KEY = ("county", ITEM, "value")
PAGE = f"/c/{COUNTY}/collection/{{}}/owners/"


def unit(code: str) -> Unit:
    """Return a unit of the example county."""
    return Unit.objects.get(county__code=COUNTY, code=code)


def give(code: str | None, period: Period | None = None, item: str = ITEM) -> None:
    """Give an item to a unit in a period: the example's own, where none is said."""
    period = period or ledger_of().period
    owner_set(by=acting("office"), period=period, item=item, unit=unit(code) if code else None)


def form(code: str, period: str = "2025") -> Subject:
    """Return a unit's form of a year."""
    ledgers = Ledger.objects.select_related("county", "period")
    return subject(ledgers.get(county__code=COUNTY, period__code=period, basis="current"), "unit", code)


def items(code: str, period: str) -> list[str]:
    """Return the items of a unit's form of a year."""
    return sorted(form(code, period).items)


def next_year() -> Period:
    """Open the year after the example's, as the office does; its last year is frozen."""
    asked = Asked("2026-09-01", "national-2017")
    county = ledger_of().county
    year_draft_save(by=acting("office"), county=county, asked=asked)
    return year_open(by=acting("office"), county=county, asked=asked)


def test_a_new_year_begins_with_the_owners_of_the_last() -> None:
    """With who reviews and who confirms; from then on each has its own."""
    give("fin")
    who = {"reviewer": unit("edu-hr"), "second": unit("fin"), "terms": "同一口径"}
    arrangement_set(by=acting("office"), period=ledger_of().period, item=OTHER, **who)
    new = next_year()
    assert items("fin", "2026") == items("fin", "2025") == [ITEM]
    carried = Arrangement.objects.get(period=new)
    assert (carried.item, carried.reviewer, carried.second, carried.terms) == (OTHER, *who.values())
    opened = AuditRow.objects.get(action="period.open", object_code="2026")
    assert opened.detail["owners"] == {ITEM: "fin"}


def test_a_frozen_year_is_unchanged_after_an_item_has_moved() -> None:
    """Its form is the same unit's, with the same number, hash and steps; the new year's is another's."""
    give("fin")
    form_save(by=acting("office"), one=form("fin"), texts=[(KEY, "500000", None)])
    for deed in ("submit", "sign", "review", "approve"):
        step_take(by=acting("office"), one=form("fin"), deed=DEEDS[deed], note="纸件")
    before = (form("fin").items, digest_of(form("fin")))
    new = next_year()
    give("edu", new)
    assert (form("fin").items, digest_of(form("fin"))) == before
    assert ITEM in items("edu", "2026")
    assert ITEM not in items("office", "2025")
    assert set(Owner.objects.filter(item=ITEM).values_list("period__code", "unit__code")) == {
        ("2025", "fin"),
        ("2026", "edu"),
    }


def test_last_year_s_number_stands_beside_the_field_at_its_new_owner(as_) -> None:
    """Whoever takes over an item sees what it was."""
    give("fin")
    form_save(by=acting("office"), one=form("fin"), texts=[(KEY, "500000", None)])
    new = next_year()
    new.opening = {}
    new.save()
    give("edu", new)
    page = as_("office").get(f"/c/{COUNTY}/collection/2026/current/unit/edu/").content.decode()
    assert '<td class="number">500000</td>' in page


def test_nothing_moves_in_a_frozen_year(as_) -> None:
    """Not the owner, not who reviews or confirms; the page says so and offers nothing."""
    give("fin")
    period_freeze(by=acting("office"), period=ledger_of().period, frozen=True, note="示例封存")
    office, page = as_("office"), PAGE.format("2025")
    for asked in ({ITEM: "edu"}, {f"second-{OTHER}": "fin"}):
        assert "封存" in office.post(page, asked, follow=True).content.decode()
    assert Owner.objects.get(item=ITEM).unit.code == "fin"
    assert not Arrangement.objects.exists()
    shown = office.get(page).content.decode()
    assert "<fieldset disabled>" in shown
    assert ">保存</button>" not in shown


def test_the_page_moves_an_item_in_its_own_year_alone(as_) -> None:
    """A form that was handed in holds its items in its own year, and in no other."""
    new = next_year()
    period_freeze(by=acting("office"), period=ledger_of().period, frozen=False, note="示例解封")
    step_take(by=acting("office"), one=form("office"), deed=DEEDS["submit"])
    office = as_("office")
    assert "先退回它的表" in office.post(PAGE.format("2025"), {ITEM: "fin"}, follow=True).content.decode()
    assert "已改派 1 项" in office.post(PAGE.format("2026"), {ITEM: "fin"}, follow=True).content.decode()
    assert list(Owner.objects.values_list("period", "unit__code")) == [(new.id, "fin")]
    assert AuditRow.objects.filter(action="owner.set").get().detail == {"period": "2026", "unit": "fin"}


def test_an_earlier_year_that_is_opened_later_begins_with_the_nearest_one() -> None:
    """A county that enters past years has them as they are now, until it says otherwise."""
    give("fin")
    county = ledger_of().county
    period_open(by=acting("office"), county=county, counting_date=dt.date(2019, 9, 1), standard="national-2017")
    assert items("fin", "2019") == [ITEM]
    give(None, Period.objects.get(code="2019"))
    assert items("fin", "2025") == [ITEM]


def test_looking_back_knows_the_owner_of_each_year() -> None:
    """What was said of one year says nothing of another; a row without a year was said of every year."""
    county = ledger_of().county
    Owner.objects.create(county=county, period=ledger_of().period, item=ITEM, unit=unit("fin"))
    audit.record("owner.set", by=acting("office"), county=county, of=("item", ITEM), unit="fin")
    new = next_year()
    give("edu", new)
    now = timezone.now()
    ledgers = {
        one.period.code: one for one in Ledger.objects.filter(basis="current").select_related("county", "period")
    }
    assert owners_at(moment_at(ledgers["2025"], now))[ITEM] == "fin"
    assert owners_at(moment_at(ledgers["2026"], now))[ITEM] == "edu"
    opened = AuditRow.objects.get(action="period.open", object_code="2026").at
    assert owners_at(moment_at(ledgers["2026"], opened))[ITEM] == "fin"


OLD = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
apps = MigrationExecutor(connection).loader.project_state([("collection", "0002_locks_seals_and_years")]).apps
def made(app, model, /, **told):
    return apps.get_model(app, model).objects.create(**told)
for code in ("150699", "150698"):
    county = made("organisation", "Area", code=code, name=code, kind="county")
    fin = made("organisation", "Unit", county=county, code="fin", name="财政局")
    for year in (2019, 2025)[: 2 if code == "150699" else 1]:
        told = dict(school_year=f"{year}-{year + 1}", counting_date=f"{year}-09-01", standard="national-2017")
        made("collection", "Period", county=county, code=str(year), **told)
    for item in ("special_operating_fund", "monitoring_sampled"):
        made("collection", "Owner", county=county, item=item, unit=fin)
    made("collection", "Arrangement", county=county, item="special_pupils", reviewer=fin, terms="同一口径")
"""
NEW = """
import json
from junheng_web.collection.models import Arrangement, Owner
at = ("county__code", "period__county__code", "period__code", "item")
owned = Owner.objects.order_by(*at).values_list(*at, "unit__code", "unit__county__code")
arranged = Arrangement.objects.order_by(*at).values_list(*at, "reviewer__code", "second", "terms")
print(json.dumps([list(owned), list(arranged)]))
"""


def test_the_migration_gives_every_year_what_held_for_the_county(tmp_path) -> None:
    """Nothing is lost and nothing crosses a county: the same owners, reviewers and terms in each of its periods.

    Whoever said whether the county was sampled is asked whose monitoring it was.
    """
    place = installations.empty(tmp_path / "data", os.environ.get("JUNHENG_DATABASE", ""))
    place.done("migrate", "collection", "0002_locks_seals_and_years", "--verbosity=0")
    place.python(OLD)
    place.done("migrate", "--verbosity=0")
    owned, arranged = json.loads(place.python(NEW).splitlines()[-1])
    years = [("150698", "2019"), ("150699", "2019"), ("150699", "2025")]
    owned_items = ("monitoring_national", "monitoring_sampled", ITEM)
    assert owned == [[county, county, year, item, "fin", county] for county, year in years for item in owned_items]
    assert arranged == [[county, county, year, OTHER, "fin", None, "同一口径"] for county, year in years]


def test_who_answers_is_asked_of_the_room_that_knows_it(as_) -> None:
    """The page names the address; there stand the units by indicator, in the document's order, for who may see it."""
    page = as_("office").get(PAGE.format("2025")).content.decode()
    address = f"/c/{COUNTY}/board/answering"
    assert f'data-answering="{address}"' in page
    row = page.split('data-indicators="B14"', 1)[1].split("</tr>", 1)[0]
    assert "特殊教育公用经费" in row
    told = as_("office").get(address).json()
    assert [one["name"] for one in told["B14"]] == ["财政局", "民政局", "教体局"]
    leading = {id: [one["name"] for one in units if one["lead"]] for id, units in told.items()}
    assert {id: names for id, names in leading.items() if names} == leads()
    assert as_("office").post(address).status_code == 405
    assert as_("office").get(address.replace(COUNTY, "150698")).status_code == 404
