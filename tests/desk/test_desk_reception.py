"""One decision for every mail: guard, thread, letters, as tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import NOW, desk, facts, incoming, rules, sender
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.arrival.guard import accepts
from maildesk.desk.arrival.thread import STRENGTH, find_thread
from maildesk.desk.decision import Evidence, Outcome
from maildesk.desk.letters.letter_values import AckValues
from maildesk.desk.person import Role
from maildesk.desk.reception import receive
from maildesk.desk.ticket import KnownTicket, State
from maildesk.mail.message import Address, Kind

PRINTER = KnownTicket(
    1, "IT-20261120-0001", State.UNASSIGNED, "打印机卡纸", frozenset({"zhang@corp.test"})
)
OTHER = replace(PRINTER, id=2, number="IT-20261120-0002", insiders=frozenset({"li@corp.test"}))
BY_NUMBER = Evidence("number", PRINTER.number, 1)


def decide(**given: Any) -> Any:
    return receive(facts(**given), rules())


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (Kind.BOUNCE, Outcome.IGNORED),
        (Kind.AUTO_REPLY, Outcome.IGNORED),
        (Kind.LIST, Outcome.IGNORED),
        (Kind.REPORT, Outcome.IGNORED),
        (Kind.ORDINARY, Outcome.OPENED),
    ],
)
def test_only_ordinary_mail_opens_a_ticket(kind: Kind, outcome: Outcome) -> None:
    decision = decide(mail=incoming(kind=kind))
    assert decision.outcome is outcome
    assert bool(decision.letters) is (outcome is Outcome.OPENED)


def test_a_machines_answer_about_a_ticket_is_only_noted_there() -> None:
    mail = incoming(kind=Kind.AUTO_REPLY)
    decision = decide(mail=mail, evidence=(BY_NUMBER,), tickets=(PRINTER,))
    assert decision.outcome is Outcome.NOTED
    assert [event.kind for event in decision.events] == ["auto_reply"]
    assert not decision.letters
    assert not decision.joins


@pytest.mark.parametrize(
    ("address", "listed", "headers", "outcome"),
    [
        ("zhang@corp.test", False, (), Outcome.OPENED),
        ("x@elsewhere.test", False, (), Outcome.DOORSTEP),
        ("x@elsewhere.test", True, (), Outcome.OPENED),
        ("x@corp.test.evil.test", False, (), Outcome.DOORSTEP),
        ("zhang@corp.test", False, (("X-Spam-Flag", "YES"),), Outcome.DOORSTEP),
        ("zhang@corp.test", False, (("X-Spam-Status", "No, score=1"),), Outcome.OPENED),
        ("zhang@corp.test", False, (("X-MS-Exchange-Organization-SCL", "6"),), Outcome.DOORSTEP),
        ("zhang@corp.test", False, (("X-MS-Exchange-Organization-SCL", "-1"),), Outcome.OPENED),
    ],
)
def test_strangers_and_marked_spam_wait_at_the_doorstep(
    address: str, listed: bool, headers: tuple[tuple[str, str], ...], outcome: Outcome
) -> None:
    who = sender(address=address, addresses=frozenset((address,)), listed=listed)
    mail = incoming(sender=Address("X", address), headers=headers)
    decision = decide(sender=who, mail=mail)
    assert decision.outcome is outcome
    assert decide(sender=who, mail=mail, admitted=True).outcome is Outcome.OPENED


def test_an_outsider_who_takes_part_in_the_ticket_is_heard() -> None:
    vendor = "help@vendor.test"
    ticket = replace(PRINTER, insiders=frozenset({vendor}))
    who = sender(address=vendor, addresses=frozenset((vendor,)))
    decision = decide(sender=who, evidence=(BY_NUMBER,), tickets=(ticket,))
    assert decision.outcome is Outcome.APPENDED


@pytest.mark.parametrize(
    ("entry", "address", "accepted"),
    [
        ("corp.test", "a@corp.test", True),
        ("corp.test", "a@sub.corp.test", False),
        (".corp.test", "a@sub.corp.test", True),
        ("*.corp.test", "a@corp.test", True),
        ("@corp.test", "a@corp.test", True),
        ("Bob@Vendor.test", "bob@vendor.test", True),
        ("bob@vendor.test", "eve@vendor.test", False),
        ("*", "anyone@anywhere.test", True),
        (".test", "a@corp.test", True),
        ("corp.test", "a@notcorp.test", False),
    ],
)
def test_accept_from_reads_addresses_domains_and_all_below(
    entry: str, address: str, accepted: bool
) -> None:
    assert accepts(desk(accept_from=(entry,)), address) is accepted


@pytest.mark.parametrize(
    ("evidence", "address", "joins"),
    [
        ((BY_NUMBER,), "zhang@corp.test", "IT-20261120-0001"),
        ((BY_NUMBER,), "li@corp.test", None),
        ((Evidence("reference", "x@y", 1),), "zhang@corp.test", "IT-20261120-0001"),
        ((Evidence("reference", "x@y", 1),), "li@corp.test", None),
        ((Evidence("signed", "md.x", 1, issued_here=True),), "li@corp.test", "IT-20261120-0001"),
        ((Evidence("signed", "md.x", 1),), "li@corp.test", None),
        # Several numbers: the one whose participant the sender is; a signed id beats them.
        ((BY_NUMBER, Evidence("number", OTHER.number, 2)), "li@corp.test", "IT-20261120-0002"),
        (
            (Evidence("number", OTHER.number, 2), Evidence("signed", "md.x", 1, issued_here=True)),
            "li@corp.test",
            "IT-20261120-0001",
        ),
    ],
)
def test_evidence_counts_only_from_somebody_who_takes_part(
    evidence: tuple[Evidence, ...], address: str, joins: str | None
) -> None:
    who = sender(address=address, addresses=frozenset((address,)))
    decision = decide(sender=who, evidence=evidence, tickets=(PRINTER, OTHER))
    if joins is None:
        assert decision.outcome is Outcome.OPENED
        assert decision.opening.linked is not None
    else:
        assert decision.ticket.number == joins


def test_unproved_staff_outside_a_ticket_leave_only_a_note() -> None:
    who = sender(
        address="liu@corp.test",
        addresses=frozenset({"liu@corp.test"}),
        listed=True,
        role=Role.ENGINEER,
    )
    decision = decide(sender=who, evidence=(BY_NUMBER,), tickets=(PRINTER,))
    assert decision.outcome is Outcome.NOTED
    assert [event.kind for event in decision.events] == ["unverified_note"]
    assert not decision.joins


@given(
    st.lists(
        st.builds(
            Evidence,
            kind=st.sampled_from(STRENGTH),
            value=st.text(max_size=5),
            ticket=st.sampled_from((1, 2)),
            issued_here=st.booleans(),
        ),
        max_size=6,
    ),
    st.sampled_from(("zhang@corp.test", "li@corp.test", "nobody@corp.test")),
)
def test_nobody_ever_joins_a_ticket_without_part_in_it_or_a_letter_of_it(
    evidence: list[Evidence], address: str
) -> None:
    who = sender(address=address, addresses=frozenset((address,)))
    known = facts(sender=who, evidence=tuple(evidence), tickets=(PRINTER, OTHER))
    found = find_thread(known, who)
    if found.ticket is not None:
        signed = any(
            item.kind in ("signed", "token") and item.issued_here and item.ticket == found.ticket.id
            for item in evidence
        )
        assert signed or address in found.ticket.insiders
    # The order in which evidence was found does not matter between kinds.
    turned = find_thread(replace(known, evidence=tuple(reversed(evidence))), who)
    assert (turned.ticket is None) == (found.ticket is None)


@pytest.mark.parametrize(
    ("given_", "why"),
    [
        ({"mail": incoming(auto_generated=True)}, "a machine wrote it"),
        ({"mail": incoming(to=(Address("", "all@corp.test"),))}, "a circular"),
        (
            {"sender": sender(address="noreply@corp.test", addresses=frozenset())},
            "does not read answers",
        ),
        (
            {"sender": sender(address="desk@corp.test", addresses=frozenset())},
            "the desk's own address",
        ),
    ],
)
def test_who_gets_no_acknowledgement_and_why(given_: dict[str, Any], why: str) -> None:
    decision = decide(**given_)
    assert decision.outcome is Outcome.OPENED
    assert not decision.letters
    assert why in decision.unsent[0].why


def ack(now: datetime, **given: Any) -> AckValues:
    decision = decide(now=now, received=now, **given)
    values = decision.letters[0].values
    assert isinstance(values, AckValues)
    return values


@pytest.mark.parametrize(
    ("now", "open_now", "resumes"),
    [
        (NOW, True, None),
        # Friday evening: back on Monday at nine.
        (datetime(2026, 11, 20, 12, 0, tzinfo=UTC), False, datetime(2026, 11, 23, 1, tzinfo=UTC)),
        # The last minutes before National Day: said beforehand.
        (datetime(2026, 9, 30, 9, 30, tzinfo=UTC), True, datetime(2026, 10, 8, 1, tzinfo=UTC)),
    ],
)
def test_the_acknowledgement_says_when_work_goes_on(
    now: datetime, open_now: bool, resumes: datetime | None
) -> None:
    values = ack(now)
    assert (values.open_now, values.resumes) == (open_now, resumes)


def test_the_limit_runs_from_the_servers_date_not_from_ours() -> None:
    late = decide(received=NOW - timedelta(minutes=50))
    assert late.opening.response_due == decide(received=NOW).opening.response_due - timedelta(
        minutes=50
    )


def test_an_unverified_outsider_is_not_quoted_to(  # a relay for somebody else's words
) -> None:
    who = sender(address="x@elsewhere.test", addresses=frozenset({"x@elsewhere.test"}))
    decision = decide(sender=who, admitted=True)
    values = decision.letters[0].values
    assert isinstance(values, AckValues)
    assert not values.echo_title


def test_the_brake_withholds_and_says_so() -> None:
    decision = decide(sent_to_address=5)
    assert decision.outcome is Outcome.OPENED
    assert "brake" in (decision.letters[0].withheld or "")


def test_people_in_to_and_cc_take_part_but_never_the_desk() -> None:
    mail = incoming(
        to=(Address("", "desk@corp.test"), Address("李四", "Li@corp.test")),
        cc=(Address("", "wang+x@corp.test"), Address("", "desk+tag@corp.test")),
    )
    assert [key for key, _, _ in decide(mail=mail).joins] == ["li@corp.test", "wang@corp.test"]


def test_a_limit_that_has_passed_is_not_promised() -> None:
    decision = decide(received=NOW - timedelta(days=3))
    values = decision.letters[0].values
    assert isinstance(values, AckValues)
    assert values.due is None


def test_the_acknowledgement_repeats_the_telephone_we_have(  # M1, 复述确认
) -> None:
    decision = decide(sender=sender(listed=True, extension="8123"))
    values = decision.letters[0].values
    assert isinstance(values, AckValues)
    assert values.contact == "8123"
