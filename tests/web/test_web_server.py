"""The pages over a real socket: served beside the other parts, stopped with them."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
from builders import desk
from frontdesk import REQUESTER, FrontDesk, path, site

from maildesk.config.templates import load_templates
from maildesk.config.values import Config, WebConfig
from maildesk.errors import ConfigFault
from maildesk.web.app import build_app
from maildesk.web.server import WebServer

AT = path(REQUESTER)
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def serve(front: FrontDesk) -> Iterator[WebServer]:
    server = WebServer(build_app(site(), front), "127.0.0.1", 0)
    thread = server.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(20)
        assert not thread.is_alive()


def ask(port: int, method: str, at: str, body: str = "") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    with closing(connection):
        connection.request(method, at, body or None, HEADERS if body else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def test_a_page_is_read_and_answered_over_a_socket() -> None:
    front = FrontDesk()
    with serve(front) as server:
        assert ask(server.port, "GET", AT)[0] == 200
        assert ask(server.port, "HEAD", AT) == (200, "")
        form = urlencode({"token": AT[3:], "choice": "broken", "words": "还不行"})
        assert ask(server.port, "POST", AT, form)[0] == 303
        assert "您答复：还没好" in ask(server.port, "GET", AT)[1]
        assert ask(server.port, "GET", "/healthz") == (200, "ok\n")
    assert front.taken == [("broken", "还不行", "")]


def test_many_at_once_are_all_answered() -> None:
    front, found = FrontDesk(), list[int]()
    form = urlencode({"token": AT[3:], "choice": "confirmed"})
    with serve(front) as server:
        threads = [
            threading.Thread(target=lambda: found.append(ask(server.port, "POST", AT, form)[0]))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    assert found == [303] * 20
    assert len(front.taken) == 1, "a double click is one answer"


@pytest.mark.parametrize(
    "raw",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a browser that expects TLS here
        b"GET " + b"/" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /t/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST " + AT.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nchoice",
        b"POST " + AT.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET " + AT.encode() + b" HTTP/1.1\r\nHost: evil.test\r\nUpgrade: websocket\r\n\r\n",
        b"\r\n\r\n\r\n",
    ],
)
def test_garbage_at_the_port_harms_nobody(raw: bytes, caplog: pytest.LogCaptureFixture) -> None:
    front = FrontDesk()
    with serve(front) as server:
        with closing(socket.create_connection(("127.0.0.1", server.port), 10)) as line:
            line.sendall(raw)
            line.settimeout(1)
            with suppress(TimeoutError, ConnectionError):
                line.recv(65536)
        assert ask(server.port, "GET", AT)[0] == 200
    assert front.taken == []
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_taken_port_is_told_before_anything_runs() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            ConfigFault, match=rf"web\.listen: cannot listen at 127\.0\.0\.1:{port}"
        ):
            WebServer(build_app(site(), FrontDesk()), "127.0.0.1", port)
    with pytest.raises(ConfigFault, match=r"cannot listen at nowhere\.invalid:8025"):
        WebServer(build_app(site(), FrontDesk()), "nowhere.invalid", 8025)


def test_a_visitor_who_stays_does_not_keep_the_daemon_from_stopping() -> None:
    with serve(FrontDesk()) as server:
        line = socket.create_connection(("127.0.0.1", server.port), 10)
        line.sendall(b"GET " + AT.encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(12).startswith(b"HTTP/1.1 200")
        began = time.monotonic()
    assert time.monotonic() - began < 15
    line.close()


def test_links_are_not_written_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    front = FrontDesk()
    with serve(front) as server:
        ask(server.port, "GET", AT)
        front.away = True
        assert ask(server.port, "GET", AT)[0] == 503
    assert AT[3:] not in caplog.text + str([vars(record) for record in caplog.records])


def configure(folder: Path, web: WebConfig | None) -> Config:
    return Config(
        folder / "maildesk.toml",
        folder / "data",
        f"sqlite:///{folder / 'data' / 'maildesk.db'}",
        b"a secret only the tests know",
        desks=(desk(),),
        templates=load_templates(None)[0],
        web=web,
    )


def test_the_daemon_serves_pages_as_one_of_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from maildesk import daemon, house

    build, front = house.build, FrontDesk()
    monkeypatch.setattr(
        daemon, "build", lambda *given, **named: replace(build(*given, **named), answers=front)
    )
    port = free_port()
    web = WebConfig("127.0.0.1", port, "https://helpdesk.corp.test")
    running = daemon.Daemon(configure(tmp_path, web), ("web",))
    thread = threading.Thread(target=lambda: running.run(signals=False))
    thread.start()
    try:
        assert running.ready.wait(20)
        assert ask(port, "GET", "/readyz") == (200, "ok\n")
        assert ask(port, "GET", AT)[0] in (200, 410)  # the daemon's clock is the host's
        second = daemon.Daemon(configure(tmp_path, web), ("web",))
        with pytest.raises(ConfigFault, match="cannot listen"):
            second.run(signals=False)
        assert not second.ready.is_set()
    finally:
        running.stop()
        thread.join(20)
    assert not thread.is_alive()


def test_pages_alone_without_their_table_are_a_fault(tmp_path: Path) -> None:
    from maildesk import daemon

    with pytest.raises(ConfigFault, match=r"there is no table \[web\]"):
        daemon.Daemon(configure(tmp_path, None), ("web",)).run(signals=False)
