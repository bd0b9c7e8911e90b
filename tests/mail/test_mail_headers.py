"""Encoded words, parameters and ids as clients really write them."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.files import filename
from maildesk.mail.header.headers import decode_value, find_ids, parse_parameters

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
        ("=?utf-8?B?5omT", "打"),
        ("=?utf-8?B?5omT?", "打"),
        ("=?utf-8?Q?caf=C3=A9 au lait?=", "café au lait"),
        ("=?utf-8?Q?Was ist das??=", "Was ist das?"),
        ("=?utf-8?B?5omT=5Y2w?=", "打印"),
        ("=?utf-8?B?5omTa?=", "打"),
        ("=?gb2312?B?tPI=?= =?GBK?B?06E=?=", "打印"),
        ("=?gbk?Q?=B4=F2=D3?= =?gb2312?Q?=A1?=", "打印"),
        ("=?utf-8?Q?=E6=89=93?= =?gb18030?Q?=D3=A1?=", "打印"),
        ("caf=?utf-8?Q?=C3=A9?=s", "cafés"),
        ("=??Q?abc?=", "abc"),
        ("=?iso-8859-1?Q?=93quoted=94?=", "“quoted”"),
        ("=?utf-8?Q?a\u2028b?=", "a b"),
        ("=?utf-8?Q?a=0D=0AInjected:_x?=", "a Injected: x"),
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
        ("text/plain charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ("text/plain (a; b); charset=utf-8", "text/plain", {"charset": "utf-8"}),
        ("attachment; filename=my report.pdf", "attachment", {"filename": "my report.pdf"}),
        ("attachment; filename=a.pdf size=5", "attachment", {"filename": "a.pdf", "size": "5"}),
        ("attachment; filename='a.pdf'", "attachment", {"filename": "a.pdf"}),
        (
            'attachment; filename="say "hi" now.txt"; size=5',
            "attachment",
            {"filename": 'say "hi" now.txt', "size": "5"},
        ),
        (
            'attachment; filename="a.txt; size=5',
            "attachment",
            {"filename": "a.txt", "size": "5"},
        ),
        ('a/b; name="C:\\new\\a.doc"', "a/b", {"name": "C:\\new\\a.doc"}),
        ("a/b; name*=utf-8'%E6%89%93.txt", "a/b", {"name": "打.txt"}),
        ("a/b; name*=%E6%89%93.txt", "a/b", {"name": "打.txt"}),
        ("a/b; name*=\"utf-8''100% of it.txt\"", "a/b", {"name": "100% of it.txt"}),
        ("a/b; name*=utf-8'zh'%E6%89%93.txt; name=x", "a/b", {"name": "打.txt"}),
        ("a/b; name*=gbk''%B4%F2%D3%A1.txt", "a/b", {"name": "打印.txt"}),
        ("a/b; name*0*=utf-8''%E6%89; name*1*=%93; name*2=.txt", "a/b", {"name": "打.txt"}),
        ("a/b; name*2=.txt; name*0*=utf-8''%E6%89; name*1*=%93", "a/b", {"name": "打.txt"}),
        ("a/b; name=%E6%89%93%E5%8D%B0.txt", "a/b", {"name": "打印.txt"}),
        ('a/b; name="100%25.txt"', "a/b", {"name": "100%25.txt"}),
        ("a/b; name==?utf-8?Q?a_b.txt?=", "a/b", {"name": "a b.txt"}),
        (
            'a/b; name="=?utf-8?B?5omT?=\r\n =?utf-8?B?5Y2wLnR4dA==?="',
            "a/b",
            {"name": "打印.txt"},
        ),
        ("text/plain; charset=us-ascii; charset=koi8-r", "text/plain", {"charset": "koi8-r"}),
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
        ("<a@b>,<c@d>; <e@f>", ("a@b", "c@d", "e@f")),
        ("<a.long\r\n .id@b>", ("a.long.id@b",)),
        ("< a@b >", ("a@b",)),
        ("<<a@b>>", ("a@b",)),
        ("a@b, c@d", ("a@b", "c@d")),
        ("a@b (by hand)", ("a@b",)),
        ("no-at-sign", ("no-at-sign",)),
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
        ("a.txt. . ", "a.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.txt", "console.txt"),
        ("inv\u00ad\u061cisible.txt", "invisible.txt"),
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


@pytest.mark.parametrize(
    "piece",
    ["=?utf-8?q?a?= ", "=?utf-8?Q?", "=?x?B?", "?=", "=?", "\x1b$B", "=?utf-8?B?5omT?=", "é"],
)
def test_a_long_header_costs_no_more_than_its_length(piece: str) -> None:
    raw = piece * (400_000 // len(piece))
    begun = process_time()
    decode_value(raw)
    find_ids(raw)
    assert process_time() - begun < 3


@pytest.mark.parametrize(
    "piece", [";", '"', "a=", 'a="', "a=b c=", "(", "name=a ", "name*0*=%", "\\", "charset=", " "]
)
def test_long_parameters_cost_no_more_than_their_length(piece: str) -> None:
    raw = "a/b; " + piece * (300_000 // len(piece))
    begun = process_time()
    parse_parameters(raw)
    assert process_time() - begun < 3
