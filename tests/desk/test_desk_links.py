"""Signed links: they say who may do what, and nobody can change that."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, SECRET
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.pages.links import ACTIONS, CONFIRM, Expired, Link, Tampered, read, sign, url

LINK = Link(CONFIRM, "it", 17, "zhang@corp.test", NOW)
OTHER = b"another secret of another desk"


@pytest.mark.parametrize("act", [CONFIRM, *ACTIONS])
def test_a_link_comes_back_as_it_was_signed(act: str) -> None:
    link = replace(LINK, act=act)
    assert read(SECRET, sign(SECRET, link), NOW) == link


@given(
    st.integers(0, 2**63 - 1),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=250),
)
def test_any_ticket_and_person_can_be_named_in_an_address(ticket: int, person: str) -> None:
    token = sign(SECRET, replace(LINK, ticket=ticket, person=person))
    assert re.fullmatch(r"[A-Za-z0-9_.-]+[A-Za-z0-9]", token), "no mail program cuts its end"
    assert read(SECRET, token, NOW) == replace(LINK, ticket=ticket, person=person)


def test_a_link_fits_into_a_letter() -> None:
    assert len(url("https://helpdesk.example.com", sign(SECRET, LINK))) < 120
    assert url("https://x.test/desk/", "a.b") == "https://x.test/desk/t/a.b"


@pytest.mark.parametrize(("act", "days"), [(CONFIRM, 60), ("start", 30), ("assign", 30)])
def test_a_link_ends_by_itself_and_still_says_whose_it_was(act: str, days: int) -> None:
    link = replace(LINK, act=act)
    token = sign(SECRET, link)
    last = NOW + timedelta(days=days, seconds=-1)
    assert read(SECRET, token, last) == link
    assert read(SECRET, token, last + timedelta(seconds=1)) == Expired(link)
    assert link.expires == NOW + timedelta(days=days)


def test_after_a_rotation_the_old_key_still_reads_and_a_foreign_one_never() -> None:
    token = sign(SECRET, LINK)
    assert read([OTHER, SECRET], token, NOW) == LINK
    assert read([SECRET, OTHER], sign(OTHER, LINK), NOW) == LINK
    assert read([OTHER], token, NOW) == Tampered()


@given(st.data())
def test_a_changed_token_never_says_anything_else(data: st.DataObject) -> None:
    token = sign(SECRET, LINK)
    place = data.draw(st.integers(0, len(token) - 1))
    char = data.draw(st.sampled_from("ABCxyz019-_.=\n "))
    changed = token[:place] + char + token[place + 1 :]
    assert read(SECRET, changed, NOW) in (LINK, Tampered())
    if place < token.index("."):
        assert changed == token or read(SECRET, changed, NOW) == Tampered()


@given(st.text(max_size=300))
def test_whatever_stands_in_an_address_is_read_without_an_exception(token: str) -> None:
    assert read(SECRET, token, NOW) == Tampered()


def test_a_token_of_one_kind_is_none_of_another() -> None:
    assert read(SECRET, sign(SECRET, LINK)[:-4], NOW) == Tampered()
    assert read(SECRET, "A" * 100_000, NOW) == Tampered()
    assert read(SECRET, "", NOW) == Tampered()


@pytest.mark.parametrize("wrong", [{"act": "delete"}, {"person": "a@b\nit"}, {"desk": "a\n1"}])
def test_what_no_page_does_is_not_signed(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        sign(SECRET, replace(LINK, **wrong))  # type: ignore[arg-type]
