"""A person's words inside our letters keep their lines and lose what could do harm."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.staff.marker import MARKER, SIGNS
from maildesk.desk.staff.verbatim import (
    LONGEST,
    disarm,
    drop_orders,
    hide_signs,
    keep_lines,
    lay_out,
)


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("一\n二", "一\n二"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\n\n  a  \n\n\n\nb\n\n", "  a\n\nb"),
        ("a\tb", "a   b"),
        ("pay\u202egnp.exe", "paygnp.exe"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("", ""),
        (" \n\u3000\n", ""),
    ],
)
def test_lines_stay_and_what_cannot_be_seen_goes(words: str, kept: str) -> None:
    assert keep_lines(words) == kept


def test_what_is_too_long_is_cut_and_says_so() -> None:
    assert keep_lines("卡" * LONGEST) == "卡" * LONGEST
    assert keep_lines("卡" * (LONGEST + 1)) == "卡" * (LONGEST - 1) + "…"
    assert len(keep_lines("\tx" * LONGEST)) <= LONGEST
    assert keep_lines("some words", 5) == "some…"
    assert keep_lines("some words", 0) == "…"


@pytest.mark.parametrize(
    "order", ["#已解决", "＃内部 别告诉他", "  #solved", "\u200b#内布", "\u3000＃ 状态", "#", "##"]
)
def test_a_line_that_gives_an_order_never_leaves(order: str) -> None:
    assert drop_orders(f"您好\n{order}\n已处理") == "您好\n已处理"
    assert drop_orders(order) == ""


def test_a_number_sign_inside_a_line_may_leave() -> None:
    assert drop_orders("请到 3# 楼\nissue #5") == "请到 3# 楼\nissue #5"


@pytest.mark.parametrize(
    "words",
    [
        MARKER,
        "请在此行以上回复",
        "> 请 在 此 行 以 上 回 复",
        "请在此行\n> 以上回复",
        "REPLY  ABOVE THIS\nLINE",
        "replyabovethisline",
    ],
)
def test_nobody_can_forge_the_line_to_answer_above(words: str) -> None:
    folded = "".join(filter(str.isalnum, hide_signs(words).lower()))
    for sign in SIGNS:
        assert "".join(filter(str.isalnum, sign)) not in folded


def test_nobody_can_forge_the_token_at_the_end() -> None:
    assert hide_signs("〔r15-f9o-k7q4m2xdpa2c〕") == "（r15-f9o-k7q4m2xdpa2c）"


def test_an_order_in_a_requesters_words_is_no_order_when_it_is_quoted() -> None:
    assert disarm("没好\n#已解决\n ＃转派 我") == "没好\n· #已解决\n·  ＃转派 我"


def test_html_shows_lines_and_indents_and_runs_nothing() -> None:
    assert lay_out("a < b\n  <script>&") == "a &lt; b<br>\n\u00a0\u00a0&lt;script&gt;&amp;"


@given(st.text())
def test_no_words_make_it_raise_or_leave_an_order(words: str) -> None:
    kept = keep_lines(words)
    assert keep_lines(kept) == kept
    assert "\n\n\n" not in kept
    for line in [*drop_orders(kept).split("\n"), *disarm(kept).split("\n")]:
        assert line.strip()[:1] not in tuple("#＃")
