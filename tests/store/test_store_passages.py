"""Words find what was learnt, in Chinese from two characters on and in English, on both engines."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from builders import NOW
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import World

from maildesk.desk.knowledge.grams import spell, spell_query
from maildesk.desk.knowledge.learnt import Learnt
from maildesk.store import passages

VPN = Learnt("article", 1, "KB-0001", "VPN 证书过期", "network", "提示证书过期", "换证书")
JAM = Learnt("article", 2, "KB-0002", "打印机卡纸怎么办", "hardware", "打印机卡纸", "打开后盖")
REFUND = Learnt("ticket", 7, "IT-20261120-0007", "无法退款", "software", "点退款没反应", "清缓存")
CRASH = Learnt(
    "ticket", 8, "IT-20261120-0008", "Outlook crashes", "software", "Outlook 2021", "fix"
)


@pytest.fixture
def library(make_world: Callable[..., World]) -> World:
    world = make_world()
    with world.store.write() as db:
        for item in (VPN, JAM, REFUND, CRASH):
            passages.put(db, "it", item, "", NOW)
    return world


def found(world: World, words: str) -> list[str]:
    with world.store.read() as db:
        return [item.number for item in passages.search(db, "it", words)]


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("退款", ["IT-20261120-0007"]),
        ("卡纸", ["KB-0002"]),
        ("vpn 证书", ["KB-0001"]),
        ("ＶＰＮ", ["KB-0001"]),
        ("outlook", ["IT-20261120-0008"]),
        ("OUTLOOK 2021", ["IT-20261120-0008"]),
        ("纸", ["KB-0002"]),
        ("證書過期", ["KB-0001"]),
        ("款退", []),
        ("vpn 卡纸", []),
        ("", []),
        ("' OR 1=1 --", []),
        ('"*:<->&|!()', []),
    ],
)
def test_words_find_what_holds_them_all(library: World, words: str, numbers: list[str]) -> None:
    assert found(library, words) == numbers


def test_what_is_put_again_or_dropped_is_found_by_its_new_words_only(library: World) -> None:
    with library.store.write() as db:
        passages.put(db, "it", Learnt("article", 2, "KB-0002", "墨盒更换", "hardware"), "", NOW)
        passages.drop(db, "article", 1)
    assert found(library, "卡纸") == []
    assert found(library, "墨盒") == ["KB-0002"]
    assert found(library, "vpn") == []
    with library.store.write() as db:
        passages.rebuild(db)
    assert found(library, "墨盒") == ["KB-0002"]


def test_candidates_share_words_with_a_request(library: World) -> None:
    with library.store.read() as db:
        like = passages.find_like(db, "it", "又连不上VPN了", "提示证书有问题")
        assert [item.number for item in like][:1] == ["KB-0001"]
        assert passages.find_like(db, "it", "1", "") == ()
        assert passages.find_like(db, "other", "VPN", "") == ()


@given(st.text(max_size=200))
def test_any_text_is_spelt_and_every_pair_of_han_is_a_term(text: str) -> None:
    terms = spell(text).split()
    assert all(term == term.strip() for term in terms)
    for phrase in spell_query(text):
        assert all(term in terms for term in phrase)


def test_an_old_article_is_found_among_any_number_of_newer_tickets(library: World) -> None:
    with library.store.write() as db:
        for at in range(100, 160):
            item = Learnt("ticket", at, f"IT-{at}", "连不上 VPN", "network", "VPN 证书过期", "")
            passages.put(db, "it", item, "", NOW)
    with library.store.read() as db:
        like = passages.find_like(db, "it", "连不上VPN", "提示证书过期")
    assert [item.number for item in like if item.kind == "article"] == ["KB-0001"]
    tickets = [item.number for item in like if item.kind == "ticket"]
    assert tickets[0] == "IT-159", "the newest first"
    assert len(tickets) < 60, "only so many are looked at"


def test_one_shared_word_of_several_makes_no_candidate(library: World) -> None:
    with library.store.read() as db:
        assert passages.find_like(db, "it", "VPN 账号开通", "新来的同事出差要用") == ()
        assert [item.number for item in passages.find_like(db, "it", "VPN", "")] == ["KB-0001"]


def test_a_word_is_found_with_another_ending(library: World) -> None:
    with library.store.read() as db:
        like = passages.find_like(db, "it", "Outlook crashed", "")
    assert [item.number for item in like] == ["IT-20261120-0008"]


@given(st.text(max_size=60), st.text(max_size=60))
@settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_text_is_a_query_the_database_refuses(library: World, title: str, words: str) -> None:
    with library.store.read() as db:
        passages.find_like(db, "it", title, words)
        passages.search(db, "it", title)
