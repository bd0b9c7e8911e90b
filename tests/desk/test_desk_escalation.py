"""The escalation's form, whom words beside it are for, and when the clock asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, desk, profile

from maildesk.desk.approvals.approval import (
    Approval,
    Kind,
    Verdict,
    find_hold,
    judge_decider,
    needs_approval,
)
from maildesk.desk.approvals.escalation import Form, gather_form, plan_next, read_form
from maildesk.desk.orders.script import read_script
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Role
from maildesk.desk.policy import Escalation
from maildesk.desk.staff.verdicts import read_vendor
from maildesk.desk.ticket import Insider, KnownTicket, Part, State

FORMS = (
    ("主机宕机｜厂商到场", Form("主机宕机", "厂商到场")),
    ("主机宕机|厂商到场|已切备机", Form("主机宕机", "厂商到场", "已切备机")),
    ("原因：主机宕机｜所需支持：厂商到场", Form("主机宕机", "厂商到场")),
    (
        "所需支持：厂商到场\n现状：已切备机\n原因：主机宕机",
        Form("主机宕机", "厂商到场", "已切备机"),
    ),
    ("主机宕机；需要厂商到场", Form("主机宕机", "需要厂商到场")),
    ("host down / vendor on site", Form("host down", "vendor on site")),
    ("Reason: host down | Support: vendor on site", Form("host down", "vendor on site")),
    ("TCP/IP 不通｜网络组", Form("TCP/IP 不通", "网络组")),
    ("主机宕机", Form("主机宕机")),
    ("支持：厂商到场", Form("", "厂商到场")),
    ("", Form()),
)


@pytest.mark.parametrize(("text", "form"), FORMS, ids=[item[0] for item in FORMS])
def test_a_form_is_read_by_its_parts_or_their_labels(text: str, form: Form) -> None:
    assert read_form(text) == form


def test_labelled_lines_belong_to_the_form_and_other_words_do_not() -> None:
    labelled = gather_form(read_script("#升级 主机宕机\n所需支持：厂商到场\n"))
    assert labelled.words == ""
    assert read_form(labelled.orders[0].argument) == Form("主机宕机", "厂商到场")
    mixed = "所需支持：厂商到场\n张敏您好，还要一天。"
    assert gather_form(read_script(f"#升级 主机宕机\n{mixed}\n")).words == mixed


@pytest.mark.parametrize("word", ["同意", "批准", "不同意", "升级", "approve", "agree", "decline"])
def test_no_word_of_a_decision_counts_without_its_number_sign(word: str) -> None:
    assert read_script(f"{word}\n您可以先用备用机。\n").orders == ()


VENDORS = (
    ("联想售后 service@lenovo.test", ("联想售后", "service@lenovo.test")),
    ("service@lenovo.test", ("service@lenovo.test", "service@lenovo.test")),
    ("联想售后 400-100-6000", ("联想售后 400-100-6000", None)),
    ("Lenovo <Service@Lenovo.test>", ("Lenovo", "service@lenovo.test")),
    ("赵六", None),
    ("400-100-6000", None),
    ("3号楼", None),
)


@pytest.mark.parametrize(("text", "vendor"), VENDORS, ids=[item[0] for item in VENDORS])
def test_a_vendor_has_a_name_and_an_address_or_a_phone(
    text: str, vendor: tuple[str, str | None] | None
) -> None:
    assert read_vendor(text) == vendor


def test_the_clock_asks_only_for_the_priorities_that_are_named() -> None:
    policy = Escalation(120, frozenset(("high",)))
    here = desk(profile=replace(profile(), escalation=policy))
    assert plan_next(here, "low", NOW) == ()
    [plan] = plan_next(here, "high", NOW, 60)  # 10:00, and an hour is left
    assert plan.at == NOW + timedelta(hours=1)
    never = desk(profile=replace(profile(), escalation=replace(policy, after_minutes=None)))
    assert plan_next(never, "high", NOW) == ()


def _ticket(priority: str = "urgent") -> KnownTicket:
    own = Insider(Part.REQUESTER, "zhang@corp.test", "张敏", frozenset(("zhang@corp.test",)))
    return KnownTicket(1, "IT-1", State.NEW, "打印机", own.addresses, (own,), priority=priority)


def _asked(kind: Kind, verdict: Verdict | None = None) -> Approval:
    return Approval(1, kind, ("wei@corp.test",), {}, NOW, verdict=verdict)


@pytest.mark.parametrize(
    ("key", "role", "refused"),
    [
        ("wei@corp.test", Role.REQUESTER, ""),
        ("wang@corp.test", Role.LEAD, ""),
        ("liu@corp.test", Role.ENGINEER, "not_asked"),
        ("zhang@corp.test", Role.REQUESTER, "own"),
        ("zhang@corp.test", Role.LEAD, "own"),
    ],
)
def test_who_was_asked_or_leads_decides_and_nobody_his_own(
    key: str, role: Role, refused: str
) -> None:
    assert judge_decider(_asked(Kind.ACCESS), {key}, role, _ticket()) == refused


def test_only_plans_of_the_most_urgent_need_a_yes() -> None:
    one = replace(profile(), plan_ranks=1)
    assert needs_approval(_ticket(), one, Order.PERMANENT)
    assert needs_approval(_ticket(), one, Order.INTERIM)
    assert not needs_approval(_ticket(), one, Order.CAUSE)
    assert not needs_approval(_ticket(priority="high"), one, Order.PERMANENT)
    assert not needs_approval(_ticket(), replace(one, plan_ranks=0), Order.PERMANENT)


@pytest.mark.parametrize(
    ("verdicts", "held"),
    [
        ((), False),
        ((None,), True),
        ((Verdict.AGREED,), False),
        ((Verdict.DECLINED,), True),
        ((Verdict.AGREED, None), True),
        ((Verdict.DECLINED, Verdict.AGREED), False),
        ((Verdict.AGREED, Verdict.WITHDRAWN), False),
    ],
)
def test_the_newest_plan_that_counts_decides_whether_it_may_be_solved(
    verdicts: tuple[Verdict | None, ...], held: bool
) -> None:
    assert (find_hold([_asked(Kind.PLAN, item) for item in verdicts]) is not None) is held
