"""Which pictures only decorate a mail: tracking pixels, and logos below a signature's mark?

Decoration is kept but not worth showing. In doubt a picture is none: a screenshot nobody sees is a
lost word, a logo too many is only a line. What the author pasted is the question of `pasted`.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

from maildesk.mail.files.pasted import HISTORY_SIGNS, SIGNATURE_SIGNS

_PIXEL = 3  # the widest and highest that nobody can see
_LOGO_BYTES = 40_000
_LOGO_WIDTH = 600
_LOGO_HEIGHT = 250
_SHOWN = re.compile(r"cid:([^\"'\s>)]{1,200})", re.IGNORECASE)
_PICTURE = re.compile(r"<img\b([^>]{0,2000}+)", re.IGNORECASE)
_SIDE = re.compile(r"\b(width|height)\s{0,4}[=:]\s{0,4}[\"']?\s{0,4}(\d{1,5})", re.IGNORECASE)


class Scene:
    """Where an HTML document shows which pictures."""

    def __init__(self, html: str) -> None:
        self._html = html
        self._places: dict[str, int] = {}
        self._visible: set[str] = set()  # shown somewhere in a size that can be seen
        self._tiny: set[str] = set()
        if not html:
            return
        for found in _SHOWN.finditer(html):
            self._places.setdefault(fold_id(found[1]), found.start())
        for tag in _PICTURE.finditer(html) if self._places else ():
            named = _SHOWN.search(tag[1])
            if named is not None:
                known = self._tiny if _is_tiny(tag[1]) else self._visible
                known.add(fold_id(named[1]))
        self._end = _find_end(html.lower()) if self._places else 0

    def shows(self, content_id: str | None) -> bool:
        """Whether the document points at a part."""
        return content_id is not None and fold_id(content_id) in self._places

    def names(self, location: str) -> bool:
        """Whether it points at a part by its Content-Location (RFC 2557)."""
        return any(f"{quote}{location}{quote}" in self._html for quote in "\"'")

    def is_decoration(
        self, content_id: str | None, size: int, pixels: tuple[int, int] | None
    ) -> bool:
        """Whether an inline picture of that size is nothing a person would miss."""
        if pixels is not None and max(pixels) <= _PIXEL:
            return True
        name = fold_id(content_id or "")
        if name not in self._places:
            return False
        if name in self._tiny and name not in self._visible:
            return True
        width, height = pixels or (0, 0)
        small = size <= _LOGO_BYTES and width <= _LOGO_WIDTH and height <= _LOGO_HEIGHT
        return small and self._places[name] > self._end


def fold_id(content_id: str) -> str:
    """A Content-ID as it is compared: without brackets, escapes and case."""
    text = unescape(content_id) if "&" in content_id else content_id
    text = unquote(text) if "%" in text else text
    return text.strip("<> \t\r\n").lower()


def _is_tiny(attributes: str) -> bool:
    """Declared a pixel wide and high."""
    sides = {side.lower(): int(pixels) for side, pixels in _SIDE.findall(attributes)}
    return len(sides) == 2 and max(sides.values()) <= 1


def _find_end(html: str) -> int:
    """Where the author's own words end for certain; the document's end where nothing says so.

    A signature below history is one in the history: the author may have written below it.
    """
    signature, history, anything = (
        min((place for sign in signs if (place := html.find(sign)) >= 0), default=len(html))
        for signs in (SIGNATURE_SIGNS, HISTORY_SIGNS, ("<blockquote", "gmail_quote", "mail_quote"))
    )
    if signature < min(history, anything):
        return signature
    return history if history < anything else len(html)
