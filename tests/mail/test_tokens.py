"""Tokens in letters and one-time codes: what survives a mail client, and what proves nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maildesk.mail.message import address_key
from maildesk.mail.proof import ids, tokens
from maildesk.mail.proof.tokens import Token

SECRET = b"0123456789abcdef0123456789abcdef"
OLD = b"an older secret"
LIU = "liu@corp.test"
relays = st.sampled_from(tokens.RELAYS)
tickets = st.integers(0, 2**63 - 1)
days = st.integers(0, 36**4 - 1)


def mint(relay: str = "r", ticket: int = 41, address: str = LIU, day: int = 20_000) -> str:
    return tokens.mint(SECRET, relay=relay, ticket=ticket, address=address, day=day)


@given(relays, tickets, days, st.text())
def test_reading_gives_back_what_was_minted(
    relay: str, ticket: int, day: int, address: str
) -> None:
    token = mint(relay, ticket, address, day)
    assert tokens.read(SECRET, token, [address]) == Token(relay, ticket, day)
    assert tokens.find(token) == (token,)


def test_a_token_is_short_plain_and_fits_a_plus_address() -> None:
    token = mint(ticket=2**63 - 1)
    assert mint().startswith("r15-ffk-")
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(f"helpdesk+{token}") <= 64
    assert tokens.find(f"To: <helpdesk+{token}@corp.test>") == (token,)


QUOTINGS = [
    "> {}",
    ">> > 编号 {}。",
    "[{}]",
    "（{}）",
    "工单{}请勿删除",
    "helpdesk+{}@corp.test",
    "mailto:helpdesk%2B.{}@corp.test",
    "<{}>",
    "*{}*",
    "-- {} --",
    "\u00a0{}\u200b",
]


@pytest.mark.parametrize("quoting", QUOTINGS)
@pytest.mark.parametrize("change", [str, str.upper, str.title, lambda t: t.replace("-", "\u2011")])
def test_a_token_survives_being_quoted(quoting: str, change: object) -> None:
    token = mint()
    assert callable(change)
    found = tokens.find(f"好的\n{quoting.format(change(token))}\n王强")
    assert found == (token,)
    assert tokens.read(SECRET, found[0], [LIU]) == Token("r", 41, 20_000)


@given(
    st.text(alphabet="> \n|[](){}<>.,;:*_。，编号-"),
    st.text(alphabet="> \n|[](){}<>.,;:*_。，编号-"),
)
def test_a_token_is_found_between_all_that_is_no_letter(before: str, after: str) -> None:
    assert tokens.find(before + mint() + after) == (mint(),)


@given(relays, tickets, days, st.emails(), relays, tickets, days, st.emails())
def test_a_token_holds_for_nothing_but_its_own_facts(
    relay: str, ticket: int, day: int, mine: str, relay2: str, ticket2: int, day2: int, other: str
) -> None:
    token, foreign = mint(relay, ticket, mine, day), mint(relay2, ticket2, mine, day2)
    assume(token != foreign)
    seal = token.rpartition("-")[2]
    forged = f"{foreign.rpartition('-')[0]}-{seal}"
    assert tokens.read(SECRET, forged, [mine]) is None
    if address_key(mine) != address_key(other):
        assert tokens.read(SECRET, token, [other]) is None


@given(st.data())
def test_any_changed_character_is_refused(data: st.DataObject) -> None:
    token = mint(data.draw(relays), data.draw(tickets), LIU, data.draw(days))
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda char: char.lower() != token[at]))
    assert tokens.read(SECRET, token[:at] + other + token[at + 1 :], [LIU]) is None


def test_a_token_holds_for_each_address_of_its_person_and_no_other() -> None:
    token = mint()
    assert tokens.read(SECRET, token, ["l.wang@corp.test", "LIU+phone@Corp.test"])
    assert tokens.read(SECRET, token, ["wang@corp.test"]) is None
    assert tokens.read(SECRET, token, []) is None


def test_a_rotated_secret_still_proves_older_tokens() -> None:
    assert tokens.read((b"new", SECRET), mint(), [LIU])
    assert tokens.read((b"new", OLD), mint(), [LIU]) is None
    assert tokens.read((), mint(), [LIU]) is None


def test_at_most_twenty_candidates_are_found() -> None:
    text = " ".join(mint(ticket=number) for number in range(30))
    assert len(tokens.find(text)) == 20
    assert (
        len(tokens.find_once(" ".join(tokens.mint_once(SECRET, n, LIU) for n in range(30)))) == 20
    )
    assert len(tokens.find(f"{mint()} " * 30 + mint(ticket=7))) == 2


@given(st.one_of(st.text(), st.from_regex(r"[rvn][0-9a-z]{0,15}-[0-9a-z]{0,6}-[a-z2-7]{0,14}")))
def test_garbage_is_nobodys_and_never_raises(garbage: str) -> None:
    tokens.find(garbage)
    tokens.find_once(garbage)
    assert tokens.read(SECRET, garbage, [LIU]) is None
    assert not tokens.is_once(SECRET, garbage, 1, LIU)


@pytest.mark.parametrize(
    ("relay", "ticket", "day"),
    [("x", 1, 1), ("", 1, 1), ("rv", 1, 1), ("r", -1, 1), ("r", 2**63, 1), ("r", 1, -1)],
)
def test_facts_no_token_can_hold_are_refused(relay: str, ticket: int, day: int) -> None:
    with pytest.raises(ValueError, match="no token"):
        mint(relay, ticket, LIU, day)


def test_days_are_counted_in_utc() -> None:
    assert tokens.day_of(datetime(1970, 1, 1, 23, 59, 59, tzinfo=UTC)) == 0
    assert tokens.day_of(datetime(2026, 11, 20, 2, tzinfo=UTC)) == 20_777
    shanghai = timezone(timedelta(hours=8))
    assert tokens.day_of(datetime(2026, 11, 20, 7, 59, tzinfo=shanghai)) == 20_776


@given(st.integers(0, 2**63 - 1), st.emails())
def test_a_one_time_code_is_found_as_people_send_it_back(draft: int, address: str) -> None:
    code = tokens.mint_once(SECRET, draft, address)
    assert not set(code) & set("01ILOU")
    for sent in (f"> 验证码：{code}", f"{code.lower()}。谢谢", f"*{code.replace('-', '–')}*"):
        assert tokens.find_once(sent) == (code,)
    assert tokens.is_once((b"new", SECRET), f" {code.lower()} ", draft, address)
    assert not tokens.is_once(OLD, code, draft, address)
    assert not tokens.is_once(SECRET, code, draft + 1, address)
    assert not tokens.is_once(SECRET, code, draft, f"x{address}")
    assert not tokens.is_once((), code, draft, address)


def test_other_numbers_are_no_one_time_codes() -> None:
    assert tokens.find_once("6222-8888-9999 2345-67890 AB-2345 K7Q4 9FXM xK7Q4-9FXM") == ()


def test_a_code_a_token_and_an_id_cannot_stand_in_for_each_other() -> None:
    token = mint()
    assert ids.read(SECRET, f"md.{token}@corp.test") is None
    assert not ids.is_our_mark(SECRET, token)
    assert not tokens.is_once(SECRET, token, 41, LIU)
