"""Each trap of IMAP servers and of imapclient, shown by a server that springs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from servers import wait_until
from servers.fake_imap import FakeImap
from servers.proxy import Proxy

from maildesk.config.values import ImapAccount
from maildesk.wire.imap import Cause, Disconnected, ImapMailbox, Refused, Withheld, backoff

Make = Callable[[ImapAccount], ImapMailbox]
MAIL = b"Message-ID: <one@desk.test>\r\nDate: Fri, 20 Nov 2026 09:00:00 +0800\r\n\r\nHello\r\n"


@pytest.fixture
def server() -> Iterator[FakeImap]:
    with FakeImap([MAIL]) as fake:
        yield fake


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes mailboxes and sees to it that none stays open."""
    made: list[ImapMailbox] = []

    def make_one(account: ImapAccount) -> ImapMailbox:
        made.append(ImapMailbox(account))
        return made[-1]

    yield make_one
    for box in made:
        box.close()


@pytest.fixture
def mailbox(server: FakeImap, make: Make) -> ImapMailbox:
    return make(server.account())


def test_news_right_behind_the_plus_is_seen_at_once(server: FakeImap, mailbox: ImapMailbox) -> None:
    server.idle = "news_behind_plus"
    mailbox.open()
    assert mailbox.wait(30) is True


def test_news_before_the_plus_neither_is_lost_nor_breaks_the_session(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    server.idle = "news_before_plus"
    mailbox.open()
    assert mailbox.wait(30) is True
    assert mailbox.search() == [1]
    assert server.connections == 1


def test_a_line_in_two_packets_is_one_piece_of_news(server: FakeImap, mailbox: ImapMailbox) -> None:
    server.idle = "split"
    mailbox.open()
    assert mailbox.wait(30) is True
    assert mailbox.search() == [1]


@pytest.mark.parametrize("idle", ["close", "bye"])
def test_a_server_that_ends_during_idle_asks_for_a_new_connection(
    server: FakeImap, mailbox: ImapMailbox, idle: str
) -> None:
    server.idle = "close" if idle == "close" else "bye"
    mailbox.open()
    with pytest.raises(Disconnected):
        mailbox.wait(30)
    mailbox.open()
    assert mailbox.search() == [1]


def test_a_server_that_hangs_is_given_up_after_the_read_timeout(
    server: FakeImap, make: Make
) -> None:
    server.idle = "hang"
    box = make(server.account(read_timeout=0.2))
    box.open()
    with pytest.raises(Disconnected, match="no answer in time"):
        box.wait(0.1)


def test_a_quiet_idle_ends_after_its_seconds_and_can_be_renewed(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    mailbox.open()
    assert [mailbox.wait(0.05) for _ in range(3)] == [False, False, False]
    assert server.names().count("IDLE") == 3


def test_idle_is_renewed_before_servers_tire_of_it(server: FakeImap, make: Make) -> None:
    box = make(replace(server.account(), idle_seconds=0.05))
    box.open()
    assert box.wait(3600) is False


def test_mail_that_arrives_during_idle_wakes_the_waiting(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    mailbox.open()
    threading.Timer(0.1, server.arrive, [MAIL]).start()
    assert mailbox.wait(30) is True
    assert mailbox.search(after=1) == [2]


def test_where_idle_is_missing_the_mailbox_is_polled(server: FakeImap, make: Make) -> None:
    server.capabilities = "IMAP4rev1"
    box = make(server.account(poll_seconds=0.01))
    box.open()
    assert box.wait(30) is True
    assert "IDLE" not in server.names()


def test_idle_that_is_offered_and_then_refused_turns_into_polling(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    server.refuse["IDLE"] = "NO not today"
    mailbox.open()
    assert [mailbox.wait(30), mailbox.wait(30)] == [True, True]
    assert mailbox.search() == [1]
    assert server.names().count("IDLE") == 1


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 IDLE", "IMAP4rev1"])
def test_interrupt_ends_a_blocked_wait_from_another_thread(
    server: FakeImap, make: Make, capabilities: str
) -> None:
    server.capabilities = capabilities
    box = make(server.account(read_timeout=60, poll_seconds=3600))
    box.open()
    done = threading.Event()

    def wait() -> None:
        with suppress(Disconnected):
            box.wait(3600)
        done.set()

    threading.Thread(target=wait, daemon=True).start()
    time.sleep(0.05)
    box.interrupt()
    assert done.wait(5)
    with pytest.raises(Disconnected, match="interrupted"):
        box.open()


def test_interrupt_ends_a_read_the_server_never_answers(server: FakeImap, make: Make) -> None:
    server.hang_at = "UID SEARCH"
    box = make(server.account(read_timeout=60))
    box.open()
    threading.Timer(0.1, box.interrupt).start()
    with pytest.raises(Disconnected):
        box.search()


def test_search_above_the_last_mail_finds_nothing_though_the_server_names_it(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    mailbox.open()
    assert mailbox.search(after=1) == []
    assert mailbox.search(after=700) == []


def test_search_answers_in_several_lines_are_put_together(server: FakeImap, make: Make) -> None:
    server.mails = dict.fromkeys(range(1, 8), MAIL)
    server.search_lines = 3
    box = make(server.account())
    box.open()
    assert box.search() == [1, 2, 3, 4, 5, 6, 7]


def test_a_mailbox_of_200_000_mails_is_searched_in_windows(server: FakeImap, make: Make) -> None:
    server.mails = dict.fromkeys(range(1_000_001, 1_200_001), MAIL)
    box = make(server.account(read_timeout=30))
    state = box.open()
    assert state.exists == 200_000
    found = box.search()
    assert (found[0], found[-1], len(found)) == (1_000_001, 1_200_000, 200_000)
    assert box.search(after=1_199_998) == [1_199_999, 1_200_000]


def test_who_we_are_is_said_after_login_and_before_select(server: FakeImap, make: Make) -> None:
    server.capabilities = "IMAP4rev1 ID IDLE"
    server.needs_id = True
    box = make(server.account())
    assert box.open().exists == 1
    names = server.names()
    assert names.index("LOGIN") < names.index("ID") < names.index("SELECT")


def test_unsafe_login_is_explained_by_what_to_change(server: FakeImap, make: Make) -> None:
    server.needs_id = True
    with pytest.raises(Refused, match="web settings") as caught:
        make(server.account()).open()
    assert caught.value.cause is Cause.FOLDER


def test_a_wrong_password_is_refused_without_showing_it(server: FakeImap, make: Make) -> None:
    account = replace(server.account(), password="wrong-secret")
    with pytest.raises(Refused, match="check user and password") as caught:
        make(account).open()
    assert caught.value.cause is Cause.PASSWORD
    assert "wrong-secret" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    ["NO [UNAVAILABLE] backend down", "NO [ALERT] Too many simultaneous connections", "NO [LIMIT]"],
)
def test_a_busy_server_is_not_taken_for_a_wrong_password(
    server: FakeImap, make: Make, answer: str
) -> None:
    server.refuse["LOGIN"] = answer
    with pytest.raises(Disconnected) as caught:
        make(server.account()).open()
    assert caught.value.cause is Cause.BUSY


def test_a_chinese_password_logs_in_by_plain(server: FakeImap, make: Make) -> None:
    server.password = '密码🔑 "x\\'
    box = make(server.account())
    assert box.open().exists == 1
    assert "AUTHENTICATE" in server.names()


def test_a_chinese_password_without_plain_is_refused_before_it_is_sent(
    server: FakeImap, make: Make
) -> None:
    server.capabilities = "IMAP4rev1"
    server.password = "密码"
    with pytest.raises(Refused, match="ASCII"):
        make(server.account()).open()
    assert "LOGIN" not in server.names()


@pytest.mark.parametrize("password", ['with "quotes"', "back\\slash", "two words"])
def test_user_and_password_of_odd_characters_are_quoted(
    server: FakeImap, make: Make, password: str
) -> None:
    server.password = password
    server.user = 'the "desk" user'
    account = replace(server.account(), user=server.user)
    assert make(account).open().exists == 1


def test_a_password_in_clear_text_is_not_sent_where_the_server_forbids_it(
    server: FakeImap,
    make: Make,
) -> None:
    server.capabilities = "IMAP4rev1 LOGINDISABLED"
    with pytest.raises(Refused, match="starttls"):
        make(server.account()).open()
    assert "LOGIN" not in server.names()


def test_missing_starttls_is_refused_with_nothing_secret_sent(server: FakeImap, make: Make) -> None:
    account = replace(server.account(), security="starttls")
    with pytest.raises(Refused, match="STARTTLS") as caught:
        make(account).open()
    assert caught.value.cause is Cause.TLS
    assert not {"LOGIN", "AUTHENTICATE"} & set(server.names())


def test_tls_to_a_port_in_clear_text_says_so(server: FakeImap, make: Make) -> None:
    server.greeting = "* OK " + "x" * 200
    account = replace(server.account(), security="tls")
    with pytest.raises(Refused, match="starttls") as caught:
        make(account).open()
    assert caught.value.cause is Cause.TLS


@pytest.mark.parametrize(
    ("change", "says"),
    [({"port": 1}, "nothing answers"), ({"host": "no-such-host.invalid"}, "not known")],
)
def test_an_unreachable_server_is_named(
    server: FakeImap, make: Make, change: dict[str, str | int], says: str
) -> None:
    account = replace(server.account(), **change)  # type: ignore[arg-type]
    with pytest.raises(Disconnected, match=says):
        make(account).open()


def test_a_server_that_says_bye_at_the_greeting_is_tried_again(
    server: FakeImap, make: Make
) -> None:
    server.greeting = "* BYE too many connections"
    with pytest.raises(Disconnected):
        make(server.account()).open()


@pytest.mark.parametrize("command", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE"])
def test_bye_at_any_command_asks_for_a_new_connection(
    server: FakeImap, make: Make, command: str
) -> None:
    server.bye_at = command
    box = make(server.account())
    with pytest.raises(Disconnected):
        _run_a_round(box)
    server.bye_at = None
    _run_a_round(box)


def test_a_changed_uidvalidity_shows_at_the_next_open(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    before = mailbox.open().uidvalidity
    server.uidvalidity += 1
    assert mailbox.open().uidvalidity == before + 1


def test_mails_expunged_meanwhile_are_left_out(server: FakeImap, mailbox: ImapMailbox) -> None:
    server.mails = {1: MAIL, 2: MAIL, 3: MAIL, 4: b"Subject: big\r\n\r\n" + b"x" * 600_000}
    mailbox.open()
    envelopes = mailbox.envelopes([1, 2, 3, 4])
    server.vanish = {2, 4}
    assert [item.uid for item in mailbox.envelopes([1, 2, 3, 4])] == [1, 3]
    assert [uid for uid, _ in mailbox.fetch(envelopes)] == [1, 3]


def test_a_large_mail_that_vanishes_half_way_is_withheld_and_the_session_goes_on(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    server.mails = {1: b"Subject: big\r\n\r\n" + b"x" * 600_000, 2: MAIL}
    mailbox.open()
    got = []
    for uid, pieces in mailbox.fetch(mailbox.envelopes([1, 2])):
        if uid == 1:
            next(pieces)
            server.vanish = {1}
            with pytest.raises(Withheld):
                next(pieces)
        else:
            got.append(b"".join(pieces))
    assert got == [MAIL]


def test_one_mail_the_server_cannot_read_does_not_stop_the_others(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    server.mails = {1: MAIL, 2: MAIL, 3: MAIL}
    server.broken = {2}
    mailbox.open()
    envelopes = mailbox.envelopes([1, 2, 3])
    assert [uid for uid, _ in mailbox.fetch(envelopes)] == [1, 3]
    assert set(mailbox.refusals) == {2}


def test_sizes_that_are_only_estimates_do_not_cut_a_mail(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    raw = b"Subject: big\r\n\r\n" + bytes(range(32, 127)) * 10_000
    server.mails = {1: raw}
    server.size_error = -500_000
    mailbox.open()
    [(uid, pieces)] = [(uid, b"".join(p)) for uid, p in mailbox.fetch(mailbox.envelopes([1]))]
    assert (uid, pieces) == (1, raw)


@pytest.mark.parametrize("extra", [0, 1, 256 * 1024])
def test_mails_that_end_at_a_slice_are_whole(
    server: FakeImap, mailbox: ImapMailbox, extra: int
) -> None:
    raw = (b"Subject: x\r\n\r\n" + b"y" * (2 * 256 * 1024 + extra))[: 512 * 1024 + extra]
    server.mails = {1: raw}
    mailbox.open()
    [(_, pieces)] = [(uid, b"".join(p)) for uid, p in mailbox.fetch(mailbox.envelopes([1]))]
    assert pieces == raw


def test_news_about_other_mails_between_the_answers_confuses_nobody(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    server.mails = dict.fromkeys((1, 2, 3), MAIL)
    server.chatter = "* 2 FETCH (FLAGS (\\Seen))\r\n* 3 EXISTS\r\n* 1 FETCH (FLAGS () UID 900)"
    mailbox.open()
    envelopes = mailbox.envelopes([1, 2, 3])
    assert [item.message_id for item in envelopes] == ["one@desk.test"] * 3
    assert [b"".join(p) for _, p in mailbox.fetch(envelopes)] == [MAIL] * 3


def test_reading_never_sends_a_store_and_only_peeks(server: FakeImap, mailbox: ImapMailbox) -> None:
    server.mails = {1: MAIL, 2: b"Subject: big\r\n\r\n" + b"x" * 600_000}
    mailbox.open()
    for _, pieces in mailbox.fetch(mailbox.envelopes([1, 2])):
        b"".join(pieces)
    fetches = [command for command in server.commands if "FETCH" in command]
    assert fetches
    assert all("BODY.PEEK[" in command and "BODY[" not in command for command in fetches)
    assert "UID STORE" not in server.names()


@pytest.mark.parametrize("number", range(1, 12))
def test_a_connection_cut_at_any_command_raises_and_the_next_one_works(
    server: FakeImap, make: Make, number: int
) -> None:
    with Proxy(server.port) as proxy:
        box = make(replace(server.account(), port=proxy.port))
        proxy.cut_at_command(number)
        with suppress(Disconnected):
            for _ in range(4):
                _run_a_round(box)
        assert proxy.cuts == 1
        _run_a_round(box)


@pytest.mark.parametrize("count", [0, 10, 100, 300, 400, 500])
def test_an_answer_cut_in_the_middle_is_never_taken_for_a_mail(
    server: FakeImap, make: Make, count: int
) -> None:
    server.mails = {1: MAIL + b"x" * 5000}
    with Proxy(server.port) as proxy:
        box = make(replace(server.account(), port=proxy.port))
        box.open()
        envelopes = box.envelopes([1])
        proxy.cut_after_bytes(count)
        with pytest.raises(Disconnected):
            list(box.fetch(envelopes))
        box.open()
        assert [b"".join(p) for _, p in box.fetch(envelopes)] == [MAIL + b"x" * 5000]


def test_a_conversation_in_single_bytes_is_understood(server: FakeImap, make: Make) -> None:
    with Proxy(server.port) as proxy:
        proxy.split(7, pause=0)
        box = make(replace(server.account(), port=proxy.port))
        _run_a_round(box)
        server.idle = "news_behind_plus"
        box.open()
        assert box.wait(30) is True


def test_a_stalled_network_ends_in_the_read_timeout(server: FakeImap, make: Make) -> None:
    with Proxy(server.port) as proxy:
        box = make(replace(server.account(read_timeout=0.2), port=proxy.port))
        box.open()
        proxy.stall()
        with pytest.raises(Disconnected, match="no answer in time"):
            box.search()


def test_what_the_server_says_unasked_does_not_pile_up(
    server: FakeImap, mailbox: ImapMailbox
) -> None:
    server.idle = "news_behind_plus"
    mailbox.open()
    for _ in range(50):
        mailbox.wait(30)
    kept = mailbox._client._imap.untagged_responses
    assert sum(map(len, kept.values())) < 10


def test_closing_twice_or_unopened_is_harmless(server: FakeImap, mailbox: ImapMailbox) -> None:
    mailbox.close()
    mailbox.open()
    mailbox.close()
    mailbox.close()
    assert wait_until(lambda: "LOGOUT" in server.names())
    assert mailbox.capabilities == frozenset()
    with pytest.raises(Disconnected, match="not connected"):
        mailbox.search()


def test_attempts_come_later_and_later_but_never_rarer_than_five_minutes() -> None:
    early = [backoff(attempt, lambda: 0.0) for attempt in range(12)]
    late = [backoff(attempt, lambda: 0.999) for attempt in range(12)]
    assert early[:4] == [0.5, 1.0, 2.0, 4.0]
    assert early == sorted(early)
    assert max(late) <= 300
    assert backoff(10_000, lambda: 0.5) == 225


def _run_a_round(box: ImapMailbox) -> None:
    box.open()
    envelopes = box.envelopes(box.search())
    for _, pieces in box.fetch(envelopes):
        b"".join(pieces)
    box.flag_seen([item.uid for item in envelopes])
