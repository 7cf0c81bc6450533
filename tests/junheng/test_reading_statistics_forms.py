"""Forms of the statistics through a mapping: read as they were meant, or refused with the cell; never half."""

from __future__ import annotations

from pathlib import Path

import pytest

import statistics_forms as forms
from junheng import api as jh
from junheng.facts.mapped.load import as_dict, load_mapping, mapping_from, mapping_to_yaml
from statistics_forms import COLUMNS, ROW_SHEET, ROWS, SINGLE, Written, changed, held, read, sheet, single, write

FIRST, SECOND, THIRD = forms.CODES
ENDINGS = pytest.mark.parametrize("ending", ["xlsx", "xls"])
MAPPINGS = {name: mapping_from(one, name) for name, one in {"rows": ROWS, "columns": COLUMNS, "single": SINGLE}.items()}
AS_MEANT = {
    FIRST: {"school_name": "示例一小", "primary_pupils": 600, "equipment_value": 1250000, "sports_ground_area": 200000},
    SECOND: {
        "school_name": "示例二小",
        "primary_pupils": 400,
        "junior_pupils": 0,
        "equipment_value": 750000,
        "sports_ground_area": 100000,
    },
    THIRD: {"school_name": "示例三中", "junior_pupils": 300, "equipment_value": 2000000, "sports_ground_area": 400000},
}


def of_rows(tmp_path: Path, written: Written = ROW_SHEET, ending: str = "xlsx", **keys: object):
    """Read a sheet whose schools stand in rows."""
    return read(write(tmp_path / f"示例.{ending}", 情况=written), changed(ROWS, **keys))


def problems(book) -> list[str]:
    """Return what is wrong with a workbook, in words."""
    return [str(one) for part in book.parts for one in part.problems]


@ENDINGS
def test_schools_in_rows_below_merged_headings(tmp_path: Path, ending: str) -> None:
    """Each number in the smallest unit, from the unit it is printed in; blank and - are not reported, 0 is zero."""
    book = of_rows(tmp_path, ending=ending)
    assert problems(book) == []
    assert held(book) == AS_MEANT
    assert list(book.parts[0].facts.remarks) == []


@ENDINGS
def test_schools_in_columns_and_terms_that_are_added_up(tmp_path: Path, ending: str) -> None:
    """Where one term is not reported the sum is not; the total's column is no school."""
    written = Written(forms.TURNED, forms.TURNED_MERGED)
    book = read(write(tmp_path / f"示例.{ending}", 校舍=written), MAPPINGS["columns"])
    assert problems(book) == []
    assert held(book) == {
        "示例一小": {"school_name": "示例一小", "teaching_area": 210050, "primary_pe_arts_teachers": 6},
        "示例二小": {"school_name": "示例二小", "teaching_area": 180000},
    }
    told = [one.reason for one in book.parts[0].facts.remarks]
    assert told == ["小学体育艺术专任教师数：合计写的是 9 人，各校相加是 6 人（1 校未报）"]


@ENDINGS
def test_one_sheet_a_school(tmp_path: Path, ending: str) -> None:
    """Each sheet is one school, with its code in a cell."""
    sheets = {"一": Written(single(FIRST, 12, "")), "二": Written(single(SECOND, 6, 9)), "空": Written({})}
    book = read(write(tmp_path / f"示例.{ending}", **sheets), MAPPINGS["single"])
    assert problems(book) == []
    assert held(book) == {FIRST: {"primary_classes": 12}, SECOND: {"primary_classes": 6, "junior_classes": 9}}
    assert [one.name for one in book.sheets] == ["一", "二"]


@ENDINGS
def test_every_number_says_where_it_stood(tmp_path: Path, ending: str) -> None:
    """Sheet, row, and the cell with its headings; of a sum, every cell."""
    book = of_rows(tmp_path, ending=ending)
    origin = book.parts[0].facts.origins["schools"]
    assert origin.of(1, "primary_pupils", "") == ("情况", 7, "C7 在校生/小学")
    turned = write(tmp_path / f"二.{ending}", 校舍=Written(forms.TURNED, forms.TURNED_MERGED))
    other = read(turned, MAPPINGS["columns"]).parts[0].facts.origins["schools"]
    assert other.of(0, "primary_pe_arts_teachers", "")[:2] == ("校舍", 6)
    assert other.of(0, "primary_pe_arts_teachers", "")[2].startswith("C6+C7+C8 任课教师/体育")


def test_several_forms_in_a_workbook_sheet_by_sheet(tmp_path: Path) -> None:
    """Those that a mapping knows are read; the others are listed by their number and title, and nothing of them is."""
    unknown = Written({"A1": "编造的另一张表", "A2": "表号：示例基99", "A5": 7})
    file = write(tmp_path / "示例.xlsx", 别的=unknown, 情况=ROW_SHEET, 校舍=Written(forms.TURNED, forms.TURNED_MERGED))
    book = read(file, *MAPPINGS.values())
    assert [part.mapping.form for part in book.parts] == ["示例基1", "示例基2"]
    other = book.sheets[0]
    assert (other.mapping, other.seen.form, other.seen.title) == (None, "示例基99", "编造的另一张表")
    assert "尚未建立对照" in other.problems[0].reason


@pytest.mark.parametrize("beside", ["示例基11", "示例基1-1", "X示例基1A"])
def test_a_number_that_only_begins_alike_is_another_form(tmp_path: Path, beside: str) -> None:
    """示例基1 is not 示例基11."""
    book = of_rows(tmp_path, sheet(A1="编造", A2=f"表号：{beside}", without=["C3"]))
    assert book.parts == ()
    assert "尚未建立对照" in book.sheets[0].problems[0].reason


@ENDINGS
@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (
            {"A1": "编造的学校情况（2026 年）"},
            "A1 应当是“编造的学校情况（2025 年）”，现在是“编造的学校情况（2026 年）”",
        ),
        ({"A1": ""}, "A1 应当是“编造的学校情况（2025 年）”，现在是空的"),
        ({"C4": "初中", "D4": "小学"}, "C 应当是“在校生/小学”，现在是“在校生/初中”"),
        ({"F3": "图书", "G3": "运动场地"}, "这个表头现在在 G"),
    ],
    ids=["another year", "no anchor", "columns changed places", "a column moved"],
)
def test_another_layout_is_refused_with_what_stands_there(tmp_path: Path, ending: str, cells, told: str) -> None:
    """The form's number matches and its texts do not: nothing is read."""
    book = of_rows(tmp_path, sheet(**cells), ending)
    assert book.parts == ()
    assert told in " ".join(map(str, book.sheets[0].problems))


def test_a_mapping_is_for_its_years(tmp_path: Path) -> None:
    """The same layout in another school year is refused until somebody says that it is the same."""
    file = write(tmp_path / "示例.xlsx", 情况=ROW_SHEET)
    assert "对照用于 2025 学年，不是 2026 学年" in str(read(file, changed(ROWS), year=2026).sheets[0].problems[0])
    assert held(read(file, changed(ROWS, years=[]), year=2026)) == AS_MEANT


def test_of_several_mappings_of_a_form_the_one_that_stands_is_taken(tmp_path: Path) -> None:
    """Last year's beside this year's."""
    old = changed(ROWS, anchors=[{"at": "A1", "text": "编造的学校情况（2024 年）"}], years=[2024], name="旧")
    book = read(write(tmp_path / "示例.xlsx", 情况=ROW_SHEET), old, changed(ROWS))
    assert [part.mapping.name for part in book.parts] == ["编造的学校情况"]


def test_a_heading_may_stand_in_any_column_where_no_place_is_said(tmp_path: Path) -> None:
    """As long as it stands once."""
    fields = [{**one, "terms": [{"heading": one["terms"][0]["heading"]}]} for one in ROWS["fields"]]
    moved = sheet(
        without=["F3", "F5", *(f"F{row}" for row in range(6, 10))], H3="运动场地", H6=3, H7=1.5, H8=6, H9=10.5
    )
    assert held(of_rows(tmp_path, moved, fields=fields)) == AS_MEANT
    twice = of_rows(tmp_path, sheet(H3="运动场地"), fields=fields)
    assert "有好几处：F、H" in str(twice.sheets[0].problems[0])
    none = of_rows(tmp_path, sheet(F3="别的"), fields=fields)
    assert "找不到“运动场地面积”的表头" in str(none.sheets[0].problems[0])


def test_a_form_without_a_number_is_known_by_its_sheet(tmp_path: Path) -> None:
    """Where the mapping says so; its texts must stand as well."""
    keys = {"anchors": [{"at": "A3", "text": "学校标识码"}], "sheet": "情 况"}
    assert held(of_rows(tmp_path, sheet(A1="甲", A2="乙"), **keys)) == AS_MEANT
    assert of_rows(tmp_path, sheet(A1="甲", A2="乙"), **(keys | {"sheet": "别的"})).parts == ()


@ENDINGS
def test_numbers_as_people_type_them(tmp_path: Path, ending: str) -> None:
    """Text, full width, thousands apart, blanks around."""
    cells = {
        "C6": "６００",
        "C7": " 400 ",
        "D8": "300人".removesuffix("人"),
        "E8": "2,000.5",
        "A6": "１５０６９９０００１",
    }
    book = of_rows(tmp_path, sheet(**cells, E9=2020.5), ending)
    assert problems(book) == []
    assert held(book)[FIRST]["primary_pupils"] == 600
    assert held(book)[SECOND]["primary_pupils"] == 400
    assert held(book)[THIRD]["equipment_value"] == 200050000


@pytest.mark.parametrize(("unit", "value"), [("元", 1250), ("百元", 125000), ("千元", 1250000), ("万元", 12500000)])
def test_the_unit_is_the_mapping_s(tmp_path: Path, unit: str, value: int) -> None:
    """12.5 of each, in fen."""
    fields = [{**one, "unit": unit} if one["column"] == "equipment_value" else one for one in ROWS["fields"]]
    assert held(of_rows(tmp_path, fields=fields))[FIRST]["equipment_value"] == value


def test_what_a_unit_does_not_divide_is_rounded_once_and_said(tmp_path: Path) -> None:
    """One 亩 is 666.666… square metres."""
    book = of_rows(tmp_path, sheet(F7=1, F9=10))
    assert held(book)[SECOND]["sports_ground_area"] == 66667
    told = [one.reason for one in book.parts[0].facts.remarks]
    assert "运动场地面积由亩换算成平方米除不尽，有 1 处四舍五入到最小单位" in told


def test_blank_is_zero_where_the_form_prints_it_so(tmp_path: Path) -> None:
    """Blank and - alike; a word is still no number."""
    book = of_rows(tmp_path, blank="zero")
    assert held(book)[FIRST]["junior_pupils"] == 0
    assert held(book)[THIRD]["primary_pupils"] == 0
    assert problems(of_rows(tmp_path, sheet(C6="约600"), blank="zero"))


@ENDINGS
@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"A6": 1.506990001e17}, "情况 第 6 行「A6 学校标识码」 的值 '1.506990001E+17'：这个代码已被表格软件改成数字"),
        ({"A6": "1.5E+17"}, "这个代码已被表格软件改成数字"),
        ({"C7": "约400"}, "情况 第 7 行「C7 小学在校生数」 的值 '约400'：应当是数字"),
        ({"C7": 4.5}, "应当是整数"),
        ({"C7": -4}, "不能是负数"),
        ({"E7": 999999999}, "超过了可以受理的上限 100,000,000 千元"),
        ({"F7": "-3"}, "情况 第 7 行「F7 运动场地面积」 的值 '-3'：不能是负数"),
        ({"A7": FIRST}, "这所学校前面已经有了（情况第 6 行）"),
        ({"A7": "", "B7": ""}, "有数，没有写是哪所学校"),
    ],
)
def test_a_cell_that_means_nothing_is_told_by_its_place(tmp_path: Path, ending: str, cells, told: str) -> None:
    """And nothing of the form is read: all of it or none."""
    book = of_rows(tmp_path, sheet(**cells), ending)
    assert told in " ".join(problems(book))
    assert held(book) == {}


def test_a_formula_that_failed_counts_where_it_is_read_alone(tmp_path: Path) -> None:
    """A cell that the mapping does not read may hold whatever it holds."""
    aside = Written({**ROW_SHEET.cells}, forms.MERGED, formulas={"J7": ("=1/0", "#DIV/0!")})
    assert held(of_rows(tmp_path, aside)) == AS_MEANT
    without = {key: value for key, value in ROW_SHEET.cells.items() if key != "C7"}
    told = problems(of_rows(tmp_path, Written(without, forms.MERGED, formulas={"C7": ("=1/0", "#DIV/0!")})))
    assert len(told) == 1
    assert "情况 第 7 行「C7」" in told[0]
    assert "公式错误" in told[0]


@pytest.mark.parametrize("name", ["合计", "合  计", "全旗合计", "总计：", "共计"])
def test_a_total_is_no_school_and_is_checked(tmp_path: Path, name: str) -> None:
    """Wherever its name stands; a difference is told, with both numbers and where."""
    assert list(of_rows(tmp_path, sheet(A9=name)).parts[0].facts.remarks) == []
    remarks = of_rows(tmp_path, sheet(A9="", B9=name, C9=1001)).parts[0].facts.remarks
    assert [one.reason for one in remarks] == ["小学在校生数：合计写的是 1001 人，各校相加是 1000 人（1 校未报）"]
    assert (remarks[0].file, remarks[0].row, remarks[0].value) == ("情况", 9, "1001")


def test_a_total_above_and_subtotals_between(tmp_path: Path) -> None:
    """A subtotal stands for the schools since the one before it."""
    cells = {"A6": "总计", "C6": 1500}
    for at, (code, pupils) in enumerate([(FIRST, 600), (SECOND, 400), ("小计", 1000), (THIRD, 500), ("小计", 499)], 7):
        cells |= {f"A{at}": code, f"C{at}": pupils}
    book = of_rows(tmp_path, Written({**forms.HEADINGS, **cells}, forms.MERGED))
    assert {code: row["primary_pupils"] for code, row in held(book).items()} == {FIRST: 600, SECOND: 400, THIRD: 500}
    assert [(one.row, one.reason) for one in book.parts[0].facts.remarks] == [
        (11, "小学在校生数：合计写的是 499 人，各校相加是 500 人")
    ]


@ENDINGS
def test_a_hidden_row_is_a_row(tmp_path: Path, ending: str) -> None:
    """What a filter hides is still reported, and stands in the total."""
    hidden = Written(ROW_SHEET.cells, ROW_SHEET.merged, hidden=(7,))
    assert held(of_rows(tmp_path, hidden, ending)) == AS_MEANT


def test_notes_below_the_table_are_told_of_and_not_read(tmp_path: Path) -> None:
    """Who filled the form in is no school."""
    book = of_rows(tmp_path, sheet(A10="填表人：某某（编造）", A11="注：编造"))
    assert held(book) == AS_MEANT
    assert [one.row for one in book.parts[0].facts.remarks] == [10, 11]


def test_the_row_of_column_numbers_is_no_school(tmp_path: Path) -> None:
    """甲, 乙, 1, 2: told of and not read, where the data is said to begin a row too early."""
    book = of_rows(tmp_path, begins="5")
    assert held(book) == AS_MEANT
    assert [one.row for one in book.parts[0].facts.remarks] == [5]


def test_a_form_without_a_school_says_so(tmp_path: Path) -> None:
    """An empty form is not taken for a county without schools."""
    assert "里面没有一所学校" in problems(of_rows(tmp_path, Written(forms.HEADINGS, forms.MERGED)))[0]


def test_the_county_s_own_form(tmp_path: Path) -> None:
    """Items of the county, each in a cell, as finance statistics print them."""
    values = {
        "form": "示例财1",
        "name": "编造的经费情况",
        "shape": "single",
        "anchors": [{"at": "A1", "text": "编造的经费情况"}],
        "fields": [
            {"column": "special_operating_fund", "unit": "万元", "terms": [{"at": "B3"}]},
            {"column": "special_pupils", "unit": "人", "terms": [{"at": "B4"}]},
        ],
    }
    cells = {"A1": "编造的经费情况", "A2": "表号：示例财1", "A3": "特殊教育", "B3": 21.5, "B4": "—"}
    book = read(write(tmp_path / "示例.xlsx", 经费=Written(cells)), mapping_from(values, "示例"))
    assert book.parts[0].facts.items == {"special_operating_fund": 21500000}
    assert book.parts[0].facts.origins["county"].of(0, "item", "") == ("经费", 3, "B3")


@pytest.mark.parametrize("values", [ROWS, COLUMNS, SINGLE], ids=["rows", "columns", "single"])
def test_a_mapping_is_kept_as_it_is(tmp_path: Path, values) -> None:
    """As YAML and as what a database keeps."""
    mapping = mapping_from(values, "示例")
    assert mapping_from(as_dict(mapping), "示例") == mapping
    file = tmp_path / "示例.yaml"
    file.write_text(mapping_to_yaml(mapping), encoding="utf-8")
    assert load_mapping(file) == mapping


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"form": " "}, "「form」：是空的"),
        ({"shape": "diagonal"}, "「shape」：不认识 'diagonal'"),
        ({"anchors": []}, "「anchors」：没有一处必须原样的字"),
        ({"anchors": [{"at": "A", "text": "编造"}]}, "「anchors[0].at」：不是单元格"),
        ({"begins": "C"}, "「begins」：没有说数据从哪里开始"),
        ({"begins": ""}, "「begins」：没有说数据从哪里开始"),
        ({"head": {"rows": "4-3"}}, "「head.rows」：值 '4-3' 不是起止"),
        ({"head": {"rows": "A-B"}}, "「head.rows」：值 'A-B' 不是起止"),
        ({"years": ["今年"]}, "「years」：里面有不是年份的"),
        ({"unknown": 1}, "「unknown」：不认识这个键"),
        ({"fields": ROWS["fields"][:2]}, "「fields」：没有要读的数"),
        ({"fields": ROWS["fields"][2:]}, "「fields」：没有说怎么认出学校"),
        ({"fields": [*ROWS["fields"], ROWS["fields"][2]]}, "「fields」：同一项写了两遍"),
        ({"fields": [{"column": "nothing", "terms": [{"at": "A"}]}]}, "「fields[0].column」：数据字典里没有 'nothing'"),
        ({"fields": [{"column": "primary_pupils", "unit": "亩", "terms": [{"at": "A"}]}]}, "不会用'亩'做单位"),
        ({"fields": [{"column": "primary_pupils", "terms": []}]}, "「fields[0].terms」：位置太少或太多"),
        ({"fields": [{"column": "primary_pupils", "terms": [{"at": "7"}]}]}, "7 不合这种排法"),
        ({"fields": [{"column": "primary_pupils", "terms": [{"at": "?"}]}]}, "值 '?' 不是单元格、列或行"),
        ({"fields": [{"column": "primary_pupils", "terms": [{}]}]}, "没有说在哪里"),
        ({"fields": [*ROWS["fields"], {"column": "special_pupils", "terms": [{"at": "H"}]}]}, "全县的数和各校的数"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused_by_its_key(keys, told: str) -> None:
    """With what to write instead."""
    with pytest.raises(jh.Unusable) as refused:
        changed(ROWS, **keys)
    assert told in str(refused.value)


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    """As everywhere else."""
    file = tmp_path / "示例.xls"
    file.write_text("<html>", encoding="utf-8")
    with pytest.raises(jh.Unusable, match="其实是网页"):
        read(file, MAPPINGS["rows"])
