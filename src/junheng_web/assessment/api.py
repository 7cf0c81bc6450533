"""The room's part of the API: runs and what they say, each under the ETag of its run, since a run never changes."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from collections.abc import Callable
from typing import Annotated, Any, Literal

import orjson
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import Path, Query, Router, Schema

from junheng import __version__
from junheng import api as jh
from junheng_web.assessment import selectors
from junheng_web.assessment.models import Run
from junheng_web.organisation.api import CODE, CountyCode, permitted, with_token

RUN = "counties/{county}/runs/{run}"
MOST_A_PAGE, A_PAGE = 100, 50
RunCode = Annotated[str, Path(pattern=CODE, description="评估的编号")]
StageCode = Annotated[str, Path(description="学段")]
Verdict = Literal["pass", "fail", "undetermined"]
router = Router(tags=["assessment"])


class RunTold(Schema):
    """One judgement: what was judged, by which rules, and the verdict."""

    code: str
    verdict: Verdict
    official: bool
    standard: str
    as_of: dt.date
    engine: int
    basis: Literal["census", "current"]
    counting_date: dt.date | None
    school_year: str
    label: str
    invented: bool
    snapshot: str
    rules: str
    at: dt.datetime


class Runs(Schema):
    """A page of runs, the newest first; `next` is the cursor of the page after it."""

    items: list[RunTold]
    next: str | None


class Told(Schema):
    """Where a number stands at its source; `form` is empty where no public source names one."""

    told: str
    form: str
    formerly: str
    citation: str
    standing: str


class ColumnTold(Schema):
    """A column of the facts, or an item of the county: what it counts, in which unit, of when, from where."""

    table: str
    column: str
    label: str
    kind: str
    unit: str
    clock: str
    choices: dict[str, str]
    definition: str
    source: Told


class Dictionary(Schema):
    """Every column of the facts and every item of the county."""

    items: list[ColumnTold]


@router.get("dictionary", response=Dictionary, summary="数据字典：每个数怎么数、数在哪里")
@with_token
def dictionary(request: HttpRequest) -> dict[str, Any]:
    """The data dictionary of this release; the same for every county."""
    return {"items": jh.dictionary()}


def told(run: Run) -> dict[str, Any]:
    """Return what the API says of a run; snapshot and rules are the hashes of what they hold."""
    snapshot = run.snapshot
    return {
        **{name: getattr(run, name) for name in ("code", "verdict", "official", "as_of", "engine", "at")},
        **{name: getattr(snapshot, name) for name in ("basis", "counting_date", "school_year", "label", "invented")},
        "standard": run.rules.standard,
        "snapshot": snapshot.digest,
        "rules": run.rules.digest,
    }


def of_schema(schema: dict[str, Any] | str) -> dict[str, Any]:
    """Return what the OpenAPI document says of an answer that is passed on as it is stored."""
    schema = {"$ref": f"#/components/schemas/{schema}"} if isinstance(schema, str) else schema
    return {"responses": {200: {"description": "OK", "content": {"application/json": {"schema": schema}}}}}


def _unchanging(request: HttpRequest, run: str, make: Callable[[Run], bytes]) -> HttpResponse:
    """Answer with what is made of a run, or with 304 where the asker has it; a new release may say more of it."""
    try:
        found = selectors.run_by_code(request.auth, request.county, run)
    except Run.DoesNotExist:
        raise Http404 from None
    # A run never changes, but whether it is official is decided afterwards.
    etag = f'"{found.code}-{__version__}{"-official" if found.official else ""}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        answer = HttpResponse(make(found), content_type="application/json")
    answer.headers["ETag"] = etag
    return answer


def _part(select: Callable[[selectors.Answer], Any]) -> Callable[[Run], bytes]:
    return lambda run: orjson.dumps(select(selectors.answer_of(run)))


@router.get("counties/{county}/runs", response=Runs, summary="一个县的各次评估，新的在前")
@permitted("assessment.view")
def runs(
    request: HttpRequest,
    county: CountyCode,
    cursor: Annotated[str | None, Query(pattern=CODE, description="上一页给的 next")] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_A_PAGE)] = A_PAGE,
) -> dict[str, Any]:
    """The county's runs after the one that the cursor names. What is judged meanwhile moves nothing."""
    rows = selectors.runs_of(request.auth, request.county)
    if cursor:
        last = rows.filter(code=cursor).values_list("id", flat=True).first()
        if last is None:
            raise Http404
        rows = rows.filter(id__lt=last)
    page = list(rows[: limit + 1])
    items = [told(run) for run in page[:limit]]
    return {"items": items, "next": items[-1]["code"] if len(page) > limit else None}


@router.get(RUN, response=RunTold, summary="一次评估")
@permitted("assessment.view")
def run(request: HttpRequest, county: CountyCode, run: RunCode) -> HttpResponse:
    """What was judged, by which rules, and the verdict."""
    return _unchanging(request, run, lambda found: json.dumps(told(found), cls=DjangoJSONEncoder).encode())


@router.get(f"{RUN}/assessment", summary="评估的全部结果", openapi_extra=of_schema("assessment"))
@permitted("assessment.view")
def assessment(request: HttpRequest, county: CountyCode, run: RunCode) -> HttpResponse:
    """The answer as it is stored: that of `junheng assess --format json`."""
    return _unchanging(request, run, lambda found: zlib.decompress(bytes(found.answer)))


SECTIONS = {
    "type": "object",
    "required": ["items"],
    "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/section"}}},
}


@router.get(f"{RUN}/sections", summary="各校各学段", openapi_extra=of_schema(SECTIONS))
@permitted("assessment.view")
def sections(
    request: HttpRequest,
    county: CountyCode,
    run: RunCode,
    stage: Annotated[str | None, Query(description="只要这个学段")] = None,
) -> HttpResponse:
    """Every section of the run, or those of one stage, in the run's order."""

    def chosen(answer: selectors.Answer) -> Any:
        return {"items": [one for one in answer["sections"] if stage in (None, one["stage"])]}

    return _unchanging(request, run, _part(chosen))


@router.get(f"{RUN}/sections/{{stage}}/{{school}}", summary="一校一学段", openapi_extra=of_schema("section"))
@permitted("assessment.view")
def section(
    request: HttpRequest,
    county: CountyCode,
    run: RunCode,
    stage: StageCode,
    school: Annotated[str, Path(description="学校标识码")],
) -> HttpResponse:
    """One school's stage: its values, what it lacks, its verdict."""

    def chosen(answer: selectors.Answer) -> Any:
        for one in answer["sections"]:
            if (one["stage"], one["school_code"]) == (stage, school):
                return one
        raise Http404

    return _unchanging(request, run, _part(chosen))


INDICATORS = {
    "type": "object",
    "required": ["stages", "indicators"],
    "properties": {
        "stages": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/stage"}},
        "indicators": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/requirement"}},
    },
}


@router.get(f"{RUN}/indicators", summary="各项指标", openapi_extra=of_schema(INDICATORS))
@permitted("assessment.view")
def indicators(request: HttpRequest, county: CountyCode, run: RunCode) -> HttpResponse:
    """The spreads of each stage, and the county's other indicators, as they stand in the answer."""
    return _unchanging(request, run, _part(lambda answer: {key: answer[key] for key in ("stages", "indicators")}))


@router.get(f"{RUN}/rules", summary="评估所用的规则书", openapi_extra=of_schema({"type": "object"}))
@permitted("rules.view")
def rules(request: HttpRequest, county: CountyCode, run: RunCode) -> HttpResponse:
    """The run's own copy of the rules, as `junheng standard show --format json` writes them."""
    return _unchanging(request, run, lambda found: zlib.decompress(bytes(found.rules.content)))
