"""What did a person send from a page? One small form, read within limits.

Only what our own pages send is understood: `application/x-www-form-urlencoded` in UTF-8. What the
answer means is the desk's question.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

from maildesk.desk.aftercare.opinion_form import NO_OPINION, Opinion
from maildesk.desk.pages.page_values import Why
from maildesk.desk.pages.rendering import clean

LARGEST = 64 * 1024
"""Bytes a form may have: 4,000 Chinese characters take 36,000."""

_FORM = "application/x-www-form-urlencoded"
_FIELDS = 16
_SECONDS = 30
_LONGEST_ARGUMENT = 320
_LONGEST_MARK = 2
_MARK = "mark_"


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of our pages; "" for what was not sent."""

    token: str
    choice: str
    words: str
    argument: str
    opinion: Opinion = NO_OPINION


@dataclass(frozen=True, slots=True)
class Refused:
    """No form of ours: the status to answer with, and what the page says."""

    status: int
    why: Why


async def read_form(request: Request) -> Form | Refused:
    """The form, or why there is none. Never raises for what a client sends or leaves out."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _FORM:
        return Refused(415, "unclear")
    announced = request.headers.get("content-length", "0")
    if not announced.isdigit() or int(announced[:20]) > LARGEST:
        return Refused(413, "too_large")
    body = bytearray()
    try:
        async with asyncio.timeout(_SECONDS):
            async for piece in request.stream():
                body += piece
                if len(body) > LARGEST:
                    return Refused(413, "too_large")
    except (TimeoutError, ClientDisconnect):
        return Refused(408, "unclear")
    return parse_form(bytes(body))


def parse_form(body: bytes) -> Form | Refused:
    """The fields of a body; the first of a name counts."""
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=_FIELDS
        )
    except ValueError:  # UnicodeDecodeError is one
        return Refused(400, "unclear")
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(name, value)
    return Form(
        found.get("token", ""),
        found.get("choice", ""),
        clean(found.get("words", "")).strip(),
        clean(found.get("argument", "")).strip()[:_LONGEST_ARGUMENT],
        Opinion(
            found.get("score", "")[:_LONGEST_MARK],
            tuple(
                (name.removeprefix(_MARK)[:_LONGEST_ARGUMENT], mark[:_LONGEST_MARK])
                for name, mark in found.items()
                if name.startswith(_MARK) and mark
            ),
            clean(found.get("further", "")).strip(),
        ),
    )
