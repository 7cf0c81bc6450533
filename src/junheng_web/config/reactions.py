"""What reacts to what: the name of each reaction, the kind of event, and what the room above does then.

Empty for now: the rooms that react (supervision, planning) are still to be built.
"""

from __future__ import annotations

from collections.abc import Mapping

from junheng_web.organisation.events import Reaction

REACTIONS: Mapping[str, tuple[str, Reaction]] = {}
