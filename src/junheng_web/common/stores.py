"""Contents that lie under what they hold: which have to be there, and whether they still are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Store:
    """One kind of content, of every county: whoever looks after the installation asks, not a reader.

    `rows` are what the database says: digest, county's code, name. `holds` and `intact` take a digest, and the folder
    of the files where they are not the installation's own but a backup's.
    """

    called: str
    rows: Callable[[], Iterable[tuple[str, str, str]]]
    holds: Callable[[str, Path | None], bool]
    intact: Callable[[str, Path | None], bool]

    def stored(self) -> dict[str, list[str]]:
        """Return what has to be there by its digest, with the names under which it came."""
        names: dict[str, list[str]] = {}
        for digest, county, name in self.rows():
            names.setdefault(digest, []).append(f"{county} {name}")
        return names

    def faults(self, expected: Mapping[str, list[str]] | None = None, files: Path | None = None) -> Iterator[str]:
        """Yield what is missing or not what it was: of what the database says, or of what `stored` told before."""
        for digest, names in (self.stored() if expected is None else expected).items():
            if not self.intact(digest, files):
                what = "内容变了" if self.holds(digest, files) else "不见了"
                yield f"{self.called} {digest[:12]} {what}：{'、'.join(names)}"
