"""What each answer of an SMTP server means for the letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.wire.answer import Answer, Phase, judge

ACCOUNT, LATER, NEVER = Answer.ACCOUNT, Answer.LATER, Answer.NEVER
PHASES: tuple[Phase, ...] = ("connect", "tls", "auth", "mail", "rcpt", "data", "dot")

CASES: list[tuple[Phase, int, str, Answer]] = [
    ("dot", 250, "2.0.0 Ok: queued as 4F2", Answer.ACCEPTED),
    ("connect", 554, "5.7.1 your host is blocked", ACCOUNT),
    ("connect", 421, "4.3.2 too busy", LATER),
    ("connect", 502, "5.5.1 EHLO not implemented", ACCOUNT),
    ("tls", 454, "4.7.0 TLS not available", LATER),
    ("auth", 535, "Error: authentication failed, 授权码错误", ACCOUNT),
    ("auth", 534, "5.7.9 Application-specific password required", ACCOUNT),
    ("auth", 454, "4.7.0 Temporary authentication failure", LATER),
    ("mail", 530, "5.7.0 Must issue a STARTTLS command first", ACCOUNT),
    ("mail", 553, "Mail from must equal authorized user", ACCOUNT),
    ("mail", 550, "5.7.1 policy", ACCOUNT),
    ("mail", 552, "5.2.2 mailbox full", ACCOUNT),
    ("mail", 552, "message size exceeds fixed limit", NEVER),
    ("mail", 552, "5.3.4 Message size exceeds fixed limit", NEVER),
    ("mail", 452, "4.3.1 Insufficient system storage", LATER),
    ("rcpt", 550, "5.1.1 User unknown in virtual mailbox table", NEVER),
    ("rcpt", 550, "5.2.1 mailbox disabled", NEVER),
    ("rcpt", 552, "5.2.2 mailbox full", NEVER),
    ("rcpt", 550, "5.7.1 rejected by the recipient's policy", NEVER),
    ("rcpt", 554, "5.7.1 <a@b.c>: Relay access denied", ACCOUNT),
    ("rcpt", 550, "relay not permitted", ACCOUNT),
    ("rcpt", 553, "5.7.1 <it@b.c>: Sender address rejected: not owned by user desk", ACCOUNT),
    ("rcpt", 450, "4.1.8 <it@b.c>: Sender address rejected: Domain not found", LATER),
    ("rcpt", 550, "Sender verify failed", ACCOUNT),
    (
        "rcpt",
        550,
        "5.1.1 <a@b.c>: Recipient address rejected: undeliverable address: host mx.b.c said: "
        "550 5.7.1 <it@b.c>: Sender address rejected",
        NEVER,
    ),
    ("rcpt", 550, "5.1.1 no relay here: user unknown", NEVER),
    ("rcpt", 503, "AUTH first (#5.5.1)", ACCOUNT),
    ("rcpt", 530, "5.7.1 Authentication required", ACCOUNT),
    ("rcpt", 450, "4.2.0 Greylisted, see you in five minutes", LATER),
    ("rcpt", 452, "4.5.3 Too many recipients", LATER),
    ("rcpt", 550, "5.4.5 Daily user sending limit exceeded", ACCOUNT),
    ("rcpt", 550, "Domain frequency limited", ACCOUNT),
    ("data", 554, "5.5.1 Error: no valid recipients", NEVER),
    ("data", 451, "4.3.0 try again", LATER),
    ("dot", 554, "5.7.1 Message rejected as spam", NEVER),
    ("dot", 550, "Mail content denied", NEVER),
    ("dot", 552, "5.2.3 Message too big", NEVER),
    ("dot", 451, "4.7.1 greylisted", LATER),
    ("dot", 421, "4.3.2 shutting down", LATER),
    ("dot", 550, "5.1.8 Access denied, bad outbound sender", ACCOUNT),
    ("dot", 550, "5.7.60 SMTP; Client does not have permissions to send as this sender", ACCOUNT),
    ("dot", 554, "5.2.252 SendAsDenied; desk@example.com not allowed", ACCOUNT),
]


@pytest.mark.parametrize(("phase", "code", "text", "answer"), CASES)
def test_an_answer_is_judged_by_its_phase_code_and_words(
    phase: Phase, code: int, text: str, answer: Answer
) -> None:
    assert judge(phase, code, text) is answer


@given(st.sampled_from(PHASES), st.integers(-1, 999), st.text())
def test_no_answer_loses_a_letter_that_could_still_leave(
    phase: Phase, code: int, text: str
) -> None:
    answer = judge(phase, code, text)
    assert answer is not Answer.UNKNOWN
    if answer is Answer.NEVER:
        assert 500 <= code < 600
        assert phase in ("mail", "rcpt", "data", "dot")
    if answer is Answer.ACCEPTED:
        assert (phase, code // 100) == ("dot", 2)
    if code // 100 == 4:
        assert answer is Answer.LATER
