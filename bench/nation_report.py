"""The figures of the nation's job as a table for the terminal, and as a page of the manual."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

MEASURED = (("wall", "墙钟"), ("cpu", "CPU"))
PACKAGES = ("duckdb", "polars", "pandas", "pyarrow", "pyspark")
HEADS = ("", "墙钟秒", "CPU 秒", "峰值 MB", "墙钟／下限", "CPU／下限", "墙钟／junheng")


def as_text(figures: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return everything as Markdown tables, one for each size."""
    parts = []
    for run in figures["runs"]:
        made = run["made"]
        head = f"{run['millions']:g} 百万学生 × 2 年，{made['files']:,} 个文件 {made['megabytes']:,.0f} MB"
        wrong = run["disagreements"]
        agree = "各家逐县结论和巩固人数相同" if not wrong else f"与 junheng 不同的县数：{wrong}"
        again = _again(run["times"])
        parts.append("\n".join([f"### {head}", "", *_table(run["times"], names), "", f"{agree}。{again}"]))
    if slopes := figures["slopes"]:
        told = "，".join(f"{name} {value:.2f}" for name, value in slopes.items())
        parts.append(f"从最小到最大，时间随学生数增长的指数（1 是成比例）：{told}。")
    return "\n\n".join(parts)


def _table(times: Mapping[str, Mapping[str, float]], names: Mapping[str, str]) -> Iterator[str]:
    yield "| " + " | ".join(HEADS) + " |"
    yield "|" + "---|" * len(HEADS)
    floor, ours = times["floor"], times["ours"]
    for name, one in times.items():
        # Spark's work is done by a Java process that is not waited for: its CPU and memory are not known here.
        cpu, times_cpu = f"{one['cpu']:.2f}", f"{one['cpu'] / floor['cpu']:.2f}"
        peak = f"{one['peak_mb']:,.0f}" if "peak_mb" in one else "—"
        cells = [f"{one['wall']:.2f}", *(("—", "—") if name == "spark" else (cpu, peak))]
        cells += [f"{one['wall'] / floor['wall']:.2f}", "—" if name == "spark" else times_cpu]
        yield "| " + " | ".join([names[name], *cells, f"{one['wall'] / ours['wall']:.3f}"]) + " |"


def _again(times: Mapping[str, Mapping[str, float]]) -> str:
    """Return which part of a whole process that counts everything a run after a change takes."""
    ours, asked = times["ours"], {"整个进程": "changed", "一直开着的": "follow"}
    told = {
        label: "、".join(f"{what} 1/{ours[of] / times[name][of]:.0f}" for of, what in MEASURED)
        for label, name in asked.items()
    }
    parts = "；".join(f"{label}是 {ratios}" for label, ratios in told.items())
    stays = "一直开着的从看名册算到各县的表写好，与全部重数的逐位相同。"
    return f"改动一个县之后再跑，与全部重数的整个进程相比：{parts}。{stays}"


def as_page(figures: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return the page of the manual."""
    packages = "，".join(f"{name} {version(name)}" for name in PACKAGES)
    head = [
        "# 全国的名册",
        "`python bench/nation.py --write` 写成本页：每一家都是从启动到结果的整个进程，轮流跑，取中位数；名册是虚构的。",
        f"机器：{_cpu()}，{_cores()} 核，{_memory()} GB；Python {platform.python_version()}，{packages}。",
    ]
    load = f"写成时机器的负载是 {os.getloadavg()[2]:.0f}（空闲是 0）；比核数大时，墙钟说的更多是别人。"
    return "\n\n".join([*head, load, as_text(figures, names)]) + "\n"


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _cores() -> int:
    return os.cpu_count() or 1


def _memory() -> int:
    text = Path("/proc/meminfo").read_text(encoding="utf-8")
    return round(int(text.split()[1]) / 1024 / 1024)
