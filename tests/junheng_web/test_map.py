"""The county's map: what is wrong with a file is told where it stands; what is kept holds no coordinate outside."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from collected import acting
from junheng_web.boards.drawing import APART, sheet
from junheng_web.boards.geojson import LARGEST, read
from junheng_web.boards.matching import plan
from junheng_web.boards.models import CountyMap
from junheng_web.boards.services import map_keep, map_withdraw
from junheng_web.organisation.models import Area, AuditRow, School, SchoolAlias, Unit
from places import COUNTY, EXAMPLES

pytestmark = pytest.mark.django_db
HERE = f"/c/{COUNTY}/boards/map/"
FILE = EXAMPLES / "shili" / "map" / "map.geojson"
# A square in the desert, which is no county.
SQUARE = [[107.0, 39.0], [108.0, 39.0], [108.0, 40.0], [107.0, 40.0], [107.0, 39.0]]


def county() -> Area:
    """Return the example county."""
    return Area.objects.get(code=COUNTY)


def feature(kind: str, coordinates: Any, **told: Any) -> dict[str, Any]:
    """Return a feature."""
    return {"type": "Feature", "properties": told, "geometry": {"type": kind, "coordinates": coordinates}}


def file(*features: Any, **more: Any) -> bytes:
    """Return a GeoJSON."""
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def reasons(content: bytes, *, invented: bool = False) -> list[str]:
    """Return why a file cannot be used."""
    return [one.reason for one in read(content, "图.geojson", invented=invented).problems]


GOOD = feature("Polygon", [SQUARE], name="青柳镇")
BAD = {
    "不是完整的 JSON": b"{",
    "FeatureCollection": b"[]",
    "一个图形也没有": file(),
    "坐标系不是经纬度": file(GOOD, crs={"properties": {"name": "EPSG:3857"}}),
    "没有图形": file({"type": "Feature", "properties": {"name": "甲"}}),
    "没有名称": file(feature("Point", [107.5, 39.5])),
    "图形是 LineString": file(feature("LineString", SQUARE, name="甲")),
    "少于 4 个点": file(feature("Polygon", [SQUARE[:3]], name="甲")),
    "没有闭合": file(feature("Polygon", [[*SQUARE[:4], [107.1, 39.0]]], name="甲")),
    "面积是 0": file(feature("Polygon", [[SQUARE[0]] * 4], name="甲")),
    "面里没有坐标": file(feature("MultiPolygon", [], name="甲")),
    "不是两个数": file(feature("Point", ["107", None], name="甲")),
    "写反了": file(feature("Point", [39.5, 107.5], name="甲")),
    "不是经纬度": file(feature("Point", [500123.0, 4321000.0], name="甲")),
    "不在国内": file(feature("Point", [10.0, 10.0], name="甲")),
    "不像一个县": file(feature("Point", [80.0, 39.0], name="甲"), feature("Point", [120.0, 39.0], name="乙")),
}


@pytest.mark.parametrize("reason", BAD)
def test_what_cannot_be_used_is_told_with_its_place_and_remedy(reason: str) -> None:
    """Each fault by its own words, and always what to do."""
    found = read(BAD[reason], "图.geojson").problems
    assert [one for one in found if reason in one.reason], [one.reason for one in found]
    assert all(one.remedy for one in found)


def test_what_is_too_much_is_refused() -> None:
    """Too large a file, too many shapes, too many points."""
    assert "超过" in reasons(b" " * (LARGEST + 1))[0]
    many = [feature("Point", [107.5, 39.5], name=str(at)) for at in range(2001)]
    assert "最多 2000 个" in reasons(file(*many))[0]
    ring = [*([107 + at / 300_000, 39.0] for at in range(200_001)), [107.5, 40.0], [107.0, 39.0]]
    assert "200,000" in reasons(file(feature("Polygon", [ring], name="甲")))[0]
    assert reasons(b"[" * 200_000)


def test_an_invented_county_lies_nowhere() -> None:
    """The same point is refused for a county that is, and taken for one that is not."""
    out = file(feature("Point", [0.5, 0.5], name="甲"))
    assert reasons(out)
    assert reasons(out, invented=True) == []


def test_shapes_are_matched_by_code_name_and_alias() -> None:
    """A school by its alias, a town by its full name, the county by its name; what nobody knows is told."""
    school = School.objects.get(county=county(), code="1506990003")
    SchoolAlias.objects.create(county=county(), school=school, name="三小")
    square = [[x / 100, y / 100] for x, y in SQUARE]
    made = plan(county(), file(
        feature("Polygon", [square], name="示例旗"),
        feature("Polygon", [square], name="示例旗青柳镇人民政府"),
        feature("Polygon", [square], name="无此镇"),
        feature("Point", [1.075, 0.395], name="三小"),
        feature("Point", [1.075, 0.395], code="1506990001"),
        feature("Point", [5.0, 5.0], name="示例旗第二小学"),
        feature("Point", [1.0, 0.39], name="无此校"),
    ), "图.geojson")  # fmt: skip
    assert made.problems == []
    assert [(one["kind"], one["code"]) for one in made.shapes] == [
        ("county", COUNTY), ("town", "town-qingliu"), ("land", ""),
        ("school", school.code), ("school", "1506990001"), ("school", "1506990002"),
    ]  # fmt: skip
    told = {one.value: one.reason for one in made.remarks}
    assert "没有这所学校" in told["无此校"]
    assert "边界以外" in told["示例旗第二小学"]
    assert "只画边界" in told["无此镇"]
    assert "图上没有" in told[None]


def test_a_town_without_a_full_name_takes_no_land_for_itself() -> None:
    """A shape without a code is not the town that has no such name."""
    Unit.objects.filter(county=county(), code="town-qingliu").update(full_name="")
    land = feature("Polygon", [[[x / 100, y / 100] for x, y in SQUARE]], name="无此镇")
    assert [one["kind"] for one in plan(county(), file(land), "图.geojson").shapes] == ["land"]


def test_one_school_stands_once() -> None:
    """Two points of one school, by its name and by its code, are for somebody to settle."""
    twice = [feature("Point", [0.5, 0.5], name="示例旗第一小学"), feature("Point", [0.6, 0.5], code="1506990001")]
    assert "有 2 个图形都是" in plan(county(), file(*twice), "图.geojson").problems[0].reason


def test_the_example_s_map_fits_its_schools() -> None:
    """Every school and town stands on it, and it says that it is invented."""
    made = plan(county(), FILE.read_bytes(), FILE.name)
    assert made.problems == []
    assert len(made.of("school")) == School.objects.filter(county=county()).count()
    assert len(made.of("town")) == 3
    assert "虚构" in json.loads(FILE.read_bytes())["note"]


def test_the_office_brings_a_map_in(as_) -> None:
    """What the file comes to is shown first; kept, it is a version with who, whence and when."""
    browser, before = as_("office"), CountyMap.objects.count()
    sent = {
        "file": SimpleUploadedFile("图.geojson", FILE.read_bytes()),
        "source": "虚构",
        "approval": "示S〔2026〕001号",
    }
    there = browser.post(f"{HERE}keep/", sent)["Location"]
    page = browser.get(there).content.decode()
    assert CountyMap.objects.count() == before
    agreed = re.search(r'name="agreed" value="(\w+)"', page)[1]
    assert browser.post(f"{there}apply", {"agreed": "other"})["Location"] == there
    assert browser.post(f"{there}apply", {"agreed": agreed})["Location"] == HERE
    kept = CountyMap.objects.first()
    assert (kept.number, kept.approval, kept.by_name) == (before + 1, "示S〔2026〕001号", "陈乐平")
    assert AuditRow.objects.filter(action="map.keep", object_code=str(kept.number)).exists()
    assert "审图号：示S〔2026〕001号" in browser.get(HERE).content.decode()


def test_a_file_with_faults_is_kept_nowhere_and_says_all_of_them(as_) -> None:
    """422 with every reason; a file of another kind, and none at all, stand on the form."""
    browser = as_("office")
    wrong = file(feature("Point", ["x", 1], name="甲"), feature("Polygon", [SQUARE[:2]], name="乙"))
    sent = {"file": SimpleUploadedFile("a.json", wrong), "source": "虚构"}
    there = browser.post(f"{HERE}keep/", sent)["Location"]
    page = browser.get(there)
    assert page.status_code == 422
    assert "有 2 处要改" in page.content.decode()
    other = {"file": SimpleUploadedFile("a.shp", b"1"), "source": "虚构"}
    assert "不收这种文件" in browser.post(f"{HERE}keep/", other).content.decode()
    assert browser.post(f"{HERE}keep/", {"source": ""}).status_code == 422


def test_from_outside_a_map_without_its_number_is_left_out(as_) -> None:
    """An assessor and the area above see the table; the drawing once it has its 审图号 (P25)."""
    for name in ("assessor", "area-viewer"):
        page = as_(name).get(HERE).content.decode()
        assert "图不对外" in page
        assert "map-whole" not in page
        assert "示例旗第一小学" in page
    assert "map-whole" in as_("fin-staff").get(HERE).content.decode()
    newest = CountyMap.objects.first()
    told = {"file": "图", "digest": "", "source": "虚构", "approval": "示S〔2026〕001号"}
    map_keep(by=acting("office"), county=county(), shapes=newest.shapes, **told)
    assert "map-whole" in as_("assessor").get(HERE).content.decode()


def test_no_coordinate_leaves_the_house(as_) -> None:
    """Neither the page nor its workbook says where on earth a school is."""
    shape = next(one for one in CountyMap.objects.first().shapes if one["kind"] == "school")
    x, _ = shape["rings"][0][0]
    page = as_("office").get(HERE).content.decode()
    assert str(x) not in page
    assert f"{x / 1_000_000:g}," not in page
    assert not re.search(r"\d+\.\d{4}", page)


def test_a_map_is_taken_down_with_a_reason(as_) -> None:
    """The drawing is gone, the table stays, the version is on record; without a map there is none to take down."""
    scope = acting("office")
    with pytest.raises(ValidationError, match="为什么撤下"):
        map_withdraw(by=scope, county=county(), note=" ")
    map_withdraw(by=scope, county=county(), note="换新的边界")
    page = as_("leader").get(HERE).content.decode()
    assert "还没有地图" in page
    assert "示例旗第一小学" in page
    with pytest.raises(ValidationError, match="没有地图"):
        map_withdraw(by=scope, county=county(), note="再撤一次")
    assert AuditRow.objects.filter(action="map.withdraw").count() == 1


@pytest.mark.parametrize("name", ["leader", "fin-staff", "head-03", "auditor"])
def test_only_the_office_changes_the_map(as_, name: str) -> None:
    """403 for everybody else, by every way."""
    browser = as_(name)
    assert {browser.post(f"{HERE}{page}", {"note": "x"}).status_code for page in ("keep/", "withdraw")} == {403}


def test_marks_of_schools_in_one_place_stand_apart() -> None:
    """Thirty schools at one point: no mark lies on another, and each says where it belongs."""
    point = {"kind": "school", "rings": [[[500_000, 500_000]]]}
    square = {"kind": "county", "code": "c", "name": "旗", "rings": [[[0, 0], [10**6, 0], [10**6, 10**6], [0, 0]]]}
    shapes = [square, *({**point, "code": str(at), "name": f"学校{at}"} for at in range(30))]
    made = sheet(shapes, {str(at): (at, f"学校{at}", "pass") for at in range(30)})
    spots = [(one.x, one.y) for one in made.marks]
    apart = [((x - a) ** 2 + (y - b) ** 2) ** 0.5 for x, y in spots for a, b in spots if (x, y) != (a, b)]
    assert len({*spots}) == 30
    assert min(apart) >= APART
    assert {one.at for one in made.marks} == {made.marks[0].at}


def test_north_is_up_and_east_is_right() -> None:
    """A school in the north-east stands right of and above one in the south-west."""
    shapes = [
        {"kind": "school", "code": code, "name": code, "rings": [[[x, y]]]}
        for code, x, y in (("sw", 107_000_000, 39_000_000), ("ne", 108_000_000, 40_000_000))
    ]
    south, north = sheet(shapes, {code: (1, code, "fail") for code in ("sw", "ne")}).marks
    assert north.x > south.x
    assert north.y < south.y
