"""Visits: what was seen at schools and at the county's offices, and the grades that come of it by a printed rule."""
