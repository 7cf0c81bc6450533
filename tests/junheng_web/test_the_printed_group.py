"""The group of the seed in the platform: who sits where, exactly as the document prints it, and nothing beside it."""

from __future__ import annotations

import re

import pytest

from junheng_web.organisation.models import Account, Appointment, Area, Group, Person, Post, Unit
from junheng_web.organisation.selectors import Seated, seated_on
from moments import TODAY
from places import EXAMPLES, FOREIGN

pytestmark = pytest.mark.django_db
OTOG = EXAMPLES / "otog"


def group() -> Group:
    return Group.objects.get(county__code=FOREIGN)


def seats() -> list[Seated]:
    return seated_on(group(), TODAY)


def printed() -> str:
    return (OTOG / "original.txt").read_text(encoding="utf-8")


def members() -> list[tuple[str, str, str]]:
    """Return the printed list: role, name and title, read from the text and not from our tables."""
    text = printed().partition("一、专项组成员名单\n")[2].partition("专项组下设办公室")[0]
    role, found = "", []
    for line in text.splitlines():
        head, colon, rest = line.partition("：")
        role = head.replace(" ", "") if colon else role
        *name, title = (rest if colon else line).split()
        found.append((role, "".join(name), title))
    return found


def test_all_28_members_sit_in_the_printed_order() -> None:
    """Role, name and title, word for word."""
    told = [(one.seat.get_kind_display(), one.person.name, one.seat.title) for one in seats()[:28]]
    assert told == members()
    assert len(told) == 28


def test_the_office_is_as_the_sentence_after_the_list_says() -> None:
    """Its director is the head of 教体局, by the same post; its two deputies follow."""
    head, *deputies = seats()[28:]
    sentence = printed().partition("苏米图苏木苏木达\n")[2].partition("如遇")[0]
    name = re.search("，(.+)同志兼任办公室主任", sentence)[1]
    assert (head.seat.kind, head.person.name, group().office.name) == ("office_head", name, "旗教体局")
    assert head.seat.post.name == "旗教体局局长"
    assert head.seat.post in [one.seat.post for one in seats()[:28]]
    assert [one.person.name for one in deputies] == re.search("，([^，]+)同志任副主任", sentence)[1].split("、")
    assert {one.seat.kind for one in deputies} == {"office_deputy"}


def test_what_the_document_says_of_succession_and_end_is_there_word_for_word() -> None:
    """In one paragraph there, in three sentences here."""
    assert group().rules.replace("\n", "") in printed()
    assert "自然接续" in group().rules
    assert group().document in printed().replace("\n", "").replace(" ", "")


def test_every_unit_of_the_duties_is_there_in_their_order() -> None:
    """The towns, which the duties tell of together, each by its own name."""
    units = list(Unit.objects.filter(county__code=FOREIGN).order_by("place"))
    duties = printed().partition("二、成员单位工作职责\n")[2].partition("附件2")[0]
    headed = re.findall(r"^(\S+?)：", duties, flags=re.MULTILINE)
    assert [one.name for one in units if one.kind == Unit.Kind.DEPARTMENT] == headed[:-1]
    assert [one.name for one in units if one.kind == Unit.Kind.TOWN] == [
        title.removesuffix("镇长" if title.endswith("镇长") else "苏木达") for _, _, title in members()[22:]
    ]


def test_nothing_is_invented_beside_it() -> None:
    """No account, no phone number, no date, nobody who is not printed, and no group of another kind."""
    county = Area.objects.get(code=FOREIGN)
    people = Person.objects.of(county)
    assert not Account.objects.filter(person__county=county).exists()
    assert set(people.values_list("phone", flat=True)) == {""}
    assert all(person.name in printed().replace(" ", "") for person in people)
    held = Appointment.objects.filter(post__area=county)
    assert set(held.values_list("start", "end")) == {(None, None)}
    assert (held.count(), Post.objects.filter(area=county).count(), people.count()) == (30, 30, 30)
    assert (group().established, group().dissolved, county.invented) == (None, None, False)
