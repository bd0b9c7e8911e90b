"""What a page behind a signed link shows, is answered, and says: values only.

`feedback` makes them of the ticket, `web` shows them through `pages`. The samples at the end are
what page templates are tried with at start-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from maildesk.desk.aftercare.opinion_form import MARKS, NO_OPINION, Opinion
from maildesk.desk.knowledge.article_page import ARTICLE_SAMPLES, ArticlePage
from maildesk.desk.pages.service_page import SERVICE_SAMPLES, ServicePage

Kind = Literal["confirm", "action"]
Choice = Literal["confirmed", "broken", "start", "ask", "solved", "assign"]
Said = Literal["confirmed", "reopened", "taken", "asked", "solved", "assigned", "stale", "refused"]
Why = Literal["expired", "unknown", "unclear", "too_large", "method", "later", "failed"]

CHOICES: Mapping[Kind, tuple[Choice, ...]] = {
    "confirm": ("confirmed", "broken"),
    "action": ("start", "ask", "solved", "assign"),
}
"""What each page can be answered with at all; a sight says what is allowed now."""

NEED_WORDS = frozenset({"ask", "solved"})
"""What the requester reads must be written by the engineer (WORDS.md)."""

LONGEST_WORDS = 4000
"""Characters a person may write on a page."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One ticket as its page shows it to one reader, in his language.

    `state` is the word this reader sees. `words` is the request (action) or the solution (confirm);
    it may have many lines. `answered` says what was answered here before and when, in one sentence,
    or None. `choices` are the keys allowed now, `colleagues` (key, name) for `assign`.

    Of a confirmation: `confirmed` says that a yes was given before; `scale` (score, word) and
    `questions` (key, words) are what may be rated, `given` what this reader said of it last.
    """

    kind: Kind
    number: str
    title: str
    state: str
    language: str
    name: str
    handler: str | None
    extension: str | None
    desk: str
    hotline: str | None
    choices: tuple[str, ...]
    colleagues: tuple[tuple[str, str], ...]
    words: str
    answered: str | None
    expires: datetime
    zone: ZoneInfo
    confirmed: bool = False
    scale: tuple[tuple[str, str], ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    given: Opinion = NO_OPINION
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of an answer. Not ok: nothing changed, `stale` (overtaken) or `refused`.

    The same answer twice is ok twice and recorded once. `why` is what an order's author is told of
    one that cannot be carried out, "" where it only is not possible now.
    """

    ok: bool
    said: Said
    sight: Sight | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class TicketPage:
    """What `confirm.html` and `action.html` are told.

    `opened` is the choice that stands unfolded. After an answer that could not be taken, `fault`
    says why ("stale", "refused", "no_words", "too_long", "no_colleague"), `why` in a sentence if
    there is one, and `written`, `argument`, `opinion` are what the person had put in.
    """

    sight: Sight
    token: str
    opened: str
    now: datetime
    zone: ZoneInfo
    language: str
    fault: str = ""
    written: str = ""
    argument: str = ""
    longest: int = LONGEST_WORDS
    why: str = ""
    opinion: Opinion = NO_OPINION
    figures: tuple[str, ...] = MARKS


@dataclass(frozen=True, slots=True)
class Reach:
    """How a desk is reached when a link does not help: its name, address and hotline."""

    desk: str
    address: str
    hotline: str | None


@dataclass(frozen=True, slots=True)
class NoticePage:
    """What `notice.html` is told: there is no ticket to show, and why.

    `reach` are the desks that may be meant. `written` is what a person had put in and we could not
    record, given back so that it is not lost.
    """

    why: Why
    reach: tuple[Reach, ...]
    now: datetime
    zone: ZoneInfo
    language: str
    written: str = ""


PageValues = TicketPage | NoticePage | ServicePage | ArticlePage

_NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
_ZONE = ZoneInfo("Asia/Shanghai")

_CONFIRM = Sight(
    kind="confirm",
    number="IT-20261120-0001",
    title="VPN 连不上",
    state="待您确认",
    language="zh-CN",
    name="张敏",
    handler="刘洋",
    extension="8005",
    desk="IT服务台",
    hotline="8000",
    choices=("confirmed", "broken"),
    colleagues=(),
    words="已更换 VPN 证书，请重新连接一次试试。",
    answered=None,
    expires=_NOW + timedelta(days=60),
    zone=_ZONE,
    scale=(
        ("5", "非常满意"),
        ("4", "满意"),
        ("3", "一般"),
        ("2", "不满意"),
        ("1", "非常不满意"),
    ),
    questions=(
        ("speed", "响应速度"),
        ("efficiency", "处理效率"),
        ("attitude", "服务态度"),
        ("expertise", "专业能力"),
    ),
)
_RATED = replace(
    _CONFIRM,
    state="已结单",
    answered="您今天 14:30 已评价，谢谢",
    confirmed=True,
    given=Opinion("4", (("speed", "3"), ("attitude", "5"))),
    remark="处理很快，但没提前通知",
)
_THREE = (("5", "满意"), ("4", "基本满意"), ("2", "需进一步优化"))
_ACTION = replace(
    _CONFIRM,
    kind="action",
    state="待派单",
    name="刘洋",
    handler=None,
    extension=None,
    choices=CHOICES["action"],
    colleagues=(("wang@corp.test", "王强"), ("chen@corp.test", "陈静")),
    words="在家连不上公司 VPN，\n提示证书过期。",
    scale=(),
    questions=(),
)


def _page(sight: Sight, opened: str, fault: str = "", written: str = "") -> TicketPage:
    return TicketPage(sight, "token", opened, _NOW, _ZONE, "zh-CN", fault, written)


def _notice(why: Why, *reach: Reach) -> NoticePage:
    return NoticePage(why, reach, _NOW, _ZONE, "zh-CN", "还是连不上" * (why == "later"))


_REACH = Reach("IT服务台", "helpdesk@corp.test", "8000")

PAGE_SAMPLES: Mapping[str, tuple[PageValues, ...]] = {
    "confirm": (
        _page(_CONFIRM, "confirmed"),
        _page(_CONFIRM, "broken", "too_long", "还是不行"),
        _page(replace(_CONFIRM, answered="您今天 14:30 确认：已解决"), "confirmed", "stale"),
        _page(replace(_CONFIRM, choices=(), hotline=None, handler=None, words="", name=""), ""),
        _page(replace(_CONFIRM, title="", extension=None), "confirmed", "refused"),
        replace(_page(_RATED, "confirmed"), opinion=_RATED.given, written=_RATED.remark),
        _page(replace(_RATED, state="已解决", scale=_THREE, questions=(), given=NO_OPINION), ""),
        _page(replace(_CONFIRM, scale=(), questions=()), ""),
    ),
    "action": (
        *(_page(_ACTION, choice) for choice in CHOICES["action"]),
        _page(_ACTION, "solved", "no_words"),
        replace(
            _page(_ACTION, "solved", "refused", "数据已恢复"),
            why="请在正文里加一行“备份：已做”或“备份：不涉及”",
        ),
        _page(replace(_ACTION, colleagues=(), handler="王强"), "assign", "no_colleague"),
        _page(replace(_ACTION, answered="您今天 14:30 已接单", choices=("solved",)), "start"),
        _page(replace(_ACTION, choices=(), title="", words="", name=""), "ask", "refused"),
    ),
    "service": SERVICE_SAMPLES,
    "article": ARTICLE_SAMPLES,
    "notice": (
        _notice("expired", _REACH),
        _notice("unknown", _REACH, replace(_REACH, desk="行政服务台", hotline=None)),
        _notice("later"),
        *(_notice(why) for why in ("unclear", "too_large", "method", "failed")),
    ),
}
"""What every page is tried with: each value present and absent at least once."""
