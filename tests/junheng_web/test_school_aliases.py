"""Other names of schools are written before any file comes with them, and every import reads them in one way."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from collected import acting
from junheng_web.boards.matching import _schools as on_the_map
from junheng_web.funding.reading import Names
from junheng_web.organisation.models import AuditRow, School, SchoolAlias
from junheng_web.organisation.naming import aliases_write, names_of
from junheng_web.organisation.school_services import school_close, school_open, school_rename
from junheng_web.rectification.feedback import _Reader as Feedback
from junheng_web.registers.seeing import codes_by_name
from junheng_web.statistics.reading import known_on
from next_year import county
from places import COUNTY

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/organisation/schools/aliases/"
FIRST, SECOND = "1506990006", "1506990004"
DAY = dt.date(2025, 9, 1)
# Invented, as every name here.
MONGOLIAN = "ᠵᠢᠱᠢᠶᠡ ᠰᠤᠷᠭᠠᠭᠤᠯᠢ"


def school(code: str = FIRST) -> School:
    """Return a school of the example county."""
    return School.objects.select_related("county").get(county__code=COUNTY, code=code)


def write(*names: str, code: str = FIRST, kind: str = "short") -> list[SchoolAlias]:
    """Write names of a school, as the office."""
    return aliases_write(by=acting("office"), school=school(code), kind=kind, names=names)


def everywhere(name: str) -> set[str]:
    """Return which school a name means to each of the imports; nothing where it means none."""
    known, funding, feedback, drawn = known_on(county(), DAY), Names(county()), Feedback(county()), on_the_map(county())
    found = [one.schools.get(name) for one in (funding, feedback)] + [drawn.get(name)]
    codes = {one.code if one else "" for one in found}
    return codes | {known.code(name), codes_by_name(county()).get(name, "")}


@pytest.mark.parametrize("name", ["示例一校（简称）", "示例完全小学", MONGOLIAN])
def test_a_name_written_beforehand_is_read_by_every_import(name: str) -> None:
    """Statistics, registers, funding, feedback, the map; nobody is asked."""
    assert everywhere(name) == {""}
    write(name)
    assert everywhere(name) == {FIRST}
    assert AuditRow.objects.filter(action="alias.confirm", object_code=FIRST).exists()


def test_a_name_that_means_two_is_refused_with_words() -> None:
    """Another one's alias, code or present name; what is its own name already; all of them or none is written."""
    write("示例一校")
    wrong = ["示例一校", SECOND, school(FIRST).name, school(SECOND).name, "长" * 121, "示例新名"]
    with pytest.raises(ValidationError) as told:
        write(*wrong, code=SECOND)
    other, own, long = f"已经是“{school(FIRST)}”，不能又是", "就是这所学校的名称或标识码", "120"
    expected = [other, own, other, own, long]
    assert [part in text for part, text in zip(expected, told.value.messages, strict=True)] == [True] * 5
    assert not SchoolAlias.objects.filter(school__code=SECOND).exists()


def test_a_name_that_two_bear_means_the_one_that_stands() -> None:
    """Of two that stand, neither: whoever imports is asked."""
    old = school_open(
        by=None, county=county(), code="1506990901", name="示例同名小学", school_type="primary", day=dt.date(2000, 9, 1)
    )
    assert names_of(School.objects.of(county()).select_related("county"))["示例同名小学"] == old.code
    new = School.objects.create(county=county(), code="1506990902", name="示例同名小学", school_type="primary")
    assert "示例同名小学" not in names_of(School.objects.of(county()).select_related("county"))
    school_close(by=None, school=old, day=dt.date(2024, 9, 1))
    assert names_of(School.objects.of(county()).select_related("county"))["示例同名小学"] == new.code


def test_no_school_takes_a_name_that_is_another_one_s_alias() -> None:
    """It is withdrawn first; its own former name a school may take again."""
    write("示例旧校名")
    with pytest.raises(ValidationError, match="的别名；请先在“学校的别名”里撤销它"):
        school_rename(by=None, school=school(SECOND), name="示例旧校名", day=DAY)
    school_rename(by=None, school=school(FIRST), name="示例旧校名", day=DAY)
    assert school(FIRST).name == "示例旧校名"


def test_the_page_writes_and_takes_back(as_) -> None:
    """One a line; what is refused stays in the form; who only reads sees the list and no form."""
    office = as_("office")
    told = {"school": FIRST, "kind": "mongolian", "names": f"{MONGOLIAN}\n\n 示例一校 \n"}
    assert office.post(HERE, told).status_code == 302
    page = office.get(HERE).content.decode()
    assert [text in page for text in (MONGOLIAN, "蒙古文名", "陈乐平")] == [True] * 3
    assert SchoolAlias.objects.filter(name="示例一校", kind="mongolian").exists()
    wrong = office.post(HERE, {**told, "school": SECOND})
    assert (wrong.status_code, wrong.context["form"]["names"].value()) == (422, told["names"])
    assert "不能又是" in wrong.content.decode()
    assert office.post(f"{HERE}withdraw", {"name": "示例一校"}).status_code == 302
    assert not SchoolAlias.objects.filter(name="示例一校").exists()
    reader = as_("clerk-03")
    assert "添别名" not in reader.get(HERE).content.decode()
    assert reader.post(HERE, told | {"names": "示例另名"}).status_code == 403
    assert not SchoolAlias.objects.filter(name="示例另名").exists()
    assert reader.post(f"{HERE}withdraw", {"name": MONGOLIAN}).status_code == 403


def test_a_school_s_page_leads_there(as_) -> None:
    """With the school chosen."""
    office = as_("office")
    assert f"{HERE}?school={FIRST}" in office.get(f"/c/{COUNTY}/organisation/schools/{FIRST}/").content.decode()
    assert f'value="{FIRST}" selected' in office.get(f"{HERE}?school={FIRST}").content.decode()
