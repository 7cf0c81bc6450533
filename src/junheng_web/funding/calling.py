"""What a row of the table is called in a workbook, so that whoever reads it back finds the same row."""

from __future__ import annotations

from junheng_web.funding.models import Line
from junheng_web.organisation.models import Area, School, Unit
from junheng_web.organisation.naming import names_of

# Behind the name of a row that is no school's, where the name alone would be read as a school's.
MARK = "（不是学校）"


class Names:
    """A county's schools and units by every name and code under which they come."""

    def __init__(self, county: Area) -> None:
        every = School.objects.of(county).select_related("county")
        by_code = {one.code: one for one in every}
        self.schools = {name: by_code[code] for name, code in names_of(every).items()} | by_code
        self.units = {name: one for one in Unit.objects.of(county).filter(parent=None) for name in (one.name, one.code)}

    def called(self, line: Line) -> str:
        """Return what a row is called: a school's by its name, or its code where another school is called so too."""
        return self.called_so(line.school, line.name)

    def called_so(self, school: School | None, name: str) -> str:
        """Return what the row of a school is called, or one that is no school's and has this name."""
        if school is not None:
            return school.name if self.schools.get(school.name) == school else school.code
        return f"{name}{MARK}" if name in self.schools or name.endswith(MARK) else name

    def meant(self, text: str) -> tuple[School | None, str]:
        """Return the school that a name in a workbook means, and what the row is called."""
        school = self.schools.get(text)
        return school, self.called_so(school, unmarked(text))


def unmarked(called: str) -> str:
    """Return the name of a row that is no school's."""
    return called.removesuffix(MARK)
