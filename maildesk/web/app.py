"""Which addresses are there, and what every answer carries: routes, headers, pages for errors.

What happens at a link is `public`'s question; sockets and threads are `server`'s.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from maildesk.desk.pages.page_values import Why
from maildesk.web.health import Health
from maildesk.web.public import Public
from maildesk.web.site import METHODS, Desk, Site

_HEADERS = {
    # The address is the key: no cache keeps the page, no other site is told where one came from.
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
}


def build_app(site: Site, desk: Desk) -> Starlette:
    """The pages under the path of `base_url`; health at the top, for this host's own eyes."""
    public, health = Public(site, desk), Health(site.ready)

    def refuse(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        why: Why = "method" if status == 405 else "unknown"
        answer = site.show_notice(request, status, why, lead_on=False)
        answer.headers.update(getattr(error, "headers", None) or {})
        return answer

    app = Starlette(
        routes=[
            Route(f"{site.path}/t/{{token}}", public.serve, methods=METHODS),
            Route(f"{site.path}/k/{{token}}", site.show_article, methods=["GET"]),
            Route(f"{site.path}/service", site.show_service, methods=["GET"]),
            Route(f"{site.path}/service/{{desk}}", site.show_service, methods=["GET"]),
            Route("/healthz", health.show_alive, methods=["GET"]),
            Route("/readyz", health.show_ready, methods=["GET"]),
        ],
        exception_handlers={HTTPException: refuse},
        middleware=[Middleware(_Headers)],
    )
    app.router.redirect_slashes = False  # it would lead to whatever host the request claims
    return app


class _Headers:
    """Puts the headers on every answer, errors included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)
