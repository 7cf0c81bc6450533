"""Two owners' lists of people, matched without either list leaving its owner (P22).

Each seals his list under a key that both hold: only keyed hashes and row numbers are left. Either compares the two
sealed files; each finds the lines that the other lacks in his own list again.

>>> from junheng import matching
>>> matching.id_number("999999 20150312 0012")
'999999201503120012'
"""

from __future__ import annotations

from junheng.matching.comparing import Counted, Match, Side, compare_sealed, told
from junheng.matching.keys import Key, make_key, read_key
from junheng.matching.listing import Listing, read_listing
from junheng.matching.own import own_lines, write_own_lines
from junheng.matching.people import id_number, person_name
from junheng.matching.results import Told, summary_as_dict, tables, write_differences, write_summary
from junheng.matching.sealed import GROUPS, Sealed, SealedRow, load_sealed
from junheng.matching.sealing import seal

__all__ = [
    "GROUPS",
    "Counted",
    "Key",
    "Listing",
    "Match",
    "Sealed",
    "SealedRow",
    "Side",
    "Told",
    "compare_sealed",
    "id_number",
    "load_sealed",
    "make_key",
    "own_lines",
    "person_name",
    "read_key",
    "read_listing",
    "seal",
    "summary_as_dict",
    "tables",
    "told",
    "write_differences",
    "write_own_lines",
    "write_summary",
]
