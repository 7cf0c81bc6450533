"""What was kept by an older version, of fewer years, or by a run that was stopped, is never taken for what is asked."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from junheng import api as jh
from junheng.rosters.records.keeping import Keeper
from roster_rows import Row, contents, pupil
from test_linking_parts import CODES, drawn, write_rows, written

PLACE = Path("province=15", "league=1501")


@pytest.fixture
def rosters(tmp_path: Path) -> Path:
    """Three leagues' rosters, with rooms."""
    folder = written(tmp_path / "rosters", drawn(0))
    for code in CODES:
        rooms = [{"school_code": code, "kind": kind, "area": 96.5} for kind in ("art", "music")]
        write_rows(folder / "rooms" / "province=15" / f"league={code[:4]}", rooms)
    return folder


def counted(rosters: Path, output: Path) -> Mapping[str, bytes]:
    """Count the rosters, and return what was written."""
    jh.aggregate(rosters, output, duplicates=False)
    return contents(output)


def changed(rosters: Path) -> None:
    """Let the first league hand in other pupils."""
    written(rosters, {"1501": drawn(1)["1501"]})


def test_what_an_older_version_kept_is_counted_anew(rosters: Path, tmp_path: Path) -> None:
    """It kept who entered, not who is absent."""
    counted(rosters, tmp_path / "out")
    for folder in (tmp_path / "out" / ".kept" / "parts").glob("*/*"):
        (folder / "absent.parquet").rename(folder / "entered.parquet")
        (folder / "cohort_years.arrow").unlink()
    # Another form is another signature for every part, as if all rosters were others.
    written(rosters, drawn(1))
    assert counted(rosters, tmp_path / "out") == counted(rosters, tmp_path / "fresh")


def test_a_year_that_comes_later_makes_a_cohort(rosters: Path, tmp_path: Path) -> None:
    """While there was one year there was nothing to link."""
    early = tmp_path / "early"
    shutil.copytree(rosters, early)
    for folder in early.rglob("year=2023"):
        shutil.rmtree(folder)
    counted(early, tmp_path / "out")
    for folder in rosters.rglob("year=2023"):
        shutil.copytree(folder, early / folder.relative_to(rosters))
    assert counted(early, tmp_path / "out") == counted(rosters, tmp_path / "fresh")


def test_a_full_disk_while_links_are_kept_spoils_no_later_run(
    rosters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counts that were kept without what they are of are linked anew."""
    counted(rosters, tmp_path / "out")
    changed(rosters)
    write = Keeper.write

    def full(self: Keeper, name: str, value: Any) -> None:
        if name == "link" and value:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(self, name, value)

    with monkeypatch.context() as patched:
        patched.setattr(Keeper, "write", full)
        with pytest.raises(jh.Unusable, match="磁盘写满"):
            counted(rosters, tmp_path / "out")
    assert counted(rosters, tmp_path / "out") == counted(rosters, tmp_path / "fresh")


def test_classes_and_rooms_stand_in_every_form_as_they_were_counted(rosters: Path, tmp_path: Path) -> None:
    """A class may be called anything; how large a room is has decimals."""
    own: Sequence[Row] = [
        pupil(2000 + at, CODES[0], 8, class_name=name) for at, name in enumerate(("-", "1班 ", "1班"))
    ]
    written(rosters, {"1501": [*drawn(0)["1501"], *own]})
    jh.aggregate(rosters, tmp_path / "parquet")
    jh.aggregate(rosters, tmp_path / "csv", form="csv")
    names = [pq.read_table(tmp_path / "parquet" / PLACE / "classes.parquet")["class_name"].to_pylist()]
    names += [pyarrow.csv.read_csv(tmp_path / "csv" / PLACE / "classes.csv")["class_name"].to_pylist()]
    assert names[0] == names[1]
    assert {"-", "1班 ", "1班"} <= set(names[0])
    assert (tmp_path / "csv" / PLACE / "rooms.csv").read_text("utf-8").count(",96.5,\n") == 2


def test_a_roster_that_is_no_more_leaves_no_facts(rosters: Path, tmp_path: Path) -> None:
    """Rooms were handed in, and then not."""
    assert f"{PLACE}/rooms.parquet" in counted(rosters, tmp_path / "out")
    shutil.rmtree(rosters / "rooms")
    assert counted(rosters, tmp_path / "out") == counted(rosters, tmp_path / "fresh")


def test_who_entered_nowhere_is_refused(rosters: Path, tmp_path: Path) -> None:
    """A pupil of the year of entry without a school: of that year nobody else would look."""
    nowhere = {**pupil(3000, CODES[0], 7, 2023), "school_code": None}
    written(rosters, {"1501": [*drawn(0)["1501"], nowhere]})
    with pytest.raises(jh.Unusable, match="school_code") as told:
        counted(rosters, tmp_path / "out")
    assert "1 行的学校标识码没有填" in str(told.value)


def test_places_that_were_half_kept_are_read_again(rosters: Path, tmp_path: Path) -> None:
    """A run was stopped after it had kept the schools of a league that is no more, and before it said so."""
    counted(rosters, tmp_path / "out")
    keeper = Keeper(tmp_path / "out")
    where = keeper.table("where")
    assert where is not None
    gone = where.set_column(where.schema.get_field_index("part"), "part", pa.array(["province=15/league=1599"] * 3))
    keeper.keep_table("where", pa.concat_tables([where, gone]))
    keeper.write("where", None)
    changed(rosters)
    assert counted(rosters, tmp_path / "out") == counted(rosters, tmp_path / "fresh")
    assert len(Keeper(tmp_path / "out").table("where")) == len(CODES)


def test_a_link_beside_a_folder_is_not_counted_twice(rosters: Path, tmp_path: Path) -> None:
    """Nor does one that leads upwards end anything."""
    plain = counted(rosters, tmp_path / "plain")
    (rosters / "pupils" / PLACE / "latest").symlink_to("year=2025")
    (rosters / "pupils" / PLACE / "year=2025" / "all").symlink_to(rosters)
    assert counted(rosters, tmp_path / "out") == plain


def test_everybody_without_an_id_is_counted(rosters: Path, tmp_path: Path) -> None:
    """Two of one school are two rows."""
    nobody = [{**pupil(0, CODES[0], 9), "pupil_id": None} for _ in range(2)]
    written(rosters, {"1501": [*drawn(0)["1501"], *nobody]})
    with pytest.raises(jh.Unusable, match="2 行的学生编号没有填"):
        jh.aggregate(rosters, tmp_path / "out")
