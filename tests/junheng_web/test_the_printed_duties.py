"""The seed's duties and 附件2 in the platform: every sentence word for word, every row with its units, no lead."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from junheng_web.duties import naming
from junheng_web.duties.book import book_of
from junheng_web.duties.matrix import paper, table_of
from junheng_web.duties.models import Bearer, Desk, Duty, Report
from junheng_web.duties.selectors import answers_for, desk_of
from junheng_web.duties.taking import document_take
from junheng_web.organisation.models import Account, Appointment, Area, AuditRow, Person, Post, Publication, Unit
from junheng_web.organisation.roles import Role
from junheng_web.organisation.scopes import scope_of
from moments import TODAY
from places import COUNTY, EXAMPLES, FOREIGN

pytestmark = pytest.mark.django_db
SEED = (EXAMPLES / "otog" / "original.txt").read_text(encoding="utf-8")
ALL_TOWNS = "各苏木镇人民政府"
# What users of 附件2 find irregular in it: units that have duties and no row.
WITHOUT_ROW = ["旗政府办", "旗卫健委", "旗城管局", "团旗委", "旗妇联", "旗融媒体中心"]


def county() -> Area:
    return Area.objects.get(code=FOREIGN)


@pytest.fixture
def reader(as_) -> Client:
    """Somebody who only looks, made for the test: the demonstration lets nobody act for the county."""
    area = county()
    post = Post.objects.create(area=area, code="reader", name="只看", role=Role.AREA_VIEWER)
    person = Person.objects.create(county=area, name="只看")
    Appointment.objects.create(post=post, person=person)
    Account.objects.create_user("reader", "demo", person=person)
    return as_("reader")


def printed_paragraphs() -> dict[str, str]:
    """Return each unit's paragraph, read from the text and not from our tables."""
    part = SEED.partition("二、成员单位工作职责\n")[2].partition("\n附件2")[0]
    return dict(line.split("：", 1) for line in part.splitlines() if "：" in line)


def printed_rows() -> list[tuple[str, list[str]]]:
    """Return 附件2's rows: text and units, read from the text."""
    table = SEED[SEED.index("附件2\n") : SEED.index("附件3\n")]
    cells = [cell.strip("\n").strip() for cell in re.split(r"\n?\t", table[table.index("\n\t") :])][4:]
    return [(text, names.split()) for text, names in zip(cells[1::3], cells[2::3], strict=True)]


def test_every_paragraph_is_its_sentences_joined() -> None:
    """Nothing is left out, nothing is added, and the order is the printed one."""
    found: dict[str, str] = {}
    for duty in Duty.objects.of(county()):
        found[duty.heading] = found.get(duty.heading, "") + duty.printed
    assert list(found.items()) == list(printed_paragraphs().items())
    assert not Duty.objects.of(county()).exclude(kind=Duty.Kind.PRINTED).exists()
    assert all(duty.text == duty.printed and not duty.edited for duty in Duty.objects.of(county()))


def test_a_duty_says_where_the_document_prints_it() -> None:
    """The document, the part, the paragraph, the sentence."""
    duty = Duty.objects.get(county=county(), printed__startswith="会同旗人社、教育")
    assert duty.source in SEED.replace("\n", "").replace(" ", "")
    assert duty.source_place == "二、成员单位工作职责，“旗委编办”一段，第 2 句"


def test_every_unit_bears_what_its_paragraph_says() -> None:
    """Of the towns each bears the shared one; there is nobody without a duty."""
    bearers = Bearer.objects.of(county()).select_related("duty", "unit")
    assert {one.unit.name for one in bearers} == set(Unit.objects.of(county()).values_list("name", flat=True))
    assert {one.unit.name for one in bearers if one.duty.heading != one.unit.name} == {
        one.name for one in Unit.objects.of(county()) if one.kind == Unit.Kind.TOWN
    }
    assert bearers.filter(duty__heading=ALL_TOWNS).count() == 6 * 2


def test_every_row_has_its_units_in_the_printed_order() -> None:
    """B1-B31, the recognition and the veto items; names as the table writes them, by the table of names."""
    told = [(one["row"].text, one["units"]) for one in paper(county())["rows"]]
    assert told == printed_rows()
    assert not any(one["changed"] for one in paper(county())["rows"])
    table, rows = table_of(county()), [row.indicator for row in book_of(county()).rows]
    assert rows == [*(f"B{number}" for number in range(1, 32)), "SR", "VETO"]
    names = dict(Unit.objects.of(county()).values_list("code", "name"))
    for indicator, (_, written) in zip(rows, printed_rows(), strict=True):
        meant = [names[code] for code in table[indicator].units]
        assert [name.removeprefix("旗") for name in meant] == [name.removeprefix("旗") for name in written]


def test_no_lead_and_no_desk_is_invented() -> None:
    """Where several answer and nobody was set, there is nobody to propose; where only one answers, it is that one."""
    assert not any(one.lead for one in table_of(county()).values())
    assert not Desk.objects.of(county()).exists()
    assert not Report.objects.of(county()).exists()
    several, alone = desk_of(county(), "B1"), desk_of(county(), "B5")
    assert (several.unit, [one.name for one in several.units]) == (None, ["旗委编办", "旗人社局", "旗教体局"])
    assert (alone.unit.name, alone.desk) == ("旗教体局", None)
    assert sum(desk_of(county(), row.indicator).unit is not None for row in book_of(county()).rows) == sum(
        len(units) == 1 for _, units in printed_rows()
    )


def test_a_unit_without_rows_answers_for_nothing_and_has_duties(reader: Client) -> None:
    """Its page shows its duties and says that the table does not list it."""
    units = list(Unit.objects.of(county()))
    towns = [one.name for one in units if one.kind == Unit.Kind.TOWN]
    assert [one.name for one in units if not answers_for(one)] == [*WITHOUT_ROW, *towns]
    page = reader.get(f"/c/{FOREIGN}/duties/unit/women/").content.decode()
    assert all(sentence in page for sentence in re.findall(r"[^。]+。", printed_paragraphs()["旗妇联"]))
    assert "任务分工表没有列这个单位" in page


def test_the_pages_show_every_sentence_and_every_row(reader: Client) -> None:
    """Word for word, whatever is laid around them."""
    page = reader.get(f"/c/{FOREIGN}/duties/").content.decode()
    for duty in Duty.objects.of(county()):
        assert duty.printed in page
    matrix, sheet = (reader.get(f"/c/{FOREIGN}/duties/matrix/{name}").content.decode() for name in ("", "printed/"))
    for text, units in printed_rows():
        assert text in matrix
        assert text in sheet
        assert all(f"<span>{unit}</span>" in sheet for unit in units)


def test_irregularities_are_reported() -> None:
    """The seed's own: shortened names, units without a row, one paragraph for all towns, other titles."""
    units = list(Unit.objects.of(county()).prefetch_related("written"))
    found = dict(naming.irregularities(county(), units))
    assert found["有职责，任务分工表没有列"][: len(WITHOUT_ROW)] == WITHOUT_ROW
    assert len(found["有职责，任务分工表没有列"]) == len(WITHOUT_ROW) + 6
    assert "旗人社局 → 人社局" in found["任务分工表省去了职责里的字头"]
    assert not [one for one in found["任务分工表省去了职责里的字头"] if "编办" in one]
    (shared,) = found["一段职责合写给几个单位"]
    assert shared.startswith(f"{ALL_TOWNS}：乌兰镇、")
    assert found["成员名单里的写法对不上职责里的单位名"] == [
        "政府副旗长、公安局局长（旗公安局）",
        "旗市场监督管理局局长（旗市场监管局）",
    ]
    assert "任务分工表里认不出是哪个单位" not in found


def test_a_name_that_no_unit_bears_is_reported_and_not_guessed() -> None:
    """Without its alias, 残联 is nobody, though a unit's name ends so."""
    unit = Unit.objects.get(county=county(), name="旗残联")
    unit.written.filter(part="tasks").delete()
    found = dict(naming.irregularities(county(), list(Unit.objects.of(county()).prefetch_related("written"))))
    assert found["任务分工表里认不出是哪个单位"] == ["残联（B24）"]


def test_the_document_is_taken_in_once() -> None:
    """Again it adds nothing; another county's document is refused."""
    document = Publication.objects.get(area=county())
    before = (Duty.objects.count(), AuditRow.objects.count())
    assert document_take(by=None, county=county(), publication=document) == 0
    assert (Duty.objects.count(), AuditRow.objects.count()) == before
    with pytest.raises(ValueError, match="is not a document of"):
        document_take(by=None, county=Area.objects.exclude(id=county().id).first(), publication=document)


def test_whoever_is_signed_in_sees_the_table_by_units_as_it_was_published(as_) -> None:
    """Every row word for word with its units, no lead, what does not agree; no way into the county's own pages."""
    answer = as_("fin-staff").get(f"/published/{FOREIGN}/otog/matrix/")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert all(text in page for text, _ in printed_rows())
    found = [[cell["unit"].name for cell in row["cells"] if cell["word"] == "责任"] for row in answer.context["rows"]]
    for names, (_, written) in zip(found, printed_rows(), strict=True):
        assert {name.removeprefix("旗") for name in names} == {name.removeprefix("旗") for name in written}
    assert "有职责，任务分工表没有列" in page
    assert f"/c/{FOREIGN}/" not in page
    assert f"/c/{COUNTY}/notices/" in page
    assert as_("fin-staff").get("/published/1/otog/matrix/").status_code == 404


def test_the_demonstration_gives_nobody_of_another_county_a_look() -> None:
    """The wall stands: to 示例旗's office the county's duties are not there."""
    office = scope_of(Account.objects.get(username="office"), TODAY)
    assert not Duty.objects.visible_to(office).filter(county=county()).exists()
