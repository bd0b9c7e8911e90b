"""Visitors who mean harm: half requests, thousands of answers, tokens nobody signed."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from frontdesk import REQUESTER, FrontDesk, path, site
from servers import wait_until
from starlette.testclient import TestClient
from test_web_server import HEADERS, ask, configure, free_port, serve

from maildesk.config.values import WebConfig
from maildesk.daemon import Daemon
from maildesk.rulebook import Rulebook
from maildesk.web import patience
from maildesk.web.app import build_app

AT = path(REQUESTER)
HALF = b"GET " + AT.encode() + b" HTTP/1.1\r\nHost: x\r\nX-Slow: "


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "HEAD_SECONDS", 0.5)


def hold(stack: ExitStack, port: int, said: bytes) -> socket.socket:
    line = stack.enter_context(closing(socket.create_connection(("127.0.0.1", port), 10)))
    line.sendall(said)
    return line


def is_hung_up(line: socket.socket) -> bool:
    line.settimeout(5)
    try:
        while line.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        pass
    return True


@pytest.mark.parametrize("said", [b"", b"G", HALF], ids=["nothing", "a letter", "half a head"])
@pytest.mark.usefixtures("hurried")
def test_hundreds_who_say_nothing_keep_nobody_out_for_long(said: bytes) -> None:
    with serve(FrontDesk()) as server, ExitStack() as stack:
        lines = [hold(stack, server.port, said) for _ in range(250)]
        assert wait_until(lambda: ask(server.port, "GET", AT)[0] == 200, 10, 0.2)
        assert all(map(is_hung_up, lines))


@pytest.mark.usefixtures("hurried")
def test_who_goes_on_a_letter_at_a_time_is_hung_up_on_as_well() -> None:
    with serve(FrontDesk()) as server, ExitStack() as stack:
        first = hold(stack, server.port, HALF)
        # This one asks properly once, and then begins a second request on the same line.
        second = hold(stack, server.port, HALF + b"\r\n\r\n")
        assert second.recv(12) == b"HTTP/1.1 200"
        began = time.monotonic()
        for line in (first, second):
            with suppress(ConnectionError):
                while time.monotonic() - began < 4:
                    line.sendall(b"a")
                    time.sleep(0.05)  # a letter at a time, for ever
        assert time.monotonic() - began < 4
        assert is_hung_up(first)
        assert is_hung_up(second)


@pytest.mark.usefixtures("hurried")
def test_who_thinks_between_two_requests_on_one_line_is_served() -> None:
    front = FrontDesk()
    form = urlencode({"token": AT[3:], "choice": "confirmed"})
    with serve(front) as server:
        line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        with closing(line):
            line.request("GET", AT)
            assert line.getresponse().read()
            time.sleep(1)
            line.request("POST", AT, form, HEADERS)
            assert line.getresponse().status == 303
    assert len(front.taken) == 1


def test_an_answer_sent_hundreds_of_times_is_one() -> None:
    front = FrontDesk()
    form = {"token": AT[3:], "choice": "confirmed"}
    with TestClient(build_app(site(), front), follow_redirects=False) as client:
        for _ in range(500):
            assert client.post(AT, data=form).status_code == 303
    assert len(front.taken) == 1


@pytest.mark.parametrize(
    "token",
    [
        "%00", "a%00b", "..%2f..%2fetc%2fpasswd", "%2e%2e/%2e%2e", "x" * 3_000, "%ff%fe", "-._",
        quote("单号"), AT[3:] + "%00", AT[3:-1], AT[3:].upper(), "%0d%0aSet-Cookie:%20a=b",
        AT[3:] + "/" + AT[3:],
    ],
)  # fmt: skip
@pytest.mark.parametrize("room", ["/t/", "/k/", "/service/"])
def test_a_token_nobody_signed_shows_and_changes_nothing(token: str, room: str) -> None:
    front = FrontDesk()
    with TestClient(build_app(site(), front), follow_redirects=False) as client:
        for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"):
            answer = client.request(method, room + token)
            assert answer.status_code in (200, 204, 400, 404, 405, 415), (
                method,
                answer.status_code,
            )
            assert "set-cookie" not in answer.headers
            if answer.status_code == 200:
                assert room == "/t/" and method in ("GET", "HEAD")
    assert front.taken == []


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    found: list[int] = []
    monkeypatch.setattr(Rulebook, "look", lambda book: found.append(1))
    monkeypatch.setattr("maildesk.daemon._KNOCK_SECONDS", 0.1)
    yield found


def test_pages_alone_look_for_changed_rules_too(tmp_path: Path, looks: list[int]) -> None:
    web = WebConfig("127.0.0.1", free_port(), "https://helpdesk.corp.test")
    running = Daemon(configure(tmp_path, web), ("web",))
    thread = threading.Thread(target=lambda: running.run(signals=False))
    thread.start()
    try:
        assert running.ready.wait(20)
        assert wait_until(lambda: len(looks) > 0, 10, 0.1)
    finally:
        running.stop()
        thread.join(20)
    assert not thread.is_alive()
