"""The closed vocabulary of kinds: each is one function that yields the signs of one declaration, pure over evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from junheng_web.scrutiny.declared import Declared
from junheng_web.scrutiny.evidence import Evidence, Sign
from junheng_web.scrutiny.kinds.comparing import apart, crowded, driving, found
from junheng_web.scrutiny.kinds.history import late, returned
from junheng_web.scrutiny.kinds.sums import rooms, totals, twice

KINDS: Mapping[str, Callable[[Declared, Evidence], Iterator[Sign]]] = MappingProxyType(
    {
        "found": found,
        "apart": apart,
        "crowded": crowded,
        "late": late,
        "twice": twice,
        "totals": totals,
        "rooms": rooms,
        "returned": returned,
        "driving": driving,
    }
)
