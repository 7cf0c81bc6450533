"""What names a person on a list, in one form: ID numbers as offices write and spreadsheets spoil them, and names."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from junheng.facts.cells import BLANKS, DAMAGED_CODE, NONE_OR_ZERO

# GB 11643: the last sign is reckoned from the seventeen before it. Codes of areas are not looked at.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SIGNS = "10X98765432"
NUMBER, OLD_NUMBER = re.compile(r"\d{17}[\dX]"), re.compile(r"\d{15}")
# A disabled person's certificate carries the ID number, then kind and grade, and B1 where it was issued anew.
CERTIFICATE = re.compile(r"(\d{17}[\dX])\d\d(?:B\d+)?")
# A pupil's number is G and the ID number; one that begins with L was given for want of an ID number.
PUPIL, PROVISIONAL = re.compile(r"G(\d{17}[\dX])"), re.compile(r"L[\dX]{15,20}")
# What people type for the X of an ID number.
X_LOOKALIKES = str.maketrans(dict.fromkeys("×╳✕✖ХΧ", "X"))
NOTHING = {*BLANKS, NONE_OR_ZERO}
# Marks that choose a letter's shape in Mongolian: they are typed or not, and mean nothing.
SHAPES = re.compile("[\u180b-\u180f]")
MENDED = "请改正；确实没有身份证号的请留空，用姓名和出生日期"


class Refused(ValueError):
    """A cell that cannot be used: why, and what to do."""

    def __init__(self, reason: str, remedy: str = MENDED) -> None:
        super().__init__(reason)
        self.reason, self.remedy = reason, remedy


def id_number(text: str) -> str:
    """Return the 18-digit ID number that a cell means, or nothing where it holds none. Raises `Refused`.

    Takes the older 15 digits, a disabled person's certificate, a pupil's G number, wide digits, blanks, a small x.
    """
    plain = _plain(text)
    if not {plain, text.strip()}.isdisjoint(NOTHING) or PROVISIONAL.fullmatch(plain):
        return ""
    if re.match(DAMAGED_CODE, plain):
        raise Refused("这个号码已被表格软件改成数字，末尾几位丢失了", "请把该列设为文本格式，从原来的材料重新填写")
    held = CERTIFICATE.fullmatch(plain) or PUPIL.fullmatch(plain)
    number = held[1] if held else plain
    if OLD_NUMBER.fullmatch(number):
        number = f"{number[:6]}19{number[6:]}"
        number += check_sign(number)
    if not NUMBER.fullmatch(number):
        raise Refused(f"不是 18 位或 15 位的身份证号（这里有 {len(plain)} 个字）")
    _check(number)
    return number


def _plain(text: str) -> str:
    """Return a cell without blanks, quotation marks and what cannot be seen, in narrow capitals."""
    seen = (one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) not in ("Cf", "Cc"))
    return re.sub(r"[\s'’‘`]+", "", "".join(seen)).upper().translate(X_LOOKALIKES)


def _check(number: str) -> None:
    if number[-1] != check_sign(number[:17]):
        if number.endswith("000"):
            reason = "末尾三位是 000，最后一位对不上，像是被表格软件改成过数字"
            raise Refused(reason, "请把该列设为文本格式，从原来的材料重新填写")
        raise Refused("最后一位与前面的数字对不上，有写错的数字")
    if born_on(number) is None:
        raise Refused("第 7 至 14 位不是日期")


def check_sign(seventeen: str) -> str:
    """Return the last sign of an ID number that begins with these seventeen digits."""
    return SIGNS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, seventeen, strict=True)) % 11]


def born_on(number: str) -> dt.date | None:
    """Return the birth date that an 18-digit ID number holds, or None where it holds none."""
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def person_name(text: str) -> str:
    """Return a name by its letters alone: blanks, dots between its parts and capitals are written in every way."""
    plain = SHAPES.sub("", unicodedata.normalize("NFKC", text)).upper()
    return "".join(one for one in plain if unicodedata.category(one)[0] in "LMN")


def shown(text: str) -> str:
    """Return a cell for a message: what is long enough to be a number of a person shows its ends alone."""
    plain = text.strip()
    return plain if len(plain) < 12 else f"{plain[:3]}…{plain[-3:]}"
