"""What the pages are made of: the desk as two calls, and what they need to know as values.

`feedback` is the desk behind them. Also the page that says what went wrong, since every part of
the site may have to show it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import HTMLResponse

from maildesk import journal
from maildesk.desk.aftercare.opinion_form import NO_OPINION, Opinion
from maildesk.desk.charter import DeskConfig
from maildesk.desk.knowledge.article import Article
from maildesk.desk.knowledge.article_page import describe_article
from maildesk.desk.pages.links import Link, read_article, trim
from maildesk.desk.pages.page_values import Done, NoticePage, Reach, Sight, Why
from maildesk.desk.pages.rendering import Pages
from maildesk.desk.pages.service_page import describe_service
from maildesk.desk.reports.figures import Figures
from maildesk.errors import Transient

METHODS = ("GET", "HEAD", "POST", "OPTIONS")
"""What a link answers to; only POST decides."""


class Desk(Protocol):
    """What stands behind the pages. Both may raise Transient; called in threads, by many at once.

    `look` changes nothing and is None when there is no such ticket, or it is not for this person.
    `answer` decides by the link and the ticket as it is now, whatever the page showed; the same
    answer twice is taken once. After an `ok`, the next `look` says so in `answered`.
    """

    def look(self, link: Link) -> Sight | None: ...

    def answer(
        self, link: Link, choice: str, words: str, argument: str, opinion: Opinion = NO_OPINION
    ) -> Done: ...


def _know_nothing(_: DeskConfig) -> Sequence[Figures]:
    return ()


def _have_none(_desk: str, _number: str) -> Article | None:
    return None


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages are made of. `ready` says whether the database answers; it may raise.
    `desks` may come to hold others: profiles are read again while pages are shown.
    `look_back`: a desk's figures of the months it publishes; `look_up`: a desk's published article
    by its number. Both may raise Transient."""

    secrets: Sequence[bytes] = field(repr=False)
    base_url: str
    desks: Collection[DeskConfig]
    pages: Pages
    now: Callable[[], datetime]
    ready: Callable[[], bool]
    look_back: Callable[[DeskConfig], Sequence[Figures]] = _know_nothing
    look_up: Callable[[str, str], Article | None] = _have_none

    @property
    def path(self) -> str:
        """The path of `base_url`, "" at the top of a host; routes and redirects begin with it."""
        return urlsplit(self.base_url).path.rstrip("/")

    def choose_language(self, request: Request, link: Link | None = None) -> str:
        """The browser's, else the link's desk's, else the first desk's."""
        accepted = request.headers.get("accept-language", "")
        return self.pages.choose_language(accepted) or self._desk_of(link).language

    def show_service(self, request: Request) -> HTMLResponse:
        """What a desk promises (N7, N11), for anybody: the one named, else the first."""
        wanted = request.path_params.get("desk")
        desk = next((item for item in self.desks if wanted in (None, item.id)), None)
        if desk is None:
            return self.show_notice(request, 404, "unknown")
        accepted = self.pages.choose_language(request.headers.get("accept-language", ""))
        try:
            months = self.look_back(desk)
        except Transient as fault:
            # What is promised can be read also while nobody can say how it was kept.
            journal.failed("web", str(fault))
            months = ()
        page = describe_service(desk, accepted or desk.language, datetime.now(UTC), months)
        return HTMLResponse(self.pages.render("service", page))

    def show_article(self, request: Request) -> HTMLResponse:
        """A published article (N6), for whoever has its link."""
        named = read_article(self.secrets, trim(request.path_params["token"]))
        desk = next((item for item in self.desks if named and item.id == named[0]), None)
        if named is None or desk is None:
            return self.show_notice(request, 404, "unknown")
        try:
            article = self.look_up(desk.id, named[1])
        except Transient as fault:
            journal.failed("web", str(fault))
            answer = self.show_notice(request, 503, "later")
            answer.headers["Retry-After"] = "60"
            return answer
        if article is None:
            return self.show_notice(request, 404, "unknown")
        accepted = self.pages.choose_language(request.headers.get("accept-language", ""))
        page = describe_article(desk, article, accepted or desk.language, datetime.now(UTC))
        return HTMLResponse(self.pages.render("article", page))

    def show_notice(
        self,
        request: Request,
        status: int,
        why: Why,
        *,
        link: Link | None = None,
        written: str = "",
        lead_on: bool = True,
    ) -> HTMLResponse:
        """A page that says what went wrong and, with `lead_on`, how else to reach the desk."""
        language = self.choose_language(request, link)
        desks = [desk for desk in self.desks if link is None or desk.id == link.desk] or self.desks
        chinese = language.startswith("zh")
        reach = tuple(
            Reach(desk.name if chinese else desk.name_en, desk.addresses[0], desk.hotline)
            for desk in desks
            if lead_on
        )
        zone = ZoneInfo(self._desk_of(link).zone)
        # No moment is said on it, so the host's clock does: the database's may be what is away.
        page = NoticePage(why, reach, datetime.now(UTC), zone, language, written)
        return HTMLResponse(self.pages.render("notice", page), status)

    def _desk_of(self, link: Link | None) -> DeskConfig:
        named = (desk for desk in self.desks if link is not None and desk.id == link.desk)
        return next(named, None) or next(iter(self.desks))
