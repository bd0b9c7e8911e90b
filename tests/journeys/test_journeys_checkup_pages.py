"""What `check` says about the pages: who answers where, and whether links lead there."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from builders import SECRET, desk
from frontdesk import FrontDesk, site
from servers import LOOPBACK, free_port
from servers.certificates import issue

from maildesk.checkup.finding import Finding, Verdict
from maildesk.checkup.pages import check_pages
from maildesk.config.values import Config, WebConfig
from maildesk.web.app import build_app
from maildesk.web.server import WebServer

GOOD, CARE, BAD = Verdict.GOOD, Verdict.CARE, Verdict.BAD


def ask(port: int, base_url: str, secret: bytes = SECRET, host: str = LOOPBACK) -> list[Finding]:
    config = Config(
        file=Path("maildesk.toml"),
        data=Path("data"),
        database="sqlite://",
        secret=secret,
        desks=(desk(),),
        web=WebConfig(host, port, base_url),
    )
    return list(check_pages(config))


@contextmanager
def pages() -> Iterator[str]:
    """Our own pages; their address."""
    server = WebServer(build_app(site(), FrontDesk()), LOOPBACK, 0)
    thread = server.start()
    try:
        yield f"http://{LOOPBACK}:{server.port}"
    finally:
        server.stop()
        thread.join(20)


class Stranger(BaseHTTPRequestHandler):
    """Somebody else's site, which has no such page."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, format: str, *given: object) -> None:
        pass


@contextmanager
def stranger(certificate: ssl.SSLContext | None = None) -> Iterator[str]:
    server = ThreadingHTTPServer((LOOPBACK, 0), Stranger)
    if certificate is not None:
        server.socket = certificate.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    scheme = "http" if certificate is None else "https"
    try:
        yield f"{scheme}://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(20)
        server.server_close()


def port_of(address: str) -> int:
    return int(address.rpartition(":")[2])


def test_without_the_table_nothing_is_said() -> None:
    config = Config(Path("maildesk.toml"), Path("data"), "sqlite://", SECRET, (desk(),))
    assert list(check_pages(config)) == []


def test_before_the_first_start_a_free_port_is_all_there_is_to_see() -> None:
    port = free_port()
    (told,) = ask(port, f"http://{LOOPBACK}:{port}")
    assert told.verdict is GOOD
    assert f"nothing answers at {LOOPBACK}:{port} yet" in told.text


@pytest.mark.parametrize("host", [LOOPBACK, "0.0.0.0"])
def test_links_that_lead_to_a_daemon_with_our_key_are_good(host: str) -> None:
    with pages() as address:
        here, there = ask(port_of(address), address, host=host)
    assert (here.verdict, there.verdict) == (GOOD, GOOD)
    assert "a daemon serves pages" in here.text
    assert f"links to {address} lead here" in there.text


def test_a_daemon_with_another_key_would_refuse_our_links() -> None:
    with pages() as address:
        here, there = ask(port_of(address), address, secret=b"another key altogether")
    assert (here.verdict, there.verdict) == (GOOD, BAD)
    assert "has another signing key" in there.text


def test_a_port_that_somebody_else_has_is_said() -> None:
    with stranger() as address:
        (told,) = ask(port_of(address), address)
    assert told.verdict is BAD
    assert "something else answers" in told.text
    assert "listen" in told.remedy


def test_a_proxy_that_passes_nothing_on_is_said_with_the_path_it_should_pass() -> None:
    with pages() as address, stranger() as proxy:
        here, there = ask(port_of(address), f"{proxy}/helpdesk")
    assert (here.verdict, there.verdict) == (GOOD, BAD)
    assert "do not arrive here (status 404)" in there.text
    assert "/helpdesk/t/" in there.remedy


def test_what_a_proxy_says_while_no_daemon_runs_means_nothing() -> None:
    with stranger() as proxy:
        (told,) = ask(free_port(), proxy)
    assert told.verdict is GOOD


@pytest.mark.parametrize("running", [True, False])
def test_a_site_that_does_not_answer_here_is_to_be_looked_at(running: bool) -> None:
    away = f"http://{LOOPBACK}:{free_port()}"
    with pages() as address:
        port = port_of(address) if running else free_port()
        told = ask(port, away)[-1]
    assert told.verdict is CARE
    assert f"{away} does not answer here (Connection refused)" in told.text


def test_a_certificate_browsers_do_not_accept_is_said(tmp_path: Path) -> None:
    issued = issue(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.cert, issued.key)
    with pages() as address, stranger(context) as proxy:
        told = ask(port_of(address), proxy)[-1]
    assert told.verdict is BAD
    assert "has a certificate that browsers do not accept" in told.text
