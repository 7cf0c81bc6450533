"""Pictures for the manual: a page as it is seen, in few enough colours to be light."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from playwright.sync_api import Page

COLOURS = 256
# Shades that nobody tells apart are one colour.
SHADES = 4
# The browser unfolds the picture; nothing else here can read one.
PIXELS = """async picture => {
    const image = new Image();
    image.src = `data:image/png;base64,${picture}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    const bytes = canvas.getImageData(0, 0, image.width, image.height).data;
    let text = "";
    for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return [image.width, image.height, btoa(text)];
}"""


def painted(page: Page) -> bytes:
    """Return what the window shows as a PNG of a palette; what differs each time (ids, times) is left out."""
    page.locator(".foot").evaluate_all("all => all.forEach(one => { one.style.visibility = 'hidden'; })")
    taken = base64.b64encode(page.screenshot(animations="disabled")).decode()
    blank = page.context.browser.new_page()
    width, height, pixels = blank.evaluate(PIXELS, taken)
    blank.close()
    seen = np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(-1, 4)[:, :3]
    return _packed(width, height, *_few(seen))


def _few(seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the most frequent colours, and for each pixel which of them is nearest."""
    shaded = np.minimum((seen.astype(np.int32) + SHADES // 2) // SHADES * SHADES, 255)
    found, where, count = np.unique(shaded, axis=0, return_inverse=True, return_counts=True)
    palette = found[np.argsort(-count)[:COLOURS]]
    nearest = [np.argmin(((palette - one) ** 2).sum(axis=1)) for one in found]
    return palette.astype(np.uint8), np.array(nearest, np.uint8)[where.reshape(-1)]


def _packed(width: int, height: int, palette: np.ndarray, pixels: np.ndarray) -> bytes:
    rows = np.hstack([np.zeros((height, 1), np.uint8), pixels.reshape(height, width)])
    parts = {
        b"IHDR": struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0),
        b"PLTE": palette.tobytes(),
        b"IDAT": zlib.compress(rows.tobytes(), 9),
        b"IEND": b"",
    }
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(name, content) for name, content in parts.items())


def _part(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
