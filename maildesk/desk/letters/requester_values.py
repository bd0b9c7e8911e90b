"""What letters to requesters, their Cc and vendors are told: one dataclass an event.

Everything here may leave the house. Texts stand in the reader's language, moments are aware; what
an engineer wrote is `words` and keeps its lines. How values become words is `wording`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from maildesk.desk.letters.letter import HandledLetter
from maildesk.desk.letters.sample import HOUR, NOW, SAMPLE, URL

Pause = Literal["", "vendor", "hold"]
"""What a ticket waits for that is not the reader: a third party, or it is on hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWayLetter(HandledLetter):
    """The engineer `handler` writes while he works on it; `eta`: until when it lasts."""

    handler: str
    words: str
    eta: datetime | None = None
    waiting: Pause = ""
    files: tuple[str, ...] = ()
    status_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressValues(UnderWayLetter):
    """What he tells of the work (R16, N4). `words` "": only `eta` is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionValues(UnderWayLetter):
    """What he must know before the work goes on (R13, M11)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SolvedValues(HandledLetter):
    """What was done, and the question whether it helped (M6, F9); links only where pages run.

    `rates`: it asks for a score as well, so that nobody needs a second letter (M7)."""

    handler: str
    words: str
    files: tuple[str, ...] = ()
    confirm_url: str | None = None
    broken_url: str | None = None
    rates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusValues(HandledLetter):
    """The answer to a chase: how it stands. `state` is the word requesters read.

    `due`: until when he is to be contacted, where nobody has yet. `last_action` are the last words
    he was written, and `last_at` when staff last did something.
    """

    state: str
    opened: datetime
    eta: datetime | None = None
    due: datetime | None = None
    last_action: str | None = None
    last_at: datetime | None = None
    hotline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedValues(HandledLetter):
    """The request is not taken on; `words` are the engineer's reason and where to go (N11)."""

    handler: str
    words: str
    hotline: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClarifyValues(HandledLetter):
    """An answer that can be read both ways, such as a lone `1`: did it work? Links and `rates` as
    in the letter that said it was solved."""

    confirm_url: str | None = None
    broken_url: str | None = None
    rates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EncryptedValues(HandledLetter):
    """The reader's mail on the ticket is encrypted: would he send it again, unencrypted?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorValues(HandledLetter):
    """An engineer's words to a third party; nothing of the requester but what he wrote."""

    handler: str
    words: str
    files: tuple[str, ...] = ()


RequesterValues = (
    ProgressValues
    | QuestionValues
    | SolvedValues
    | StatusValues
    | RejectedValues
    | ClarifyValues
    | EncryptedValues
    | VendorValues
)


_PROGRESS = ProgressValues(
    **SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="VPN 连不上",
    handler="刘洋",
    group="网络组",
    extension="8005",
    words="VPN 证书过期，正在更换。\n\n这段时间可先用网页版 OA；您无需操作。",
)
_QUESTION = QuestionValues(
    **SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="电脑坏了",
    handler="刘洋",
    group="硬件组",
    extension="8005",
    words="还需您补充两点：\n1. 开机后屏幕上显示什么？拍张照片也行。\n2. 旁边同事也这样吗？",
)
_SOLVED = SolvedValues(
    **SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="VPN 连不上",
    handler="刘洋",
    group="网络组",
    extension="8005",
    words="已更换 VPN 证书，请重新连接一次试试。",
)
_STATUS = StatusValues(
    **SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="VPN 连不上",
    state="处理中",
    handler="刘洋",
    group="网络组",
    extension="8005",
    opened=NOW - 3 * HOUR,
    eta=NOW + HOUR,
    last_action="VPN 证书过期，正在更换。",
    last_at=NOW - HOUR,
    hotline="8000",
)
_REJECTED = RejectedValues(
    **SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="会议室投影仪借用",
    handler="刘洋",
    group="硬件组",
    extension="8005",
    words="投影仪由行政部管理，请联系行政服务台（分机 8100）。",
    hotline="8000",
)
_CLARIFY = ClarifyValues(
    **SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="VPN 连不上",
    handler="刘洋",
    group="网络组",
    extension="8005",
    confirm_url=URL,
    broken_url=f"{URL}2",
)
_ENCRYPTED = EncryptedValues(
    **SAMPLE,
    name="张敏",
    number="IT-20261120-0001",
    title="VPN 连不上",
    handler="刘洋",
    group="网络组",
    extension="8005",
)
_VENDOR = VendorValues(
    **SAMPLE,
    name="陈工",
    number="IT-20261120-0001",
    title="VPN 连不上",
    handler="刘洋",
    group="网络组",
    extension="8005",
    words="VPN 网关每小时重启一次，日志见附件，请协助分析。",
    files=("gateway.log",),
)

REQUESTER_SAMPLES: Mapping[str, tuple[RequesterValues, ...]] = {
    "progress": (
        _PROGRESS,
        replace(_PROGRESS, eta=NOW + HOUR, files=("步骤.pdf", "截图.png"), status_url=URL),
        replace(_PROGRESS, words="", eta=NOW + HOUR, extension=None),
        replace(_PROGRESS, waiting="vendor", name="", title=""),
        replace(_PROGRESS, waiting="hold", words="", eta=NOW + 72 * HOUR),
    ),
    "question": (
        _QUESTION,
        replace(_QUESTION, name="", extension=None, title="", eta=NOW + HOUR),
        replace(_QUESTION, files=("怎样截图.pdf",), status_url=URL),
    ),
    "solved": (
        _SOLVED,
        replace(_SOLVED, confirm_url=URL, broken_url=f"{URL}2", files=("设置步骤.pdf",)),
        replace(_SOLVED, confirm_url=URL, broken_url=f"{URL}2", rates=True),
        replace(_SOLVED, name="", title="", extension=None),
    ),
    "status": (
        _STATUS,
        replace(_STATUS, handler=None, eta=None, last_action=None, last_at=None, hotline=None),
        replace(_STATUS, state="已受理", eta=None, due=NOW + HOUR, last_action=None),
        replace(_STATUS, name="", title="", extension=None, state="挂起"),
    ),
    "rejected": (_REJECTED, replace(_REJECTED, name="", title="", extension=None, hotline=None)),
    "clarify": (
        _CLARIFY,
        replace(_CLARIFY, handler=None, confirm_url=None, broken_url=None, name="", title=""),
        replace(_CLARIFY, handler=None, extension=None, rates=True),
    ),
    "encrypted": (
        _ENCRYPTED,
        replace(_ENCRYPTED, handler=None, name="", title=""),
        replace(_ENCRYPTED, handler=None, extension=None),
    ),
    "vendor": (_VENDOR, replace(_VENDOR, name="", title="", extension=None, files=())),
}
"""What every letter is tried with: each value present and absent at least once."""
