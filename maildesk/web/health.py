"""Does the process live, and can it work? Two addresses for whoever watches the host.

They say nothing about tickets and need no secret; how each part is doing is `maildesk status`.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from maildesk import journal
from maildesk.errors import Transient


class Health:
    """`ready` asks the database; False or an exception means it does not answer."""

    def __init__(self, ready: Callable[[], bool]) -> None:
        self._ready = ready

    async def show_alive(self, _: Request) -> Response:
        """/healthz: this process answers."""
        return PlainTextResponse("ok\n")

    async def show_ready(self, _: Request) -> Response:
        """/readyz: 200 when the database answers, 503 when it does not."""
        try:
            ready = await run_in_threadpool(self._ready)
        except Transient:
            ready = False
        except Exception as fault:  # a probe is answered whatever happens
            journal.failed("web", f"{type(fault).__name__}: {fault}")
            ready = False
        if ready:
            return PlainTextResponse("ok\n")
        return PlainTextResponse("the database does not answer\n", 503)
