"""What letters to requesters whose answer is missing are told: reminders, and a closing without it.

Texts stand in the reader's language, moments are aware. Links are filled in when a letter is
printed, only where pages run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from maildesk.desk.letters.letter import HandledLetter, Letter
from maildesk.desk.letters.sample import SAMPLE, URL

What = Literal["confirm", "waiting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderValues(HandledLetter):
    """The reader has not confirmed, or not told what was asked: `words` are the solution or the
    question as he got them, since `asked`. `closes`: when it is closed without his word. `rates`:
    the page that confirms asks for a score as well, as it did in the letter he left unanswered."""

    what: What
    words: str
    asked: datetime
    closes: datetime | None = None
    confirm_url: str | None = None
    broken_url: str | None = None
    rates: bool = False


@dataclass(frozen=True, slots=True)
class ReminderItem:
    """One of several tickets that wait for the reader; links are signed for its row, `ticket`."""

    ticket: int
    number: str
    title: str
    what: What
    asked: datetime
    handler: str | None
    group: str
    extension: str | None
    closes: datetime | None = None
    confirm_url: str | None = None
    broken_url: str | None = None
    rates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersValues(Letter):
    """Several tickets that wait for the same reader, in one letter."""

    items: tuple[ReminderItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedValues(HandledLetter):
    """The ticket is closed although its requester has not answered (`closing.after_days`)."""

    what: What
    asked: datetime
    hotline: str | None = None


ReminderLetters = ReminderValues | RemindersValues | ClosedValues

_NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
_SAMPLE = {**SAMPLE, "now": _NOW}
_ASKED = _NOW - timedelta(days=4)

_CONFIRM = ReminderValues(
    **_SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="VPN 连不上",
    what="confirm",
    words="已更换 VPN 证书，请重新连接一次试试。",
    asked=_ASKED,
    handler="刘洋",
    group="网络组",
    extension="8005",
)
_WAITING = replace(
    _CONFIRM,
    title="电脑坏了",
    what="waiting",
    words="还需您补充两点：\n1. 开机后屏幕上显示什么？拍张照片也行。\n2. 旁边同事也这样吗？",
    group="硬件组",
)
_ITEM = ReminderItem(
    ticket=1,
    number="IT-20261120-0001",
    title="VPN 连不上",
    what="confirm",
    asked=_ASKED,
    handler="刘洋",
    group="网络组",
    extension="8005",
)
_OTHER = replace(
    _ITEM,
    ticket=2,
    number="IT-20261120-0002",
    title="电脑坏了",
    what="waiting",
    handler=None,
    group="硬件组",
)
_SEVERAL = RemindersValues(
    **_SAMPLE,
    name="张敏",
    items=(_ITEM, _OTHER),
)
_CLOSED = ClosedValues(
    **_SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="VPN 连不上",
    what="confirm",
    asked=_ASKED,
    handler="刘洋",
    group="网络组",
    extension="8005",
    hotline="8000",
)

REMINDER_SAMPLES: Mapping[str, tuple[ReminderLetters, ...]] = {
    "reminder": (
        _CONFIRM,
        replace(
            _CONFIRM,
            closes=_NOW + timedelta(days=1),
            confirm_url=URL,
            broken_url=f"{URL}2",
            handler=None,
        ),
        _WAITING,
        replace(_WAITING, name="", title="", words="", extension=None, handler=None),
        replace(_WAITING, closes=_NOW + timedelta(days=1)),
        replace(_CONFIRM, confirm_url=URL, broken_url=f"{URL}2", rates=True),
    ),
    "reminders": (
        _SEVERAL,
        replace(
            _SEVERAL,
            name="",
            items=(
                replace(
                    _ITEM,
                    closes=_NOW + timedelta(days=1),
                    confirm_url=URL,
                    broken_url=f"{URL}2",
                ),
                replace(
                    _ITEM,
                    ticket=3,
                    number="IT-20261120-0003",
                    title="打印机卡纸",
                    confirm_url=URL,
                    broken_url=f"{URL}2",
                    rates=True,
                ),
                replace(_OTHER, title="", extension=None),
            ),
        ),
    ),
    "closed": (
        _CLOSED,
        replace(_CLOSED, what="waiting", name="", title="", handler=None, hotline=None),
        replace(_CLOSED, extension=None),
    ),
}
"""What every letter is tried with: each value present and absent at least once."""
