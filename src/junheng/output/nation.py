"""A nation's table: told by province in the terminal, and county by county as CSV, JSON lines or Parquet."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from junheng.engine.display import shown
from junheng.engine.result import VERDICT_LABELS
from junheng.facts.schema import STAGE_LABELS, STAGES
from junheng.standard.model import Standard

# The first digits of an administrative code name the province.
PROVINCE_DIGITS = 2
PROVINCES = {
    **{"11": "北京", "12": "天津", "13": "河北", "14": "山西", "15": "内蒙古", "21": "辽宁", "22": "吉林"},
    **{"23": "黑龙江", "31": "上海", "32": "江苏", "33": "浙江", "34": "安徽", "35": "福建", "36": "江西"},
    **{"37": "山东", "41": "河南", "42": "湖北", "43": "湖南", "44": "广东", "45": "广西", "46": "海南"},
    **{"50": "重庆", "51": "四川", "52": "贵州", "53": "云南", "54": "西藏", "61": "陕西", "62": "甘肃"},
    **{"63": "青海", "64": "宁夏", "65": "新疆", "66": "兵团"},
}
MOST_FAILED = 8
PERCENT = 100


def print_nation(table: pa.Table, standard: Standard, console: Console) -> None:
    """Print how many counties pass, province by province, and what fails most."""
    rows = table.to_pylist()
    counted = Counter(row["resources"] for row in rows)
    told = "，".join(f"{VERDICT_LABELS[one]} {counted[one]:,}" for one in ("pass", "fail", "undetermined"))
    console.print(f"{len(rows):,} 个县。资源配置（B1～B7）：{told}。")
    whole = Counter(row["verdict"] for row in rows)
    console.print(
        f"全部要求：{'，'.join(f'{VERDICT_LABELS[one]} {whole[one]:,}' for one in whole)}（名册里没有的按未报）。"
    )
    console.print(_by_province(rows))
    console.print(_most_failed(rows, standard))


Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Province:
    """A province's counties: how many by verdict on the resources, and the retention of all of them together."""

    name: str
    counties: int
    passed: int
    failed: int
    undetermined: int
    retention: float | None

    @property
    def share(self) -> float:
        """How many of a hundred counties pass."""
        return PERCENT * self.passed / self.counties


def provinces(rows: Iterable[Row]) -> list[Province]:
    """Return the provinces, those first in which most of a hundred counties pass."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["county_code"][:PROVINCE_DIGITS], []).append(row)
    found = [_province(code, own) for code, own in sorted(groups.items())]
    return sorted(found, key=lambda one: -one.share)


def _province(code: str, rows: Sequence[Row]) -> Province:
    counted = Counter(row["resources"] for row in rows)
    passed, failed, undetermined = (counted[one] for one in ("pass", "fail", "undetermined"))
    return Province(PROVINCES.get(code, code), len(rows), passed, failed, undetermined, retention(rows))


def retention(rows: Iterable[Row]) -> float | None:
    """Return the retention of several counties together: those linked through, of a hundred who entered."""
    own = [row for row in rows if row["entered"]]
    entered = sum(row["entered"] for row in own)
    stayed = sum(row["graduates"] - row["transfers_in"] + row["transfers_out"] for row in own)
    return PERCENT * stayed / entered if entered else None


def most_failed(rows: Iterable[Row], standard: Standard) -> list[tuple[str, str, int]]:
    """Return indicator, stage and number of counties whose spread is over its limit, the most first."""
    failed = Counter(
        (id, stage)
        for row in rows
        for id in standard.indicators
        for stage in STAGES
        if row[f"{stage}_{id}_status"] == "fail"
    )
    return [(*key, number) for key, number in sorted(failed.items(), key=lambda one: (-one[1], one[0]))]


def percent(value: float | None) -> str:
    """Return a share as it is shown."""
    return "—" if value is None else f"{shown(value, 1)}%"


def _by_province(rows: Iterable[Row]) -> Table:
    table = Table(title="各省", title_justify="left", box=SIMPLE_HEAD, show_edge=False)
    table.add_column("省份", no_wrap=True)
    for heading in ("县", "资源达标", "比例", "不达标", "不能判定", "巩固率"):
        table.add_column(heading, justify="right", no_wrap=True)
    for one in provinces(rows):
        numbers = [f"{number:,}" for number in (one.counties, one.passed, one.failed, one.undetermined)]
        table.add_row(one.name, *numbers[:2], percent(one.share), *numbers[2:], percent(one.retention))
    return table


def _most_failed(rows: list[Row], standard: Standard) -> Table:
    table = Table(title="差异系数超过上限的县最多的指标", title_justify="left", box=SIMPLE_HEAD, show_edge=False)
    for heading in ("指标", "学段", "名称"):
        table.add_column(heading)
    table.add_column("县", justify="right")
    for id, stage, number in most_failed(rows, standard)[:MOST_FAILED]:
        table.add_row(id, STAGE_LABELS[stage], standard.indicators[id].name, f"{number:,}")
    return table


def write_nation(table: pa.Table, file: Path, form: str) -> None:
    """Write a nation's table, a row for each county, as parquet, csv or jsonl; as html, a page for people."""
    WRITERS[form](table, file)


def _parquet(table: pa.Table, file: Path) -> None:
    texts = [one.name for one in table.schema if pa.types.is_string(one.type)]
    pq.write_table(table, file, compression="snappy", use_dictionary=texts)


def _csv(table: pa.Table, file: Path) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(table.column_names)
        writer.writerows(row.values() for row in table.to_pylist())


def _jsonl(table: pa.Table, file: Path) -> None:
    file.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in table.to_pylist()))


def _html(table: pa.Table, file: Path) -> None:
    from junheng.output.nation_page import nation_to_html

    file.write_text(nation_to_html(table), encoding="utf-8")


WRITERS = {"parquet": _parquet, "csv": _csv, "jsonl": _jsonl, "html": _html}
