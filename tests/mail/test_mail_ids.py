"""Our signed Message-IDs and the own mark."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.proof import ids

SECRET = b"0123456789abcdef0123456789abcdef"
OLD = b"an older secret"
tickets = st.integers(0, 2**63 - 1)
DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")


def mint(letter_key: str = "ack:7", ticket: int = 42, recipient: str = "zhang@corp.test") -> str:
    return ids.mint(
        SECRET, letter_key=letter_key, ticket=ticket, recipient=recipient, domain="corp.test"
    )


def test_an_id_is_legal_compact_and_on_our_domain() -> None:
    message_id = mint()
    local, _, domain = message_id.partition("@")
    assert domain == "corp.test"
    assert DOT_ATOM.fullmatch(local)
    assert len(local) <= 48


def test_the_same_letter_has_the_same_id_and_another_letter_another() -> None:
    assert mint() == mint()
    others = {mint(letter_key="ack:8"), mint(ticket=43), mint(recipient="li@corp.test")}
    assert len(others | {mint()}) == 4


@given(st.text(), tickets, st.text())
def test_reading_gives_back_what_was_minted(key: str, ticket: int, recipient: str) -> None:
    our = ids.read(SECRET, mint(key, ticket, recipient))
    assert our is not None
    assert our.ticket == ticket
    assert our.letter == ids.letter_number(key)
    assert ids.is_for(our, recipient)


@given(st.data())
def test_any_changed_character_is_refused(data: st.DataObject) -> None:
    message_id = mint(ticket=data.draw(tickets))
    at = data.draw(st.integers(0, len(message_id) - 1))
    other = data.draw(st.characters().filter(lambda char: char != message_id[at]))
    assert ids.read(SECRET, message_id[:at] + other + message_id[at + 1 :]) is None


@given(st.one_of(st.text(), st.from_regex(r"md\.[a-z2-7]{0,50}\.[a-z2-7]{0,20}@[a-z.]{0,9}")))
def test_garbage_is_nobodys_and_never_raises(garbage: str) -> None:
    assert ids.read(SECRET, garbage) is None
    assert not ids.is_our_mark(SECRET, garbage)


@pytest.mark.parametrize("cut", range(1, 40, 3))
def test_a_cut_id_is_refused(cut: int) -> None:
    assert ids.read(SECRET, mint()[:-cut]) is None
    assert ids.read(SECRET, mint()[cut:]) is None


def test_a_foreign_secret_cannot_sign() -> None:
    assert ids.read(OLD, mint()) is None


def test_a_rotated_secret_still_proves_older_letters() -> None:
    assert ids.read((b"new", SECRET), mint()) is not None
    assert ids.read((b"new", OLD), mint()) is None
    assert ids.read((), mint()) is None


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("zhang@corp.test", True),
        ("Zhang@Corp.Test", True),
        ("zhang+phone@corp.test", True),
        ("zhang@other.test", False),
        ("", False),
    ],
)
def test_an_id_knows_whom_it_was_sent_to(address: str, same: bool) -> None:
    our = ids.read(SECRET, mint())
    assert our is not None
    assert ids.is_for(our, address) is same


@given(tickets)
def test_an_anchor_names_its_ticket_and_is_for_nobody(ticket: int) -> None:
    anchor = ids.anchor(SECRET, ticket, "corp.test")
    our = ids.read(SECRET, anchor)
    assert our == ids.OurId(0, ticket, "")
    assert anchor == ids.anchor(SECRET, ticket, "CORP.test.")
    assert not ids.is_for(our, "")


def test_a_chinese_domain_becomes_its_ascii_form() -> None:
    assert ids.anchor(SECRET, 1, "公司.中国").endswith("@xn--55qx5d.xn--fiqs8s")


@pytest.mark.parametrize("domain", ["", "a b", "corp.test\r\nBcc: x", "a..b", "a@b", "a" * 300])
def test_a_domain_no_id_can_hold_is_refused(domain: str) -> None:
    with pytest.raises(ValueError):
        ids.anchor(SECRET, 1, domain)


@pytest.mark.parametrize("ticket", [-1, 2**63])
def test_a_ticket_out_of_range_is_refused(ticket: int) -> None:
    with pytest.raises(ValueError, match="ticket"):
        ids.anchor(SECRET, ticket, "corp.test")


@given(st.text())
def test_our_mark_is_recognised_for_every_desk_of_the_secret(desk_id: str) -> None:
    value = ids.mark(SECRET, desk_id)
    assert ids.is_our_mark((b"new", SECRET), f" {value} ")
    assert not ids.is_our_mark(OLD, value)


def test_a_changed_mark_is_refused() -> None:
    value = ids.mark(SECRET, "it")
    for at, char in enumerate(value):
        other = "a" if char != "a" else "b"
        assert not ids.is_our_mark(SECRET, value[:at] + other + value[at + 1 :])


def test_a_mark_and_an_id_cannot_stand_in_for_each_other() -> None:
    payload = ids.mark(SECRET, "it")
    assert ids.read(SECRET, f"md.{payload}@corp.test") is None
