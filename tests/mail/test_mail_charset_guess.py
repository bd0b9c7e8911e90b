"""Bytes nobody labelled, and bytes under labels that lie: which charset makes words of them."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.characters.charset import decode
from maildesk.mail.characters.hint import add_hints
from maildesk.mail.characters.judge import judge

WITHOUT_A_HINT = {
    "cp1252": [
        "Für die Übergabe fehlt der Schlüssel.",
        "Grüße aus München",
        "für",
        "déjà vu, ça marche à l'été",
        "L'imprimante de l'étage est bloquée",
        "Señor, ¿cómo está? Mañana",
        "El teléfono no funciona",
        "A impressora não está a funcionar",
        "Perché non è possibile?",
        "Hallå, skrivaren är trasig",
        "Vi gør det på mandag",
        "Tulostin ei toimi, kiitos etukäteen päivää",
        "It’s a “test” – really…",
        "naïve café",
        "§ 5 Abs. 2",
        "£ 300 – price list",
    ],
    "cp1251": [
        "Добрый день, принтер не работает",
        "Привет",
        "Просьба заменить лампу.",
        "Не работает интернет",
        "Здравствуйте",
        "Добрий день, принтер не працює, є питання",
    ],
    "koi8-r": ["Добрый день, принтер не работает", "Привет", "Здравствуйте", "Re: Заявка"],
    "cp866": ["Добрый день, принтер не работает"],
    "iso8859-5": ["Добрый день, принтер не работает"],
    "cp932": ["プリンターが故障しました", "お世話になっております。", "印刷できません", "故障です"],
    "euc_jp": ["プリンターが故障しました", "お世話になっております。", "印刷できません"],
    "cp949": ["안녕하세요 프린터가 고장났습니다", "인터넷 연결이 안됩니다"],
    "big5": ["您好，印表機卡紙", "無法連線", "請問密碼如何重設"],
    "cp1250": ["Příjemný den, tiskárna nefunguje", "Dzień dobry, drukarka nie działa"],
    "iso8859-2": ["Dzień dobry, drukarka nie działa, proszę spróbować coś"],
    "cp1254": ["Teşekkürler, iyi çalışmalar", "Yazıcı çalışmıyor", "Şifre değiştirme"],
    "cp1253": ["Καλημέρα σας", "Ο εκτυπωτής δεν λειτουργεί"],
    "cp1255": ["שלום, המדפסת לא עובדת"],
    "cp1256": ["مرحبا، الطابعة لا تعمل"],
    "cp874": ["สวัสดีครับ เครื่องพิมพ์เสีย"],
}
CHINESE = (
    "坏了", "印通", "密码", "王伟", "甄嬛", "骉犇", "李玥", "朱镕基", "打印机卡纸了，请尽快处理",
    "VPN 连不上", "IT 的同事好：", "回复: 打印机", "ERP系统提交单据报错", "请查收", "￥500元",
    "您好，A栋3楼网络断了", "“你好”", "赵婧", "合同.pdf", "微信图片_20261101.png", "陈小姐",
)  # fmt: skip
ONLY_WITH_A_HINT = [
    ("cp1251", "СРОЧНО"),
    ("cp949", "김철수"),
    ("cp932", "ﾌﾟﾘﾝﾀ"),
    ("cp1250", "Člověk"),
]


@pytest.mark.parametrize(
    ("codec", "text"), [(codec, text) for codec, texts in WITHOUT_A_HINT.items() for text in texts]
)
def test_a_sentence_without_a_label_is_read_in_its_language(codec: str, text: str) -> None:
    found = decode(text.encode(codec), None)
    assert found.text == text
    assert found.defect is not None
    assert found.defect.startswith("charset: no label, decoded as ")


@pytest.mark.parametrize("text", CHINESE)
def test_chinese_of_two_characters_and_more_needs_no_label(text: str) -> None:
    assert decode(text.encode("gbk"), None).text == text
    assert decode(text.encode("gbk"), "us-ascii").text == text


@pytest.mark.parametrize(("codec", "text"), ONLY_WITH_A_HINT)
def test_a_charset_named_elsewhere_in_the_mail_decides_where_bytes_alone_cannot(
    codec: str, text: str
) -> None:
    assert decode(text.encode(codec), None, prior=f"{codec} gb18030").text == text


@pytest.mark.parametrize(
    ("codec", "text"), [(codec, text) for codec, texts in WITHOUT_A_HINT.items() for text in texts]
)
def test_a_true_hint_spoils_nothing(codec: str, text: str) -> None:
    assert decode(text.encode(codec), None, prior=f"{codec} gb18030").text == text


@pytest.mark.parametrize(
    ("codec", "label", "text"),
    [
        ("cp1251", "iso-8859-1", "Добрый день"),
        ("gbk", "iso-8859-1", "打印机卡纸了"),
        ("big5", "gb2312", "印表機無法連線，請協助處理，謝謝您的幫忙。會議室"),
        ("cp1252", "utf-8", "Die Tür klemmt, bitte prüfen Sie das."),
        ("gbk", "utf-8", "打印机卡纸了"),
        ("cp1251", "iso-8859-5", "Привет, принтер не работает"),
    ],
)
def test_words_that_only_another_charset_makes_outweigh_the_label(
    codec: str, label: str, text: str
) -> None:
    found = decode(text.encode(codec), label)
    assert found.text == text
    assert found.defect is not None
    assert label in found.defect


@pytest.mark.parametrize("text", ["ÄÖÜ", "ÅÄÖ åäö", "ÀÉÈ", "Ñandú", "Ελλάδα – ½"[8:]])
def test_western_words_keep_their_western_label(text: str) -> None:
    assert decode(text.encode("cp1252"), "iso-8859-1").text == text


def test_lines_of_utf_8_below_lines_of_another_charset_are_both_read() -> None:
    data = "Größe und Länge\n".encode("latin-1") + "Liste – ©\n".encode()
    found = decode(data, "utf-8")
    assert found.text == "Größe und Länge\nListe – ©\n"
    assert found.defect == "charset: utf-8 and cp1252 mixed"


def test_a_mail_s_own_charsets_are_heard_before_the_mailbox_s() -> None:
    head = b"Subject: =?KOI8-R?B?8A==?=\nContent-Type: text/plain; CHARSET=utf-8\n\n"
    assert add_hints(head, 0, "gb18030") == "koi8-r gb18030"
    assert add_hints(b"Content-Type: text/plain; charset=gbk\n\n", 0, "gb18030") == "gb18030"
    assert add_hints(b"Subject: x\n\n", 0, "gb18030") == "gb18030"
    quoted = b'<meta content=3D"text/html; charset=3Dwindows-1251">'
    assert add_hints(quoted, 0, "gb18030") == "cp1251 gb18030"


@pytest.mark.parametrize("label", [None, "utf-8", "gb18030"])
def test_a_byte_order_mark_alone_is_no_text(label: str | None) -> None:
    assert decode(codecs.BOM_UTF8, label).text == ""


@given(
    st.binary(max_size=200), st.sampled_from(["gb18030", "cp1251 gb18030", "x", "", "idna utf-7"])
)
def test_no_bytes_and_no_prior_raise(data: bytes, prior: str) -> None:
    decode(data, None, prior=prior).text.encode("utf-8")
    judge(data, ("koi8-r", "mac-greek", "no such codec"), prior)
