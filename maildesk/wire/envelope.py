"""What a mail on the server looks like before its bytes are here, and how many fit one command.

Reads the answers of imapclient's FETCH; sends nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SLICE = 256 * 1024
"""Bytes of one piece of a large mail; anything longer is fetched in such pieces."""

ITEMS = ("RFC822.SIZE", "INTERNALDATE", "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID DATE)]")
"""What to FETCH for `read_envelope`."""

_BATCH_BYTES = 1024 * 1024
_BATCH_MAILS = 200
_UIDS_PER_COMMAND = 500
_FIELD = re.compile(rb"(?im)^(message-id|date)[ \t]*:((?:.*(?:\r?\n[ \t].*)*))")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail before it is fetched: size in bytes as the server says, ids without `<>`.

    `internaldate` is when the server received it, in UTC; `date` the raw Date header.
    """

    uid: int
    size: int
    internaldate: datetime
    message_id: str | None
    date: str | None


def read_envelope(uid: int, answer: Mapping[bytes, Any]) -> Envelope:
    """The envelope in one mail's FETCH answer to `ITEMS`."""
    when = answer.get(b"INTERNALDATE")
    head = next((v for k, v in answer.items() if k.startswith(b"BODY[HEADER.FIELDS")), None) or b""
    fields: dict[bytes, str] = {}
    for name, value in _FIELD.findall(head):
        fields.setdefault(name.lower(), b" ".join(value.split()).decode("utf-8", "replace"))
    message_id = fields.get(b"message-id", "")
    inner = message_id.partition("<")[2].partition(">")[0] or message_id
    return Envelope(
        uid=uid,
        size=int(answer.get(b"RFC822.SIZE") or 0),
        # A server that sends no readable date has at least shown us the mail now.
        internaldate=when.astimezone(UTC) if when is not None else datetime.now(UTC),
        message_id=inner.strip() or None,
        date=fields.get(b"date") or None,
    )


def read_body(answer: Mapping[bytes, Any]) -> bytes | None:
    """The BODY[] of a FETCH answer, with or without an origin; None when there is none."""
    for key, value in answer.items():
        if key.startswith(b"BODY[]"):
            return value if isinstance(value, bytes) else b""
    return None


def cut_uids(uids: Sequence[int]) -> Iterator[list[int]]:
    """UIDs in portions that keep a command line below what servers accept (8 kB)."""
    for start in range(0, len(uids), _UIDS_PER_COMMAND):
        yield list(uids[start : start + _UIDS_PER_COMMAND])


def cut_mails(batch: Sequence[Envelope]) -> Iterator[list[Envelope]]:
    """The mails in order, cut into commands: a large one alone, small ones up to about 1 MB."""
    group: list[Envelope] = []
    total = 0
    for item in batch:
        large = item.size > SLICE
        if group and (large or total + item.size > _BATCH_BYTES or len(group) >= _BATCH_MAILS):
            yield group
            group, total = [], 0
        if large:
            yield [item]
        else:
            group.append(item)
            total += item.size
    if group:
        yield group
