"""All that was found of a plan, in one zip that lies under its SHA-256: for the pages, and for whoever checks it.

Whoever has the zip can judge the plan again: the facts, the terms, the plan with its bound and the facts afterwards.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils.safestring import SafeString

from junheng import api as jh
from junheng.facts.plan_schema import PLAN_TABLES
from junheng.facts.writers import plain
from junheng_web.assessment import snapshots
from junheng_web.common.stores import Store
from junheng_web.evidence import storage
from junheng_web.planning.models import PlanRun
from junheng_web.planning.terms import arrow_of

KEPT, LARGEST = 4, 2**30
TOLD, PLAN, HOW = "told.json", "plan.json", "run.json"
WORKBOOK, PAGE = "plan.xlsx", "plan.html"
CHARTS = ("moves", "spreads", "frontier")
# Bundles of the same content are the same bytes.
THEN = (2020, 1, 1, 0, 0, 0)
README = """这个压缩包里有一次达标方案的全部根据，可以不用本平台复核。

facts/      出发时的数据（Parquet），以及当时的价格、限制、路程（CSV）
plan.json   方案：每一件事、经费、已证明的下限、办完以后各校的数和判定
plan.xlsx   方案工作簿
plan.html   方案网页
run.json    从哪次评估出发、按哪一版规则、程序版本、求解过程
charts/     图

复核：安装 junheng 同一版本，运行
  junheng plan facts
经费和下限应当落在 plan.json 所说的范围内；办完以后的数在 plan.json 的 after 里，可以用 junheng assess 重新判定。
"""


def bundle_keep(run: PlanRun, plan: jh.Plan, samples: list[list[int | None]]) -> str:
    """Store all of a plan and return its digest. The same content is stored once."""
    with storage.incoming([_zipped(dict(_parts(run, plan, samples)))], LARGEST) as content:
        content.store()
        return content.digest


def _parts(run: PlanRun, plan: jh.Plan, samples: list[list[int | None]]) -> Any:
    yield "README.txt", README.encode()
    yield TOLD, _json(jh.plan_told(plan))
    yield PLAN, jh.plan_to_json(plan).encode()
    yield HOW, _json(_how(run, samples))
    for name in CHARTS:
        if plan.cost is not None and (name != "frontier" or plan.frontier):
            yield f"charts/{name}.svg", jh.plan_chart(plan, name).svg().encode()
    yield PAGE, jh.plan_to_html(plan).encode()
    with tempfile.TemporaryDirectory() as folder:
        jh.write_plan_xlsx(plan, file := Path(folder) / WORKBOOK)
        yield WORKBOOK, file.read_bytes()
    yield from _facts(run)


def _facts(run: PlanRun) -> Any:
    for file in sorted(snapshots.folder_of(run.base.snapshot.digest).iterdir()):
        yield f"facts/{file.name}", file.read_bytes()
    for name, rows in arrow_of(run.terms.tables).items():
        columns = PLAN_TABLES[name].columns
        lines = [[one.name for one in columns]]
        lines += [[plain(row[one.name], one) for one in columns] for row in rows.to_pylist()]
        yield f"facts/{name}.csv", "".join(f"{','.join(map(_quoted, line))}\n" for line in lines).encode()


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(sign in text for sign in ',"\n\r') else text


def _how(run: PlanRun, samples: list[list[int | None]]) -> dict[str, Any]:
    base = run.base
    return {
        "county": run.county.code,
        "plan": run.number,
        "run": base.code,
        "snapshot": base.snapshot.digest,
        "standard": base.rules.standard,
        "rules": base.rules.digest,
        "as_of": base.as_of.isoformat(),
        "begins": run.begins.isoformat(),
        "terms": run.terms.number,
        "seconds": run.seconds,
        "gap_per_million": run.gap,
        "engine": run.engine,
        "planner": run.planner,
        "samples": [dict(zip(("milliseconds", "best_fen", "bound_fen"), one, strict=True)) for one in samples],
    }


def _json(told: object) -> bytes:
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _zipped(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name, THEN), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def whole(run: PlanRun) -> bytes:
    """Return the zip of a plan. Raises FileNotFoundError where it is gone."""
    with storage.opened(run.digest) as file:
        return file.read()


def part(run: PlanRun, name: str) -> bytes:
    """Return one file of the zip. Raises KeyError where there is none."""
    return part_of(run.digest, name)


def part_of(digest: str, name: str) -> bytes:
    """Return one file of the zip that lies under a digest. Raises KeyError where there is none."""
    with storage.local(digest) as kept, zipfile.ZipFile(kept) as file:
        return file.read(name)


@lru_cache(maxsize=KEPT)
def told_of(digest: str) -> dict[str, Any]:
    """Return all that a page says of a plan; not to be changed."""
    with storage.local(digest) as kept, zipfile.ZipFile(kept) as file:
        told: dict[str, Any] = json.loads(file.read(TOLD))
        return told


def chart_of(run: PlanRun, name: str) -> SafeString:
    """Return one of a plan's charts as SVG, drawn by the core; empty where there is none."""
    try:
        return SafeString(part(run, f"charts/{name}.svg").decode())
    except KeyError:
        return SafeString("")


def _rows() -> Any:
    return PlanRun.objects.exclude(digest="").order_by("id").values_list("digest", "county__code", "name")


STORE = Store("达标方案", _rows, storage.holds, storage.intact)
