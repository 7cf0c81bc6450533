"""示例旗's map: invented, and says so in the file and on the screen."""

from __future__ import annotations

import hashlib
from pathlib import Path

from junheng_web.boards.matching import plan
from junheng_web.boards.models import CountyMap
from junheng_web.boards.services import map_keep
from junheng_web.organisation.models import Area

FILE, SOURCE = "map.geojson", "虚构的边界和点位，仅供演示"


def load(county: Area, folder: Path) -> None:
    """Keep the map that stands in the folder, as if the office had brought it in. Loading it again changes nothing."""
    if CountyMap.objects.of(county).exists():
        return
    content = (folder / FILE).read_bytes()
    made = plan(county, content, FILE)
    told = {"file": FILE, "digest": hashlib.sha256(content).hexdigest(), "source": SOURCE}
    map_keep(by=None, county=county, shapes=made.shapes, **told)
