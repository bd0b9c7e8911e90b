"""`maildesk check` against real servers: what works is said, what does not is explained."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from servers.dovecot import Dovecot
from servers.postfix import Postfix
from servers.postgres import Postgres
from servers.sink import Sink, Taken

from maildesk.checkup import Finding, Verdict, examine
from maildesk.cli.check import check
from maildesk.mail.proof.ids import MARK

pytestmark = pytest.mark.servers

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)

RULE = """\
- id: printer
  name: {zh: 打印机, en: Printer}
  when: {any: [打印机]}
  set: {category: hardware}
  expect: [{mail: 打印机坏了, set: {category: hardware}}]
"""


class Site:
    """A configuration folder for one fresh user of the servers."""

    def __init__(self, folder: Path, dovecot: Dovecot, smtp_port: int) -> None:
        self.folder = folder
        self.dovecot = dovecot
        self.user = dovecot.fresh_user()
        self.address = f"{self.user}@desk.test"
        self.file = folder / "maildesk.toml"
        folder.chmod(0o700)
        (folder / "rules").mkdir()
        (folder / "rules" / "rules.yaml").write_text(RULE)
        (folder / "people.csv").write_text("name,addresses,role\n王强,wang@desk.test,lead\n")
        self.text = f"""\
people = "people.csv"
rules = "rules"
[desk.it]
addresses = ["{self.address}"]
[smtp]
host = "127.0.0.1"
port = {smtp_port}
security = "none"
[mailbox.main]
host = "localhost"
port = {dovecot.imaps_port}
user = "{self.user}"
password_env = "PW"
ca_file = "{dovecot.ca_file}"
"""

    def change(self, old: str, new: str) -> None:
        assert old in self.text
        self.text = self.text.replace(old, new, 1)

    def examine(self, *, mail: bool = True, patience: float = 20.0) -> list[Finding]:
        self.file.write_text(self.text)
        environ = {"PW": self.dovecot.password}
        return list(examine(self.file, environ, now=lambda: NOW, mail=mail, patience=patience))

    def run(self, *options: str) -> Result:
        self.file.write_text(self.text)
        command = ["--config", str(self.file), *options]
        return CliRunner().invoke(check, command, env={"PW": self.dovecot.password})


def tell(findings: list[Finding], verdict: Verdict) -> list[str]:
    return [f"{finding.item}: {finding.text}" for finding in findings if finding.verdict is verdict]


def find(findings: list[Finding], words: str) -> Finding:
    found = [finding for finding in findings if words in finding.text]
    assert len(found) == 1, findings
    return found[0]


@contextmanager
def forwarding(sink: Sink, deliver: Callable[[Taken], None]) -> Iterator[None]:
    """Hand every mail the sink takes to `deliver`, as a server on the way would."""
    over = threading.Event()

    def forward() -> None:
        done = 0
        while not over.wait(0.02):
            for taken in sink.mails[done:]:
                done += 1
                deliver(taken)

    thread = threading.Thread(target=forward)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as server:
        yield server


@pytest.fixture
def site(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Site:
    return Site(tmp_path, dovecot, postfix.port)


@pytest.fixture
def sunk(tmp_path: Path, dovecot: Dovecot, sink: Sink) -> Site:
    """A site whose letters go to the sink, which delivers nothing by itself."""
    return Site(tmp_path, dovecot, sink.port)


def test_a_site_where_everything_works_is_all_good(site: Site) -> None:
    result = site.run()
    assert result.exit_code == 0, result.output
    assert "✗" not in result.output
    assert f"✓ desk it: {site.address} writes to itself" in result.output
    assert "its Message-ID came back unchanged" in result.output
    assert re.search(
        r"plus-address user\d+\+check\w+@desk.test arrives: you may set", result.output
    )
    assert "the null sender <> is accepted" in result.output
    assert "IDLE yes, MOVE yes" in result.output
    assert "Next: maildesk run" in result.output


def test_the_test_letters_are_gone_afterwards_and_nothing_else_is(site: Site) -> None:
    site.dovecot.append(site.user, b"Subject: mine\r\n\r\nx\r\n")
    assert tell(site.examine(), Verdict.BAD) == []
    (mail,) = site.dovecot.messages(site.user)
    assert b"Subject: mine" in mail.raw
    assert mail.flags == frozenset()
    assert not (site.folder / "data").exists()


def test_without_mail_nothing_is_sent(sunk: Site, sink: Sink) -> None:
    result = sunk.run("--no-mail")
    assert result.exit_code == 0, result.output
    assert sink.mails == []
    assert f"takes <{sunk.address}> as the sender" in result.output


def test_a_wrong_password_is_said_and_no_letter_is_written(sunk: Site, sink: Sink) -> None:
    sunk.change('password_env = "PW"', 'password = "nonsense"')
    findings = sunk.examine()
    (told,) = tell(findings, Verdict.BAD)
    assert told.startswith("mailbox main: ")
    assert "nonsense" not in str(findings)
    assert sink.mails == []


def test_a_folder_that_is_not_there_is_said_with_those_that_are(site: Site) -> None:
    site.change("[mailbox.main]", '[mailbox.main]\nfolder = "Tickets"')
    (told,) = tell(site.examine(), Verdict.BAD)
    assert "Tickets" in told
    assert "INBOX" in told


def test_an_unknown_certificate_is_said(site: Site) -> None:
    site.change(f'ca_file = "{site.dovecot.ca_file}"', "")
    (told,) = tell(site.examine(), Verdict.BAD)
    assert "certificate is not accepted" in told


def test_an_smtp_server_that_is_not_there_is_said(site: Site, sink: Sink) -> None:
    sink.halt()
    site.text = re.sub(r"(?m)^port = \d+$", f"port = {sink.port}", site.text, count=1)
    (told,) = tell(site.examine(), Verdict.BAD)
    assert told.startswith("SMTP: 127.0.0.1:")
    assert "nothing answers there" in told


def test_a_letter_that_does_not_arrive_is_said_with_where_to_look(sunk: Site) -> None:
    findings = sunk.examine(patience=1.0)
    finding = find(findings, "did not appear in")
    assert finding.verdict is Verdict.BAD
    assert "spam folder" in finding.remedy
    assert sunk.run("--patience", "1").exit_code == 1


def test_a_replaced_message_id_is_a_warning_while_our_mark_survives(sunk: Site, sink: Sink) -> None:
    def rewrite(taken: Taken) -> None:
        raw = re.sub(rb"(?m)^Message-ID: .*\r$", b"Message-ID: <new@exmail>\r", taken.raw)
        sunk.dovecot.deliver(taken.recipient.partition("@")[0], raw)

    with forwarding(sink, rewrite):
        findings = sunk.examine()
    assert find(findings, "replaces the Message-ID; our mark").verdict is Verdict.CARE
    assert sunk.dovecot.messages(sunk.user) == []


def test_a_letter_that_comes_back_unrecognisable_is_a_fault(sunk: Site, sink: Sink) -> None:
    def strip(taken: Taken) -> None:
        pattern = rf"(?m)^(Message-ID|{MARK}): .*\r\n".encode()
        sunk.dovecot.deliver(taken.recipient.partition("@")[0], re.sub(pattern, b"", taken.raw))

    with forwarding(sink, strip):
        findings = sunk.examine()
    assert find(findings, "removes our mark").verdict is Verdict.BAD


@pytest.mark.parametrize(("configured", "verdict"), [(True, Verdict.BAD), (False, Verdict.GOOD)])
def test_a_plus_address_that_is_refused_matters_only_when_it_is_used(
    sunk: Site, sink: Sink, configured: bool, verdict: Verdict
) -> None:
    if configured:
        sunk.change("[desk.it]", "[desk.it]\nplus_address = true")
    sink.script("rcpt", "250 2.1.5 ok")
    sink.script("rcpt", "550 5.1.1 no such user")
    with forwarding(sink, lambda taken: sunk.dovecot.deliver(sunk.user, taken.raw)):
        findings = sunk.examine()
    finding = find(findings, "550 5.1.1 no such user")
    assert finding.verdict is verdict
    assert "to the plus-address" in finding.text


@pytest.mark.parametrize(("configured", "verdict"), [(True, Verdict.BAD), (False, Verdict.GOOD)])
def test_a_null_sender_that_is_refused_matters_only_when_it_is_used(
    sunk: Site, sink: Sink, configured: bool, verdict: Verdict
) -> None:
    if configured:
        sunk.change("[smtp]", '[smtp]\nenvelope_sender = "<>"')
    sink.script("mail", "250 2.1.0 ok", times=3)  # the probe and two letters
    sink.script("mail", "553 5.7.1 no null sender here")
    with forwarding(sink, lambda taken: sunk.dovecot.deliver(sunk.user, taken.raw)):
        findings = sunk.examine()
    finding = find(findings, "553 5.7.1 no null sender here")
    assert finding.verdict is verdict


def test_a_sender_the_server_does_not_take_is_said_before_any_letter(
    sunk: Site, sink: Sink
) -> None:
    sink.script("mail", "553 5.7.1 not your address")
    findings = sunk.examine()
    (told,) = tell(findings, Verdict.BAD)
    assert f"does not take <{sunk.address}> as the sender: 553" in told
    assert sink.mails == []


def test_letters_a_running_daemon_has_filed_are_found(sunk: Site, sink: Sink) -> None:
    sunk.change("[mailbox.main]", '[mailbox.main]\nfiling.mode = "move"')
    with sunk.dovecot.login(sunk.user) as client:
        client.create("maildesk/Ignored")

    def file_away(taken: Taken) -> None:
        sunk.dovecot.append(sunk.user, taken.raw, folder="maildesk/Ignored")

    with forwarding(sink, file_away):
        findings = sunk.examine()
    assert tell(findings, Verdict.BAD) == []
    assert sunk.dovecot.messages(sunk.user, "maildesk/Ignored") == []


def test_a_postgresql_that_would_lose_mail_and_one_that_is_not_there_are_said(
    site: Site, postgres: Postgres
) -> None:
    url = postgres.fresh_database()  # of a server that runs without fsync, for tests
    site.text = f'database = "{url}"\n{site.text}'
    (told,) = tell(site.examine(mail=False), Verdict.BAD)
    assert "fsync and synchronous_commit off: a power loss would lose mail" in told
    site.change(url, "postgresql://desk:hunter2@127.0.0.1:1/desk")
    findings = site.examine(mail=False)
    (told,) = tell(findings, Verdict.BAD)
    assert "postgresql+psycopg://desk:***@127.0.0.1:1/desk: no connection" in told
    assert "hunter2" not in str(findings)
