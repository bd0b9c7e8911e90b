"""What letters about tickets that belong together are told: merged, a known outage, an offer.

One dataclass an event. Texts stand in the reader's language, moments are aware. How values become
words is `wording`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from maildesk.desk.letters.letter import HandledLetter, StaffTicketLetter
from maildesk.desk.letters.sample import HOUR, SAMPLE


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedValues(HandledLetter):
    """The reader's ticket `former` goes on as `number`, together with another's."""

    former: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownValues(HandledLetter):
    """The reader's new ticket is about an outage somebody works on already; `eta` of its end."""

    eta: datetime | None = None
    hotline: str | None = None


@dataclass(frozen=True, slots=True)
class AlikeItem:
    """One of the tickets that look like one outage."""

    number: str
    title: str
    handler: str | None
    received: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageValues(StaffTicketLetter):
    """Alike tickets, told to the lead: is it one outage? `number` and `title` are the first's."""

    category: str
    items: tuple[AlikeItem, ...]


LinkedValues = MergedValues | KnownValues | OutageValues

_NOW = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)
_SAMPLE = {**SAMPLE, "now": _NOW}

_MERGED = MergedValues(
    **_SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="VPN 连不上",
    former="IT-20261120-0004",
    handler="刘洋",
    group="网络组",
    extension="8005",
)
_KNOWN = KnownValues(
    **_SAMPLE,
    name="张敏",
    number="IT-20261120-0007",
    title="VPN 连不上",
    handler="刘洋",
    group="网络组",
    extension="8005",
    eta=_NOW + 1.5 * HOUR,
    hotline="8000",
)
_OUTAGE = OutageValues(
    **_SAMPLE,
    name="王强",
    number="IT-20261120-0001",
    title="VPN 连不上",
    category="网络异常",
    items=(
        AlikeItem("IT-20261120-0001", "VPN 连不上", "刘洋", _NOW - HOUR),
        AlikeItem("IT-20261120-0004", "连不上VPN了", None, _NOW - 0.5 * HOUR),
        AlikeItem("IT-20261120-0007", "", "陈晨", None),
    ),
)

LINKED_SAMPLES: Mapping[str, tuple[LinkedValues, ...]] = {
    "merged": (_MERGED, replace(_MERGED, name="", title="", handler=None, extension=None)),
    "known": (
        _KNOWN,
        replace(_KNOWN, eta=None, hotline=None, extension=None),
        replace(_KNOWN, name="", title="", handler=None, extension=None),
    ),
    "outage": (_OUTAGE, replace(_OUTAGE, name="", title="")),
}
"""What every letter is tried with: each value present and absent at least once."""
