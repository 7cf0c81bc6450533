"""Tasks within tasks, from 总任务 down to 子任务: made, moved, shown; what does not fit, and circles, are refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from collected import acting
from junheng_web.organisation.models import Area, Unit
from junheng_web.supervision import services
from junheng_web.supervision.chain import Deed, Task
from junheng_web.supervision.forms import of_task
from junheng_web.supervision.nesting import ancestors, fits, level_below
from places import COUNTY
from supervised import HERE, assigned, days, proposed

pytestmark = pytest.mark.django_db
Level = Task.Level
LEVELS = (Level.CAMPAIGN, Level.STAGE, Level.TASK, Level.PART)


def tree() -> dict[str, Task]:
    """Return a task of each level, each below the one before, by its level."""
    made: dict[str, Task] = {}
    above = None
    for level in LEVELS:
        made[level] = above = proposed(title=f"示例{level.label}", level=level, parent=above)
    return made


def move(task: Task, **place: Any) -> Task:
    """Move a task as the office, with nothing else about it changed."""
    task.refresh_from_db()
    plain = {"desk": task.desk, "unit": task.unit, "indicators": [], "schools": [], "supports": []}
    return services.task_edit(by=acting("office"), task=task, version=task.version, **plain, **place)


def sent(task: Task, **more: Any) -> dict[str, Any]:
    """Return what a browser sends that changes only these."""
    task.refresh_from_db()
    return {name: value for name, value in (of_task(task) | more).items() if value is not None}


def test_a_campaign_is_divided_down_to_a_sub_task() -> None:
    """Each knows what it is below, the nearest first."""
    made = tree()
    assert list(ancestors(made[Level.PART])) == [made[Level.TASK], made[Level.STAGE], made[Level.CAMPAIGN]]
    assert list(made[Level.STAGE].parts.all()) == [made[Level.TASK]]


def test_a_level_belongs_to_one_above_it_and_a_part_to_a_part() -> None:
    """Every pair, written out."""
    allowed = {(low, high) for low in LEVELS for high in LEVELS if fits(low, high)}
    assert allowed == {
        ("stage", "campaign"),
        ("task", "campaign"),
        ("task", "stage"),
        ("part", "campaign"),
        ("part", "stage"),
        ("part", "task"),
        ("part", "part"),
    }


@pytest.mark.parametrize(("level", "above"), [(a, b) for a in LEVELS for b in LEVELS if not fits(a, b)])
def test_what_does_not_fit_is_refused_when_it_is_made_and_when_it_is_moved(level: str, above: str) -> None:
    """The message names both and the order; nothing is written."""
    made = tree()
    said = f"“{Level(level).label}”不能属于“{Level(above).label}”"
    before = Task.objects.count()
    with pytest.raises(ValidationError, match=said):
        proposed(level=level, parent=made[above])
    assert Task.objects.count() == before
    other = proposed(level=level)
    with pytest.raises(ValidationError, match=said):
        move(other, level=level, parent=made[above])
    other.refresh_from_db()
    assert (other.parent, other.version) == (None, 1)


def test_a_sub_task_is_a_part_of_something() -> None:
    """Made alone, or taken out of what it is in, it is refused; as a 任务 it may stand alone."""
    with pytest.raises(ValidationError, match="子任务要属于一项任务"):
        proposed(level=Level.PART)
    part = tree()[Level.PART]
    with pytest.raises(ValidationError, match="子任务要属于一项任务"):
        move(part, parent=None)
    assert move(part, parent=None, level=Level.TASK).level == Level.TASK


def test_a_move_is_a_step_that_says_from_where_to_where() -> None:
    """And raises the version, so that whoever looked before is told."""
    made = tree()
    other = proposed(title="另一阶段", level=Level.STAGE, parent=made[Level.CAMPAIGN])
    moved = move(made[Level.TASK], parent=other)
    assert (moved.parent, moved.version) == (other, 2)
    note = moved.steps.get(deed=Deed.EDIT).note
    assert note == "上级任务：“示例阶段”改为“另一阶段”"
    assert list(ancestors(Task.objects.get(id=made[Level.PART].id))) == [moved, other, made[Level.CAMPAIGN]]
    assert move(moved, level=Level.PART).steps.filter(deed=Deed.EDIT).last().note == "层级：“任务”改为“子任务”"


def test_nothing_comes_below_itself() -> None:
    """Neither at once nor through what belongs to it, however far down."""
    first = tree()[Level.PART]
    second = proposed(title="第二层", level=Level.PART, parent=first)
    third = proposed(title="第三层", level=Level.PART, parent=second)
    for above in (first, second, third):
        with pytest.raises(ValidationError, match="会绕成一圈"):
            move(first, parent=above)
    first.refresh_from_db()
    assert first.parent.level == Level.TASK


def test_what_belongs_to_a_task_must_fit_its_new_level() -> None:
    """A stage with tasks in it becomes no sub-task; the message names what is in the way."""
    made = tree()
    with pytest.raises(ValidationError, match="它下面的“示例任务”"):
        move(made[Level.STAGE], level=Level.PART)
    with pytest.raises(ValidationError, match="它下面的“示例阶段”"):
        move(made[Level.CAMPAIGN], level=Level.TASK)


def test_words_alone_are_changed_where_a_task_stands_oddly() -> None:
    """What was filed before there was an order keeps its place until somebody moves it."""
    made = tree()
    Task.objects.filter(id=made[Level.PART].id).update(parent=None)
    assert move(made[Level.PART], title="改了名").title == "改了名"
    with pytest.raises(ValidationError, match="不能属于"):
        move(made[Level.PART], level=Level.STAGE, parent=made[Level.TASK])


def test_no_task_belongs_to_one_of_another_county() -> None:
    """It is no mistake of a user: his form does not offer it."""
    away = Area.objects.filter(kind=Area.Kind.COUNTY).exclude(code=COUNTY).earliest("id")
    theirs = Unit.objects.filter(county=away).earliest("id")
    stage = services.task_propose(
        by=None, county=away, title="外旗", unit=theirs, due=days(3), level=Level.STAGE, start=days(0)
    )
    with pytest.raises(ValueError, match="is not of"):
        proposed(parent=stage)


def test_what_is_new_below_a_task_begins_as_its_part(as_) -> None:
    """From the page of a stage a 任务 is begun, from that of a 任务 a 子任务; it is made as it is begun."""
    made, office = tree(), as_("office")
    assert [level_below(made[one]) for one in LEVELS] == ["task", "task", "part", "part"]
    page = office.get(f"{HERE}add/?parent={made[Level.TASK].id}")
    form = page.context["form"]
    assert (form["level"].value(), form["parent"].value()) == ("part", made[Level.TASK].id)
    own = {"title": "新的子任务", "unit": made[Level.TASK].unit_id, "start": days(0), "due": days(5)}
    done = office.post(f"{HERE}add/", {**own, "level": "part", "parent": made[Level.TASK].id})
    assert done.status_code == 302
    new = Task.objects.get(title="新的子任务")
    assert (new.level, new.parent) == ("part", made[Level.TASK])


def test_a_page_shows_what_a_task_is_below_and_what_is_below_it(as_) -> None:
    """The way up as links, the parts as a list with their levels and last days."""
    made, office = tree(), as_("office")
    shown = office.get(made[Level.TASK].url)
    text = shown.content.decode()
    assert shown.context["path"] == [made[Level.CAMPAIGN], made[Level.STAGE]]
    assert list(shown.context["parts"]) == [made[Level.PART]]
    assert text.index("示例总任务") < text.index("示例阶段") < text.index("示例子任务")
    assert f"子任务，财政局，待交办，截止 {days(10):%Y-%m-%d}" in text


def test_a_unit_sees_no_stage_that_was_not_sent_out(as_) -> None:
    """Neither as the way up of its own task, nor among its parts (P2)."""
    stage = proposed(title="还没有发的阶段", level=Level.STAGE)
    own = assigned(title="发了的任务", parent=stage)
    proposed(title="还没有发的子任务", level=Level.PART, parent=own)
    unit = as_("fin-staff").get(own.url).content.decode()
    assert "发了的任务" in unit
    assert "还没有发" not in unit
    assert as_("office").get(own.url).content.decode().count("还没有发的") == 2


def test_a_task_is_moved_on_its_page(as_) -> None:
    """To a stage from the list, to a task by its number; what is refused stays in the form with why."""
    made, office = tree(), as_("office")
    stage = proposed(title="第二阶段", level=Level.STAGE, parent=made[Level.CAMPAIGN])
    task, edit = made[Level.TASK], f"{HERE}{made[Level.TASK].number}/edit/"
    assert office.post(edit, sent(task, parent=stage.id)).status_code == 302
    task.refresh_from_db()
    assert task.parent == stage
    other = proposed(title="别的任务")
    part = f"{HERE}{made[Level.PART].number}/edit/"
    assert office.post(part, sent(made[Level.PART], under=other.number)).status_code == 302
    made[Level.PART].refresh_from_db()
    assert made[Level.PART].parent == other
    refused = office.post(edit, sent(task, under=other.number, title="改的字"))
    assert refused.status_code == 422
    assert "“任务”不能属于“任务”" in refused.content.decode()
    assert refused.context["form"]["title"].value() == "改的字"
    nobody = office.post(edit, sent(task, under=99_999))
    assert nobody.status_code == 422
    assert "没有编号 99999 的任务" in nobody.content.decode()


def test_whoever_moves_a_task_that_was_moved_meanwhile_sees_both_places(as_) -> None:
    """The version holds for where a task stands as for its words."""
    made = tree()
    task, office = made[Level.TASK], as_("office")
    stage = proposed(title="第二阶段", level=Level.STAGE)
    late = sent(task, parent=made[Level.CAMPAIGN].id)
    move(task, parent=stage)
    clash = office.post(f"{HERE}{task.number}/edit/", late)
    assert clash.status_code == 409
    both = {one.name: (mine, theirs) for one, mine, theirs in clash.context["different"]}
    assert both["parent"][0].endswith("示例总任务")
    assert both["parent"][1].endswith("第二阶段")
    task.refresh_from_db()
    assert task.parent == stage
