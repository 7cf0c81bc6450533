"""Who could go with each transfer of a plan: as good as any choice that there is, and nobody who may not."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

import junheng as jh
from junheng.facts.plan_schema import ROLES
from junheng.facts.schema import STAGES
from junheng.planner.persons import CHOSEN, NO_REGISTER, NOBODY, OTHER_LANGUAGE, Move, Person, persons_of, suggest

DAY = dt.date(2025, 9, 1)
SCHOOLS, SUBJECTS = ("A", "B", "C"), ("chinese", "mathematics", "music")
KINDS = (frozenset[str](), frozenset({"backbone_teachers"}))
LANGUAGES = {"A": "汉语", "B": "汉语", "C": "蒙古语"}
TEACHERS = jh.load_register("examples/shili/registers/teachers.csv").rows

PERSON = st.builds(
    Person,
    code=st.just(""),
    school=st.sampled_from(SCHOOLS),
    stage=st.sampled_from(("primary", "junior")),
    qualities=st.sampled_from(KINDS),
    subject=st.sampled_from(SUBJECTS),
    language=st.sampled_from(("", "汉语", "蒙古语")),
    stays=st.sampled_from(("", "", "", "免于交流")),
    unsure=st.sampled_from(({}, {}, {"backbone_teachers": "没有写骨干级别"})),
    due=st.booleans(),
)
MOVE = st.builds(
    Move,
    from_school=st.sampled_from(SCHOOLS),
    to_school=st.sampled_from(SCHOOLS),
    stage=st.just("primary"),
    qualities=st.sampled_from(KINDS).map(tuple),
    people=st.integers(1, 2),
)


def numbered(people: Sequence[Person]) -> list[Person]:
    """Return people with a code each."""
    return [
        Person(**{name: getattr(one, name) for name in Person.__slots__} | {"code": str(at)})
        for at, one in enumerate(people)
    ]


def may_go(one: Person, move: Move) -> bool:
    """Whether somebody may go with a transfer, in so many words."""
    here = one.school == move.from_school and one.stage == move.stage and one.qualities == frozenset(move.qualities)
    speaks = one.language in ("", LANGUAGES[move.to_school])
    return here and speaks and not one.stays and not one.unsure


def worth(moves: Sequence[Move], chosen: Mapping[str, int], people: Mapping[str, Person]) -> tuple[int, int]:
    """Return how many places stay empty, and how many teachers leave a school that gets none of their subject."""
    leave = Counter((people[code].school, people[code].stage, people[code].subject) for code in chosen)
    come = Counter((moves[at].to_school, people[code].stage, people[code].subject) for code, at in chosen.items())
    lost = sum(max(0, number - come[place]) for place, number in leave.items())
    return sum(move.people for move in moves) - len(chosen), lost


def every_choice(moves: Sequence[Move], people: Sequence[Person]) -> Iterator[dict[str, int]]:
    """Yield every way in which people may go: each with one transfer or with none, none with too many."""
    ways = [[None, *(at for at, move in enumerate(moves) if may_go(one, move))] for one in people]
    for way in product(*ways):
        chosen = {one.code: at for one, at in zip(people, way, strict=True) if at is not None}
        if all(number <= moves[at].people for at, number in Counter(chosen.values()).items()):
            yield chosen


@settings(max_examples=settings().max_examples // 2, deadline=None)
@given(
    people=st.lists(PERSON, max_size=5).map(numbered),
    moves=st.lists(MOVE, max_size=3, unique_by=lambda one: (one.from_school, one.to_school, one.qualities)),
)
def test_no_other_choice_is_better(people: list[Person], moves: list[Move]) -> None:
    """Fewest empty places, then fewest subjects lost, as brute force finds; nobody twice, nobody who may not."""
    found = suggest(moves, people, LANGUAGES)
    known = {one.code: one for one in people}
    chosen = {code: at for at, one in enumerate(found.moves) for code in one.persons}
    assert len(chosen) == sum(len(one.persons) for one in found.moves)
    assert all(may_go(known[code], moves[at]) for code, at in chosen.items())
    assert all(one.lacking == one.move.people - len(one.persons) >= 0 for one in found.moves)
    assert all(bool(one.because) == bool(one.lacking) for one in found.moves)
    best = min(worth(moves, each, known) for each in every_choice(moves, people))
    assert found.proven
    assert worth(moves, chosen, known) == best
    assert sum(max(0, one.leave - one.come) for one in found.subjects) == best[1]
    for one in found.subjects:
        own = [
            each for each in people if (each.school, each.stage, each.subject) == (one.school, one.stage, one.subject)
        ]
        assert len(own) == one.have >= one.leave


def test_subjects_decide_who_goes() -> None:
    """Two schools that exchange one for one exchange teachers of one subject, whoever stands first."""
    kinds = {"from A": (KINDS[0], ("chinese", "music")), "from B": (KINDS[1], ("mathematics", "music"))}
    people = [
        Person(f"{school}{subject}", school, "primary", kind, subject, "")
        for school, (kind, subjects) in zip("AB", kinds.values(), strict=True)
        for subject in subjects
    ]
    there, back = Move("A", "B", "primary", (), 1), Move("B", "A", "primary", ("backbone_teachers",), 1)
    found = suggest([there, back], people, {})
    assert [one.persons for one in found.moves] == [("Amusic",), ("Bmusic",)]
    assert found.subjects == ()


def test_whose_turn_it_is_goes_first() -> None:
    """Of those who are alike in everything else, the one who can be exchanged by B18; then by number."""
    alike = ("A", "primary", KINDS[0], "chinese", "")
    people = [Person("1", *alike), Person("2", *alike, due=True), Person("3", *alike, due=True)]
    found = suggest([Move("A", "B", "primary", (), 2)], people, {})
    assert found.moves[0].persons == ("2", "3")


def test_why_there_is_nobody() -> None:
    """Each reason with how many stay for it; no register, no such kind, another language, on another line."""
    own = ("A", "primary", KINDS[0], "chinese")
    people = [Person("1", *own, "汉语"), Person("2", *own, "汉语", stays="免于交流"), Person("3", *own, "蒙古语")]
    moves = [
        Move("A", "B", "primary", (), 2),
        Move("A", "C", "primary", (), 2),
        Move("B", "A", "primary", (), 1),
        Move("A", "B", "junior", (), 1),
    ]
    found = [one.because for one in suggest(moves, people, LANGUAGES).moves]
    assert found[0] == f"这一类教师共 3 人：{CHOSEN} 2 人，免于交流 1 人"
    assert found[1] == f"这一类教师共 3 人：{CHOSEN} 2 人，免于交流 1 人"
    assert found[2:] == [NO_REGISTER, NOBODY]
    alone = suggest([Move("A", "C", "primary", (), 2)], people[:1], LANGUAGES).moves[0]
    assert alone.because == f"这一类教师共 1 人：{OTHER_LANGUAGE} 1 人"


def test_the_register_says_of_what_kind_people_are() -> None:
    """The example's people: as many of each kind as the counts say, and those of the story who may not move."""
    people = persons_of(TEACHERS, DAY)
    counts = {(one.school_code, one.column): one.people for one in jh.count_teachers(TEACHERS, as_of=DAY)}
    own = Counter((one.school, f"{one.stage}_teachers") for one in people)
    own.update((one.school, f"{one.stage}_{quality}") for one in people for quality in one.qualities)
    columns = {f"{stage}_{fact}" for stage in STAGES for fact in ("teachers", *ROLES)}
    assert own == Counter({key: number for key, number in counts.items() if key[1] in columns})
    staying = jh.teachers_staying(TEACHERS, as_of=DAY)
    assert {school: dict(why) for school, why in staying.items() if why} == {
        "1506990006": {"病产假、支教或轮岗期间": 1, "实际在别的学校任教": 1, "资格证的学科与主教学科不同": 1},
        "1506990019": {"没有本学段可用的教师资格证": 1},
    }
