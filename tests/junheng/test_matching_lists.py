"""Two sealed lists tell what plain sets would, and nothing of anybody."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import tempfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from junheng.api import Unusable
from junheng.matching import (
    Counted,
    Key,
    Match,
    Sealed,
    compare_sealed,
    load_sealed,
    make_key,
    own_lines,
    read_key,
    seal,
    summary_as_dict,
    told,
    write_differences,
    write_own_lines,
)
from junheng.matching.comparing import LEAST_TOLD
from people_lists import HEADINGS, child, number, write_csv, write_xlsx

KEY = Key(b"one key that both owners of a list hold")
OTHER_KEY = Key(b"another key")
DAY = dt.date(2025, 9, 10)


def sealed(folder: Path, name: str, rows: list[tuple[str, str, str, str]], key: Key = KEY, **how: object) -> Sealed:
    """Return a list of rows, written as CSV and sealed."""
    file = write_csv(folder / name, rows, (*HEADINGS, f"{name}的备注"))
    return seal(file, key, owner=name, **how)[0]  # type: ignore[arg-type]


def compared(folder: Path, one: list[tuple[str, str, str, str]], other: list[tuple[str, str, str, str]]) -> Match:
    """Return the comparison of two lists."""
    return compare_sealed(sealed(folder, "one.csv", one), sealed(folder, "other.csv", other))


LISTS = st.lists(st.integers(0, 40), min_size=1, max_size=30)


@given(one=LISTS, other=LISTS, order=st.randoms(use_true_random=False))
def test_comparing_is_what_plain_sets_say(one: list[int], other: list[int], order: random.Random) -> None:
    """Both, only here, only there, twice; and whatever order the rows stand in."""
    with tempfile.TemporaryDirectory() as kept:
        folder, shuffled = Path(kept), order.sample(one, len(one))
        rows = [[child(serial) for serial in serials] for serials in (one, other, shuffled)]
        match, again = compared(folder, rows[0], rows[1]), compared(folder, rows[2], rows[1])
    left, right = set(one), set(other)
    assert match.both == again.both == len(left & right)
    assert [side.counted.people for side in match.sides] == [len(left), len(right)]
    for serials, side, lacking in (
        (one, match.sides[0], left - right),
        (other, match.sides[1], right - left),
        (shuffled, again.sides[0], left - right),
    ):
        assert sorted(serials[row - 2] for row in side.only) == sorted(lacking)
        assert sum(len(rows) - 1 for rows in side.twice) == len(serials) - len(set(serials))
    # Somebody who was not matched by number has no namesake among these children.
    assert match.possible == ()


@given(one=LISTS, other=LISTS)
def test_nothing_of_anybody_stands_in_what_is_handed_over(one: list[int], other: list[int]) -> None:
    """Neither name nor number nor birth date: not in the sealed files, not in the differences, not in the summary."""
    rows = [[child(serial) for serial in serials] for serials in (one, other)]
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        lists = [sealed(folder, f"{at}.csv", people, groups=("birth_year",)) for at, people in enumerate(rows)]
        match = compare_sealed(*lists)
        write_differences(match, folder / "differences.xlsx")
        texts = [one.content.decode() for one in lists] + [json.dumps(summary_as_dict(match, DAY))]
        with zipfile.ZipFile(folder / "differences.xlsx") as package:
            texts += [package.read(part).decode("utf-8", "replace") for part in package.namelist()]
    for name, id_number, born, _ in rows[0] + rows[1]:
        secrets = (name, id_number, id_number[:17], id_number[6:14], born)
        assert not [secret for secret in secrets if any(secret in text for text in texts)]


FIGURES = st.builds(lambda both, only: Counted(both + only, both, only), st.integers(0, 30), st.integers(0, 12))
GROUPED = st.dictionaries(st.sampled_from("甲乙丙丁戊己庚"), FIGURES.filter(lambda one: one.people), min_size=1)


@example({"甲": Counted(3, 3, 0), "乙": Counted(8, 8, 0), "丁": Counted(20, 2, 18)})
@given(GROUPED)
def test_small_figures_of_groups_cannot_be_reckoned_back(groups: dict[str, Counted]) -> None:
    """What is covered comes to nothing or not to a few, over two groups at least: or all groups are covered."""
    shown = told(groups)
    for at in range(3):
        covered = [name for name in groups if not shown[name][at].replace(",", "").isdigit()]
        figures = [groups[name][at] for name in covered]
        assert all(groups[name][at] in (0, *range(LEAST_TOLD, 99)) for name in groups.keys() - set(covered))
        assert all(shown[name][at] == str(groups[name][at]) for name in groups.keys() - set(covered))
        assert not at or {name for name in groups if not shown[name][0].isdigit()} <= set(covered)
        safe = not covered or (len(covered) > 1 and not 0 < sum(figures) < LEAST_TOLD)
        assert safe or len(covered) == len(groups)


def test_without_a_number_name_and_birth_date_only_suggest(tmp_path: Path) -> None:
    """Somebody without a number, or with another one, may be the same person: told apart, and merged with nobody."""
    name, _, born, township = child(7)
    here = [child(1), (name, "", born, township), child(3)]
    spaced = f"{name[0]} · {name[1:]}"
    there = [child(1), (spaced, number(800), born.replace("-", "."), township)]
    match = compared(tmp_path, here, there)
    assert match.both == 1
    assert match.possible == (((3,), (3,)),)
    assert [side.only for side in match.sides] == [(3, 4), (3,)]
    assert [side.without_number for side in match.sides] == [1, 0]


def test_who_was_born_on_one_day_is_not_one_person(tmp_path: Path) -> None:
    """Neither with numbers nor without; and nobody without a number is matched, or taken for a neighbour."""
    born = "2014-03-15"
    here = [("虚构甲", "", born, ""), ("虚构乙", "", born, ""), ("虚构丙", number(1), born, "")]
    there = [("虚构丁", "", born, ""), ("虚构戊", number(2), born, ""), ("虚构乙", "", "2014-03-16", "")]
    match = compared(tmp_path, here, there)
    assert [side.counted.people for side in match.sides] == [3, 3]
    assert (match.both, match.possible) == (0, ())
    assert [side.twice for side in match.sides] == [(), ()]


def test_somebody_matched_by_number_is_nobody_elses_possible_match(tmp_path: Path) -> None:
    """The weaker key looks only at who is left."""
    name, _, born, township = child(7)
    match = compared(tmp_path, [child(7), (name, "", born, township)], [child(7)])
    assert (match.both, match.possible, match.sides[0].only) == (1, (), (3,))


def test_an_older_number_of_fifteen_digits_is_the_same_person(tmp_path: Path) -> None:
    """A father's number of 1980 in both forms."""
    new = number(123, dt.date(1980, 5, 6))
    old = new[:6] + new[8:17]
    match = compared(tmp_path, [("虚构甲", old, "", "")], [("虚构甲", new, "", "")])
    assert match.both == 1


def test_other_keys_lists_and_days_are_refused(tmp_path: Path) -> None:
    """Each with the reason: nothing would be found, or all of it would be."""
    rows = [child(1), child(2)]
    mine = sealed(tmp_path, "one.csv", rows)
    days = (dt.date(2010, 9, 1), dt.date(2019, 8, 31))
    for theirs, reason in (
        (sealed(tmp_path, "other.csv", rows, OTHER_KEY), "不是同一把钥匙"),
        (mine, "出自同一份名单"),
        (sealed(tmp_path, "third.csv", [child(3)], born=days), "--born 写的日期不同"),
    ):
        with pytest.raises(Unusable, match=reason):
            compare_sealed(mine, theirs)


def test_a_sealed_file_that_was_cut_or_altered_is_refused(tmp_path: Path) -> None:
    """Wherever it is cut, whichever sign is another; another version and another file too."""
    mine = sealed(tmp_path, "one.csv", [child(serial) for serial in range(5)])
    file = tmp_path / "own.sealed"
    file.write_bytes(mine.content)
    assert load_sealed(file) == mine
    spoiled = [mine.content[:at] for at in range(50, len(mine.content) - 1, 97)]
    for at in range(60, len(mine.content) - 3, 89):
        sign = b"0" if mine.content[at : at + 1] != b"0" else b"1"
        spoiled.append(mine.content[:at] + sign + mine.content[at + 1 :])
    lines = mine.content.splitlines(keepends=True)
    spoiled += [b"".join(lines[:2] + lines[3:]), mine.content + b"[]", b"", b"PK\x03\x04"]
    assert len(spoiled) > 20
    for content in spoiled:
        file.write_bytes(content)
        with pytest.raises(Unusable, match=r"own\.sealed"):
            load_sealed(file)
    with pytest.raises(Unusable, match="打不开"):
        load_sealed(tmp_path / "missing.sealed")


def rehashed(lines: list[bytes], file: Path) -> None:
    """Write lines as a sealed file whose own hash is right."""
    body = b"".join(lines)
    file.write_bytes(body + json.dumps({"sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n")


def test_a_sealed_file_that_somebody_put_together_is_looked_at(tmp_path: Path) -> None:
    """A later version says so; a row too few, a row twice, a short hash, a group too many are refused."""
    lines = sealed(tmp_path, "one.csv", [child(1), child(2)]).content.splitlines(keepends=True)[:-1]
    file, row = tmp_path / "own.sealed", json.loads(lines[1])
    rehashed(lines, file)
    assert len(load_sealed(file).rows) == 2
    for changed, reason in (
        ([lines[0].replace(b'"version":1', b'"version":2'), *lines[1:]], "第 2 版"),
        (lines[:-1], "行数对不上"),
        ([*lines[:-1], lines[1]], "行数对不上"),
        ([*lines[:-1], json.dumps([9, row[1][:-1], *row[2:]]).encode() + b"\n"], "不合格式"),
        ([*lines[:-1], json.dumps([9, "虚构" * 32, *row[2:]]).encode() + b"\n"], "不合格式"),
        ([*lines[:-1], json.dumps([9, *row[1:3], ["2014"]]).encode() + b"\n"], "不合格式"),
        ([*lines[:-1], b"{}\n"], "改动过"),
        ([b"[]\n", *lines[1:]], "不是密封文件"),
    ):
        rehashed(changed, file)
        with pytest.raises(Unusable, match=reason):
            load_sealed(file)


def test_only_people_born_between_two_days_are_sealed(tmp_path: Path) -> None:
    """Grown-ups on the list of 残联 are left out and counted; without a birth date nobody knows."""
    grown = ("虚构乙", number(5, dt.date(1970, 1, 1)), "", "")
    days = (dt.date(2010, 9, 1), dt.date(2019, 8, 31))
    found = sealed(tmp_path, "one.csv", [grown, child(1)], born=days)
    assert [row.row for row in found.rows] == [3]
    assert (found.left_out, found.born) == (1, ("2010-09-01", "2019-08-31"))
    with pytest.raises(Unusable, match="一个人也没有"):
        sealed(tmp_path, "two.csv", [grown], born=days)


def test_the_owner_finds_his_own_lines_again(tmp_path: Path) -> None:
    """Those that the other lacks, those that may be the same, those that stand twice; each as it stands in the list."""
    name, _, born, township = child(7)
    here = [child(1), child(2), child(2), (name, "", born, township)]
    there = [child(1), child(2), (name, number(800), born, township), child(9)]
    files = [write_xlsx(tmp_path / "here.xlsx", here), write_csv(tmp_path / "there.csv", there)]
    lists = [seal(file, KEY, owner=owner)[0] for file, owner in zip(files, ("残联", "教育局"), strict=True)]
    differences = tmp_path / "differences.xlsx"
    write_differences(compare_sealed(*lists), differences)
    listing, about = own_lines(files[0], differences, KEY)
    assert list(about) == [4, 5]
    assert "第 3 行是同一个身份证号" in about[4]
    assert "对方第 4 行姓名和出生日期相同" in about[5]
    assert listing.lines[5][0] == name
    theirs, lacking = own_lines(files[1], differences, KEY)
    assert list(lacking) == [4, 5]
    write_own_lines(theirs, lacking, tmp_path / "own.xlsx")
    assert seal(tmp_path / "own.xlsx", KEY)[0].rows[1].number == lists[1].rows[3].number


def test_a_list_that_was_saved_since_points_at_nobody(tmp_path: Path) -> None:
    """Nor does another's list, another key, another workbook, or one in which rows were changed."""
    rows = [child(1), child(2)]
    mine, differences = write_csv(tmp_path / "one.csv", rows), tmp_path / "differences.xlsx"
    lists = [seal(mine, KEY)[0], sealed(tmp_path, "other.csv", [child(2), child(3)])]
    write_differences(compare_sealed(*lists), differences)
    assert list(own_lines(mine, differences, KEY)[1]) == [2]
    other = write_csv(tmp_path / "third.csv", [child(5)])
    for file, workbook, key, reason in (
        (mine, differences, OTHER_KEY, "不是密封时用的"),
        (other, differences, KEY, "行号会指错人"),
        (mine, write_xlsx(tmp_path / "x.xlsx", rows), KEY, "不是对照的结果"),
        (mine, tmp_path / "missing.xlsx", KEY, "没有这个文件"),
    ):
        with pytest.raises(Unusable, match=reason):
            own_lines(file, workbook, key)
    write_csv(mine, rows[::-1])
    with pytest.raises(Unusable, match="行号会指错人"):
        own_lines(mine, differences, KEY)


@pytest.mark.parametrize(
    ("sheet", "row", "reason"),
    [
        ("甲方独有", ["不是行号"], "行号读不出来"),
        ("甲方独有", ["99"], "没有第 99 行"),
        ("重复", ["甲方", "2、x"], "行号读不出来"),
    ],
)
def test_a_result_that_was_changed_is_refused(sheet: str, row: list[str], reason: str, tmp_path: Path) -> None:
    """Rather than pointing at somebody."""
    differences, mine = tmp_path / "differences.xlsx", write_csv(tmp_path / "one.csv", [child(1), child(2)])
    write_differences(compare_sealed(seal(mine, KEY)[0], sealed(tmp_path, "other.csv", [child(2)])), differences)
    book = openpyxl.load_workbook(differences)
    book[sheet].append(row)
    book.save(differences)
    with pytest.raises(Unusable, match=reason):
        own_lines(mine, differences, KEY)


def test_keys_are_random_private_and_never_written_over(tmp_path: Path) -> None:
    """A key that is written over cannot be had again."""
    made = make_key(tmp_path / "a.key"), make_key(tmp_path / "b.key")
    assert made[0] != made[1]
    assert read_key(tmp_path / "a.key") == made[0]
    assert (tmp_path / "a.key").stat().st_mode & 0o777 == 0o600
    assert made[0].secret.hex() not in repr(made[0])
    with pytest.raises(Unusable, match="不会被覆盖"):
        make_key(tmp_path / "a.key")
    with pytest.raises(Unusable, match="写不进去"):
        make_key(tmp_path / "no" / "where.key")


def test_a_key_file_that_lost_a_sign_is_refused_and_not_shown(tmp_path: Path) -> None:
    """Otherwise two lists would be sealed in vain."""
    file = tmp_path / "a.key"
    make_key(file)
    line = file.read_text(encoding="ascii")
    other = line[:40] + ("f" if line[40] != "f" else "e") + line[41:]
    for spoiled in (line[:-2], other, "", "x" * 5000):
        file.write_text(spoiled, encoding="ascii")
        with pytest.raises(Unusable, match="不是钥匙文件") as refused:
            read_key(file)
        assert line[30:60] not in str(refused.value)
    with pytest.raises(Unusable, match="读不出来"):
        read_key(tmp_path / "missing.key")


def test_the_same_words_make_the_same_key(tmp_path: Path) -> None:
    """Blanks and wide letters do not matter; another sign does. What is short or repeats itself is refused."""
    words = "沙湾的骆驼在九月里走过三座没有名字的小桥去喝水"
    keys = [
        make_key(tmp_path / f"{at}.key", said)
        for at, said in enumerate((words, f" {words[:9]} {words[9:]}\n", words[:-1] + "茶"))
    ]
    assert keys[0] == keys[1] != keys[2]
    for weak in ("短", "0123456789" * 3, "一二三四五" * 9):
        with pytest.raises(Unusable, match="太容易被试出来"):
            make_key(tmp_path / "weak.key", weak)
    assert not (tmp_path / "weak.key").exists()


@pytest.mark.thorough
def test_a_hundred_thousand_rows(tmp_path: Path) -> None:
    """A whole league's pupils; as many as are on both lists are found, and no hash stands twice."""
    days = [dt.date(2010, 1, 1) + dt.timedelta(day) for day in range(100)]
    rows = [(f"虚构{at}", number(serial, day), "", "") for day in days for at, serial in enumerate(range(1000))]
    match = compared(tmp_path, rows, rows[::-1][:60_000])
    assert (match.both, len(match.sides[0].only), match.sides[1].only) == (60_000, 40_000, ())
    assert len({row.number for row in match.sides[0].sealed.rows}) == 100_000
