"""Every page of the platform, from the URL configuration: where it is, and who opens it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

# What is not looked at as a page, and why. What takes only POST, and what programs use, is not asked for at all.
EXCUSED = {
    "home": "leads to the county",
    "help": "leads to the manual's first page",
    "healthz": "is read by programs",
    "worker": "is a script",
    "assessment:answering": "is read by a script",
    "assessment:choose": "leads to the comparison",
    "assessment:effect": "is a part of a form's page",
    "assessment:upload_template": "is a file",
    "assessment:upload_annotated": "is a file",
    "collection:county_workbook": "is a file",
    "collection:findings": "is a part of a form's page",
    "collection:waits": "is a part of a unit's first page",
    "collection:workbook": "is a file",
    "duties:workbook": "is a file",
    "duties:clauses_workbook": "is a file",
    "dossier:binder_file": "is a file",
    "dossier:year_part": "is a part of a page of 开新学年",
    "evidence:download": "is a file",
    "evidence:picture": "is a picture of another page",
    "evidence:upload_part": "is read by a script",
    "rectification:banner": "is a part of the first page",
    "rectification:year_part": "is a part of a page of 开新学年",
    "reports:package_zip": "is a file",
    "reports:paper": "is a file",
    "reports:table_file": "is a file",
    "rectification:feedback_template": "is a file",
    "registers:staffing_workbook": "is a file",
    "registers:teachers_workbook": "is a file",
    "funding:certificates_workbook": "is a file",
    "funding:issue_part": "is a part of an issue's page",
    "funding:rises_part": "is a part of a form's page",
    "funding:workbook": "is a file",
    "organisation:workbook": "is a file",
    "planning:proof": "is a file",
    "planning:terms_workbook": "is a file",
    "planning:workbook": "is a file",
    "publication": "leads to the document's first part",
    "scrutiny:workbook": "is a file",
    "statistics:mapping_file": "is a file",
    "supervision:mine": "is a part of the first page",
    "visits:workbook": "is a file",
}
STRANGERS = {"sign_in"}
# What stands in an address by its argument's name; a county's own (school, run, file, job) come with the county.
ANYWHERE = {"id": "B6", "stage": "primary"}
# Pages that look different by what they are asked for: arguments, and what else stands in the address.
WAYS: Mapping[str, tuple[dict[str, str], ...]] = {
    "assessment:overview": ({}, {"every": "1"}, {"run": "{after}"}),
    "assessment:grid": ({}, {"status": "missing"}),
    "assessment:indicator": ({"id": "B10"}, {"id": "B21"}, {"id": "VETO"}),
    "assessment:indicator_stage": ({}, {"stage": "junior"}),
    "assessment:then": ({}, {"at": "1"}, {"of": "approved"}),
    "assessment:then_form": ({"at": "1"}, {"kind": "unit", "code": "{unit}"}),
    "assessment:between": ({"from": "1"}, {"from": "1", "of": "approved"}),
    "assessment:trends": ({}, {"basis": "current"}),
    "assessment:trend": ({"id": "PRE"}, {"id": "B10"}),
    "assessment:trend_stage": ({}, {"stage": "junior"}),
    "assessment:trace": (
        {"school": "{code}", "stage": "primary"},
        {"stage": "primary"},
        {"id": "B10"},
        {"id": "B28"},
    ),
    "assessment:rule": ({"id": "B3"}, {"id": "B21"}, {"id": "VETO"}),
    "assessment:upload_findings": ({}, {"stage": "junior"}),
    "assessment:declare": ({"code": "{after}"},),
    "assessment:withdraw": ({"code": "{before}"},),
    "boards:map_plan": ({"trial": "{brought_map}"},),
    "boards:school": ({"code": "{school_here}"},),
    "boards:unit": ({"code": "{unit_of_desks}"},),
    "collection:board": ({}, {"basis": "census"}),
    "collection:confirm": ({"kind": "unit", "code": "{unit}"},),
    "collection:county_findings": ({}, {"show": "all"}, {"basis": "census", "form": "school:{code}"}),
    "collection:difference": ({"key": '["schools","{code}","primary_pupils"]'},),
    "collection:differences": ({}, {"show": "open"}),
    "collection:form": ({}, {"basis": "census"}, {"code": "{approved}"}, {"kind": "unit", "code": "{unit}"}),
    "collection:history": ({"key": '["schools","{code}","primary_pupils"]'},),
    "collection:import_plan": ({"trial": "{brought}"}, {"trial": "{brought_late}"}),
    "collection:sealed": ({}, {"code": "{approved}"}),
    "collection:reply": ({"kind": "unit", "code": "{unit}"},),
    "collection:submitted": ({}, {"basis": "census"}),
    "collection:submitted_form": ({}, {"code": "{approved}"}),
    "collection:printed": ({}, {"kind": "unit", "code": "{unit}"}),
    "dossier:items": ({}, {"state": "missing"}, {"q": "没有这样的佐证"}),
    "dossier:item": tuple(
        {"indicator": "B10", "number": one} for one in ("{paper_item}", "{bare_item}", "{ended_item}")
    ),
    "dossier:change": ({"indicator": "B10", "number": "{paper_item}"},),
    "dossier:file": ({"digest": "{paper_digest}"},),
    "dossier:gaps": ({}, {"kind": "returned"}),
    "duties:duties": ({}, {"unit": "{bearing}"}, {"indicator": "B31"}),
    "duties:unit": ({"unit": "{bearing}"},),
    "duties:duty": ({"number": "{duty}"},),
    "duties:edit": ({"number": "{duty}"},),
    "duties:report": ({"number": "{duty}", "unit": "{bearing}", "period": "{month}"},),
    "duties:matrix": ({}, {"unit": "{bearing}"}, {"indicator": "B4"}),
    "duties:matrix_edit": ({"indicator": "B4"},),
    "duties:import_plan": ({"trial": "{brought_table}"},),
    "duties:clauses_plan": ({"trial": "{brought_duties}"},),
    "evidence:files": ({}, {"q": "没有这样的文件"}),
    "funding:certificate": (
        {"code": "{school_raised}", "kind": "safety"},
        {"code": "{school_raised}", "kind": "land"},
    ),
    "funding:certificates_plan": ({"trial": "{brought_certificates}"},),
    "funding:import_plan": ({"trial": "{brought_money}"},),
    "funding:item": tuple({"number": f"{{{one}}}"} for one in ("item", "item_dropped", "item_new")),
    "funding:item_add": ({}, {"gap": "{gap}"}),
    "funding:item_edit": ({"number": "{item}"},),
    "funding:line": ({"place": "{line}"},),
    "funding:rise": ({"code": "{school_raised}"},),
    "funding:source": ({"code": "{source}"},),
    "help_indicator": ({"id": "B4"}, {"id": "VETO"}),
    "manual": ({"code": "{manual}"},),
    "organisation:account": ({"number": "{person_held}"}, {"number": "{person_signing}"}),
    "organisation:accounts": ({}, {"state": "none"}, {"q": "没有这样的人"}),
    "organisation:group": ({"code": "{group}"}, {"code": "{group_gone}"}),
    "organisation:group_change": ({"code": "{group}"},),
    "organisation:group_dissolve": ({"code": "{group}"},),
    "organisation:hand_over": ({"code": "{post_held}"},),
    "organisation:people": ({}, {"q": "没有这样的人"}),
    "organisation:person": ({"number": "{person_held}"},),
    "organisation:post": ({"code": "{post_held}"},),
    "organisation:post_change": ({"code": "{post_held}"},),
    "organisation:school": ({"code": "{school_here}"},),
    "organisation:school_deed": tuple(
        {"code": "{school_here}", "deed": one} for one in ("rename", "move", "campus", "merge")
    ),
    "organisation:schools": ({}, {"every": "1"}),
    "organisation:seat": ({"code": "{group}", "place": "1"}, {"code": "{group}", "place": "1", "end": "1"}),
    "organisation:seat_add": ({"code": "{group}"},),
    "organisation:unit": ({"code": "{unit_of_desks}"},),
    "organisation:unit_add": ({}, {"parent": "{unit_of_desks}"}),
    "organisation:unit_change": ({"code": "{unit_of_desks}"},),
    "organisation:unit_close": ({"code": "{unit_of_desks}"},),
    "planning:adopt": ({"number": "{plan}"},),
    "planning:adoption": ({"number": "{adoption}"},),
    "planning:beside": ({"n": "{scenario}"},),
    "planning:calendar": ({"number": "{plan}"},),
    "planning:plan": ({"number": "{plan}"}, {"number": "{plan_going}"}),
    "planning:rotation": ({"number": "{plan}"},),
    "planning:scenario": ({"number": "{scenario}"},),
    "planning:sharing": ({"number": "{scenario}"},),
    "publication_chart": ({"area": "{published_in}", "code": "{publication}"},),
    "publication_matrix": ({"area": "{published_in}", "code": "{publication}"},),
    "rectification:declare": ({"unit": "{declares}", "span": "{span}"},),
    "rectification:feedback_plan": ({"trial": "{feedback}"},),
    "rectification:figures": ({}, {"by": "month"}),
    "rectification:circular": ({}, {"by": "month"}),
    "rectification:incident": ({"number": "{incident}"},),
    "rectification:issue": ({"number": "{issue}"}, {"number": "{by_hand}"}),
    "rectification:issues": ({}, {"state": "every"}, {"q": "没有这样的问题"}),
    "rectification:plan": ({"code": "{school_of_people}"},),
    "rectification:veto_duties": ({"part": "exam"},),
    "registers:counts": ({}, {"reading": "teaching"}),
    "registers:counts_people": ({"school": "{school_of_people}", "column": "primary_teachers"},),
    "registers:counts_school": (
        {"school": "{school_of_people}"},
        {"school": "{school_of_people}", "reading": "teaching"},
    ),
    "registers:person": ({"key": "{person}"},),
    "registers:post": ({"key": "{post}"},),
    "registers:staffing_plan": ({"trial": "{brought_posts}"},),
    "registers:teachers": ({}, {"q": "没有这样的人"}),
    "registers:teachers_plan": ({"trial": "{brought_people}"},),
    "reports:reports": ({}, {"status": "signed"}, {"q": "没有这样的文稿"}),
    "reports:add": ({}, {"kind": "notice"}),
    "reports:report": ({"number": "{report_waiting}"}, {"number": "{report_signed}"}),
    "reports:edit": ({"number": "{report_waiting}"},),
    "reports:checklist": ({"number": "{report_waiting}"},),
    "reports:between": ({"number": "{report_waiting}"},),
    "reports:frozen": ({"number": "{report_signed}"},),
    "reports:tables": ({"number": "{report_waiting}"},),
    "reports:sheets": ({"number": "{report_duties}"},),
    "reports:figures": ({}, {"q": "没有这样的数"}),
    "reports:templates": ({}, {"kind": "self"}),
    "reports:package": ({"number": "{report_package}"},),
    "reports:package_edit": ({"number": "{report_package}"},),
    "scrutiny:ledger": ({}, {"basis": "census"}, {"state": "every"}, {"q": "没有这样的学校"}),
    "statistics:import_plan": ({"trial": "{forms}"},),
    "statistics:mapping": ({"code": "{mapping}"},),
    "statistics:marking": ({"trial": "{forms}", "sheet": "0"}, {"trial": "{forms}", "sheet": "1"}),
    "statistics:sheets": ({"trial": "{forms}"},),
    "scrutiny:school": ({}, {"code": "{signed}"}, {"code": "county"}),
    "publication_part": ({"area": "{published_in}", "code": "{publication}", "part": "{parts}"},),
    "notices:robots": ({}, {"robot": "{robot}"}),
    "supervision:tasks": ({}, {"when": "late"}, {"q": "没有这样的事"}),
    "supervision:task": ({"task": "{task_late}"}, {"task": "{task_asked}"}, {"task": "{task_new}"}),
    "supervision:edit": ({"task": "{task_late}"},),
    "supervision:add": ({},),
    "supervision:board": ({}, {"every": "1"}),
    "supervision:brief": ({"meeting": "{meeting}"}, {"meeting": "{meeting}", "by": "school"}),
    "supervision:calendar": ({}, {"year": "{year}", "version": "1"}),
    "supervision:dispatch": ({"dispatch": "{signed_slip}"}, {"dispatch": "{reviewed_slip}"}),
    "supervision:dispatch_add": ({"task": "{task_late}"},),
    "supervision:dispatch_edit": ({"dispatch": "{reviewed_slip}"},),
    "supervision:printed": ({"dispatch": "{signed_slip}"}, {"dispatch": "{reviewed_slip}"}),
    "visits:visit": ({"visit": "{visit}"}, {"visit": "{finished}"}, {"visit": "{offices}"}),
    "visits:printed": ({"visit": "{finished}"}, {"visit": "{finished}", "blank": "1"}),
    "visits:import": ({"visit": "{visit}"},),
    "visits:results": ({}, {"only": "below"}),
    "visits:item": ({"id": "B28"}, {"id": "B9"}),
}
ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
LEFT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Page:
    """One page: the URL's name, its address, what its pictures are called, and the role that opens it."""

    name: str
    address: str
    picture: str
    role: str | None


def pages(urls: list[dict[str, Any]], known: Mapping[str, Any]) -> Iterator[Page]:
    """Yield every page of a county that is known by these codes; one that is about something it lacks is left out."""
    seen: dict[str, int] = {}
    for url in urls:
        if url["name"] in EXCUSED:
            continue
        for address in dict.fromkeys(_addresses(url, {**ANYWHERE, **known, "county_code": known["county"]})):
            seen[url["name"]] = seen.get(url["name"], 0) + 1
            picture = f"{url['name'].replace(':', '-')}-{seen[url['name']]}"
            yield Page(url["name"], address, picture, None if url["name"] in STRANGERS else url["role"])


def _addresses(url: dict[str, Any], known: Mapping[str, Any]) -> Iterator[str]:
    for way in WAYS.get(url["name"], ({},)):
        lists = [name for value in way.values() for name in LEFT.findall(value) if isinstance(known.get(name), list)]
        for one in known[lists[0]] if lists else [None]:
            with_one = {**known, lists[0]: one} if lists else known
            address = _address(url["route"], way, with_one)
            if address:
                yield address


def _address(route: str, way: dict[str, str], known: Mapping[str, Any]) -> str | None:
    """Return the address with everything in its place, or None where the county has nothing to put there."""
    if any(name not in known for value in way.values() for name in LEFT.findall(value)):
        return None
    asked = {name: value.format_map(known) for name, value in way.items()}
    arguments = ARGUMENT.findall(route)
    placed = {name: asked.pop(name, known.get(name)) for name in arguments}
    if None in placed.values():
        return None
    path = ARGUMENT.sub(lambda found: str(placed[found[1]]), route)
    return f"/{path}?{urlencode(asked)}" if asked else f"/{path}"
