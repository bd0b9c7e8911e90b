"""What happens at a signed link: GET shows the ticket, POST gives the answer to the desk.

Mail scanners and previews open every link; whatever they send but a POST of the form changes
nothing (DESIGN §1.6). What an answer does is `feedback`'s question, how a page looks
`desk.pages.rendering`'s.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from maildesk import journal
from maildesk.desk.pages import links
from maildesk.desk.pages.links import Expired, Link, Tampered, trim
from maildesk.desk.pages.page_values import (
    CHOICES,
    LONGEST_WORDS,
    NEED_WORDS,
    Done,
    Kind,
    Sight,
    TicketPage,
    Why,
)
from maildesk.errors import Transient
from maildesk.web.form import Form, Refused, read_form
from maildesk.web.site import METHODS, Desk, Site


class Public:
    """One address for every page: `/t/<token>`."""

    def __init__(self, site: Site, desk: Desk) -> None:
        self.site = site
        self.desk = desk

    async def serve(self, request: Request) -> Response:
        """Answers any request at a link; never raises."""
        form: Form | Refused | None = None
        try:
            if request.method == "OPTIONS":
                return Response(status_code=204, headers={"Allow": ", ".join(METHODS)})
            token = trim(request.path_params["token"])
            if request.method != "POST":
                return await run_in_threadpool(self._show, request, token)
            form = await read_form(request)
            if isinstance(form, Refused):
                return self.site.show_notice(request, form.status, form.why)
            return await run_in_threadpool(self._take, request, token, form)
        except Transient as fault:
            journal.failed("web", str(fault))
            return self._apologise(request, 503, form)
        except Exception as fault:  # one request must not take the others with it
            journal.failed("web", f"{type(fault).__name__}: {fault}")
            return self._apologise(request, 500, form)

    def _show(self, request: Request, token: str) -> Response:
        link = self._read(token)
        if not isinstance(link, Link):
            return self._turn_away(request, link)
        sight = self.desk.look(link)
        if sight is None:
            return self.site.show_notice(request, 404, "unknown", link=link)
        # The action that was clicked in the letter stands open, until it is done.
        opened = "" if sight.answered or link.act == links.CONFIRM else link.act
        return self._show_ticket(200, sight, token, opened)

    def _take(self, request: Request, token: str, form: Form) -> Response:
        link = self._read(token)
        if not isinstance(link, Link):
            return self._turn_away(request, link, form.words)
        kind: Kind = "confirm" if link.act == links.CONFIRM else "action"
        if form.token != token or form.choice not in CHOICES[kind]:
            notice = self.site.show_notice
            return notice(request, 400, "unclear", link=link, written=form.words)
        fault = _find_fault(form)
        done = None if fault else self._answer(link, form)
        if done is not None and done.ok:
            # A page that is loaded again must not send again.
            return RedirectResponse(f"{self.site.path}/t/{token}", 303)
        sight = done.sight if done is not None and done.sight else self.desk.look(link)
        if sight is None:
            notice = self.site.show_notice
            return notice(request, 404, "unknown", link=link, written=form.words)
        if done is not None:
            fault = "stale" if done.said == "stale" else "refused"
        status = 422 if done is None else 409
        why = done.why if done is not None else ""
        return self._show_ticket(status, sight, token, form.choice, fault, form, why)

    def _answer(self, link: Link, form: Form) -> Done:
        return self.desk.answer(link, form.choice, form.words, form.argument, form.opinion)

    def _read(self, token: str) -> Link | Expired | Tampered:
        return links.read(self.site.secrets, token, self.site.now())

    def _turn_away(
        self, request: Request, verdict: Expired | Tampered, written: str = ""
    ) -> HTMLResponse:
        notice = self.site.show_notice
        if isinstance(verdict, Expired):
            return notice(request, 410, "expired", link=verdict.link, written=written)
        return notice(request, 404, "unknown")

    def _show_ticket(
        self,
        status: int,
        sight: Sight,
        token: str,
        opened: str,
        fault: str = "",
        form: Form | None = None,
        why: str = "",
    ) -> HTMLResponse:
        page = TicketPage(
            sight,
            token,
            opened,
            self.site.now(),
            sight.zone,
            sight.language,
            fault,
            form.words if form else sight.remark,
            form.argument if form else "",
            why=why,
            opinion=form.opinion if form else sight.given,
        )
        return HTMLResponse(self.site.pages.render(sight.kind, page), status)

    def _apologise(self, request: Request, status: int, form: Form | Refused | None) -> Response:
        written = form.words if isinstance(form, Form) else ""
        why: Why = "later" if status == 503 else "failed"
        answer = self.site.show_notice(request, status, why, written=written)
        if status == 503:
            answer.headers["Retry-After"] = "60"
        return answer


def _find_fault(form: Form) -> str:
    if max(len(form.words), len(form.opinion.further)) > LONGEST_WORDS:
        return "too_long"
    if form.choice in NEED_WORDS and not form.words:
        return "no_words"
    if form.choice == "assign" and not form.argument:
        return "no_colleague"
    return ""
