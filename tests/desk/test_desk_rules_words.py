"""Where words stand: Han anywhere, Latin between boundaries, gaps within a sentence, regexes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.rules.fold import fold
from maildesk.desk.rules.rule import Condition
from maildesk.desk.rules.words import Finder, fold_regex

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=12)
LATIN = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=8)


def finds(word: str, text: str) -> bool:
    return bool(Finder([Condition(word=word)]).find(fold(text)))


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("erp", "ERP系统打不开", True),
        ("net", "the internet is slow", False),
        ("net", "net不通", True),
        ("vpn", "VPN2 is new", False),
        ("打印机", "三楼打印机旁", True),
        ("打印機", "打印机", True),
        ("no network", "there is  No\nNetwork here", True),
        ("连不上 wifi", "我连不上WiFi", True),
        ("can't print", "I can’t print", True),
        ("can't print", "i cant print", True),
        ("won't boot", "it wont boot", True),
        ("install*", "Installing Visio", True),
        ("install*", "reinstall it", False),
        ("打印机…坏", "打印机今天早上又坏了", True),
        ("打印机…坏", "打印机好了。鼠标坏了", False),
        ("打印机…坏", "打印机好了\n鼠标坏了", False),
        ("打印机...坏", "打印机坏了", True),
        ("打印机…坏", "坏的是打印机", False),
        ("printer…not…work*", "The printer is still not working", True),
        ("printer…work", "the printer in the old building next to the canteen cannot work", False),
        ("vpn…1.5", "vpn version 1.5 fails", True),
        ("404", "错误404页面", True),
    ],
)
def test_words_stand_where_a_reader_sees_them(word: str, text: str, found: bool) -> None:
    assert finds(word, text) is found


@given(HAN, HAN, HAN)
def test_a_han_word_is_found_anywhere_in_han_text(before: str, word: str, after: str) -> None:
    assert finds(word, before + word + after)


@given(LATIN, LATIN, LATIN)
def test_a_latin_word_inside_a_longer_one_is_never_found(
    before: str, word: str, after: str
) -> None:
    longer = before + word + after
    assert word == longer or not finds(word, longer)


@given(LATIN, HAN)
def test_a_latin_word_between_han_is_always_found(word: str, han: str) -> None:
    assert finds(word, f"{han}{word}{han}")
    assert finds(word, f"{han} {word} {han}")


@pytest.mark.parametrize(
    ("regex", "text", "found"),
    [
        ("整个?(公司|集团).{0,6}(断网|瘫痪)", "整个公司今天断网了", True),
        ("整個公司", "整个公司", True),
        ("ERP-\\d+", "见 erp-42", True),
        ("故障（急）", "故障(急)", True),
        ("a.c", "a\n\nc", False),
    ],
)
def test_expressions_meet_folded_text(regex: str, text: str, found: bool) -> None:
    assert bool(Finder([Condition(regex=regex)]).find(fold(text))) is found


def test_a_full_width_mark_in_an_expression_stands_for_itself() -> None:
    assert fold_regex("（急）[，。]") == "\\(急\\)[\\,。]"


def test_places_are_those_of_the_text() -> None:
    text = fold("您好，我的电脑今天早上蓝屏，ERP 也登不上")
    finder = Finder([Condition(word="电脑…蓝屏"), Condition(regex="erp.{0,2}登不上")])
    spans = finder.find(text)
    assert [text[slice(*spans[number])] for number in (0, 1)] == [
        "电脑今天早上蓝屏",
        "erp也登不上",
    ]


def test_no_conditions_find_nothing() -> None:
    assert Finder([]).find("anything") == {}


def test_a_page_of_one_word_is_searched_to_its_end() -> None:
    finder = Finder([Condition(word="坏…修"), Condition(word="末尾")])
    assert list(finder.find("坏" * 60_000 + "末尾")) == [1]
