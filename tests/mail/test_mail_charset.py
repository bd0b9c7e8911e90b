"""The ladder from bytes to characters."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maildesk.mail.charset import decode, widen

WORDS = st.text(max_size=60)
KNOWN = ("gb2312", "x-gbk", "GB_2312-80", "iso-8859-1", "big5", "utf-16", "hz", "idna", "hex")
LABELS = st.one_of(st.none(), st.text(max_size=20), st.sampled_from(KNOWN))


@given(st.binary(max_size=300), LABELS)
def test_decoding_never_raises_and_never_yields_lone_surrogates(data: bytes, label: str) -> None:
    decode(data, label).text.encode("utf-8")


@given(st.binary(max_size=100), st.sampled_from(["utf-7", "hz", "iso-2022-jp", "utf-16", "idna"]))
def test_seven_bit_and_wide_charsets_take_any_bytes(data: bytes, label: str) -> None:
    decode(data, label).text.encode("utf-8")


@given(WORDS.filter(lambda text: not text.startswith("\ufeff")))
def test_valid_utf8_survives_its_own_label_without_a_defect(text: str) -> None:
    found = decode(text.encode(), "UTF-8")
    assert (found.text, found.defect) == (text, None)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=3, max_size=50))
def test_hanzi_survive_under_any_gb_label(text: str) -> None:
    data = text.encode("gb18030")
    chance = data.decode("utf-8", "replace")  # three hanzi may, very rarely, be two others in UTF-8
    assume("\ufffd" in chance or max(chance) < "\u0800")
    for label in ("gb2312", "GBK", "gb18030", "cp936", "x-gbk", "GB_2312-80"):
        assert decode(data, label).text == text


@pytest.mark.parametrize(
    "label", ["hex", "zlib", "rot13", "base64", "bz2", "undefined", "idna", "punycode", "uu"]
)
def test_a_codec_that_is_no_charset_is_a_defect_and_not_used(label: str) -> None:
    found = decode("坏了".encode("gbk"), label)
    assert found.text == "坏了"
    assert found.defect is not None
    assert label in found.defect


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("gb2312", "gb18030"),
        ("iso-8859-1", "cp1252"),
        ("Shift_JIS", "cp932"),
        ("euc-kr", "cp949"),
        ("ks_c_5601-1987", "cp949"),
        ('"UTF-8"', "utf-8"),
        ("us-ascii", None),
        ("no such thing", None),
        ("\x00", None),
        ("\udc80", None),
    ],
)
def test_a_label_is_widened_to_what_senders_mean(label: str, codec: str | None) -> None:
    assert widen(label) == codec


def test_words_of_gbk_that_look_like_utf8_are_read_by_their_label() -> None:
    data = "印通".encode("gbk")[:2]
    assert data.decode("utf-8")
    assert decode(data, "gbk").text == "印"


def test_one_flipped_byte_does_not_change_the_charset() -> None:
    data = bytearray("打印机卡纸了，请尽快处理，谢谢。".encode())
    data[10] = 0xFF
    found = decode(bytes(data), "utf-8")
    assert found.text.startswith("打印机")
    assert found.text.endswith("请尽快处理，谢谢。")
    assert found.defect == "charset: some bytes are not utf-8"


def test_text_cut_inside_a_character_keeps_its_declared_charset() -> None:
    data = "打印机卡纸了，请尽快处理。".encode("gbk")[:-1]
    assert decode(data, "gbk").text.startswith("打印机卡纸了，请尽快处理")


def test_chinese_under_a_latin_label_is_recognised_and_french_is_not() -> None:
    assert decode("打印机卡纸了".encode("gbk"), "iso-8859-1").text == "打印机卡纸了"
    french = "déjà vu, ça marche à l'été"
    assert decode(french.encode("latin-1"), "iso-8859-1").text == french


def test_the_prior_decides_about_unlabelled_bytes() -> None:
    assert decode("故障です".encode("cp932"), None, prior="shift_jis").text == "故障です"
    assert decode("坏了".encode("gbk"), None).defect == "charset: no label, decoded as gb18030"
