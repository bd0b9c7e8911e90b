"""Who may give which order."""

from __future__ import annotations

import itertools

import pytest

from maildesk.desk.arrival.standing import Proof
from maildesk.desk.orders.permit import may
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Role
from maildesk.desk.ticket import Part

PARTS: tuple[Part | None, ...] = (None, *Part)
DECISIONS = {Order.AGREE, Order.DECLINE, Order.APPROVE, Order.DISAPPROVE, Order.REVIEW}
DECISIONS |= {Order.FOLLOW}
READING = {Order.STATUS, Order.HELP}


def allowed(role: Role, proof: Proof, part: Part | None = Part.ASSIGNEE) -> set[Order]:
    return {order for order in Order if may(order, role, part, proof) is None}


@pytest.mark.parametrize("part", PARTS)
def test_a_requester_gives_no_orders(part: Part | None) -> None:
    assert [allowed(Role.REQUESTER, proof, part) for proof in Proof] == [set(), set(), set()]


@pytest.mark.parametrize("role", Role)
def test_without_proof_nobody_gives_an_order(role: Role) -> None:
    assert allowed(role, Proof.NONE) == set()


@pytest.mark.parametrize("part", PARTS)
def test_a_proved_engineer_may_all_but_what_leads_decide(part: Part | None) -> None:
    assert allowed(Role.ENGINEER, Proof.FULL, part) == set(Order) - DECISIONS


def test_a_proved_lead_may_everything() -> None:
    assert allowed(Role.LEAD, Proof.FULL, None) == set(Order)


@pytest.mark.parametrize("proof", [Proof.TOKEN, Proof.FULL])
def test_an_auditor_only_asks(proof: Proof) -> None:
    assert allowed(Role.AUDITOR, proof, None) == READING


def test_a_token_allows_progress_and_what_is_answered_to_the_listed_address() -> None:
    simple = {Order.START, Order.NOTE, Order.SEND} | READING
    assert allowed(Role.ENGINEER, Proof.TOKEN, Part.ASSIGNEE) == simple
    assert allowed(Role.ENGINEER, Proof.TOKEN, Part.HELPER) == simple
    assert allowed(Role.LEAD, Proof.TOKEN, None) == simple


@pytest.mark.parametrize("part", [None, Part.REQUESTER, Part.REPORTER, Part.CC, Part.THIRD_PARTY])
def test_who_lost_a_ticket_does_not_take_it_back_with_an_old_letter(part: Part | None) -> None:
    simple = {Order.NOTE, Order.SEND} | READING
    assert allowed(Role.ENGINEER, Proof.TOKEN, part) == simple


def test_every_refusal_says_why() -> None:
    reasons = {
        may(order, role, part, proof)
        for order, role, part, proof in itertools.product(Order, Role, PARTS, Proof)
    }
    assert None in reasons
    assert all(reason.isascii() and " " in reason for reason in reasons if reason is not None)
