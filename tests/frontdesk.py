"""A desk behind the pages, in memory: one ticket, and everything that was ever done to it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from builders import NOW, SECRET, desk

from maildesk.config.templates import load_templates
from maildesk.desk.aftercare.opinion_form import NO_OPINION, Opinion
from maildesk.desk.pages import links
from maildesk.desk.pages.links import CONFIRM, Link
from maildesk.desk.pages.page_values import CHOICES, Done, Kind, Said, Sight
from maildesk.desk.pages.rendering import Pages
from maildesk.errors import Transient
from maildesk.web.site import Site

BASE = "https://helpdesk.corp.test"
REQUESTER = Link(CONFIRM, "it", 1, "zhang@corp.test", NOW)
ENGINEER = Link("start", "it", 1, "liu@corp.test", NOW)

_SAID: dict[str, Said] = {
    "confirmed": "confirmed",
    "broken": "reopened",
    "start": "taken",
    "ask": "asked",
    "solved": "solved",
    "assign": "assigned",
}
_SHOWN = {
    "confirmed": ("已解决", "今天 10:00 您答复：已解决"),
    "broken": ("处理中", "今天 10:00 您答复：还没好"),
    "start": ("处理中", "今天 10:00 您已接单"),
    "ask": ("待用户反馈", "今天 10:00 已把问题发给用户"),
    "solved": ("待确认", "今天 10:00 已请用户确认"),
    "assign": ("处理中", "今天 10:00 已转派给王强"),
}


class FrontDesk:
    """`taken` lists the answers that changed something; `away` stands for a database that is."""

    def __init__(self, **shown: object) -> None:
        self.taken: list[tuple[str, str, str]] = []
        self.looks = 0
        self.away = False
        self.closed = False
        self.shown = shown
        self.opinion = NO_OPINION
        self._lock = threading.Lock()

    def look(self, link: Link) -> Sight | None:
        if self.away:
            raise Transient("database: away")
        self.looks += 1
        if link.ticket != 1:
            return None
        requester = link.act == CONFIRM
        kind: Kind = "confirm" if requester else "action"
        last = self.taken[-1][0] if self.taken else ""
        state, answered = _SHOWN.get(last, ("待您确认" if requester else "待派单", None))
        sight = Sight(
            kind=kind,
            number="IT-20261120-0001",
            title="VPN 连不上",
            state=state,
            language="zh-CN",
            name="张敏" if requester else "刘洋",
            handler="刘洋" if requester else None,
            extension="8005" if requester else None,
            desk="IT服务台",
            hotline="8000",
            choices=() if self.closed else CHOICES[kind],
            colleagues=()
            if requester
            else (("wang@corp.test", "王强"), ("chen@corp.test", "陈静")),
            words="已更换 VPN 证书，请重新连接一次试试。\n还不行请告诉我提示了什么。"
            if requester
            else "在家连不上公司 VPN，\n提示证书过期。",
            answered=answered,
            expires=link.expires,
            zone=ZoneInfo("Asia/Shanghai"),
        )
        return replace(sight, **self.shown)  # type: ignore[arg-type]

    def answer(
        self, link: Link, choice: str, words: str, argument: str, opinion: Opinion = NO_OPINION
    ) -> Done:
        if self.away:
            raise Transient("database: away")
        with self._lock:
            if self.closed:
                return Done(False, "stale", self.look(link))
            if link.ticket != 1 or (
                argument and argument not in ("wang@corp.test", "chen@corp.test")
            ):
                return Done(False, "refused", None)
            self.opinion = opinion
            if not self.taken or self.taken[-1] != (choice, words, argument):
                self.taken.append((choice, words, argument))
            return Done(True, _SAID[choice], None)


def site(**given: object) -> Site:
    """The pages of one desk at BASE, at the tests' own time."""
    plain = Site((SECRET,), BASE, (desk(),), Pages(load_templates(None)[0]), _now, lambda: True)
    return replace(plain, **given)  # type: ignore[arg-type]


def path(link: Link) -> str:
    return f"/t/{links.sign(SECRET, link)}"


def _now() -> datetime:
    return NOW
