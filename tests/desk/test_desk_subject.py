"""Subjects without what mail programs, gateways and we ourselves put before them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.arrival.number import find_numbers
from maildesk.desk.arrival.subject import (
    is_forward,
    is_reply,
    remove_numbers_like,
    shorten,
    strip_prefixes,
)

REPLIES = [
    *(
        "Re:",
        "RE：",
        "re :",
        "RE[2]:",
        "Re(3):",
        "Re^2:",
        "RE*4:",
        "Re2:",
        "答复：",
        "回复:",
        "回覆：",
    ),
    *(
        "回复 :",
        "答覆:",
        "AW:",
        "SV:",
        "VS:",
        "Antw:",
        "RIF:",
        "R:",
        "Odp:",
        "YNT:",
        "ΑΠ:",
        "返信：",
    ),
    *("답장:", "회신:", "Ответ:", "RES:", "Ｒｅ：", "VÁ:", "Re︰"),
]
FORWARDS = [
    *(
        "Fw:",
        "FWD:",
        "Fw：",
        "转发：",
        "转发:",
        "轉寄：",
        "轉發:",
        "WG:",
        "VB:",
        "TR:",
        "ENC:",
        "RV:",
    ),
    *("PD:", "I:", "전달:", "転送:", "İLT:", "Fwd[2]:"),
]
TAGS = [
    "[External]",
    "【外部邮件】",
    "[EXT]",
    "【已受理】",
    "[Received]",
    "［External］",
    "【已超时 12分】",
]


@pytest.mark.parametrize("prefix", REPLIES)
def test_a_reply_in_any_language_is_recognised_and_stripped(prefix: str) -> None:
    assert strip_prefixes(f"{prefix} 打印机卡纸") == "打印机卡纸"
    assert is_reply(f"{prefix} 打印机卡纸")
    assert not is_forward(f"{prefix} 打印机卡纸")


@pytest.mark.parametrize("prefix", FORWARDS)
def test_a_forward_in_any_language_is_recognised_and_stripped(prefix: str) -> None:
    assert strip_prefixes(f"{prefix}Printer jam") == "Printer jam"
    assert is_forward(f"{prefix}Printer jam")
    assert not is_reply(f"{prefix}Printer jam")


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("答复：回复: RE[2]: Fw: AW:打印机卡纸", "打印机卡纸"),
        ("Re: 【已受理】打印机卡纸 [IT-20261120-0001]", "打印机卡纸"),
        (
            "【外部邮件】答复: [External] Re: 【已受理】 打印机卡纸 ［ＩＴ－２０２６１１２０－１］",
            "打印机卡纸",
        ),
        ("Re: [IT-20261120-0001] Re: Printer  jam", "Printer jam"),
        ("[TS202600007] VPN", "VPN"),
        ("【SERVICE_REQUEST-20261120-001】VPN", "VPN"),
        ("\u200bRe:\u00a0\u3000打印机\r\n 卡纸", "打印机 卡纸"),
        ("打印机坏了 [HP-1020]", "打印机坏了 [HP-1020]"),
        ("【紧急】打印机", "【紧急】打印机"),
        ("（急）打印机：卡纸", "（急）打印机：卡纸"),
        ("回复太慢了", "回复太慢了"),
        ("Reply all is broken", "Reply all is broken"),
        ("Request: new laptop", "Request: new laptop"),
        ("VPN: cannot connect", "VPN: cannot connect"),
        ("Printer: Re: jam", "Printer: Re: jam"),
        ("R: drive is gone", "R: drive is gone"),
        ("I:盘打不开", "I:盘打不开"),
        ("R:\\share missing", "R:\\share missing"),
        ("I:", "I:"),
        ("Re:", ""),
        ("Re: [IT-20261120-0001]", ""),
        ("", ""),
    ],
)
def test_what_is_left_is_the_title(subject: str, title: str) -> None:
    assert strip_prefixes(subject) == title


def test_the_outermost_prefix_says_what_a_mail_is() -> None:
    assert is_forward("【外部邮件】[IT-20261120-0001] 转发：Re: 打印机")
    assert is_reply("[External] Re: Fw: printer")
    assert not is_reply("打印机 Re: x")
    assert not is_forward("")


stacks = st.lists(
    st.sampled_from([*REPLIES, *FORWARDS, *TAGS, "[IT-20261120-0001]", " ", "\u200b"])
)


@given(stacks, st.text(max_size=30))
def test_stripping_twice_is_stripping_once(stack: list[str], rest: str) -> None:
    once = strip_prefixes(" ".join(stack) + rest)
    assert strip_prefixes(once) == once


@given(stacks, st.sampled_from(["打印机卡纸", "help", "无法登录 OA", "x"]), st.text(max_size=30))
def test_words_are_never_lost(stack: list[str], words: str, rest: str) -> None:
    assert strip_prefixes(f"{''.join(stack)} {words} {rest}").startswith(words)


@given(st.text())
def test_no_subject_makes_it_raise(subject: str) -> None:
    assert isinstance(strip_prefixes(subject), str)
    is_reply(subject)
    is_forward(subject)


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("打印机 [IT-20261101-0003] 又坏了", "打印机 又坏了"),
        ("it-20261101-3又坏了", "又坏了"),
        ("HP-1020 printer", "HP-1020 printer"),
        ("XIT-20261101-0003", "XIT-20261101-0003"),
    ],
)
def test_a_number_like_ours_leaves_the_title(title: str, left: str) -> None:
    assert remove_numbers_like("IT-20261120-0001", title) == left


@given(st.text(alphabet="IT-20[]【】 卡"))
def test_a_title_without_our_numbers_adds_none_to_a_subject(title: str) -> None:
    cleaned = remove_numbers_like("IT-20261120-0001", title)
    assert "IT-20261120-0001" not in find_numbers(cleaned)


@pytest.mark.parametrize(
    ("title", "columns", "short"),
    [
        ("打印机卡纸", 60, "打印机卡纸"),
        ("打印机卡纸", 10, "打印机卡纸"),
        ("打印机卡纸了", 10, "打印机卡…"),
        ("cannot connect to the printer", 20, "cannot connect to…"),
        ("aaaaaaaaaaaaaaaaaaaa", 10, "aaaaaaaaa…"),
        ("printer 👩‍💻👩‍💻", 11, "printer…"),
        ("e\u0301e\u0301e\u0301", 2, "e\u0301…"),
    ],
)
def test_a_long_title_is_cut_at_a_sensible_place(title: str, columns: int, short: str) -> None:
    assert shorten(title, columns) == short


@given(st.text(), st.integers(4, 80))
def test_a_shortened_title_is_never_longer(title: str, columns: int) -> None:
    assert len(shorten(title, columns)) <= max(len(title), 1)
    assert shorten(shorten(title, columns), columns) == shorten(title, columns)
