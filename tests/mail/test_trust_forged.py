"""What a sender can write into a mail, and what only comes from inside: neither is mixed up."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from dialects import (
    BORDER,
    DIALECTS,
    MICROSOFT,
    MICROSOFT_BORDER,
    MICROSOFT_INSIDE,
    NAMES,
    POSTFIX,
    ZHANG,
    judge,
    mail,
    read,
    result,
    tell,
)
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.message import Verdict
from maildesk.mail.proof.trust import Border, judge_sender

PASS, FAIL, NONE = Verdict.PASS, Verdict.FAIL, Verdict.NONE
GOOD = "dmarc=pass header.from=corp.example; dkim=pass header.d=corp.example"
FORGED = result(f"{GOOD}; spf=pass smtp.mailfrom=corp.example")
ELSEWHERE = "Received: from a (b [203.0.113.9]) by out.elsewhere.example with SMTP; now"
OURS_FORGED = "Received: from a by mx.corp.example with ESMTPSA; now"
LOGIN = replace(BORDER, internal=("authenticated",))


def test_results_below_a_strangers_line_are_not_believed_and_the_reason_is_told() -> None:
    found = judge(mail(ELSEWHERE, FORGED))
    assert found.verdict is NONE
    assert "below a Received line of out.elsewhere.example" in tell(found)


def test_a_forged_line_of_our_own_server_is_not_believed_either() -> None:
    found = judge(mail(OURS_FORGED, FORGED), LOGIN)
    assert found.verdict is NONE
    assert "from out.corp.example [198.51.100.7], which is not a trusted host" in tell(found)


def test_a_server_on_our_way_is_believed_by_its_address_and_never_by_its_name() -> None:
    below = f"{mail(FORGED)}"
    inner = "Received: from mx.corp.example (mx.corp.example [{}]) by mbox.corp.example; now\n"
    assert judge(inner.format("10.0.0.5") + below).verdict is PASS
    assert judge(inner.format("::ffff:10.0.0.5") + below).verdict is PASS
    assert judge(inner.format("127.0.0.1") + below).verdict is PASS
    assert judge(inner.format("198.51.100.66") + below).verdict is NONE
    assert judge(inner.format("10.0.0.5] [198.51.100.66") + below).verdict is NONE
    assert judge(inner.format("010.0.0.5") + below).verdict is NONE
    assert judge(inner.replace("(mx.corp.example [{}])", "") + below).verdict is PASS
    assert (
        judge(inner.replace("mx.corp.example (mx.corp.example [{}])", "x") + below).verdict is NONE
    )


CLIENTS = [
    "from by (evil [198.51.100.7]) by mx.corp.example with ESMTP",
    "from mx.corp.example (HELO mx.corp.example) (198.51.100.7) by mx.corp.example with SMTP",
    "from [10.0.0.5] (helo=[10.0.0.5] [198.51.100.7]) by mx.corp.example with esmtp (Exim 4.97)",
    "from mx.corp.example ([IPv6:2001:db8::7]) by mx.corp.example with ESMTPS",
    "from mx.corp.example ([198.51.100.7]:52011 helo=mx.corp.example) by mx.corp.example",
    "from mx.corp.example (::ffff:198.51.100.7) by mx.corp.example",
    "by mx.corp.example (Postfix, from userid 33) id 4WxQ2k",
    "(from www@localhost) by mx.corp.example (8.17.1/8.17.1/Submit) id 5AK1x",
    "from www-data by mx.corp.example with local (Exim 4.97)",
]


@pytest.mark.parametrize("claim", CLIENTS)
def test_however_the_border_writes_it_what_came_from_outside_ends_there(claim: str) -> None:
    raw = f"Received: {claim}; now\n{OURS_FORGED}\n{FORGED}\nFrom: <{ZHANG}>\n"
    found = judge(raw, LOGIN)
    assert found.verdict is NONE, tell(found)
    assert judge(f"{FORGED}\n{raw}").verdict is PASS  # above, only our server can write


@pytest.mark.parametrize("value", ["", ";", "by", "from", "from x", "(", ")", '"', "by evil", "\\"])
def test_a_broken_received_line_ends_what_is_believed(value: str) -> None:
    raw = f"Received: {value}\n{mail(FORGED)}"
    assert judge(raw).verdict is NONE


def test_without_any_line_of_our_servers_nothing_is_believed() -> None:
    assert judge(f"{FORGED}\nFrom: <{ZHANG}>\n").verdict is NONE
    assert judge(f"{FORGED}\n{ELSEWHERE}\nFrom: <{ZHANG}>\n").verdict is NONE


def test_what_stands_below_our_own_results_cannot_add_to_them() -> None:
    """Microsoft and rspamd write above the line with which the mail came in; a forger below."""
    honest = result("spf=none; dkim=none")
    found = judge(f"{honest}\n{mail(FORGED)}")
    assert found.verdict is NONE
    assert "another stands higher up" in tell(found)
    assert judge(f"{result(GOOD)}\n{mail(result('dmarc=none; dkim=none'))}").verdict is PASS


def test_results_that_contradict_each_other_prove_nothing() -> None:
    for honest in ("dmarc=none", "dmarc=pass header.from=evil.example"):
        assert judge(mail(result(honest), result("dmarc=pass"))).verdict is NONE
        assert judge(mail(result("dmarc=pass"), result(honest))).verdict is NONE
    assert judge(mail(result("dmarc=pass"), result("dkim=none"))).verdict is PASS
    assert judge(mail(result("dmarc=pass"), result("dmarc=fail"))).verdict is FAIL


def test_a_header_without_a_server_counts_only_above_the_line_the_mail_came_in_with() -> None:
    border = replace(BORDER, authserv_ids=("microsoft365",))
    bare = f"Authentication-Results: {GOOD}"
    assert judge(f"{bare}\n{mail()}", border).verdict is PASS
    found = judge(mail(bare), border)
    assert found.verdict is NONE
    assert "it names no server" in tell(found)


def test_arc_alone_proves_nothing() -> None:
    found = judge(mail(f"ARC-{FORGED}"))
    assert found.verdict is NONE
    assert "ARC-Authentication-Results: not believed: it proves nothing by itself" in tell(found)


def test_an_encoded_word_in_what_servers_wrote_stays_as_it_is() -> None:
    """Decoded, the sender's own address would become another server's result."""
    text = "spf=none smtp.mailfrom==?utf-8?q?x;_dmarc=3Dpass_header.from=3Dcorp.example?=@x.example"
    assert dict(read(mail(result(text))))["Authentication-Results"].endswith(text)
    hop = "from =?utf-8?q?x_by_mx.corp.example?= by x.example; now"
    lines = [value for name, value in read(f"Received: {hop}\n{mail()}") if name == "Received"]
    assert lines[0] == hop
    assert len(lines) == 2


FROMS = [
    ("From: zhang@corp.example\n", PASS),
    ("From: zhang@corp.example <zhang@corp.example>\n", PASS),
    ('From: "boss@other.example" <zhang@corp.example>\n', PASS),
    ("From: Zhang Min@IT <Zhang@Corp.Example>\n", PASS),
    ("From: Zhang, Min <zhang@corp.example> (boss@other.example)\n", PASS),
    ("From: zhang@corp.example, boss@other.example\n", NONE),
    ("From: boss@other.example <zhang@corp.example>\n", NONE),
    ("From: <boss@other.example>\n", NONE),
    ("From: zhang@corp.example\nFrom: zhang@corp.example\n", NONE),
    ('From: "zhang@corp.example\n', NONE),
    ("", NONE),
]


@pytest.mark.parametrize(("lines", "verdict"), FROMS)
def test_more_than_one_sender_is_never_proved(lines: str, verdict: Verdict) -> None:
    found = judge(mail(FORGED).partition("From:")[0] + lines)
    assert found.verdict is verdict, tell(found)


def test_a_mail_from_inside_is_proved_by_the_line_outsiders_lose() -> None:
    found = judge(MICROSOFT_INSIDE, MICROSOFT_BORDER)
    assert found.verdict is PASS, tell(found)
    assert judge(MICROSOFT_INSIDE, replace(MICROSOFT_BORDER, internal=())).verdict is NONE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("From:", f"{ELSEWHERE}\nFrom:"),
        ("[fe80::91c5:6a0d:2f1b:7c01])", "198.51.100.7)"),
        ("AuthAs: Internal", "AuthAs: Internal\nX-MS-Exchange-Organization-AuthAs: Anonymous"),
        ("AuthAs: Internal", "AuthAs: Internally"),
        ("AuthAs: Internal", "AuthSource: Internal"),
    ],
)
def test_the_line_from_inside_is_not_believed_from_outside(old: str, new: str) -> None:
    assert old in MICROSOFT_INSIDE
    found = judge(MICROSOFT_INSIDE.replace(old, new, 1), MICROSOFT_BORDER)
    assert found.verdict is NONE, tell(found)
    outside = MICROSOFT.replace("dmarc=pass", "dmarc=none").replace("corp.example", "x.example")
    raw = outside.replace("<zhang@x.example>", f"<{ZHANG}>").replace("Anonymous", "Internal")
    assert judge(raw, MICROSOFT_BORDER).verdict is NONE


def test_a_failure_outweighs_the_line_from_inside() -> None:
    raw = MICROSOFT_INSIDE.replace(
        "Received:",
        "Authentication-Results: dmarc=fail header.from=corp.example\nReceived:",
        1,
    )
    assert judge(raw, MICROSOFT_BORDER).verdict is FAIL


def submitted(by: str = "with ESMTPSA", login: str = "", below: str = "") -> str:
    comment = f"(Authenticated sender: {login})" if login else ""
    return (
        "Received: from mx.corp.example (mx.corp.example [10.0.0.5]) by mbox.corp.example; now\n"
        f"Received: from [192.168.1.5] (pc [203.0.113.9]) (using TLSv1.3) {comment}\n"
        f"\tby mx.corp.example (Postfix) {by} id 4WxQ2k; now\n{below}From: <{ZHANG}>\n"
    )


LOGINS = [
    (submitted(), PASS),
    (submitted("with esmtpa"), PASS),
    (submitted("with UTF8SMTPSA"), PASS),
    (submitted(login="zhang@corp.example"), PASS),
    (submitted(login="Zhang"), PASS),
    (submitted("with ESMTPS", login="zhang"), PASS),
    (submitted(login="liu@corp.example"), NONE),
    (submitted(login="liu"), NONE),
    (submitted(login="zhang@other.example"), NONE),
    (submitted("with ESMTPS"), NONE),
    (submitted("with ESMTP"), NONE),
    (submitted("(with ESMTPSA)"), NONE),
    (submitted(below=f"{ELSEWHERE}\n"), NONE),
    (submitted(below=f"{OURS_FORGED}\n"), NONE),
    (submitted("with ESMTPS", below=f"{OURS_FORGED}\n"), NONE),
    (f"Received: from a (b [10.0.0.5]) by evil.example with ESMTPSA; now\nFrom: <{ZHANG}>\n", NONE),
    (f"From: <{ZHANG}>\n", NONE),
]


@pytest.mark.parametrize(("raw", "verdict"), LOGINS)
def test_a_login_proves_the_person_who_logged_in(raw: str, verdict: Verdict) -> None:
    found = judge(raw, LOGIN)
    assert found.verdict is verdict, tell(found)
    assert judge(raw).verdict is NONE


def test_every_piece_of_evidence_is_told_in_plain_words() -> None:
    lines = tell(judge(POSTFIX, LOGIN)).splitlines()
    assert lines == [
        "pass: Authentication-Results of mx.corp.example: dmarc=pass for corp.example",
        "pass: Authentication-Results of mx.corp.example: spf=pass for corp.example",
        "pass: Authentication-Results of mx.corp.example: dkim=pass for corp.example",
        "none: Received of mx.corp.example: the sender did not log in there",
    ]


headers = st.lists(
    st.tuples(
        st.sampled_from(("Received", "Authentication-Results", "From", "X-In", "Subject")),
        st.one_of(
            st.text(),
            st.lists(
                st.sampled_from(
                    [
                        *(
                            "from",
                            "by",
                            "with",
                            "ESMTPSA",
                            "mx.corp.example",
                            "[10.0.0.5]",
                            "(x",
                            ")",
                        ),
                        *("mx.corp.example;", "dmarc=pass", "spf=pass", "dkim=none;", "spf=fail;"),
                        *("header.d=corp.example;", "smtp.mailfrom=corp.example", "=", '"', "\\"),
                        *(
                            ZHANG,
                            "header.from=x.example;",
                            "(Authenticated sender: zhang)",
                            "[::1]",
                        ),
                    ]
                )
            ).map(" ".join),
        ),
    )
)
WIDE = Border(
    ("mx.corp.example", "microsoft365"), BORDER.trusted_hosts, ("authenticated", "X-In: a")
)
RANK = {FAIL: 0, NONE: 1, PASS: 2}


@given(headers, st.text())
def test_judging_never_raises_and_always_says_why(
    given_headers: list[tuple[str, str]], address: str
) -> None:
    for sender in (address, ZHANG):
        found = judge_sender(given_headers, sender, WIDE)
        assert len(found.clues) <= 60
        assert found.verdict is NONE or found.verdict in {clue.says for clue in found.clues}


@given(headers, headers)
def test_nothing_below_a_strangers_line_ever_improves_the_verdict(
    ours: list[tuple[str, str]], theirs: list[tuple[str, str]]
) -> None:
    name, _, value = ELSEWHERE.partition(": ")
    start = [*ours, ("From", ZHANG), (name, value)]
    forged = [(key, value) for key, value in theirs if key != "From"]
    before = judge_sender(start, ZHANG, WIDE).verdict
    after = judge_sender([*start, *forged, ("Authentication-Results", FORGED[24:])], ZHANG, WIDE)
    assert after.verdict is before


@pytest.mark.parametrize(("raw", "border"), DIALECTS, ids=NAMES)
@given(theirs=headers)
def test_what_a_sender_adds_never_improves_what_servers_said(
    raw: str, border: Border, theirs: list[tuple[str, str]]
) -> None:
    """Every method the border checked stays as it found it, wherever the sender's copy stands."""
    bad = read(raw.replace("=pass", "=none"))
    copies = [("Authentication-Results", value) for key, value in read(raw) if "ication-R" in key]
    forged = [*theirs, *copies]
    before = RANK[judge_sender(bad, ZHANG, border).verdict]
    assert RANK[judge_sender([*bad, *forged], ZHANG, border).verdict] <= before


def test_hostile_headers_are_judged_in_linear_time() -> None:
    lumps = [
        "(" * 400_000,
        '"' * 400_000,
        "a=" * 200_000,
        "; " * 200_000,
        "x" * 400_000,
        ":" * 9**6,
        "a@b" * 100_000,
        "a." * 200_000,
        "a@b." * 100_000,
    ]
    many = [("Received", "from a by mx.corp.example;" + "(" * 400)] * 2_000
    started = time.process_time()
    for lump in lumps:
        lines = [("Received", lump), ("Authentication-Results", lump), ("From", lump)]
        judge_sender([*lines * 3, *many, *lines], ZHANG, WIDE)
        judge_sender([("From", lump)], ZHANG, WIDE)  # several From headers are not looked into
    assert time.process_time() - started < 5
