"""Whatever staff write, no line with a number sign at its start is ever in a letter to others."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any, get_args

import pytest
from builders import NOW, facts, incoming, sender
from hypothesis import example, given
from hypothesis import strategies as st

from maildesk.desk.arrival.standing import Proof, Standing
from maildesk.desk.decision import Decision
from maildesk.desk.evidence import Answering, Draft, Passage, Relay
from maildesk.desk.orders.table import TABLE
from maildesk.desk.person import Role
from maildesk.desk.staff.work import work
from maildesk.desk.ticket import Insider, KnownTicket, Part, State
from maildesk.mail.message import Address

ZHANG = Insider(Part.REQUESTER, "zhang@corp.test", "张敏", frozenset(("zhang@corp.test",)))
LI = Insider(Part.CC, "li@corp.test", "李四", frozenset(("li@corp.test",)))
LIU = Insider(
    Part.ASSIGNEE, "liu@corp.test", "刘洋", frozenset(("liu@corp.test",)), Role.ENGINEER, True
)
VENDOR = Insider(Part.THIRD_PARTY, "v@vendor.test", "厂商", frozenset(("v@vendor.test",)))
TICKET = KnownTicket(
    1,
    "IT-20261120-0001",
    State.NEW,
    "打印机卡纸",
    frozenset(("zhang@corp.test", "liu@corp.test")),
    (ZHANG, LI, LIU, VENDOR),
    category="hardware",
    priority="medium",
    type="incident",
    opened=NOW,
)
ENGINEER = sender(
    address=LIU.key,
    name="刘洋",
    listed=True,
    role=Role.ENGINEER,
    addresses=LIU.addresses,
    person=2,
)
OUTSIDE = {"zhang@corp.test", "li@corp.test", "v@vendor.test"}
HASH = re.compile(r"[#＃﹟]")
ORDERS = st.sampled_from(
    [item for spec in TABLE for item in (spec.sample_zh, spec.sample_en, spec.sample_zh[1:])]
)
LINES = st.one_of(
    ORDERS,
    st.builds("{}{}".format, st.sampled_from(["#", "＃", " #", "\u200b#", "> #", "﹟"]), st.text()),
    st.sampled_from(["您好", "已更换硒鼓，请再试一次。", "", "谢谢", "#内布 别发", "-- ", "a #b"]),
    st.text(max_size=30),
)
BREAKS = st.sampled_from(["\n", "\n\n", "\r\n", "\u2028", "\x0b", "\x85"])
TEXTS = st.lists(st.tuples(LINES, BREAKS), max_size=8).map(
    lambda lines: "".join(line + end for line, end in lines)
)
TO: dict[Relay, str] = {
    "internal": "",
    "requester": "zhang@corp.test",
    "vendor": "v@vendor.test",
}


def write(text: str, relay: Relay | None, proof: Proof, drafts: tuple[Draft, ...] = ()) -> Decision:
    answering = Answering(1, relay, TO[relay], "a test") if relay else None
    mail = incoming(text=text, reply=text, sender=Address("刘洋", LIU.key))
    known = facts(mail=mail, sender=ENGINEER, passage=Passage(text), drafts=drafts)
    return work(known, ENGINEER, TICKET, Standing(proof, False, answering, ()), ())


def read_outside(decision: Decision) -> list[str]:
    """The free words of every letter that goes to somebody who is not staff."""
    letters = [letter for letter in decision.letters if letter.address in OUTSIDE]
    found: list[str] = []
    for letter in letters:
        values: Any = letter.values
        found += [str(getattr(values, item.name)) for item in fields(values)]
    return found


def is_clean(decision: Decision) -> bool:
    lines = [line for text in read_outside(decision) for line in text.splitlines()]
    return not any(HASH.match(line.strip().lstrip("\u200b\ufeff\xa0\u3000 ")) for line in lines)


@given(TEXTS, st.sampled_from([*get_args(Relay), None]), st.sampled_from([Proof.FULL, Proof.TOKEN]))
@example("您好\u2028#内部 CANARY\n已更换", "requester", Proof.FULL)
@example("已更换\x85＃内部 CANARY", "requester", Proof.TOKEN)
@example("#发送", "requester", Proof.FULL)
def test_no_line_with_a_number_sign_ever_leaves(
    text: str, relay: Relay | None, proof: Proof
) -> None:
    assert is_clean(write(text, relay, proof))


@given(TEXTS, st.sampled_from(get_args(Relay)))
def test_nor_when_what_was_held_is_released(text: str, relay: Relay) -> None:
    draft = Draft(1, 1, "unsure", text, relay, TO[relay], (), NOW)
    assert is_clean(write("#发送", "internal", Proof.FULL, (draft,)))


@given(TEXTS, st.sampled_from([*get_args(Relay), None]))
def test_nothing_leaves_and_nothing_changes_without_proof(text: str, relay: Relay | None) -> None:
    decision = write(text, relay, Proof.NONE)
    assert (decision.change, decision.joins, decision.leaves) == (None, (), ())
    assert {letter.address for letter in decision.letters} <= {LIU.key}
    assert decision.findings is not None and decision.events[0].kind == "unverified_note"


@given(TEXTS)
def test_an_answer_to_an_internal_letter_reaches_nobody_outside_without_an_order(text: str) -> None:
    decision = write(text, "internal", Proof.FULL)
    if not any(event.kind in ("changed", "ordered") for event in decision.events):
        assert not read_outside(decision)


@pytest.mark.parametrize("relay", get_args(Relay))
def test_ordinary_words_go_where_the_letter_says(relay: Relay) -> None:
    decision = write("已更换硒鼓，请再试一次。", relay, Proof.FULL)
    reached = {letter.address for letter in decision.letters}
    assert (
        reached
        == {
            "internal": set(),
            "requester": {"zhang@corp.test", "li@corp.test"},
            "vendor": {"v@vendor.test"},
        }[relay]
    )
