"""The mailbox against a real Dovecot: TLS, folders, filing, large mails, news in time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from servers import certificates
from servers.dovecot import Dovecot

from maildesk.config.values import ImapAccount, Security
from maildesk.wire.imap import SLICE, Cause, Disconnected, Envelope, ImapMailbox, Refused

pytestmark = pytest.mark.servers

MAIL = b"Message-ID: <one@desk.test>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0800\r\n\r\nHello\r\n"
RECEIVED = datetime(2026, 11, 20, 9, 15, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def user(dovecot: Dovecot) -> str:
    return dovecot.fresh_user()


@pytest.fixture
def connect() -> Iterator[Callable[[ImapAccount], ImapMailbox]]:
    """Opens mailboxes and sees to it that none stays open."""
    made: list[ImapMailbox] = []

    def open_one(account: ImapAccount) -> ImapMailbox:
        made.append(ImapMailbox(account))
        made[-1].open()
        return made[-1]

    yield open_one
    for box in made:
        box.close()


Connect = Callable[[ImapAccount], ImapMailbox]


def read_all(box: ImapMailbox, envelopes: list[Envelope]) -> list[bytes]:
    return [b"".join(pieces) for _, pieces in box.fetch(envelopes)]


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_mails_are_listed_and_read_over_each_kind_of_connection(
    dovecot: Dovecot, user: str, connect: Connect, security: Security
) -> None:
    dovecot.append(user, MAIL, RECEIVED)
    box = connect(dovecot.account(user, security))
    [uid] = box.search()
    [envelope] = box.envelopes([uid])
    assert envelope == Envelope(
        uid, len(MAIL), RECEIVED, "one@desk.test", "Fri, 20 Nov 2026 09:00:00 +0800"
    )
    assert envelope.internaldate.tzinfo is UTC
    assert read_all(box, [envelope]) == [MAIL]
    assert {"IDLE", "MOVE", "UIDPLUS"} <= box.capabilities


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_of_an_unknown_authority_is_refused(
    dovecot: Dovecot, user: str, tmp_path: Path, security: Security
) -> None:
    stranger = certificates.issue(tmp_path).ca
    account = replace(dovecot.account(user, security), ca_file=stranger)
    with pytest.raises(Refused, match="ca_file") as caught:
        ImapMailbox(account).open()
    assert caught.value.cause is Cause.CERTIFICATE


def test_a_certificate_of_another_name_is_refused() -> None:
    with Dovecot(["desk"], certified="mail.elsewhere.test") as server:
        for security in ("tls", "starttls"):
            account = server.account("desk", "tls" if security == "tls" else "starttls")
            with pytest.raises(Refused, match="not valid for 'localhost'") as caught:
                ImapMailbox(account).open()
            assert caught.value.cause is Cause.CERTIFICATE


def test_a_missing_authority_file_is_named(dovecot: Dovecot, user: str, tmp_path: Path) -> None:
    account = replace(dovecot.account(user), ca_file=tmp_path / "nowhere.pem")
    with pytest.raises(Refused, match=r"nowhere\.pem"):
        ImapMailbox(account).open()


def test_a_wrong_password_is_refused(dovecot: Dovecot, user: str) -> None:
    account = replace(dovecot.account(user), password="wrong")
    with pytest.raises(Refused, match="check user and password") as caught:
        ImapMailbox(account).open()
    assert caught.value.cause is Cause.PASSWORD


def test_an_unknown_folder_is_refused_with_those_there_are(dovecot: Dovecot, user: str) -> None:
    account = dovecot.account(user, folder="Suport")
    with pytest.raises(Refused, match="INBOX") as caught:
        ImapMailbox(account).open()
    assert caught.value.cause is Cause.FOLDER


def test_a_folder_with_a_chinese_name_is_read_and_filled(
    dovecot: Dovecot, user: str, connect: Connect
) -> None:
    dovecot.append(user, MAIL)
    box = connect(dovecot.account(user))
    box.move(box.search(), "服务台/已处理 & 完成😀")
    assert box.search() == []
    [moved] = dovecot.messages(user, "服务台/已处理 & 完成😀")
    assert moved.raw == MAIL
    other = connect(dovecot.account(user, folder="服务台/已处理 & 完成😀"))
    assert len(other.search()) == 1


def test_reading_changes_no_flag_and_filing_only_the_one_asked_for(
    dovecot: Dovecot, user: str, connect: Connect
) -> None:
    first, second = dovecot.append_all(user, [MAIL, MAIL + b"x" * (SLICE + 10)])
    box = connect(dovecot.account(user))
    read_all(box, box.envelopes(box.search()))
    assert all("\\Seen" not in mail.flags for mail in dovecot.messages(user))
    box.flag_seen([second])
    seen = {mail.uid for mail in dovecot.messages(user) if "\\Seen" in mail.flags}
    assert seen == {second}
    assert first != second


def test_mail_read_by_another_client_is_still_listed(
    dovecot: Dovecot, user: str, connect: Connect
) -> None:
    uid = dovecot.append(user, MAIL, flags="\\Seen \\Answered")
    box = connect(dovecot.account(user))
    assert box.search() == [uid]


def test_a_thousand_mails_are_listed_read_and_moved_in_order(
    dovecot: Dovecot, user: str, connect: Connect
) -> None:
    raws = [b"Message-ID: <%d@x>\r\n\r\n%s\r\n" % (n, b"y" * (n * 7 % 900)) for n in range(1000)]
    dovecot.append_all(user, raws)
    box = connect(dovecot.account(user))
    uids = box.search()
    envelopes = box.envelopes(uids)
    assert [item.message_id for item in envelopes] == [f"{n}@x" for n in range(1000)]
    assert read_all(box, envelopes) == raws
    box.move(uids, "Done")
    assert (box.search(), len(dovecot.messages(user, "Done"))) == ([], 1000)


def test_moving_to_a_folder_that_is_there_and_moving_what_is_gone_are_quiet(
    dovecot: Dovecot, user: str, connect: Connect
) -> None:
    uids = dovecot.append_all(user, [MAIL, MAIL])
    box = connect(dovecot.account(user))
    box.move(uids[:1], "maildesk/Done")
    box.move(uids, "maildesk/Done")
    box.move(uids, "maildesk/Done")
    box.flag_seen(uids)
    assert len(dovecot.messages(user, "maildesk/Done")) == 2


def test_folders_of_a_server_with_dots_between_levels_are_translated(connect: Connect) -> None:
    with Dovecot(["desk"], separator=".") as server:
        server.append("desk", MAIL)
        box = connect(server.account("desk"))
        box.move(box.search(), "maildesk/Done")
        assert "maildesk.Done" in server.folders("desk")
        again = connect(server.account("desk", folder="maildesk/Done"))
        assert len(again.search()) == 1


def test_without_move_and_uidplus_only_the_copy_and_a_mark_remain(
    dovecot: Dovecot, user: str, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    uids = dovecot.append_all(user, [MAIL, MAIL])
    box = connect(dovecot.account(user))
    client = box._client
    real = client.has_capability
    missing = {"MOVE"}
    monkeypatch.setattr(client, "has_capability", lambda name: name not in missing and real(name))
    box.move(uids[:1], "Done")
    assert [mail.uid for mail in dovecot.messages(user)] == uids[1:]
    missing.add("UIDPLUS")
    box.move(uids[1:], "Done")
    assert ["\\Deleted" in mail.flags for mail in dovecot.messages(user)] == [True]
    assert len(dovecot.messages(user, "Done")) == 2


def test_a_mail_between_search_and_idle_is_seen_at_once(
    dovecot: Dovecot, user: str, connect: Connect
) -> None:
    box = connect(dovecot.account(user))
    for round_ in range(5):
        last = max(box.search(), default=0)
        dovecot.deliver(user, MAIL)
        started = time.monotonic()
        assert box.wait(30) is True, round_
        assert len(box.search(after=last)) == 1
        # Far from the 30 s a missed notice would take; no measure of speed.
        assert time.monotonic() - started < 10


def test_a_mail_announced_in_the_answer_to_another_command_is_not_waited_for(
    dovecot: Dovecot, user: str, connect: Connect
) -> None:
    # The server says EXISTS once: behind SEARCH or STORE, and then IDLE is silent about it.
    client = connect(dovecot.account(user, "none"))
    client.open()
    first = dovecot.append(user, b"Subject: first\r\n\r\nx\r\n")
    client.search()
    assert client.wait(10)
    assert client.search() == [first]
    dovecot.append(user, b"Subject: second\r\n\r\nx\r\n")
    client.flag_seen([first])
    began = time.monotonic()
    assert client.wait(10)
    assert time.monotonic() - began < 5
    assert len(client.search()) == 2


@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_mail_during_idle_is_seen(
    dovecot: Dovecot, user: str, connect: Connect, security: Security
) -> None:
    box = connect(dovecot.account(user, security))
    threading.Timer(0.2, dovecot.deliver, [user, MAIL]).start()
    assert box.wait(30) is True
    assert len(box.search()) == 1
    assert box.wait(0.05) is False


def test_a_new_uidvalidity_shows_and_the_mails_can_be_read_again(
    dovecot: Dovecot, user: str, connect: Connect
) -> None:
    dovecot.append_all(user, [MAIL, MAIL])
    account = dovecot.account(user)
    box = connect(account)
    before = box.open()
    box.close()
    dovecot.reset_uidvalidity(user)
    after = box.open()
    assert after.uidvalidity != before.uidvalidity
    assert after.exists == 2
    assert read_all(box, box.envelopes(box.search())) == [MAIL, MAIL]


def test_mails_expunged_while_we_read_are_left_out(
    dovecot: Dovecot, user: str, connect: Connect
) -> None:
    uids = dovecot.append_all(user, [MAIL, MAIL, MAIL])
    box = connect(dovecot.account(user))
    envelopes = box.envelopes(uids)
    dovecot.expunge(user, uids[1:2])
    # The server may still hand it out to a session that has not heard of the removal.
    assert {uids[0], uids[2]} <= {uid for uid, _ in box.fetch(envelopes)}
    box.open()
    assert [item.uid for item in box.envelopes(uids)] == [uids[0], uids[2]]


def test_a_mail_stored_by_us_has_the_date_we_gave_it(
    dovecot: Dovecot, user: str, connect: Connect
) -> None:
    box = connect(dovecot.account(user))
    box.append(MAIL, RECEIVED)
    [envelope] = box.envelopes(box.search())
    assert envelope.internaldate == RECEIVED


@pytest.mark.parametrize(
    ("head", "message_id", "date"),
    [
        (b"Subject: nothing\r\n", None, None),
        (b"message-id:<a@b>\r\nDATE:x\r\n", "a@b", "x"),
        (b"Message-ID:\r\n <folded@host>\r\n", "folded@host", None),
        (b"Message-ID: bare@host\r\n", "bare@host", None),
        (b"Message-ID: <first@x>\r\nMessage-ID: <second@x>\r\n", "first@x", None),
        (b"Message-ID: <\xd6\xd0@x>\r\n", "��@x", None),
        (
            b"Date: Fri, 20 Nov 2026\r\n\t09:00:00 +0800\r\n",
            None,
            "Fri, 20 Nov 2026 09:00:00 +0800",
        ),
        (b"Message-ID:\r\nDate:\r\n", None, None),
    ],
)
def test_ids_and_dates_are_read_however_they_are_written(
    dovecot: Dovecot,
    user: str,
    connect: Connect,
    head: bytes,
    message_id: str | None,
    date: str | None,
) -> None:
    dovecot.append(user, head + b"\r\nbody\r\n")
    box = connect(dovecot.account(user))
    [envelope] = box.envelopes(box.search())
    assert (envelope.message_id, envelope.date) == (message_id, date)


MEASURE = """
import resource, sys
from pathlib import Path
from maildesk.config.values import ImapAccount
from maildesk.wire.imap import ImapMailbox
host, port, user, password, ca = sys.argv[1:]
box = ImapMailbox(ImapAccount(host, int(port), "tls", user, password, ca_file=Path(ca)))
box.open()
def consume(uids):
    total = 0
    for _, pieces in box.fetch(box.envelopes(uids)):
        for piece in pieces:
            total += len(piece)
    return total
small, large = box.search()
consume([small])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
total = consume([large])
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
box.close()
print(total, after - before)
"""


def test_a_mail_of_50_mb_costs_no_memory(dovecot: Dovecot, user: str) -> None:
    line = b"0123456789" * 7 + b"\r\n"
    large = b"Subject: large\r\n\r\n" + line * (50 * 1024 * 1024 // len(line))
    dovecot.append_all(user, [b"Subject: small\r\n\r\n" + line * 10_000, large])
    account = dovecot.account(user)
    arguments = [account.host, str(account.port), user, account.password, str(account.ca_file)]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *arguments], capture_output=True, text=True, check=True
    )
    total, grown_kib = map(int, done.stdout.split())
    assert total == len(large)
    assert grown_kib < 4 * 1024


def test_mails_are_removed_one_by_one_and_nothing_others_marked(
    dovecot: Dovecot, user: str, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, _ = dovecot.append_all(user, [MAIL, MAIL])
    marked = dovecot.append(user, MAIL, flags="\\Deleted")
    box = connect(dovecot.account(user))
    box.remove([ours])
    assert box.search() == [marked - 1, marked]
    monkeypatch.setattr(box._client, "has_capability", lambda name: False)
    with pytest.raises(Refused, match="UIDPLUS"):
        box.remove([marked - 1])
    assert box.search() == [marked - 1, marked]


def test_interrupt_ends_idle_over_tls(dovecot: Dovecot, user: str, connect: Connect) -> None:
    box = connect(dovecot.account(user))
    threading.Timer(0.2, box.interrupt).start()
    with pytest.raises(Disconnected):
        box.wait(60)


def test_a_mailbox_opened_for_reading_only_is_left_as_it_was(dovecot: Dovecot, user: str) -> None:
    uid = dovecot.append(user, MAIL)
    mailbox = ImapMailbox(dovecot.account(user), read_only=True)
    mailbox.open()
    envelopes = mailbox.envelopes(mailbox.search())
    assert [b"".join(pieces) for _, pieces in mailbox.fetch(envelopes)] == [MAIL]
    changes: tuple[Callable[[], None], ...] = (
        lambda: mailbox.flag_seen([uid]),
        lambda: mailbox.move([uid], "Elsewhere"),
        lambda: mailbox.remove([uid]),
        lambda: mailbox.append(MAIL),
    )
    for change in changes:
        with pytest.raises(Refused, match="reading only"):
            change()
    assert mailbox.search() == [uid]
    mailbox.close()
    # Not even \Recent was taken from whoever looks next.
    assert [mail.flags for mail in dovecot.messages(user)] == [frozenset(("\\Recent",))]
