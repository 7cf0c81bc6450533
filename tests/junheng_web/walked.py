"""Every URL of the platform, read from its configuration, so that no test has to be told of a new one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver

# What stands in a URL where the wall is asked; the guard answers before anybody looks whether it is there.
STAND_IN = {"number": "1", "int": "1"}
ANY = "B6"


@dataclass(frozen=True)
class Url:
    """One URL of the platform: its name, how it is written, and the permission that its view states."""

    name: str
    route: str
    converters: dict[str, str]
    permission: str | None

    @property
    def of_a_county(self) -> bool:
        return "county_code" in self.converters

    @property
    def of_an_area(self) -> bool:
        return "area_code" in self.converters

    def at(self, place: str) -> str:
        """Return the address with something in every place; the place is a county, or an area above."""
        path = self.route
        for name, converter in self.converters.items():
            value = place if name in ("county_code", "area_code") else STAND_IN.get(converter, ANY)
            path = path.replace(f"<{converter}:{name}>", value).replace(f"<{name}>", value)
        return f"/{path}"


def urls(
    resolver: URLResolver, before: str = "", above: dict[str, str] | None = None, space: str = ""
) -> Iterator[Url]:
    """Yield every URL below a resolver."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        kinds = {name: kind.__class__.__name__ for name, kind in entry.pattern.converters.items()}
        converters = {**(above or {}), **{name: kind.removesuffix("Converter").lower() for name, kind in kinds.items()}}
        converters = {name: {"string": "str"}.get(kind, kind) for name, kind in converters.items()}
        if isinstance(entry, URLPattern):
            yield Url(space + (entry.name or ""), route, converters, getattr(entry.callback, "permission", None))
        else:
            yield from urls(entry, route, converters, f"{entry.namespace}:" if entry.namespace else space)
