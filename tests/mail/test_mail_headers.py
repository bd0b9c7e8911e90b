"""Encoded words, parameters and ids as clients really write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail import filename
from maildesk.mail.headers import decode_value, find_ids, parse_parameters

RAW = st.text(
    st.one_of(
        st.characters(max_codepoint=0x7F),
        st.characters(min_codepoint=0xDC80, max_codepoint=0xDCFF, categories=["Cs"]),
        st.sampled_from("=?BQ\"*'; "),
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("plain", "plain"),
        ("  folded\r\n  words ", "folded  words"),
        ("=?utf-8?q?a=5Fb_c?=", "a_b c"),
        ("=?UTF-8*zh?B?5omT?=", "打"),
        ("a =?utf-8?Q?b?= =?utf-8?Q?c?= d", "a bc d"),
        ("=?utf-8?Q?=E6=89?= =?utf-8?Q?=93?=", "打"),
        ("=?gb2312?B?tPI=?==?gb2312?B?06E=?=", "打印"),
        ("=?utf-8?B?5omT?==?gbk?B?06E=?=", "打印"),
        ('"=?utf-8?B?5omT?="', '"打"'),
        ("=?utf-8?B?5om", "=?utf-8?B?5om"),
        ("=?x-none?Q?abc?=", "abc"),
        ("bell\x07 and\r\nInjected: x", "bell  and Injected: x"),
    ],
)
def test_an_unstructured_header_is_one_readable_line(raw: str, text: str) -> None:
    assert decode_value(raw).text == text


@given(RAW)
def test_no_header_value_raises_or_leaves_surrogates(raw: str) -> None:
    decode_value(raw).text.encode("utf-8")
    _, parameters = parse_parameters(raw)
    for value in parameters.values():
        value.encode("utf-8")
    find_ids(raw)


@pytest.mark.parametrize(
    ("raw", "value", "parameters"),
    [
        ("Text/Plain; Charset=UTF-8", "text/plain", {"charset": "UTF-8"}),
        ('a/b; name="x;y.txt"; c=d', "a/b", {"name": "x;y.txt", "c": "d"}),
        ('a/b; name="say \\"hi\\".txt"', "a/b", {"name": 'say "hi".txt'}),
        ('a/b; name="unclosed', "a/b", {"name": "unclosed"}),
        ("a/b; name*=utf-8''%E6%89%93.txt", "a/b", {"name": "打.txt"}),
        ("a/b; name*1=b; name*0=a", "a/b", {"name": "ab"}),
        (
            'a/b; filename*0="=?gb2312?B?tPI="; filename*1="?=.txt"',
            "a/b",
            {"filename": "打.txt"},
        ),
        ("a/b;;; ;x=1", "a/b", {"x": "1"}),
        ("", "", {}),
    ],
)
def test_parameters_are_decoded_and_joined(
    raw: str, value: str, parameters: dict[str, str]
) -> None:
    assert parse_parameters(raw) == (value, parameters)


@pytest.mark.parametrize(
    ("raw", "ids"),
    [
        ("<a@b>", ("a@b",)),
        ("<a@b>\r\n <c@d> <a@b>", ("a@b", "c@d")),
        ("a@b", ("a@b",)),
        ("message of <a@b> Friday", ("a@b",)),
        ("", ()),
    ],
)
def test_ids_stand_without_brackets_each_once(raw: str, ids: tuple[str, ...]) -> None:
    assert find_ids(raw) == ids


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\报价.doc", "报价.doc"),
        ("in\u202egpj.exe", "ingpj.exe"),
        ("a\x00b\n.txt", "a b .txt"),
        ("..", ""),
        ("   ", ""),
    ],
)
def test_a_file_name_is_a_safe_basename(given_name: str, safe: str) -> None:
    assert filename.clean(given_name) == safe


@given(st.text(max_size=400))
def test_a_file_name_is_never_longer_than_255_bytes_nor_a_path(name: str) -> None:
    safe = filename.clean(name)
    assert len(safe.encode()) <= 255
    assert "/" not in safe
    assert "\\" not in safe
    assert safe.isprintable() or not safe


def test_a_long_name_keeps_its_extension() -> None:
    assert filename.clean("报" * 200 + ".pdf").endswith("报.pdf")
