"""Bars beside their limits: each says its figure in words, and by a sign whether its limit is kept."""

from __future__ import annotations

import junheng.api as jh


def test_a_figure_is_told_with_its_sign() -> None:
    """Kept, not kept, not known: three signs, and no bar where nothing is known."""
    bars = [
        jh.Bar("甲", 0.2, 0.5, "0.200", True),
        jh.Bar("乙", 0.6, 0.5, "0.600", False),
        jh.Bar("丙", None, 0.5, "0.1～0.9", None),
    ]
    svg = jh.bars_chart("差异系数", bars).svg()
    assert all(told in svg for told in ("✓ 0.200", "✗ 0.600", "? 0.1～0.9", "差异系数"))
    # The sheet, three limits, and two figures.
    assert svg.count("<rect") == 6


def test_nothing_to_draw_says_so() -> None:
    """And figures that are all nought are drawn to some scale."""
    assert "没有可画的数" in jh.bars_chart("差异系数", []).svg()
    assert "0.000" in jh.bars_chart("差异系数", [jh.Bar("甲", 0.0, 0.0, "0.000", True)]).svg()
