"""What the frame of a page needs of the templates that fill it."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def text_of(content: SafeString) -> SafeString:
    """Keep what the block inside renders, so that it can stand in two places: `{% text_of as name %}`."""
    return SafeString(content.strip())


@register.filter
def post_key(post: Any) -> str:
    """Return the name under which one chooses to act for a post: unique among all areas."""
    return f"{post.area.code}/{post.code}"
