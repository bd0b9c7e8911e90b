"""What the letter to the lead about a low rating is told (M8).

Texts stand in the reader's language, moments are aware; `code` and `marker` are filled in when the
letter is printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from maildesk.desk.letters.letter import HandledLetter
from maildesk.desk.letters.sample import NOW, SAMPLE
from maildesk.desk.staff.marker import MARKER

Tone = Literal["opened", "near", "missed"]


@dataclass(frozen=True, slots=True)
class Answered:
    """One of the profile's questions as the requester answered it, 1 to 5."""

    label: str
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LowRatingValues(HandledLetter):
    """Somebody is not content, and the lead is to speak with him before `due`.

    `score` None: he gave none; `said` is the profile's word for it. `words` are his, `solution`
    what he was told last. `state` is the word the desk shows.
    """

    tone: Tone
    score: int | None
    said: str
    answers: tuple[Answered, ...]
    words: str
    requester: str
    requester_address: str | None
    department: str | None
    contact: str | None
    solution: str
    state: str
    due: datetime
    marker: str = ""
    code: str = ""
    to_requester: str = ""


_LOW = LowRatingValues(
    **SAMPLE,
    name="王强",
    number="IT-20261120-0001",
    title="打印机卡纸",
    tone="opened",
    score=2,
    said="不满意",
    answers=(Answered("响应速度", 2), Answered("服务态度", 3)),
    words="等了两天才有人来，也没提前通知。",
    requester="张敏",
    requester_address="zhang@corp.test",
    department="财务部",
    contact="8123",
    handler="刘洋",
    group="硬件组",
    extension="8005",
    solution="已清理进纸轮，请再打印一张试试。",
    state="已关闭",
    due=NOW + timedelta(days=1),
    marker=MARKER,
    code="r15-f9o-k7q4m2xdpa2c",
)

FOLLOW_UP_SAMPLES: Mapping[str, tuple[LowRatingValues, ...]] = {
    "low_rating": (
        _LOW,
        replace(
            _LOW,
            name="",
            title="",
            score=None,
            said="",
            answers=(),
            department=None,
            contact=None,
            requester_address=None,
            handler=None,
            extension=None,
            solution="",
            state="处理中",
        ),
        replace(_LOW, tone="near", words="", due=NOW + timedelta(hours=4)),
        replace(_LOW, tone="missed", answers=(), due=NOW - timedelta(minutes=5), extension=None),
    ),
}
"""What the letter is tried with: each value present and absent at least once."""
