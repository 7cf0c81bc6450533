"""Makes the registers of 示例旗, a county that does not exist: every person and figure here is invented.

    python examples/shili/make_registers.py     # writes examples/shili/registers, the same bytes every time

The teachers fit the facts beside them: of the schools that keep a register (all but `WITHOUT`), each count on the
counting date is the census's own, but for the few people told of below, who make a story of each difference.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]
HERE = Path(__file__).parent
SEED = 20250902
INVENTED = "虚构数据，仅供演示"
DAY = dt.date(2025, 9, 1)
# Large schools that have not handed their register in yet.
WITHOUT = ("示例旗第一小学", "示例旗第二小学", "示例旗第一中学初中部", "示例旗第二中学")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "晓文丽华建国志强秀英海燕春梅立新雪峰永红玉兰思远嘉宁卓然若溪明哲雨桐子墨欣怡天佑慧敏俊杰静怡浩然雅琴"
MONGOLIAN = ("乌云", "苏日娜", "巴特尔", "其木格", "萨仁", "阿古拉", "娜仁", "宝音", "斯琴", "哈斯", "托娅", "朝鲁")
ARTS = ("sports", "music", "art")
TAUGHT = {
    "primary": ("chinese", "mathematics", "english", "science", "morality", "computing"),
    "junior": ("chinese", "mathematics", "english", "physics", "chemistry", "biology", "history", "geography"),
}
ROTATED, ROTATED_BACKBONE, ELIGIBLE = 46, 10, 412
FIELDS = (
    *("person_code", "person_name", "birth_year", "employer_code", "census_school_code", "teaching_school_code"),
    *("duty", "duty_from", "duty_to", "arrived", "stage", "subject", "lessons", "second_subject", "second_lessons"),
    *("degree", "degree_date", "certificate", "certificate_subject", "certificate_date", "backbone"),
    *("backbone_document", "backbone_from", "backbone_to", "training_hours", "rotation_from", "rotation_to"),
    *("exempt_because", "teaching_language", "note"),
)


def schools() -> list[dict[str, str]]:
    """Return the rows of the schools table."""
    with (HERE / "facts" / "schools.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def teachers() -> list[Row]:
    """Return the register: people that fit the census, then those who make a story."""
    luck = random.Random(SEED)
    people: list[Row] = []
    for school in schools():
        if school["school_name"] not in WITHOUT:
            for stage in ("primary", "junior"):
                people += _of_stage(school, stage, luck, len(people))
    _tell_apart(people, luck)
    _train(people)
    _rotate(people, luck)
    _tell_stories(people, luck)
    return people


def _of_stage(school: dict[str, str], stage: str, luck: random.Random, before: int) -> Iterator[Row]:
    """Yield the teachers of one stage: as many as the census has, of each kind."""
    count = {name: int(school[f"{stage}_{name}"] or 0) for name in ("teachers", "above_required_teachers")}
    backbone, arts = (int(school[f"{stage}_{name}"] or 0) for name in ("backbone_teachers", "pe_arts_teachers"))
    required = {"primary": ("bachelor", "secondary"), "junior": ("bachelor", "college")}[stage]
    for at in range(count["teachers"]):
        born, subject = luck.randint(1967, 1999), ARTS[at % len(ARTS)] if at < arts else luck.choice(TAUGHT[stage])
        person = {
            "person_code": f"SL{before + at + 1:04}",
            "person_name": _name(school["teaching_language"], luck),
            "birth_year": born,
            **dict.fromkeys(("employer_code", "census_school_code", "teaching_school_code"), school["school_code"]),
            "duty": "on_duty",
            "stage": stage,
            "subject": subject,
            "lessons": luck.randint(10, 16),
            "degree": required[0] if at < count["above_required_teachers"] else required[1],
            "degree_date": dt.date(born + 23, 7, 1),
            "certificate": "senior" if stage == "junior" and luck.random() < 0.3 else stage,
            "certificate_subject": subject,
            "certificate_date": dt.date(born + 23, 12, 1),
            "backbone": "none",
            "teaching_language": school["teaching_language"],
            "training_hours": luck.randint(360, 420),
            "note": INVENTED,
        }
        # Backbone teachers are the last ones, so that they are not all teachers of sports.
        yield person | (_backbone(luck) if at >= count["teachers"] - backbone else {})


def _name(language: str, luck: random.Random) -> str:
    if language == "蒙古语" and luck.random() < 0.7:
        return luck.choice(MONGOLIAN) + luck.choice(("", luck.choice(MONGOLIAN)))
    return luck.choice(SURNAMES) + "".join(luck.sample(GIVEN, luck.choice((1, 2, 2))))


def _backbone(luck: random.Random) -> Row:
    level, year = luck.choice(("county", "county", "city", "province")), luck.choice((2023, 2024))
    told = {"backbone": level, "backbone_document": f"示教发〔{year}〕{luck.randint(10, 60)}号（虚构）"}
    return {**told, "backbone_from": dt.date(year, 6, 1), "backbone_to": dt.date(year + 5, 5, 31)}


def _tell_apart(people: list[Row], luck: random.Random) -> None:
    """Let nobody have another's name and year of birth."""
    known: set[tuple[str, int]] = set()
    for one in people:
        while (one["person_name"], one["birth_year"]) in known:
            one["person_name"] = _name("", luck)
        known.add((one["person_name"], one["birth_year"]))


def _train(people: list[Row]) -> None:
    """Let one teacher of the school that the facts tell of have too few hours."""
    of = next(row["school_code"] for row in schools() if row["school_name"] == "白泉镇中心小学")
    next(one for one in people if one["census_school_code"] == of)["training_hours"] = 296


def _rotate(people: list[Row], luck: random.Random) -> None:
    """Let as many have changed schools last year, and be due to, as the county's items say."""
    backbone = [one for one in people if one["backbone"] != "none"]
    others = [one for one in people if one["backbone"] == "none"]
    moved = luck.sample(backbone, ROTATED_BACKBONE) + luck.sample(others, ROTATED - ROTATED_BACKBONE)
    for one in moved:
        one |= {"rotation_from": dt.date(2024, 9, 1), "rotation_to": dt.date(2025, 7, 15)}
    away = {one["person_code"] for one in moved}
    stayed = [one for one in people if one["person_code"] not in away]
    due = {one["person_code"] for one in luck.sample(stayed, ELIGIBLE - ROTATED)}
    for one in people:
        long = one["person_code"] in due
        one["arrived"] = dt.date(luck.randint(2005, 2018) if long else luck.randint(2020, 2024), 9, 1)


def _tell_stories(people: list[Row], luck: random.Random) -> None:
    """Change a few people so that the register and the census, or the two days, differ, each for another reason."""
    code = {row["school_name"]: row["school_code"] for row in schools()}
    town, third, nine = code["示例旗实验小学"], code["示例旗第三小学"], code["青柳镇九年一贯制学校"]
    own = [one for one in people if one["census_school_code"] == town and one["backbone"] == "none"]
    plain = [one for one in own if one["subject"] not in ARTS]
    # Seconded since the spring: counted by the census, not today.
    plain[0] |= {"duty": "seconded", "duty_from": dt.date(2026, 3, 1), "note": f"{INVENTED}；借调到旗直机关"}
    # On leave: still counted.
    plain[1] |= {"duty": "leave", "duty_from": dt.date(2026, 9, 1), "duty_to": dt.date(2027, 1, 31)}
    # Comes twice a week to a small school that has too few for sports: counted where the census has him.
    sports = next(one for one in own if one["subject"] == "sports")
    sports |= {"teaching_school_code": code["沙湾苏木中心小学"], "duty": "support", "duty_from": dt.date(2026, 2, 20)}
    # Teaches music without a lesson this year, and holds a certificate of another subject.
    silent = next(one for one in own if one["subject"] == "music")
    silent |= {"lessons": 0, "certificate_subject": "chinese"}
    # A recognition that has run out since, one that had run out before, one with a rotation that goes on.
    level = [one for one in people if one["census_school_code"] == town and one["backbone"] != "none"]
    level[0] |= {"backbone_from": dt.date(2021, 1, 1), "backbone_to": dt.date(2025, 12, 31)}
    level[1] |= {"backbone_from": dt.date(2020, 6, 1), "backbone_to": dt.date(2025, 5, 31)}
    level[2] |= {"duty": "rotation", "duty_from": dt.date(2025, 9, 1), "rotation_from": dt.date(2025, 9, 1)}
    level[2] |= {"rotation_to": dt.date(2027, 7, 15), "teaching_school_code": third}
    # Teaches junior pupils with a certificate for primary schools.
    junior = [one for one in people if one["census_school_code"] == nine and one["stage"] == "junior"]
    junior[0]["certificate"] = "primary"
    # New since the counting date; employed beside the posts; written down twice, under two numbers.
    twin = next(one for one in people if one["census_school_code"] == third and one["backbone"] == "none")
    people += [
        _like(plain[2], "SL9001", "林思齐", luck, arrived=dt.date(2026, 9, 1)),
        _like(plain[3], "SL9002", "高若溪", luck, duty="contract", arrived=dt.date(2023, 9, 1)),
        _like(twin, "SL9003", twin["person_name"], luck, birth_year=twin["birth_year"], census_school_code=nine),
    ]


def _like(person: Row, code: str, name: str, luck: random.Random, **other: Any) -> Row:
    """Return somebody like a person, under another number."""
    known = {"person_code": code, "person_name": name, "birth_year": luck.randint(1990, 1999)}
    school = other.get("census_school_code", person["census_school_code"])
    placed = dict.fromkeys(("employer_code", "census_school_code", "teaching_school_code"), school)
    return {**person, "rotation_from": None, "rotation_to": None, **known, **placed, **other}


def staffing() -> Iterator[Row]:
    """Yield three years of posts of each public school; a few of them give a sign."""
    luck = random.Random(SEED + 1)
    for school in schools():
        if school["sponsor_code"] == "10":
            continue
        now = sum(int(school[f"{stage}_teachers"] or 0) for stage in ("primary", "junior"))
        short = school["school_name"] in ("示例旗第四小学", "示例旗第三中学")
        approved = now + luck.randint(0, 2) + (6 if short else 0)
        for year in (2023, 2024, 2025):
            lost = luck.randint(0, max(1, now // 30)) + (3 if short else 0)
            hired = lost - luck.randint(2, 3) if short else lost + (luck.random() < 0.3)
            contract = (4 if short else 0) + (luck.random() < 0.1)
            yield {
                "school_code": school["school_code"],
                "year": year,
                "approved": approved,
                "filled": now + (2025 - year if short else 0),
                "lost": lost,
                "planned": lost if short else hired,
                "hired": max(0, hired),
                "moved_in": luck.randint(0, 2),
                "moved_out": luck.randint(0, 2),
                "lent": luck.randint(0, 1),
                "contract": contract,
                "contract_years": year - 2020 if contract else None,
                "note": INVENTED,
            }


def write(folder: Path) -> None:
    """Write both registers as UTF-8 CSV."""
    folder.mkdir(exist_ok=True)
    posts = list(staffing())
    for name, fields, rows in (("teachers", FIELDS, teachers()), ("staffing", tuple(posts[0]), posts)):
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    write(HERE / "registers")
