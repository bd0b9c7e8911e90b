"""How are the pages served: uvicorn in one thread with its own event loop.

The port is taken before anything starts, so that a taken one is a fault of the configuration and
not of the first reader. TLS and the outside world are a reverse proxy's business.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading

import uvicorn
from starlette.applications import Starlette

from maildesk import journal
from maildesk.errors import ConfigFault
from maildesk.web.patience import Impatient

_CONNECTIONS = 200
_GRACE_SECONDS = 10


class WebServer:
    """Takes the port when made (ConfigFault if it cannot), serves from `start` to `stop`."""

    def __init__(self, app: Starlette, host: str, port: int) -> None:
        """Port 0 takes any free one; `port` says which."""
        self._socket = _take_port(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=Impatient,
                log_config=None,
                access_log=False,  # it would write down the links
                lifespan="off",
                ws="none",
                proxy_headers=False,
                server_header=False,
                limit_concurrency=_CONNECTIONS,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )

    def start(self) -> threading.Thread:
        """Serve from a thread of its own; join it after `stop`."""
        _listen_to_uvicorn()
        thread = threading.Thread(target=self._run, name="web")
        thread.start()
        return thread

    def stop(self) -> None:
        """Take no more requests; those begun are finished."""
        self._server.should_exit = True

    def close(self) -> None:
        """Give the port back without having started."""
        self._socket.close()

    def _run(self) -> None:
        # Signals are the main thread's: uvicorn leaves them alone in any other.
        asyncio.run(self._server.serve(sockets=[self._socket]))


def _take_port(host: str, port: int) -> socket.socket:
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=128)
    except OSError as fault:
        why = fault.strerror or str(fault)
        raise ConfigFault(
            f"web.listen: cannot listen at {host}:{port} ({why}). "
            "Stop what has the port, or name another one."
        ) from fault


class _ToJournal(logging.Handler):
    """uvicorn's own errors, as lines of ours."""

    def emit(self, record: logging.LogRecord) -> None:
        journal.failed("web", record.getMessage())


def _listen_to_uvicorn() -> None:
    logger = logging.getLogger("uvicorn.error")
    logger.handlers[:] = [_ToJournal(logging.ERROR)]  # below that: what any port scan causes
    logger.propagate = False
