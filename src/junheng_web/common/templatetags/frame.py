"""What the frame of a page needs of the templates that fill it."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString

from junheng_web.common.page_tables import OWN

register = template.Library()
WITHOUT_OWN = re.compile(f"<table(?![^>]*{OWN})")


@register.simple_block_tag
def text_of(content: SafeString) -> SafeString:
    """Keep what the block inside renders, so that it can stand in two places: `{% text_of as name %}`."""
    return SafeString(content.strip())


@register.filter
def post_key(post: Any) -> str:
    """Return the name under which one chooses to act for a post: unique among all areas."""
    return f"{post.area.code}/{post.code}"


@register.filter
def has_tables(content: str) -> bool:
    """Whether there is a table that has no workbook of its own, so that the page offers one for it."""
    return WITHOUT_OWN.search(content) is not None
