"""`junheng aggregate`: rosters of any size to the tables of facts, part by part; nothing is done twice.

1. Each part whose files are new or others is counted (`part`), in threads beside each other, and its counts are kept.
2. The cohort is linked over all parts (`linking`); where a few parts changed, only by the pupils who are others there.
3. The facts of each part whose counts are others are written, all of them beside their places, then all are named.
4. The manifest is written last: while there is none, nothing here is finished.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from junheng.facts.problems import unusable
from junheng.facts.schema import TABLES
from junheng.rosters.records import checking, linking
from junheng.rosters.records.batch import with_part
from junheng.rosters.records.keeping import (
    DRAFTS,
    KEPT,
    OF_FACTS,
    SETTLED,
    TOTALS,
    Keeper,
    kept_file,
    read_rows,
    read_table,
    signature,
    write_text,
)
from junheng.rosters.records.load import CHECKS, RECORDS, load_record_checks, load_records
from junheng.rosters.records.manifest import FINDINGS, MANIFEST, as_json, described, manifest
from junheng.rosters.records.model import Asked, RecordCheck
from junheng.rosters.records.part import count_parts, files_of
from junheng.rosters.records.reading import read_people, refusing
from junheng.rosters.records.sieve import folded
from junheng.rosters.records.sources import Rosters, State
from junheng.rosters.records.tables import FORMS, as_counted, fact_tables, period, publish, write_facts
from junheng.sql.files import PARQUET, FileSession
from junheng.sql.threads import in_threads

# Raised whenever the same rosters give other counts.
VERSION = 1
# Raised whenever what is kept of a part has another form.
FORM = 5
# Parts that are counted at once, and how large their files may be together: an interrupted run loses no more.
PARTS_COUNTED_AT_ONCE = 16
BYTES_COUNTED_AT_ONCE = 128_000_000
# Linking by difference pays while few pupils are others.
FEW_CHANGED = 4
# Parts whose facts are put together at once: some thousand schools.
PARTS_AT_ONCE = 16
NOTHING: Mapping[str, Any] = {"signature": None}
Told = Callable[[str, int, int], None]


@dataclass
class Job:
    """One run: what is read, where it is written, how, and what has been found on the way.

    `files` are those that each part is counted from, by name: found out, unless whoever stays has them of last time.
    """

    rosters: Rosters
    output: Path
    asked: Asked
    session: FileSession
    form: str = "parquet"
    threads: int = 2
    duplicates: bool = True
    told: Told | None = None
    seen: State | None = None
    files: dict[str, dict[str, str]] = field(default_factory=dict)
    moves: list[str] = field(default_factory=list)
    hashes: dict[str, dict[str, Any]] = field(default_factory=dict)
    signatures: dict[str, str] = field(default_factory=dict)
    counted: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    @cached_property
    def keeper(self) -> Keeper:
        """What is kept of this and earlier runs."""
        return Keeper(self.output)

    @cached_property
    def told_parts(self) -> dict[str, dict[str, Any]]:
        """What is told of each part beside its tables: its totals, and what looks wrong."""
        known = self.keeper.read("told") or {}
        return {
            part: known[part]["told"] if known.get(part, NOTHING)["signature"] == one else self.keeper.told(part, one)
            for part, one in self.signatures.items()
        }

    @cached_property
    def where(self) -> pa.Table:
        """The part and the county of every school; only parts that are others than last time are read."""
        before, known = self.keeper.table("where"), self.keeper.read("where") or {}
        if before is None or not known:
            return pa.concat_tables(self._schools_of(part) for part in sorted(self.signatures))
        others = [part for part in sorted(self.signatures) if known.get(part) != self.signatures[part]]
        gone = known.keys() - self.signatures.keys()
        rows = {part: self._schools_of(part) for part in others}
        if not gone and all(before.filter(pc.equal(before["part"], part)).equals(one) for part, one in rows.items()):
            return before
        same = pa.array(sorted(self.signatures.keys() - set(others)), pa.string())
        return pa.concat_tables([before.filter(pc.is_in(before["part"], same)), *rows.values()])

    def run(self) -> dict[str, Any]:
        """Do everything that is not done yet; return the manifest."""
        self._sign()
        self._count()
        linked, touched = self._link()
        findings = self._findings()
        drafts = self._facts(linked, touched)
        return self._finish(drafts, findings, linked)

    def count(self) -> dict[str, int]:
        """Count every part that is not counted yet, and keep it; return how much all parts hold together."""
        self._sign()
        self._count()
        self.keeper.forget_others(self.signatures)
        return self.totals()

    def totals(self) -> dict[str, int]:
        """Return how much all parts hold together."""
        return {name: sum(one["totals"][name] for one in self.told_parts.values()) for name in TOTALS}

    def tell(self, doing: str, done: int, whole: int) -> None:
        """Say how far it is."""
        if self.told:
            self.told(doing, done, whole)

    def _sign(self) -> None:
        """Find out which files are others than last time: each part's signature tells its files and the rules."""
        asked = self.asked
        self.files = self.files or {part: files_of(self.rosters, part, asked) for part in self.rosters.parts}
        every = dict(chain.from_iterable(one.items() for one in (*self.files.values(), self._files_of_moves())))
        self.hashes = self.keeper.hashes(every, self.rosters.folder, seen=self.seen)
        by = (FORM, rules(), asked.year, asked.cohort and asked.cohort.id)
        for part, files in self.files.items():
            told = [(name, self.hashes[name]["sha256"]) for name in files]
            self.signatures[part] = signature(*by, told)

    def _files_of_moves(self) -> dict[str, str]:
        return self.rosters.named(self.rosters.of("moves", ""))

    def _count(self) -> None:
        stale = [part for part, one in self.signatures.items() if not self._is_counted(part, one)]
        for part in chain.from_iterable(in_threads(self._count_parts, self._batches(stale), self.threads)):
            self.counted.append(part)
            self.tell("数名册", len(self.counted), len(stale))

    def _batches(self, parts: Sequence[str]) -> Iterator[list[str]]:
        """Yield the parts that are counted at once: few enough to share out, and large ones by themselves."""
        most = min(PARTS_COUNTED_AT_ONCE, -(-len(parts) // (2 * self.threads)))
        batch: list[str] = []
        held = 0
        for part in parts:
            own = sum(self.hashes[name]["size"] for name in self.files[part])
            if batch and (len(batch) == most or held + own > BYTES_COUNTED_AT_ONCE):
                yield batch
                batch, held = [], 0
            batch.append(part)
            held += own
        if batch:
            yield batch

    def _is_counted(self, part: str, signature: str) -> bool:
        return self.keeper.holds(part, signature) or self.keeper.take_over(part, signature, self.rosters.folder)

    def _count_parts(self, parts: Sequence[str]) -> list[str]:
        with self.session.beside() as session:
            counted = count_parts(session, self.rosters, parts, self.asked)
        for part, found in counted.items():
            told = {"totals": found.totals, "findings": checking.to_rows(found.findings)}
            self.keeper.keep_part(part, self.signatures[part], found.tables, told)
        return list(counted)

    def _kept(self, name: str, signatures: Mapping[str, str] | None = None) -> list[Path]:
        parts = (signatures or self.signatures).items()
        return [kept_file(self.keeper.part(part, one), name) for part, one in parts]

    def _link(self) -> tuple[pa.Table, frozenset[str] | None]:
        """Return the cohort's counts by school, and which schools have others than before; None where all may."""
        if self.asked.cohort is None:
            return linking.SCHEMA.empty_table(), frozenset()
        moves = self.moves = self._moves()
        before, counts = self.keeper.read("link"), self.keeper.table("link")
        if not before or counts is None or before["moves"] != moves or before["parts"].keys() != self.signatures.keys():
            return self._link_all(has_moves=bool(moves)), None
        changed = _differing(before["parts"], self.signatures)
        if not changed:
            return counts, frozenset()
        if len(changed) > FEW_CHANGED or not all(self._was_linked(one, before["parts"][one]) for one in changed):
            return self._link_all(has_moves=bool(moves)), None
        return self._relink(before["parts"], counts, changed, has_moves=bool(moves))

    def _was_linked(self, part: str, signature: str) -> bool:
        """Whether what was kept of a part is still there, in the form of today, with a cohort."""
        folder = self.keeper.part(part, signature)
        return all(kept_file(folder, name).is_file() for name in linking.COHORT_TABLES)

    def _moves(self) -> list[str]:
        """Make the roster of moves readable, and return what tells it from another."""
        found = self.rosters.of("moves", "")
        if found:
            read_people(self.session, "moves", found)
        return [self.hashes[name]["sha256"] for name in self._files_of_moves()]

    def _link_all(self, *, has_moves: bool) -> pa.Table:
        self.tell("连接学年", 0, 1)
        with refusing(self._kept("last")):
            for name in linking.LINKED:
                self.session.read(name, self._kept(name))
            return linking.link(self.session, self._cohort_years(self.signatures), *linking.LINKED, moves=has_moves)

    def _cohort_years(self, signatures: Mapping[str, str]) -> pa.Table:
        return pa.concat_tables(read_rows(file) for file in self._kept("cohort_years", signatures))

    def _relink(
        self, before: Mapping[str, str], counts: pa.Table, changed: list[str], *, has_moves: bool
    ) -> tuple[pa.Table, frozenset[str]]:
        """Link only whoever is in one of the changed parts and not the same there as before."""
        sides = {
            name: {part: one[part] for part in changed} for name, one in (("then", before), ("now", self.signatures))
        }
        same = {part: one for part, one in self.signatures.items() if part not in changed}
        with refusing(self._kept("last")):
            for name, (side, parts) in product(linking.LINKED, sides.items()):
                self.session.read(f"{name}_{side}", self._kept(name, parts))
            self.session.define("others", linking.others(sides))
            self._define_same(same)
            counts_then, counts_now = (self._linked_side(*one, has_moves=has_moves) for one in sides.items())
        return linking.changed(counts, counts_then, counts_now)

    def _define_same(self, same: Mapping[str, str]) -> None:
        """Find the others in the parts that have not changed: they are read once, for both sides, and few of them."""
        wanted = folded([self.session.fetch("SELECT pupil_id FROM others")["pupil_id"]])
        same = {part: one for part, one in same.items() if self.keeper.may_hold(part, one, wanted)}
        for name in linking.LINKED:
            source = f"{name}_same" if same else f"{name}_now"
            if same:
                self.session.read(source, self._kept(name, same))
            where = "" if same else " WHERE FALSE"
            self.session.define(f"same_{name}", linking.of_others(source) + where)

    def _linked_side(self, side: str, parts: Mapping[str, str], *, has_moves: bool) -> pa.Table:
        for name in linking.LINKED:
            rows = f"SELECT pupil_id, school_code FROM same_{name} UNION ALL {linking.of_others(f'{name}_{side}')}"
            self.session.define(f"some_{name}", rows)
        years = self._cohort_years(parts)
        return linking.link(self.session, years, "some_absent", "some_last", moves=has_moves)

    def _findings(self) -> tuple[checking.RecordFinding, ...]:
        checks = {one.id: one for one in load_record_checks()}
        kept = (checking.from_rows(one["findings"], checks) for one in self.told_parts.values())
        return checking.together([*chain.from_iterable(kept), *self._twice()])

    def _twice(self) -> tuple[checking.RecordFinding, ...]:
        """Compare everybody with everybody, unless nothing has changed since that was done."""
        if not self.duplicates:
            return ()
        checks = {one.id: one for one in load_record_checks() if one.kind == "twice"}
        kept = self.keeper.read("twice")
        if kept and kept.get("parts") == self.signatures:
            return checking.from_rows(kept["found"], checks)
        found = tuple(chain.from_iterable(self._twice_in(name, checks) for name in ("pupils", "teachers")))
        self.keeper.write("twice", {"parts": self.signatures, "found": checking.to_rows(found)})
        return found

    def _twice_in(self, table: str, checks: Mapping[str, RecordCheck]) -> tuple[checking.RecordFinding, ...]:
        year = frozenset({self.asked.year})
        files = list(chain.from_iterable(self.rosters.of(table, part, year) for part in self.rosters.parts))
        if not files:
            return ()
        self.tell("查重复", 0, 1)
        read_people(self.session, table, files)
        self.session.register("county_of", self.where.select(["school_code", "county_code"]))
        where = f"year = {self.asked.year}" if table == "pupils" else "TRUE"
        with refusing([one.file for one in files]):
            return checking.find_twice(self.session, checks.values(), table, where)

    def _schools_of(self, part: str) -> pa.Table:
        file = kept_file(self.keeper.part(part, self.signatures[part]), "school_rows")
        own = read_rows(file, ["school_code", "county_code"])
        return with_part(own, part)

    def _facts(self, linked: pa.Table, touched: frozenset[str] | None) -> dict[Path, Path]:
        """Write the facts of every part whose counts are others; return the files with their names to be."""
        moves = bool(self.rosters.of("moves", ""))
        rows = linking.facts(linked, moves=moves)
        shutil.rmtree(self.output / KEPT / DRAFTS, ignore_errors=True)
        parts = self._stale_facts(touched)
        drafts: dict[Path, Path] = {}
        batches = [parts[at : at + PARTS_AT_ONCE] for at in range(0, len(parts), PARTS_AT_ONCE)]
        # To write the period's file anew would take as long as a part's classes.
        folder = self.output / KEPT / DRAFTS / "period"
        period_file = next(write_facts({"period": period(self.asked.year)}, folder, self.form))
        written = in_threads(lambda batch: self._facts_of(batch, rows, period_file), batches, self.threads)
        for at, found in enumerate(written, 1):
            drafts |= found
            self.tell("写数据", at, len(batches))
        self.written = parts
        return drafts

    def _stale_facts(self, touched: frozenset[str] | None) -> list[str]:
        before = self.keeper.read("facts")
        if touched is None or not before or before["form"] != self.form or not (self.output / MANIFEST).exists():
            return sorted(self.signatures)
        changed = set(_differing(before["parts"], self.signatures)) & set(self.signatures)
        if touched:
            where = self.where
            own = where.filter(pc.is_in(where["school_code"], pa.array(sorted(touched))))
            changed |= set(own["part"].to_pylist())
        return sorted(changed)

    def _facts_of(self, parts: list[str], rows: pa.Table, period_file: Path) -> dict[Path, Path]:
        """Write the facts of some parts; the period's file is the same for all."""
        kept = {part: self._tables_of(part) for part in parts}
        with self.session.beside() as session:
            found = fact_tables(session, kept, rows, self.asked, self.rosters.tables)
        drafts = {}
        for part, schools in found.items():
            folder = self.output / KEPT / DRAFTS / part
            files = [*write_facts({"schools": schools}, folder, self.form), *self._settled_of(part, folder)]
            for file in (*files, _copied(period_file, folder)):
                drafts[file] = self.output / part / file.name
        return drafts

    def _settled_of(self, part: str, folder: Path) -> Iterator[Path]:
        """Write what stands since the part was counted; yield the files."""
        for name in SETTLED:
            if name in ("classes", *self.rosters.tables):
                (kept,) = self._kept(name, {part: self.signatures[part]})
                yield self._settled(name, kept, folder)

    def _settled(self, name: str, kept: Path, folder: Path) -> Path:
        if self.form == PARQUET:
            return _copied(kept, folder)
        return next(write_facts({name: as_counted(name, read_table(kept))}, folder, self.form))

    def _tables_of(self, part: str) -> dict[str, pa.Table]:
        folder = self.keeper.part(part, self.signatures[part])
        return {name: read_rows(kept_file(folder, name)) for name in OF_FACTS}

    def _finish(
        self, drafts: Mapping[Path, Path], findings: tuple[checking.RecordFinding, ...], linked: pa.Table
    ) -> dict[str, Any]:
        """Give the new files their names, take away what is no more, and say last of all that everything is done."""
        before = self.keeper.read("facts") or {"outputs": {}}
        outputs = {part: told for part, told in before["outputs"].items() if part in self.signatures}
        outputs |= described(drafts, self.output / KEPT / DRAFTS)
        told = manifest(self, outputs, findings)
        (self.output / MANIFEST).unlink(missing_ok=True)
        publish(drafts)
        self._take_away(set(before["outputs"]) - set(self.signatures), outputs)
        write_text(as_json([one.as_dict() for one in findings]), self.output / FINDINGS)
        if self.keeper.read("where") != self.signatures:
            where = self.where
            self.keeper.write("where", None)
            self.keeper.keep_table("where", where)
            self.keeper.write("where", self.signatures)
            # In one place: to open a nation's parts one by one takes longer than counting the one that changed.
            told_of = {part: {"signature": one, "told": self.told_parts[part]} for part, one in self.signatures.items()}
            self.keeper.write("told", told_of)
        # Whoever is stopped between the two links anew: signatures of before do not tell what these counts are of.
        self.keeper.write("link", None)
        self.keeper.keep_table("link", linked)
        self.keeper.write("link", {"parts": self.signatures, "moves": self.moves})
        self.keeper.write("facts", {"parts": self.signatures, "form": self.form, "outputs": outputs})
        write_text(as_json(told), self.output / MANIFEST)
        self.keeper.forget_others(self.signatures)
        return told

    def _take_away(self, gone: set[str], outputs: Mapping[str, Mapping[str, Any]]) -> None:
        """Take away the facts of parts that are no more, those in another form, and tables without a roster."""
        for part in gone - {""}:
            shutil.rmtree(self.output / part, ignore_errors=True)
        facts = {f"{name}.{form}" for name, form in product(TABLES, FORMS)}
        for part in self.written:
            for file in (self.output / part).iterdir():
                if file.name in facts - outputs[part].keys():
                    file.unlink()


def _copied(file: Path, folder: Path) -> Path:
    """Copy a file into a folder: whoever works with the facts may change theirs, and must not change what is kept."""
    copy = folder / file.name
    shutil.copyfile(file, copy)
    return copy


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    return sorted(part for part in before.keys() | after.keys() if before.get(part) != after.get(part))


def rules() -> str:
    """Return what tells the rules of counting from others."""
    return signature(VERSION, RECORDS.read_text(encoding="utf-8"), CHECKS.read_text(encoding="utf-8"))


def asked_of(rosters: Rosters, session: FileSession, year: int | None, types: checking.TypeStages) -> Asked:
    """Return what is counted: the year that is asked for or the newest, and the first cohort whose years there are."""
    years = rosters.years or _years_within(rosters, session)
    chosen = year if year is not None else max(years, default=None)
    if chosen is None or chosen not in years:
        listed = "、".join(str(one) for one in sorted(years)) or "一年也没有"
        raise unusable("--year", f"学生名册里没有这一年（有：{listed}）", "请改为名册里有的年份", value=str(year))
    records = load_records()
    have = (one for one in records.cohorts if {chosen + one.entered, chosen + one.last} <= years)
    return Asked(records, chosen, next(have, None), types)


def _years_within(rosters: Rosters, session: FileSession) -> frozenset[int]:
    found = list(chain.from_iterable(rosters.of("pupils", part) for part in rosters.parts))
    read_people(session, "pupils", found)
    with refusing([one.file for one in found]):
        years = session.fetch("SELECT DISTINCT year FROM pupils WHERE year IS NOT NULL").to_pylist()
    return frozenset(row["year"] for row in years)
