"""Files are found by the words in them, on SQLite by FTS5, on PostgreSQL by its own index: the same answer on both."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Min, Q, QuerySet
from django.db.models.expressions import RawSQL

from junheng_web.evidence.clearing import hidden_files
from junheng_web.evidence.models import File, Passage
from junheng_web.evidence.personal import PERSONAL
from junheng_web.evidence.words import asked, plain

AROUND = 40
SQLITE = "SELECT rowid FROM evidence_words WHERE evidence_words MATCH %s"
# PostgreSQL's index knows which tokens a passage has, not where: asked for a phrase, it would make the tokens of each
# passage anew. That they stand side by side is seen in the tokens as they are kept. Materialized: where the planner may
# look at it row by row, it does without the index.
POSTGRES = (
    "WITH hits AS MATERIALIZED (SELECT id, file_id FROM evidence_passage "
    "WHERE to_tsvector('simple', tokens) @@ to_tsquery('simple', %s)"
)
SIDE_BY_SIDE = " AND ' ' || tokens LIKE %s"


def with_words(files: QuerySet[File], words: str, *, covered: bool = False) -> QuerySet[File]:
    """Return the files that have every term of a search in their name or in what they say.

    A file that was not read yet is found by its name. Each term is asked for by itself, so that the database begins
    with what was found instead of with every file. `covered`: to whom numbers of persons are covered, no search says
    whether a file has one, or how one begins.
    """
    if covered and any(sign.isdigit() for sign in plain(words)):
        files = _without_numbers(files)
    terms = asked(words)
    if not terms:
        return files.filter(name__icontains=words)
    for tokens in terms:
        files = files.filter(pk__in=_files(tokens))
    return files


def _without_numbers(files: QuerySet[File]) -> QuerySet[File]:
    """Return the files in which, as far as they were read for sure, and in whose names there is no number of a person.

    What a search for digits finds in the others could be a part of such a number.
    """
    told = Q(reading__personal__gt=0) | Q(name__regex=PERSONAL)
    return files.exclude(told).exclude(pk__in=hidden_files(File.objects.all()).values("pk"))


def _files(tokens: list[str]) -> RawSQL:
    """Return the files with passages in which tokens stand next to each other, the last one as a beginning."""
    if connection.vendor == "postgresql":
        return _asked(tokens, "file_id")
    return RawSQL(f"SELECT file_id FROM evidence_passage WHERE id IN ({SQLITE})", [_match(tokens)])  # noqa: S611


def _asked(tokens: list[str], column: str) -> RawSQL:
    """Ask PostgreSQL that the tokens are there and, of several, that they stand so; tokens are letters and digits."""
    there, so = " & ".join([*tokens[:-1], f"{tokens[-1]}:*"]), f"% {' '.join(tokens)}%"
    several = len(tokens) > 1
    statement = f"{POSTGRES}{SIDE_BY_SIDE if several else ''}) SELECT {column} FROM hits"
    return RawSQL(statement, [there, so] if several else [there])  # noqa: S611


def _match(tokens: list[str]) -> str:
    return f'"{" ".join(tokens)}" *'


def excerpt(file: File, words: str) -> str:
    """Return where a file says the first of the words that are searched for, with what stands around it."""
    return excerpts([file], words).get(file.pk, "")


def excerpts(files: Sequence[File], words: str) -> dict[int, str]:
    """Return the excerpt of each file of a page of a list; one that is found by its name alone has none.

    The files are known already, and few: their passages are looked at, and not every passage that the index finds.
    """
    terms = asked(words)
    if not terms:
        return {}
    so = " ".join(terms[0])
    said = Passage.objects.filter(Q(tokens__startswith=so) | Q(tokens__contains=f" {so}"), file__in=files, page__gt=0)
    firsts = dict(said.order_by().values_list("file").annotate(first=Min("page")))
    found = said.filter(page__in=firsts.values())
    term = plain(words).split()[0]
    return {one.file_id: _around(one, term) for one in found if one.page == firsts[one.file_id]}


def _around(passage: Passage, term: str) -> str:
    text = " ".join(passage.text.split())
    at = max(plain(text).find(term), 0)
    before, after = text[max(at - AROUND, 0) : at], text[at : at + AROUND + len(term)]
    return f"第 {passage.page} 页：…{before}{after}…"
