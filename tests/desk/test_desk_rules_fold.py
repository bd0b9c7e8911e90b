"""The comparable spelling of words: what is alike after folding, and what stays apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.fold import Folded, fold

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
