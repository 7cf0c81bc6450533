"""What became of the mutants: killed, accepted with a reason, or surviving; kept in build/mutants.json by room."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FIGURES = ROOT / "build" / "mutants.json"
ACCEPTED = Path(__file__).with_name("accepted.yaml")


@dataclass(slots=True)
class Room:
    """One room's outcome: how each killed mutant was noticed, which were not, and how long judging took."""

    made: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    survivors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    more: dict[str, Any] = field(default_factory=dict)

    def add(self, mutant: str, how: str) -> None:
        """Count a mutant; an empty `how` means that nothing noticed it."""
        self.made += 1
        if how:
            self.killed[how] += 1
        else:
            self.survivors.append(mutant)
            print(f"  not noticed: {mutant}", file=sys.stderr, flush=True)


def accepted() -> dict[str, str]:
    """Return the survivors that are allowed, each with why; one reason may stand for several mutants."""
    groups = yaml.safe_load(ACCEPTED.read_text(encoding="utf-8")) or []
    return {mutant: group["why"] for group in groups for mutant in group["mutants"]}


def known() -> dict[str, Any]:
    """Return what build/mutants.json says of each room."""
    found: dict[str, Any] = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
    return found


def keep(name: str, room: Room, *, again: bool = False) -> None:
    """Write what was found of a room to build/mutants.json; `again`: of its survivors only, the rest stands."""
    rooms = known()
    before = rooms[name] if again else {"made": room.made, "killed": 0, "noticed_by": {}, "seconds": 0}
    rooms[name] = {
        "made": before["made"],
        "killed": before["killed"] + sum(room.killed.values()),
        "noticed_by": dict((Counter(before["noticed_by"]) + room.killed).most_common()),
        "survivors": room.survivors,
        "seconds": before["seconds"] + round(room.seconds),
        **room.more,
    }
    FIGURES.parent.mkdir(exist_ok=True)
    FIGURES.write_text(json.dumps(rooms, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def unaccepted(figures: Mapping[str, Any]) -> list[str]:
    """Return the survivors for which no reason is given."""
    known = accepted()
    return [one for room in figures.values() for one in room["survivors"] if one not in known]


def idle_reasons(figures: Mapping[str, Any]) -> list[str]:
    """Return the accepted mutants that did not survive, or are no longer made; told only when every room was judged."""
    survivors = {one for room in figures.values() for one in room["survivors"]}
    return [one for one in accepted() if one not in survivors]
