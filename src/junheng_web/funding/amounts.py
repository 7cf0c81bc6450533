"""Sums of money: kept in 元 as Decimal over integers of fen, typed and shown in 万元. Nothing is rounded."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from django.core.exceptions import ValidationError

WAN = Decimal(10_000)
CENTS = 2
# The data dictionary's limit of a sum of money, in 元.
LARGEST = Decimal(10**11)
# What several sums come to may be more, as far as a spreadsheet keeps a fen of it: 15 digits, six after 万元's point.
LARGEST_TOTAL = Decimal(10**13)
NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")
NOTHING = Decimal(0)


def wan_of(yuan: Decimal) -> Decimal:
    """Return a sum in 万元, without zeros that say nothing."""
    return _plain(yuan / WAN)


def wan_told(yuan: Decimal | None) -> str:
    """Return a sum in 万元 as it is shown; nothing for none."""
    return "" if yuan is None else f"{wan_of(yuan):,}"


def quantity_told(quantity: Decimal | None) -> str:
    """Return a quantity as it is shown; nothing for none."""
    return "" if quantity is None else f"{_plain(quantity):,}"


def _plain(number: Decimal) -> Decimal:
    """Return a number without zeros at its end, never with an exponent."""
    shortest = number.normalize()
    return shortest.quantize(Decimal(1)) if shortest == shortest.to_integral_value() else shortest


def yuan_of_wan(text: str, most: Decimal = LARGEST) -> Decimal:
    """Return in 元 what was typed in 万元. Raises ValidationError for what is no sum, too fine or too large."""
    return _number(text, "万元", WAN, most)


def quantity_of(text: str) -> Decimal:
    """Return a quantity that was typed. Raises ValidationError for what is none, or finer than a hundredth."""
    return _number(text, "", Decimal(1), LARGEST)


def _number(text: str, unit: str, times: Decimal, most: Decimal) -> Decimal:
    bare = re.sub(r"[\s,，]", "", unicodedata.normalize("NFKC", text)).removesuffix(unit)
    if not NUMBER.fullmatch(bare):
        example = "102 或 43.2，单位万元" if unit else "12 或 1,350.5"
        raise ValidationError(f"“{text}”不是一个数；请写成 {example}")
    found = Decimal(bare) * times
    if found != round(found, CENTS):
        finest = "不能精确到分以下，请只写到小数点后六位" if unit else "请只写到小数点后两位"
        raise ValidationError(f"“{text}”太细了：{finest}")
    if found > most:
        raise ValidationError(f"“{text}”太大了，最多 {most / times:,}；请看看是不是把元写成了{unit or '别的单位'}")
    return found
