"""Who was called about a form is written down by the office, and seen by nobody else (P16)."""

from __future__ import annotations

import pytest

from collected import HERE, SCHOOL, take
from junheng_web.collection.models import Reminder
from junheng_web.organisation.models import AuditRow

pytestmark = pytest.mark.django_db
PAGE = f"{HERE}reminders/"


def test_a_call_is_written_down_with_what_was_said(as_) -> None:
    """By whom and when; the board leads there."""
    office = as_("office")
    assert PAGE in office.get(HERE).content.decode()
    told = {"form": f"school:{SCHOOL}", "how": "telephone", "text": "韩老师答复明天上午交"}
    assert office.post(PAGE, told).status_code == 302
    page = office.get(PAGE).content.decode()
    for words in ("示例旗实验小学", "电话", "韩老师答复明天上午交", "陈乐平"):
        assert words in page, words
    assert AuditRow.objects.filter(action="reminder.log").count() == 1


def test_who_has_handed_in_is_not_to_be_reminded(as_) -> None:
    """Nor does a reminder say nothing; what was typed stays."""
    take("clerk-03", "submit")
    told = {"form": f"school:{SCHOOL}", "how": "telephone", "text": "明天交"}
    answer = as_("office").post(PAGE, told)
    assert (answer.status_code, 'value="明天交"' in answer.content.decode()) == (422, True)
    answer = as_("office").post(PAGE, {"form": "school:1506990001", "how": "telephone", "text": "  "})
    assert "请写和谁说的" in answer.content.decode()
    assert Reminder.objects.count() == 0


def test_only_the_office_keeps_the_list(as_) -> None:
    """No ranking, no circular: others do not see who was called."""
    for username in ("leader", "fin-staff", "clerk-03", "assessor", "edu-hr-desk"):
        assert as_(username).get(PAGE).status_code == 403
