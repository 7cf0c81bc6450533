"""Upwards only by events: at least once, and none holds up another."""

from __future__ import annotations

import pytest

from junheng_web.organisation import events
from junheng_web.organisation.models import Area, Event, Handled
from places import COUNTY

pytestmark = pytest.mark.django_db


@pytest.fixture
def announced() -> list[Event]:
    """Two events of one kind, and no other."""
    Event.objects.all().delete()
    county = Area.objects.get(code=COUNTY)
    return [events.announce("test.happened", county=county, of=("test", code)) for code in ("a", "b")]


def test_each_reaction_handles_each_event_of_its_kind_once(announced: list[Event]) -> None:
    """In order; asked again, there is nothing left."""
    seen: list[str] = []
    reactions = {
        "one": ("test.happened", lambda event: seen.append(f"one {event.object_code}")),
        "two": ("test.happened", lambda event: seen.append(f"two {event.object_code}")),
        "other": ("test.other", lambda event: seen.append("never")),
    }
    assert events.react(reactions) == 4
    assert seen == ["one a", "one b", "two a", "two b"]
    assert events.react(reactions) == 0


def test_a_reaction_that_fails_is_tried_again_and_blocks_nothing(announced: list[Event]) -> None:
    """Neither the other reactions nor its own later events; what it wrote before it failed is undone."""
    fails = {"a"}

    def shaky(event: Event) -> None:
        Area.objects.create(code=f"shaky-{event.object_code}", name="x", kind=Area.Kind.COUNTY)
        if event.object_code in fails:
            raise RuntimeError(event.object_code)

    reactions = {"shaky": ("test.happened", shaky), "sound": ("test.happened", lambda event: None)}
    assert events.react(reactions) == 3
    assert not Area.objects.filter(code="shaky-a").exists()
    assert events.react(reactions) == 0
    fails.clear()
    assert events.react(reactions) == 1
    assert Area.objects.filter(code__startswith="shaky-").count() == 2


def test_a_new_reaction_catches_up(announced: list[Event]) -> None:
    """A row per event and reaction, not a cursor: what happened before it was listed is handled too."""
    events.react({"old": ("test.happened", lambda event: None)})
    assert events.react({"new": ("test.happened", lambda event: None)}) == 2
    assert set(Handled.objects.filter(event__in=announced).values_list("reaction", flat=True)) == {"old", "new"}


def test_an_event_of_a_transaction_that_fails_never_was(announced: list[Event]) -> None:
    """It is written in the transaction that changes the state."""
    from django.db import transaction

    county = Area.objects.get(code=COUNTY)
    with transaction.atomic():
        events.announce("test.happened", county=county, of=("test", "c"))
        transaction.set_rollback(True)
    assert not Event.objects.filter(object_code="c").exists()


def test_every_listed_reaction_names_a_kind_that_is_announced() -> None:
    """A reaction to what nobody says would never run."""
    from junheng_web.config.reactions import REACTIONS
    from junheng_web.supervision.services import POSSIBLE
    from places import EXAMPLES

    source = "".join(file.read_text(encoding="utf-8") for file in (EXAMPLES.parent / "src").rglob("*.py"))
    # A task's step is announced under its deed, where the deed moves the task on.
    steps = {f"task.{deed}" for deed, (_, after) in POSSIBLE.items() if after is not None}
    assert 'announce(f"task.{deed}"' in source
    said = {kind for kind, _ in REACTIONS.values() if f'announce("{kind}"' in source} | steps
    assert {kind for kind, _ in REACTIONS.values()} - said == set()
