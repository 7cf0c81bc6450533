"""Pictures for the manual: a page as it is seen, in few enough colours to be light."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from playwright.sync_api import Page

# Most of a page is few colours; the rest of the palette are those farthest from them, so that no accent is lost.
COLOURS, FREQUENT = 256, 160
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
    """Return a palette of the most frequent colours and of the oddest, and for each pixel which of them is nearest."""
    found, where, count = np.unique(seen.astype(np.int32), axis=0, return_inverse=True, return_counts=True)
    palette = found[np.argsort(-count)[:FREQUENT]]
    nearest = np.zeros(len(found), np.int64)
    distance = np.full(len(found), np.iinfo(np.int64).max)
    for at in range(min(COLOURS, len(found))):
        if at >= len(palette):
            palette = np.vstack([palette, found[np.argmax(distance)]])
        apart = ((found - palette[at]) ** 2).sum(axis=1)
        nearest, distance = np.where(apart < distance, at, nearest), np.minimum(apart, distance)
    return palette.astype(np.uint8), nearest.astype(np.uint8)[where.reshape(-1)]


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
