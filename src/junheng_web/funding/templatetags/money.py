"""Sums on the screen: kept in 元, shown in 万元 with the thousands apart."""

from __future__ import annotations

from decimal import Decimal

from django import template

from junheng_web.funding.amounts import quantity_told, wan_told

register = template.Library()


@register.filter
def wan(yuan: Decimal | str | None) -> str:
    """Show a sum in 万元, exact to the fen; nothing for none, and for a column in which nothing stands."""
    return wan_told(yuan) if isinstance(yuan, Decimal) else ""


@register.filter
def many(quantity: Decimal | None) -> str:
    """Show a quantity with its thousands apart; nothing for none."""
    return quantity_told(quantity)
