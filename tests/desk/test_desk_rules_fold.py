"""The comparable spelling of words: what is alike after folding, and what stays apart."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.rules.fold import (
    _EVERYDAY,
    _UNSEEN,
    Folded,
    _load_simplified,
    fold,
    fold_characters,
)

ANYTHING = st.text(st.characters(), max_size=80)
MIXED = st.text("aZ é9。，！ \t\n\r　電脑帳号ﬁß\u200b\u0301Ａ＃İſ", max_size=40)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("ＥＲＰ系统，無法登錄！", "erp系统,无法登录!"),
        ("帳號 / 帐号", "账号/账号"),
        ("VPN 连不上 了", "vpn连不上了"),
        ("paper   jam\tagain", "paper jam again"),
        ("no\u00a0network", "no network"),
        ("it doesn’t work", "it doesn't work"),
        ("a sentence that goes\non here", "a sentence that goes on here"),
        ("网络好了\n打印机坏了", "网络好了\n打印机坏了"),
        ("one\n\n\ntwo", "one\n\ntwo"),
        ("  密\u200b码  ", "密码"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_spellings_of_the_same_words_become_one(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(ANYTHING | MIXED)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def fold_every_character(text: str) -> str:
    """Every step for every text, in the order the module tells."""
    for mark, plain in _EVERYDAY:
        text = text.replace(mark, plain)
    while True:
        text = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
        text = text.translate(_load_simplified()[0])
        if unicodedata.is_normalized("NFKC", text):
            return text


def fold_every_run(text: str) -> str:
    """Each run of blanks by itself, with what stands on both sides of it."""
    pieces = re.split("([\t-\r\x1c-\x20]+)", text)
    for place in range(1, len(pieces), 2):
        before, run, after = pieces[place - 1 : place + 2]
        pieces[place] = fold_run(run, before[-1:], after[:1])
    return "".join(pieces)


def fold_run(run: str, before: str, after: str) -> str:
    if not before or not after:
        return ""
    breaks = run.count("\n")
    if breaks > 1:
        return "\n\n"
    if breaks:
        latin = (before + after).isascii() and (before.isalnum() or before == ",")
        return " " if latin else "\n"
    return "" if re.search("[\u2e80-\u9fff\U00020000-\U0010ffff]", before + after) else " "


RUNS = ["INFO  ", "一 ", "\n", " \n", "\n\n", "a", "中", "。", ",", "-", "\x0b", "\x1f"]
SPACED = st.text("aZ,.(9é中。電\u200b \n\t", max_size=40)
SPACED |= st.lists(st.sampled_from(RUNS)).map("".join)


@given(ANYTHING | MIXED | SPACED)
def test_leaving_out_what_a_text_does_not_need_folds_it_no_differently(text: str) -> None:
    characters = fold_every_character(text)
    assert fold_characters(text) == characters
    assert fold(text) == fold_every_run(characters)


@pytest.mark.parametrize(
    ("written", "part", "original"),
    [
        ("您好，ＥＲＰ 登錄 不了", "erp登录不了", "ＥＲＰ 登錄 不了"),
        ("Hi,\n\n  my  Paper \n Jam", "paper jam", "Paper Jam"),
        ("the ﬁle, the ﬁle server", "file server", "ﬁle server"),
        ("密\u200b码忘了，电脑坏了", "电脑坏了", "电脑坏了"),
    ],
)
def test_a_find_is_shown_as_it_was_written(written: str, part: str, original: str) -> None:
    folded = Folded(written)
    start = folded.text.index(part)
    assert folded.original(start, start + len(part)) == original


@given(ANYTHING | MIXED, st.data())
def test_any_part_of_any_text_can_be_shown(text: str, data: st.DataObject) -> None:
    folded = Folded(text)
    assert folded.text == fold(text)
    if folded.text:
        start = data.draw(st.integers(0, len(folded.text) - 1))
        end = data.draw(st.integers(start + 1, len(folded.text)))
        assert isinstance(folded.original(start, end), str)
