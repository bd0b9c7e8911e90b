"""The ladder from bytes to characters."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maildesk.mail.characters.charset import decode, widen

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


# Sentences each codec can hold; what is encoded must come back under the codec's own label.
SAMPLES = {
    "utf-8": "打印机 größer Привет",
    "utf-16": "打印机 größer", "utf-16-le": "größer", "utf-32": "größer",
    "utf-7": "Größe 日本",
    "gb18030": "打印机€㈱𠀀", "gbk": "朱镕基", "hz": "打印机", "big5": "印表機卡紙",
    "big5hkscs": "嘅喺咗", "cp950": "碁銹裏", "shift_jis": "印刷できません", "cp932": "①㈱髙﨑ﾌﾟﾘﾝﾀ",
    "euc_jp": "お世話になります", "iso2022_jp": "お世話になります", "iso2022_jp_3": "日本語",
    "iso2022_jp_1": "鷗", "euc_kr": "안녕하세요", "cp949": "똠방각하", "iso2022_kr": "안녕하세요",
    "johab": "안녕하세요", "iso8859-1": "déjà vu", "iso8859-2": "Dzień dobry",
    "iso8859-3": "Ĉu vi ŝatas",
    "iso8859-4": "ačiū", "iso8859-5": "Добрый день", "iso8859-6": "مرحبا", "iso8859-7": "Καλημέρα",
    "iso8859-8": "שלום", "iso8859-9": "çalışıyor", "iso8859-10": "þetta",
    "iso8859-13": "ačiū labai",
    "iso8859-14": "ŵy", "iso8859-15": "5 € œuf", "iso8859-16": "ș ț", "cp1250": "žluťoučký „kůň“",
    "cp1251": "Добрый день – ё", "cp1252": "“quoted” – 5 €", "cp1253": "Καλημέρα",
    "cp1254": "Şifre ğ",
    "cp1255": "שלום", "cp1256": "مرحبا", "cp1257": "ačiū", "cp1258": "xin chào", "cp874": "สวัสดี",
    "cp437": "für", "cp850": "für", "cp852": "děkuji", "cp855": "Добрый", "cp866": "Добрый день",
    "koi8-r": "Добрый день", "koi8-u": "є питання ґанок", "mac-roman": "déjà “vu”",
    "mac-cyrillic": "День",
    "mac-latin2": "děkuji", "mac-greek": "Καλημέρα", "mac-turkish": "ğışç", "tis-620": "สวัสดี",
    "kz1048": "қала", "ptcp154": "қала",
}  # fmt: skip


@pytest.mark.parametrize("codec", SAMPLES)
def test_what_a_codec_wrote_is_read_under_its_label(codec: str) -> None:
    text = SAMPLES[codec]
    assert decode(text.encode(codec), codec).text == text


def to_jis(text: str) -> bytes:
    """Two-byte characters of Windows' page as the JIS rows NEC and IBM put them into."""
    pairs = bytearray()
    for char in text:
        lead, trail = char.encode("cp932")
        row = (lead - (0x81 if lead < 0xA0 else 0xC1)) * 2 + (trail >= 0x9F)
        cell = trail - 0x9F if trail >= 0x9F else trail - 0x40 - (trail > 0x7F)
        pairs += bytes((row + 0x21, cell + 0x21))
    return bytes(pairs)


VENDORS = to_jis("①㈱№髙﨑")
KANA = bytes(byte & 0x7F for byte in "ﾌﾟﾘﾝﾀ".encode("cp932"))


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        (b"\x1b$B" + VENDORS + b"\x1b(B 5", "iso-2022-jp", "①㈱№髙﨑 5"),
        (b"\x1b(I" + KANA + b"\x1b(B!", "iso-2022-jp", "ﾌﾟﾘﾝﾀ!"),
        (b"\x0e" + KANA + b"\x0f!", "iso-2022-jp", "ﾌﾟﾘﾝﾀ!"),
        ("ﾌﾟﾘﾝﾀ".encode("cp932"), "iso-2022-jp", "ﾌﾟﾘﾝﾀ"),
        (b"\x1b$B$3$s\nok", "iso-2022-jp", "こん\nok"),
        (bytes(byte | 0x80 for byte in VENDORS), "euc-jp", "①㈱№髙﨑"),
        (b"\x0e>H3gGO<<?d\x0f", "iso-2022-kr", "안녕하세요"),
        (b"\x1b$)A\x0e4rS!\x0f ok", "iso-2022-cn", "打印 ok"),
        (b"\x80100 \xa3\xa0\xb4\xf2", "gbk", "€100 \u3000打"),
        (b"\xa3\xe1 \xc6\xa1 \xa1\x45", "big5", "€ ① ‧"),
        ("žluťoučký „kůň“ – š".encode("cp1250"), "iso-8859-2", "žluťoučký „kůň“ – š"),
        ("“Γειά” – Ά".encode("cp1253"), "iso-8859-7", "“Γειά” – Ά"),
        ("5 € – œuf".encode("cp1252"), "iso-8859-15", "5 € – œuf"),
        ("Привіт, є їжа".encode("koi8-u"), "koi8-r", "Привіт, є їжа"),
        ("日本語".encode("iso2022_jp"), "utf-8", "日本語"),
        ("打印机".encode("hz"), "gb2312", "打印机"),
        ("größer".encode(), "utf-16", "größer"),
        ("größer".encode("latin-1"), "unicode", "größer"),
        ("Hallo Welt".encode("utf-16-le"), None, "Hallo Welt"),
        ("Hallo Welt".encode("utf-16-be"), "us-ascii", "Hallo Welt"),
        ("打印机\n".encode("utf-16-le"), "utf-16be", "打印机\n"),
        (b"1 + 1", "utf-7", "1 + 1"),
    ],
)
def test_vendors_characters_and_lying_labels_are_read(
    data: bytes, label: str | None, text: str
) -> None:
    assert decode(data, label).text == text


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("UTF_8", "utf-8"),
        ("utf8", "utf-8"),
        ("iso8859_1", "cp1252"),
        ("ISO-8859-1:1987", "cp1252"),
        ("ansi_x3.110-1983", "cp1252"),
        ("cp-850", "cp850"),
        ("x-windows-949", "cp949"),
        ("windows-31j", "cp932"),
        ("unicode-1-1-utf-7", "utf-7"),
        ("x-unicode-2-0-utf-7", "utf-7"),
        ("charset=utf-8", "utf-8"),
        ("charset=charset=gbk", "gb18030"),
        ("utf-8 (unicode)", "utf-8"),
        ("utf-8; format=flowed", "utf-8"),
        ("x-mac-ce", "mac-latin2"),
        ("x-mac-cyrillic", "mac-cyrillic"),
        ("csISO2022JP", "iso2022_jp"),
        ("936", "gb18030"),
        ("utf-8MIME-Version: 1.0", "utf-8"),
        ("x-user-defined", None),
        ("oem", None),
        ("mbcs", None),
        ("unicode_escape", None),
        ("raw-unicode-escape", None),
    ],
)
def test_a_label_is_understood_in_any_spelling(label: str, codec: str | None) -> None:
    assert widen(label) == codec


@pytest.mark.parametrize(
    ("data", "label"),
    [
        (b"\xff" * 1_000_000, None),
        (b"\x80a" * 500_000, "big5"),
        (b"\x80" * 1_000_000, "gbk"),
        (b"\x1b$B" * 300_000, "iso-2022-jp"),
        (b"\x0e" * 1_000_000, "iso-2022-kr"),
        (b"\xc3\xa9\n\xe9\n" * 200_000, "utf-8"),
        (b"a\xfc\n" * 300_000, "utf-8"),
        (b"\xff" * 1_000_000, "euc-jp"),
    ],
)
def test_hostile_bytes_cost_no_more_than_their_length(data: bytes, label: str | None) -> None:
    begun = process_time()
    decode(data, label)
    assert process_time() - begun < 3
