"""One letter, one answer: every way a server can take, refuse, defer or lose it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from servers import certificates, free_port, wait_until
from servers.sink import DROP, KEEP_AND_DROP, KEEP_AND_STALL, STALL, Phase, Sink

from maildesk.config.values import SmtpAccount
from maildesk.wire import smtp
from maildesk.wire.smtp import Answer, Reply, SmtpTransport

Result = TypeVar("Result")
LETTER = b"Message-ID: <1@desk.test>\r\nSubject: Hello\r\n\r\nBody\r\n"
LARGE = LETTER + b"0123456789abcdef" * 4 * 40_000 + b"\r\n"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as server:
        yield server


def run(account: SmtpAccount, work: Callable[[SmtpTransport], Awaitable[Result]]) -> Result:
    """Do `work` with a transport in a loop of its own, and close the transport."""

    async def main() -> Result:
        transport = SmtpTransport(account)
        try:
            return await work(transport)
        finally:
            await transport.close()

    return asyncio.run(main())


def send(account: SmtpAccount, data: bytes = LETTER, to: str = "zhang@outside.test") -> Reply:
    return run(account, lambda transport: transport.send("desk@desk.test", to, data))


def test_an_accepted_letter_arrives_with_its_envelope(sink: Sink) -> None:
    reply = send(sink.account())
    assert reply == Reply(Answer.ACCEPTED, 250, "2.0.0 taken", "dot")
    [mail] = sink.mails
    assert (mail.sender, mail.recipient) == ("desk@desk.test", "zhang@outside.test")
    assert (mail.raw, mail.message_id) == (LETTER, "1@desk.test")


SCRIPTS: list[tuple[Phase, str, Answer, str]] = [
    ("greeting", "421 4.3.2 too busy", Answer.LATER, "connect"),
    ("greeting", "554 5.7.1 go away", Answer.ACCOUNT, "connect"),
    ("greeting", DROP, Answer.LATER, "connect"),
    ("ehlo", "421 4.3.2 shutting down", Answer.LATER, "connect"),
    ("ehlo", DROP, Answer.LATER, "connect"),
    ("mail", "450 4.7.1 later", Answer.LATER, "mail"),
    ("mail", "421 4.3.2 shutting down", Answer.LATER, "mail"),
    ("mail", "550 5.7.1 sender refused", Answer.ACCOUNT, "mail"),
    ("mail", "552 5.3.4 too large", Answer.NEVER, "mail"),
    ("mail", DROP, Answer.LATER, "mail"),
    ("rcpt", "450 4.2.0 greylisted", Answer.LATER, "rcpt"),
    ("rcpt", "550 5.1.1 no such user", Answer.NEVER, "rcpt"),
    ("rcpt", "554 5.7.1 Relay access denied", Answer.ACCOUNT, "rcpt"),
    ("rcpt", DROP, Answer.LATER, "rcpt"),
    ("data", "451 4.3.0 later", Answer.LATER, "data"),
    ("data", "554 5.5.1 no", Answer.NEVER, "data"),
    ("data", DROP, Answer.LATER, "data"),
    ("dot", "451 4.7.1 later", Answer.LATER, "dot"),
    ("dot", "421 4.3.2 shutting down", Answer.LATER, "dot"),
    ("dot", "554 5.7.1 spam", Answer.NEVER, "dot"),
    ("dot", DROP, Answer.UNKNOWN, "dot"),
    ("dot", KEEP_AND_DROP, Answer.UNKNOWN, "dot"),
]


@pytest.mark.parametrize(("phase", "answer", "expected", "at"), SCRIPTS)
@pytest.mark.parametrize("data", [LETTER, LARGE], ids=["small", "large"])
def test_each_answer_at_each_phase_is_told_apart(
    sink: Sink, phase: Phase, answer: str, expected: Answer, at: str, data: bytes
) -> None:
    sink.script(phase, answer, times=None)
    reply = send(sink.account(), data)
    assert (reply.answer, reply.phase) == (expected, at)
    if answer[0].isdigit():
        assert f"{reply.code} {reply.text}" == answer
    assert len(sink.mails) == (answer == KEEP_AND_DROP)


@pytest.mark.parametrize(("phase", "answer", "expected", "at"), SCRIPTS)
def test_after_any_answer_the_next_letter_leaves(
    sink: Sink, phase: Phase, answer: str, expected: Answer, at: str
) -> None:
    sink.script(phase, answer)

    async def two(transport: SmtpTransport) -> list[Reply]:
        arguments = ("desk@desk.test", "zhang@outside.test")
        return [await transport.send(*arguments, LETTER) for _ in range(2)]

    first, second = run(sink.account(), two)
    assert first.answer is expected
    assert second.answer is Answer.ACCEPTED
    assert sink.mails[-1].recipient == "zhang@outside.test"


@pytest.mark.parametrize(
    ("phase", "answer", "expected"),
    [
        ("greeting", STALL, Answer.LATER),
        ("mail", STALL, Answer.LATER),
        ("rcpt", STALL, Answer.LATER),
        ("data", STALL, Answer.LATER),
        ("dot", STALL, Answer.UNKNOWN),
        ("dot", KEEP_AND_STALL, Answer.UNKNOWN),
    ],
)
def test_a_server_that_stalls_is_left_after_the_time_limit(
    sink: Sink, phase: Phase, answer: str, expected: Answer
) -> None:
    sink.script(phase, answer, times=None)
    reply = send(sink.account(timeout=0.3))
    assert (reply.answer, reply.code) == (expected, None)
    assert wait_until(lambda: sink.open_connections == 0)


def test_a_letter_waiting_for_a_free_connection_comes_later_not_unknown(sink: Sink) -> None:
    sink.script("dot", STALL)

    async def two(transport: SmtpTransport) -> list[Reply]:
        arguments = ("desk@desk.test", "zhang@outside.test", LETTER)
        return await asyncio.gather(*(transport.send(*arguments) for _ in range(2)))

    first, second = run(sink.account(connections=1, timeout=0.3), two)
    assert (first.answer, second.answer) == (Answer.UNKNOWN, Answer.LATER)
    assert second.phase == "connect"


def test_nobody_listening_or_no_such_name_is_later(sink: Sink) -> None:
    closed = replace(sink.account(), port=free_port())
    unknown = replace(sink.account(), host="no-such-host.invalid")
    replies = [send(closed), send(unknown)]
    assert [reply.answer for reply in replies] == [Answer.LATER, Answer.LATER]
    assert "nothing answers" in replies[0].text
    assert "not known" in replies[1].text


def test_a_cancelled_send_passes_on_and_leaves_no_half_used_connection(sink: Sink) -> None:
    sink.script("rcpt", STALL)

    async def cancel_then_send(transport: SmtpTransport) -> Reply:
        task = asyncio.create_task(transport.send("desk@desk.test", "a@outside.test", LETTER))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await transport.send("desk@desk.test", "b@outside.test", LETTER)

    assert run(sink.account(), cancel_then_send).answer is Answer.ACCEPTED
    assert [mail.recipient for mail in sink.mails] == ["b@outside.test"]


def test_a_connection_cut_inside_a_large_letter_is_known_not_to_have_sent_it(sink: Sink) -> None:
    sink.drop_inside = 200_000
    # More than the buffers between the two processes hold.
    reply = send(sink.account(), LARGE * 10)
    assert (reply.answer, reply.phase) == (Answer.LATER, "data")


def test_a_server_that_refuses_a_large_letter_before_its_end_is_heard(sink: Sink) -> None:
    sink.drop_inside = 200_000
    sink.last_words = "552 5.3.4 that is too much"
    reply = send(sink.account(), LARGE * 4)
    assert (reply.answer, reply.code) == (Answer.NEVER, 552)


# Security and login


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> certificates.Certificate:
    return certificates.issue(tmp_path_factory.mktemp("certificate"))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_letters_leave_over_tls_with_a_login(
    certificate: certificates.Certificate, security: str
) -> None:
    direct = security == "tls"
    with Sink({"desk": "密码 geheim"}, certificate, implicit_tls=direct) as sink:
        reply = send(sink.account("tls" if direct else "starttls"))
        assert reply.answer is Answer.ACCEPTED
        verbs = [command.split(" ")[0] for command in sink.commands]
        assert ("STARTTLS" in verbs) is not direct
        assert verbs.index("AUTH") < verbs.index("MAIL")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_an_untrusted_certificate_is_a_fault_of_the_account(
    certificate: certificates.Certificate, tmp_path: Path, security: str
) -> None:
    direct = security == "tls"
    with Sink({"desk": "geheim"}, certificate, implicit_tls=direct) as sink:
        account = sink.account("tls" if direct else "starttls")
        stranger = replace(account, ca_file=certificates.issue(tmp_path).ca)
        missing = replace(account, ca_file=tmp_path / "nowhere.pem")
        for wrong in (stranger, missing, replace(account, ca_file=None)):
            reply = send(wrong)
            assert (reply.answer, reply.phase) == (Answer.ACCOUNT, "tls")
            assert "ca_file" in reply.text
        assert not any(command.startswith("AUTH") for command in sink.commands)


def test_missing_starttls_sends_nothing_in_clear_text(sink: Sink) -> None:
    account = replace(sink.account("starttls"), user="desk", password="geheim")
    reply = send(account)
    assert (reply.answer, reply.phase) == (Answer.ACCOUNT, "tls")
    assert "port 465" in reply.text
    assert {command[:4] for command in sink.commands} == {"EHLO"}


def test_tls_to_a_port_in_clear_text_is_a_fault_of_the_account(sink: Sink) -> None:
    reply = send(sink.account("tls"))
    assert (reply.answer, reply.phase) == (Answer.ACCOUNT, "tls")
    assert "starttls" in reply.text


def test_a_wrong_password_is_a_fault_of_the_account_and_not_shown() -> None:
    with Sink({"desk": "geheim"}) as sink:
        reply = send(sink.account(user="desk", password="wrong-secret"))
        assert (reply.answer, reply.code, reply.phase) == (Answer.ACCOUNT, 535, "auth")
        assert "wrong-secret" not in reply.text


def test_a_temporary_failure_of_the_login_is_later() -> None:
    with Sink({"desk": "geheim"}) as sink:
        sink.script("auth", "454 4.7.0 backend down", times=None)
        assert send(sink.account()).answer is Answer.LATER


def test_a_login_the_server_does_not_offer_is_a_fault_of_the_account(sink: Sink) -> None:
    reply = send(replace(sink.account(), user="desk", password="geheim"))
    assert (reply.answer, reply.phase) == (Answer.ACCOUNT, "auth")


# Kept connections


def test_letters_one_after_another_share_a_connection(sink: Sink) -> None:
    async def many(transport: SmtpTransport) -> list[Reply]:
        return [
            await transport.send("desk@desk.test", f"user{n}@outside.test", LETTER)
            for n in range(250)
        ]

    replies = run(sink.account(), many)
    assert {reply.answer for reply in replies} == {Answer.ACCEPTED}
    # A hundred letters each, then a fresh one.
    assert sink.connections == 3
    assert [mail.recipient for mail in sink.mails] == [f"user{n}@outside.test" for n in range(250)]
    assert wait_until(lambda: sink.open_connections == 0)
    assert sink.commands.count("QUIT") == 3


def test_concurrent_letters_use_no_more_connections_than_allowed(sink: Sink) -> None:
    async def many(transport: SmtpTransport) -> list[Reply]:
        sends = [
            transport.send("desk@desk.test", f"user{n}@outside.test", LETTER) for n in range(200)
        ]
        return await asyncio.gather(*sends)

    replies = run(sink.account(connections=3), many)
    assert {reply.answer for reply in replies} == {Answer.ACCEPTED}
    assert sink.connections == 3
    assert len({mail.recipient for mail in sink.mails}) == 200


@pytest.mark.parametrize("how", ["hang up", "421", "restart"])
def test_a_kept_connection_found_dead_is_replaced_unnoticed(sink: Sink, how: str) -> None:
    async def around(transport: SmtpTransport) -> list[Reply]:
        arguments = ("desk@desk.test", "zhang@outside.test", LETTER)
        first = await asyncio.gather(*(transport.send(*arguments) for _ in range(3)))
        if how == "421":
            sink.script("mail", "421 4.4.2 idle for too long", times=3)
        elif how == "restart":
            await asyncio.to_thread(sink.halt)
            await asyncio.to_thread(sink.resume)
        else:
            await asyncio.to_thread(sink.hang_up)
        return [*first, await transport.send(*arguments)]

    replies = run(sink.account(), around)
    assert [reply.answer for reply in replies] == [Answer.ACCEPTED] * 4
    assert len(sink.mails) == 4


def test_a_fresh_connection_that_dies_at_once_is_not_tried_for_ever(sink: Sink) -> None:
    sink.script("mail", "421 4.3.2 shutting down", times=None)
    assert send(sink.account()).answer is Answer.LATER
    assert sink.connections == 1


def test_a_connection_unused_for_a_while_is_asked_before_it_is_used(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "_PROBE_AFTER", 0.0)

    async def twice(transport: SmtpTransport) -> list[Reply]:
        arguments = ("desk@desk.test", "zhang@outside.test", LETTER)
        replies = [await transport.send(*arguments)]
        await asyncio.sleep(0.01)
        replies.append(await transport.send(*arguments))
        sink.script("noop", DROP)
        await asyncio.sleep(0.01)
        return [*replies, await transport.send(*arguments)]

    replies = run(sink.account(), twice)
    assert [reply.answer for reply in replies] == [Answer.ACCEPTED] * 3
    assert (sink.commands.count("NOOP"), sink.connections) == (2, 2)


def test_a_connection_unused_for_long_is_closed_politely(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "IDLE_LIMIT", 0.05)

    async def send_and_wait(transport: SmtpTransport) -> int:
        await transport.send("desk@desk.test", "zhang@outside.test", LETTER)
        await asyncio.to_thread(wait_until, lambda: sink.open_connections == 0)
        return sink.open_connections

    assert run(sink.account(), send_and_wait) == 0
    assert sink.commands[-1] == "QUIT"


def test_a_refused_recipient_leaves_nothing_behind_for_the_next_letter(sink: Sink) -> None:
    sink.script("rcpt", "550 5.1.1 unknown", address="nobody@outside.test", times=None)

    async def alternate(transport: SmtpTransport) -> list[Answer]:
        recipients = ["nobody@outside.test", "zhang@outside.test"] * 3
        return [(await transport.send("desk@desk.test", to, LETTER)).answer for to in recipients]

    assert run(sink.account(), alternate) == [Answer.NEVER, Answer.ACCEPTED] * 3
    assert (sink.connections, sink.commands.count("RSET")) == (1, 3)


# The letter's bytes and addresses


@pytest.mark.parametrize(
    ("data", "arrives"),
    [
        (b"A: b\r\n\r\n.\r\n..two\r\n.\r\n", b"A: b\r\n\r\n.\r\n..two\r\n.\r\n"),
        (b".A: b\r\n\r\nx\r\n", b".A: b\r\n\r\nx\r\n"),
        (b"A: b\n\nunix\n.\n", b"A: b\r\n\r\nunix\r\n.\r\n"),
        (b"A: b\r\rmac\r", b"A: b\r\n\r\nmac\r\n"),
        (b"A: b\r\n\r\nno end", b"A: b\r\n\r\nno end\r\n"),
        (b"A: b\r\n\r\nmixed\nends\r\n", b"A: b\r\n\r\nmixed\r\nends\r\n"),
        (b"A: b\r\n\r\n" + b"x\r\n.y\r\n" * 30_000, b"A: b\r\n\r\n" + b"x\r\n.y\r\n" * 30_000),
    ],
    ids=["dots", "dot first", "lf", "cr", "no end", "mixed", "large dots"],
)
def test_a_letter_arrives_byte_for_byte_but_for_its_line_ends(
    sink: Sink, data: bytes, arrives: bytes
) -> None:
    assert send(sink.account(), data).answer is Answer.ACCEPTED
    assert sink.mails[0].raw == arrives


@pytest.mark.parametrize(
    ("extensions", "data", "options"),
    [
        (("8BITMIME",), "Subject: x\r\n\r\n中文\r\n".encode(), "BODY=8BITMIME"),
        (("8BITMIME",), LETTER, ""),
        ((), "Subject: x\r\n\r\n中文\r\n".encode(), ""),
        (("SIZE",), LETTER, f"SIZE={len(LETTER)}"),
        (("SIZE 1000", "8BITMIME"), LETTER, f"SIZE={len(LETTER)}"),
    ],
)
def test_options_are_named_where_needed_and_offered(
    extensions: tuple[str, ...], data: bytes, options: str
) -> None:
    with Sink(extensions=extensions) as sink:
        assert send(sink.account(), data).answer is Answer.ACCEPTED
        assert sink.mails[0].options == options
        assert sink.mails[0].raw == data


def test_a_letter_above_the_announced_size_is_not_offered() -> None:
    with Sink(extensions=("SIZE 1000",)) as sink:
        reply = send(sink.account(), LARGE)
        assert reply.answer is Answer.NEVER
        assert "1000" in reply.text
        assert not any(command.startswith("MAIL") for command in sink.commands)


def test_an_empty_sender_is_the_null_sender(sink: Sink) -> None:
    reply = run(sink.account(), lambda t: t.send("", "zhang@outside.test", LETTER))
    assert reply.answer is Answer.ACCEPTED
    assert any(command.startswith("MAIL FROM:<>") for command in sink.commands)


@pytest.mark.parametrize(
    "address",
    ["a@b.c> SIZE=1", "a@b.c\r\nRCPT TO:<x@y.z>", "two words@b.c", "", "<a@b.c>", "\ud800@b.c"],
)
def test_what_is_no_address_is_never_put_on_a_command_line(sink: Sink, address: str) -> None:
    reply = send(sink.account(), to=address)
    assert reply.answer is Answer.NEVER
    assert not any(command.startswith(("MAIL", "RCPT")) for command in sink.commands)


def test_a_chinese_address_needs_a_server_that_can() -> None:
    with Sink(extensions=()) as plain, Sink() as able:
        assert send(plain.account(), to="张敏@例子.中国").answer is Answer.NEVER
        assert send(able.account(), to="张敏@例子.中国").answer is Answer.ACCEPTED
        assert able.mails[0].recipient == "张敏@例子.中国"
        assert "SMTPUTF8" in able.mails[0].options


def test_we_call_ourselves_by_a_full_name_or_an_address_literal(sink: Sink) -> None:
    async def with_name(name: str) -> None:
        transport = SmtpTransport(sink.account(), name)
        await transport.send("desk@desk.test", "zhang@outside.test", LETTER)
        await transport.close()

    for name in ("desk.example.com", "localhost", "bad name.com"):
        asyncio.run(with_name(name))
    said = [command for command in sink.commands if command.startswith("EHLO")]
    assert said == ["EHLO desk.example.com", "EHLO [127.0.0.1]", "EHLO [127.0.0.1]"]


# Trying the account without a letter


@pytest.mark.parametrize(
    ("phase", "answer", "expected"),
    [
        ("mail", "250 2.1.0 ok", (250, "mail")),
        ("mail", "553 5.7.1 not your address", (553, "mail")),
        ("mail", DROP, (None, "mail")),
        ("greeting", "554 5.7.1 go away", (554, "connect")),
    ],
)
def test_an_account_is_tried_without_a_letter_and_sends_well_afterwards(
    sink: Sink, phase: Phase, answer: str, expected: tuple[int | None, str]
) -> None:
    sink.script(phase, answer)

    async def probe_then_send(transport: SmtpTransport) -> tuple[Reply, Reply]:
        tried = await transport.probe("desk@desk.test")
        return tried, await transport.send("desk@desk.test", "zhang@outside.test", LETTER)

    tried, sent = run(sink.account(), probe_then_send)
    assert (tried.code, tried.phase) == expected
    assert tried.answer is (Answer.ACCOUNT if tried.code in (553, 554) else Answer.LATER)
    assert sent.answer is Answer.ACCEPTED
    assert len(sink.mails) == 1
