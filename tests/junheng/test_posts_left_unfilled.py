"""编制台账 gives early signs of posts left unfilled, with the numbers that they rest on; never a verdict."""

from __future__ import annotations

from junheng import api as jh

ROW = dict.fromkeys(column.name for column in jh.REGISTERS["staffing"].columns)


def row(year: int = 2025, school: str = "A", **told: int | None) -> dict[str, int | str | None]:
    """Return a school's year."""
    return {**ROW, "school_code": school, "year": year, **told}


def test_vacancies_are_what_is_approved_and_not_filled() -> None:
    """More people than posts are a negative number; with one number missing there is none."""
    assert jh.vacant(row(approved=50, filled=47)) == 3
    assert jh.vacant(row(approved=50, filled=52)) == -2
    assert jh.vacant(row(approved=50)) is None


def test_people_beside_the_posts_while_posts_are_vacant() -> None:
    """Both have to be so, and both to be known."""
    (one,) = jh.signs([row(approved=50, filled=47, contract=2, contract_years=4)])
    assert one.rests_on == "空编 3 个，同时聘用编外教师 2 人，最长的已聘 4 年"
    assert "请" in one.ask
    for told in ({"contract": 0}, {"contract": None}, {"filled": 50}, {"approved": None}):
        assert jh.signs([row(**{"approved": 50, "filled": 47, "contract": 2, **told})]) == ()


def test_fewer_hired_than_lost_two_years_running() -> None:
    """One year is no sign, nor are two with a gap, in two schools, or with a number missing."""
    before, now = row(2024, lost=3, hired=1), row(2025, lost=2, hired=1)
    (one,) = jh.signs([now, before])
    assert (one.year, one.rests_on) == (
        2025,
        "连续两年新招少于自然减员：2024 年减员 3 人、新招 1 人，2025 年减员 2 人、新招 1 人",
    )
    assert jh.signs([now]) == ()
    assert jh.signs([{**before, "year": 2023}, now]) == ()
    assert jh.signs([{**before, "school_code": "B"}, now]) == ()
    assert jh.signs([before, {**now, "hired": 2}]) == ()
    assert jh.signs([before, {**now, "hired": None}]) == ()
