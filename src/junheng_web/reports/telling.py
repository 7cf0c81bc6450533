"""What the pages of the room show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from junheng_web.evidence.selectors import links_to
from junheng_web.organisation.models import Area
from junheng_web.organisation.permissions import allowed
from junheng_web.organisation.scopes import Scope
from junheng_web.reports import checking, comparing, printed, signing
from junheng_web.reports.catalogue import catalogue, grouped
from junheng_web.reports.figures import Catalogue
from junheng_web.reports.kinds import ASKS, SEALS
from junheng_web.reports.models import Report, Signature, Version
from junheng_web.reports.producing import UNSIGNED, beside_of
from junheng_web.reports.references import paragraphs, quoted
from junheng_web.reports.selectors import before_it, takes_part, works
from junheng_web.reports.services import KIND, Deed, last_version, reviews_for, stands_of
from junheng_web.reports.tables import TONES

# So many cells that changed are listed on a report's page; all of them stand where one sees what was frozen.
MOST = 60
SAID = {Deed.AGREE: ("同意", "green"), Deed.RETURN: ("退回", "red"), "": ("还没有表态", "azure")}


def rights(scope: Scope, county: Area) -> dict[str, bool]:
    """Return what the reader may do here."""
    return {"writes": allowed("reports.write", scope, county), "works": works(scope, county)}


def looked(scope: Scope, report: Report) -> checking.Looked:
    """Return what the checks look at, today."""
    today = timezone.localdate()
    return checking.Looked(scope, report, last_version(report), catalogue(report.county, today), today)


def report_told(scope: Scope, report: Report) -> dict[str, Any]:
    """Return what a report's page shows: its text with the figures of today, or as it was signed."""
    version, today = last_version(report), timezone.localdate()
    figures = catalogue(report.county, today)
    signature = getattr(report, "signature", None)
    told = {
        "report": report,
        "about": ASKS[report.kind].about,
        "version": version,
        "tone": TONES[Report.Status(report.status)],
        "paragraphs": paragraphs(version.text, figures) if signature is None else [],
        "references": _references(version, figures) if signature is None else [],
        "stands": [(post, *SAID[said]) for post, said in stands_of(report)],
        "versions": [*report.versions.all()],
        "signs": signing.signs(scope, report),
        "reviews": reviews_for(scope, report) if report.status == Report.Status.REVIEW else [],
        "files": [link.file for link in links_to(report.county, KIND, [report.code])],
        **rights(scope, report.county),
    }
    if signature:
        told |= signed_told(scope, report, figures)
    if takes_part(scope, report):
        told["tables"] = printed.sees_tables(scope, report)
        told["beside"] = [*beside_of(scope, report, version)] if report.open and told["tables"] else []
        told["compares"] = report.version > 1 or before_it(scope, report).exists()
        told["steps"] = [*report.steps.select_related("post")]
    if told["works"] and report.open:
        seen = checking.Looked(scope, report, version, figures, today)
        told["blocks"] = [(label, len(found)) for label, found in checking.checklist(seen)]
        told["blocked"] = sum(many for _, many in told["blocks"])
    return told


def signed_told(scope: Scope, report: Report, figures: Catalogue) -> dict[str, Any]:
    """Return what a signed report shows: the words as they were signed, and what its figures and tables say today."""
    signature, faults = report.signature, signing.faults(report.signature)
    return {
        **_tables_told(scope, report),
        "most_cells": MOST,
        "signature": signature,
        "lines": [] if faults else [*_lines(signature)],
        "words": [line for line in signature.words.splitlines() if line.strip()] if faults else [],
        "since": comparing.since(signature, figures),
        "faults": faults,
    }


def _tables_told(scope: Scope, report: Report) -> dict[str, Any]:
    """Return what a signed report's own tables say today instead; `moved` is None where nobody knows."""
    then = report.signature.tables
    told = {"holds": printed.holds_tables(report.kind), "kept": then, "cells": printed.cells_in(then or [])}
    if not told["holds"] or then is None or not printed.sees_tables(scope, report):
        return {**told, "moved": None}
    version = report.versions.get(number=report.signature.version)
    now = printed.tables_of(scope, report, version)
    return {**told, "moved": comparing.tables_since(then, now, printed.address_of(report.county))}


def tables_told(scope: Scope, report: Report) -> dict[str, Any] | None:
    """Return a report's own tables: as they were signed, else as they stand today; None where one sees none."""
    signature = getattr(report, "signature", None)
    if signature and signature.tables:
        signs = report.kind in SEALS
        return {"report": report, "signature": signature, "shown": signature.tables, "signs": signs}
    if signature or not report.open or not printed.sees_tables(scope, report):
        return None
    version = last_version(report)
    shown, files = printed.tables_of(scope, report, version), [*beside_of(scope, report, version)]
    return {"report": report, "shown": shown, "files": files, "unsigned": UNSIGNED, "signs": report.kind in SEALS}


def sheets_told(scope: Scope, report: Report) -> dict[str, Any] | None:
    """Return a report's tables to be printed, signed and sealed; None where one sees none, or nobody signs them so."""
    told = tables_told(scope, report) if report.kind in SEALS else None
    return told and {**told, "sheets": printed.sheets_of(report.kind, told["shown"]), "seals": SEALS[report.kind]}


def _lines(signature: Signature) -> Iterator[dict[str, Any]]:
    """Yield each line as it was signed: words, or the table or the chart whose title it is."""
    whole = {one["told"]: one for one in signature.figures if one.get("grid") or one.get("chart")}
    for line in filter(str.strip, signature.words.splitlines()):
        one = whole.get(line.strip(), {})
        yield {"words": line, "grid": one.get("grid"), "svg": SafeString(one.get("chart") or "")}


def _references(version: Version, figures: Catalogue) -> list[tuple[str, Any]]:
    return [(key, figures.get(key)) for key in quoted(version.text)]


def figures_told(county: Area, today: dt.date, asked: str = "") -> dict[str, Any]:
    """Return the catalogue under its groups, as far as it is asked for."""
    every = catalogue(county, today).values()
    chosen = [one for one in every if asked in f"{one.key}{one.group}{one.source}"]
    return {"groups": grouped(chosen), "many": len(chosen), "q": asked}


def between_told(report: Report, before: Version, after: Version, others: Iterable[Report]) -> dict[str, Any]:
    """Return what is different between two versions; `others` are reports that it may be held against instead."""
    return {
        "report": report,
        "before": before,
        "after": after,
        "words": comparing.words_between(comparing.whole(before), comparing.whole(after)),
        "figures": comparing.figures_between(before, after),
        "versions": [*report.versions.all()],
        "others": others,
    }
