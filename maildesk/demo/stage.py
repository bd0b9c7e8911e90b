"""Builds the demo, walks the tour, stays until Ctrl-C, and leaves nothing behind.

The order of starting and stopping; what is shown meanwhile is `tour`'s and `guide`'s.
"""

from __future__ import annotations

import logging
import os
import signal
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TextIO

from maildesk import journal
from maildesk.config.values import Config
from maildesk.daemon import Daemon
from maildesk.demo import guide, mails
from maildesk.demo.observer import Observer
from maildesk.demo.screen import Screen
from maildesk.demo.site import DESK, open_servers, write_site
from maildesk.demo.tour import Tour
from maildesk.desk.profile import Label
from maildesk.errors import ConfigFault, Transient
from maildesk.house import build

LOG = "maildesk.log"
INTERRUPTED = 130  # what a shell reports of a command ended by Ctrl-C


def run_demo(stream: TextIO, environ: Mapping[str, str], *, stay: bool, fast: bool) -> int:
    """Show everything; returns the exit code: 0 only when all that was shown really happened.

    `stay`: go on until Ctrl-C or SIGTERM after the tour. `fast`: without pauses.
    """
    stopping = _Stopping()
    warnings.simplefilter("ignore")  # the embedded servers' age is nobody's concern here
    os.umask(0o077)
    screen = Screen(stream, environ, fast=fast)
    code = INTERRUPTED
    try:
        with ExitStack() as stack, stopping:
            folder = Path(stack.enter_context(_make_folder()))
            tour = _open(stack, screen, folder)
            if tour is None:
                return 1
            tour.walk()
            code = guide.conclude(tour)
            guide.show_further(tour, folder / "maildesk.toml", folder / LOG)
            if stay:
                guide.watch(tour)
    except KeyboardInterrupt:
        screen.write()
    except Exception as fault:
        if stopping.asked:
            screen.write()  # what an interrupted step fails with is no news
        elif isinstance(fault, BrokenPipeError):
            raise  # nobody reads any more; the command line ends quietly by itself
        elif isinstance(fault, (OSError, ConfigFault, Transient)):
            screen.show_fault(f"{type(fault).__name__}: {fault}")
            code = 1
        else:
            raise
    return code


def _open(stack: ExitStack, screen: Screen, folder: Path) -> Tour | None:
    """Servers, desk and daemon, each stopped by `stack`; None when the daemon does not come up."""
    servers = open_servers()
    servers.start()
    stack.callback(servers.stop)
    old = mails.write_old()
    for mail in old:
        servers.put(DESK, mail.as_bytes(), datetime.now(UTC) - timedelta(days=20))
    config = write_site(folder, servers)
    _log_to(stack, folder / LOG)
    house = build(config)
    stack.callback(house.store.close)
    fault = stack.enter_context(_running(config))
    screen.say(
        screen.choose(
            Label("maildesk 演示：一个完整的服务台", "maildesk demo: a whole desk at work")
        ),
        indent=0,
        style="bold",
    )
    screen.say(
        screen.choose(
            Label(
                f"只用本机：SMTP {servers.smtp_port} 端口，IMAP {servers.imap_port} 端口，"
                f"服务台 IT服务台 <{DESK}>，SQLite；守护进程是真的。",
                f"On this machine alone: SMTP port {servers.smtp_port}, IMAP port "
                f"{servers.imap_port}, desk IT服务台 <{DESK}>, SQLite. The daemon is the real one.",
            )
        ),
        indent=0,
        style="dim",
    )
    observer = Observer(house, servers)
    if not observer.await_reading():
        why = str(fault[0]) if fault else "the mailbox was not opened"
        screen.show_fault(f"the daemon did not come up: {why}")
        return None
    return Tour(observer, screen, old)


@contextmanager
def _running(config: Config) -> Iterator[list[BaseException]]:
    """The daemon in a thread; what ended it before its time stands in the list."""
    daemon = Daemon(config)
    fault: list[BaseException] = []

    def run() -> None:
        try:
            daemon.run(signals=False)
        except BaseException as raised:  # told on the screen by whoever waits for the daemon
            fault.append(raised)

    thread = threading.Thread(target=run, name="daemon")
    thread.start()
    try:
        yield fault
    finally:
        daemon.stop()
        thread.join(30)


@contextmanager
def _make_folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="maildesk-demo-", ignore_cleanup_errors=True) as folder:
        yield folder


def _log_to(stack: ExitStack, file: Path) -> None:
    """The daemon's journal goes to a file beside the configuration; the screen is the tour's."""
    log = stack.enter_context(file.open("w", encoding="utf-8"))
    journal.start_logging()
    for handler in logging.getLogger("maildesk").handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(log)
    stack.callback(logging.getLogger("maildesk").handlers.clear)
    logging.getLogger().addHandler(logging.NullHandler())


class _Stopping:
    """Ctrl-C, SIGTERM and a closed terminal end what is inside; impatience cannot end the cleaning.

    `asked`: one of them came.
    """

    def __init__(self) -> None:
        self.asked = False
        self._cleaning = False
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), self._stop)

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_about: object) -> None:
        self._cleaning = True

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True
        if not self._cleaning:
            raise KeyboardInterrupt
