"""Attributions of the world's clients, header blocks, device lines; and words like them."""

from __future__ import annotations

import re
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.cut.attribution import Strength, find_attribution
from maildesk.mail.cut.body import split
from maildesk.mail.cut.device import is_phone_signature
from maildesk.mail.cut.heading import is_header_block

# One per client and language; each names a day and a person, as the client writes it.
LINES = {
    "gmail en": "On Fri, Nov 20, 2026 at 10:00 AM Anna Berg <anna@corp.test> wrote:",
    "gmail en-GB": "On Fri, 20 Nov 2026 at 10:00, Anna Berg <anna@corp.test> wrote:",
    "apple en": "On Nov 20, 2026, at 10:00 AM, Anna Berg <anna@corp.test> wrote:",
    "thunderbird en": "On 11/20/26 10:00, Anna Berg wrote:",
    "roundcube en": "On 2026-11-20 10:00, Anna Berg wrote:",
    "yahoo en": "On Friday, November 20, 2026 at 10:00:00 AM GMT+8, Anna Berg <a@corp.test> wrote:",
    "zimbra en": "----- On Nov 20, 2026, at 10:00 AM, Anna Berg anna@corp.test wrote:",
    "the bat": "Friday, November 20, 2026, 10:00:00 AM, Anna Berg <anna@corp.test> wrote:",
    "mutt": "On Fri, Nov 20, 2026 at 10:00:00AM +0100, Anna Berg wrote:",
    "groupwise": ">>> Anna Berg <anna@corp.test> 11/20/2026 10:00 AM >>>",
    "groupwise in words": ">>> On 11/20/2026 at 10:00 AM, in message <4.5@x>, Anna Berg\n"
    "<anna@corp.test> wrote:".replace("\n", " "),
    "notes": "Anna Berg/IT/Corp wrote on 11/20/2026 10:00:00 AM:",
    "gmail de": "Am Fr., 20. Nov. 2026 um 10:00 Uhr schrieb Anna Berg <anna@corp.test>:",
    "apple de": "Am 20.11.2026 um 10:00 schrieb Anna Berg <anna@corp.test>:",
    "thunderbird de": "Am 20.11.26 um 10:00 schrieb Anna Berg:",
    "named first de": "Anna Berg schrieb am 20.11.2026 um 10:00:",
    "gmail fr": "Le ven. 20 nov. 2026 à 10:00, Anna Berg <anna@corp.test> a écrit :",
    "apple fr": "Le 20 nov. 2026 à 10:00, Anna Berg <anna@corp.test> a écrit :",
    "thunderbird fr": "Le 20/11/2026 à 10:00, Anna Berg a écrit\u00a0:",
    "gmail es": "El vie, 20 nov 2026 a las 10:00, Anna Berg (<anna@corp.test>) escribió:",
    "apple es": "El 20 nov 2026, a las 10:00, Anna Berg <anna@corp.test> escribió:",
    "thunderbird es": "El 20/11/2026 a las 10:00, Anna Berg escribió:",
    "gmail pt-BR": "Em sex., 20 de nov. de 2026 às 10:00, Anna Berg <anna@corp.test> escreveu:",
    "gmail pt-PT": "Anna Berg <anna@corp.test> escreveu (sexta, 20/11/2026 à(s) 10:00):",
    "apple pt": "No dia 20/11/2026, às 10:00, Anna Berg <anna@corp.test> escreveu:",
    "gmail it": "Il giorno ven 20 nov 2026 alle ore 10:00 Anna Berg <anna@corp.test> ha scritto:",
    "apple it": "Il giorno 20 nov 2026, alle ore 10:00, Anna Berg <anna@corp.test> ha scritto:",
    "thunderbird it": "Il 20/11/2026 10:00, Anna Berg ha scritto:",
    "gmail nl": "Op vr 20 nov 2026 om 10:00 schreef Anna Berg <anna@corp.test>:",
    "apple nl": "Op 20 nov. 2026 om 10:00 heeft Anna Berg <a@corp.test> het volgende geschreven:",
    "thunderbird nl": "Op 20-11-2026 om 10:00 schreef Anna Berg:",
    "gmail pl": "pt., 20 lis 2026 o 10:00 Anna Berg <anna@corp.test> napisał(a):",
    "thunderbird pl": "W dniu 20.11.2026 o 10:00, Anna Berg pisze:",
    "apple pl": "Wiadomość napisana przez Anna Berg <a@b.test> w dniu 20.11.2026, o godz. 10:00:",
    "gmail ru": "пт, 20 нояб. 2026 г. в 10:00, Anna Berg <anna@corp.test>:",
    "apple ru": "20 нояб. 2026 г., в 10:00, Анна Берг <anna@corp.test> написал(а):",
    "thunderbird ru": "20.11.2026 10:00, Анна Берг пишет:",
    "mail.ru": "Пятница, 20 ноября 2026, 10:00 +03:00 от Анна Берг <anna@corp.test>:",
    "yandex": '20.11.2026, 10:00, "Анна Берг" <anna@corp.test>:',
    "gmail sv": "Den fre 20 nov. 2026 kl 10:00 skrev Anna Berg <anna@corp.test>:",
    "apple sv": "20 nov. 2026 kl. 10:00 skrev Anna Berg <anna@corp.test>:",
    "thunderbird sv": "Den 2026-11-20 kl. 10:00, skrev Anna Berg:",
    "gmail da": "Den fre. 20. nov. 2026 kl. 10.00 skrev Anna Berg <anna@corp.test>:",
    "apple da": "Den 20. nov. 2026 kl. 10.00 skrev Anna Berg <anna@corp.test>:",
    "gmail nb": "fre. 20. nov. 2026 kl. 10:00 skrev Anna Berg <anna@corp.test>:",
    "gmail fi": "pe 20. marrask. 2026 klo 10.00 Anna Berg (anna@corp.test) kirjoitti:",
    "thunderbird fi": "Anna Berg kirjoitti 20.11.2026 klo 10.00:",
    "gmail cs": "pá 20. 11. 2026 v 10:00 odesílatel Anna Berg <anna@corp.test> napsal:",
    "thunderbird cs": "Dne 20. 11. 2026 v 10:00 Anna Berg napsal(a):",
    "gmail tr": "Anna Berg <anna@corp.test>, 20 Kas 2026 Cum, 10:00 tarihinde şunu yazdı:",
    "thunderbird tr": "20.11.2026 10:00 tarihinde Anna Berg yazdı:",
    "gmail hu": "Anna Berg <anna@corp.test> ezt írta (időpont: 2026. nov. 20., P, 10:00):",
    "gmail ro": "În vin., 20 nov. 2026 la 10:00, Anna Berg <anna@corp.test> a scris:",
    "gmail uk": "пт, 20 лист. 2026 р. о 10:00 Anna Berg <anna@corp.test> пише:",
    "gmail ja": "2026年11月20日(金) 10:00 山田 花子 <anna@corp.test>:",
    "apple ja": "2026/11/20 10:00、山田花子 <anna@corp.test>のメール:",
    "thunderbird ja": "On 2026/11/20 10:00, 山田花子 wrote:",
    "gmail ko": "2026년 11월 20일 (금) 오전 10:00, 김민수 <anna@corp.test>님이 작성:",
    "apple ko": "2026. 11. 20. 오전 10:00, 김민수 <anna@corp.test> 작성:",
    "gmail zh-CN": "Anna Berg <anna@corp.test> 于2026年11月20日周五 10:00写道：",
    "gmail zh-TW": "Anna Berg <anna@corp.test> 於 2026年11月20日 週五 上午10:00寫道：",
    "apple zh": "在 2026年11月20日，上午10:00，张敏 <anna@corp.test> 写道：",
    "163": '在 2026-11-20 10:00:00，"张敏" <anna@corp.test> 写道：',
    "163 en": 'At 2026-11-20 10:00:00, "张敏" <anna@corp.test> wrote:',
    "thunderbird zh": "在 2026/11/20 10:00, 张敏 写道:",
}  # fmt: skip
WEAK = {
    "squirrelmail": "Anna Berg wrote:",
    "horde": "Quoting Anna Berg <anna@corp.test>:",
    "horde de": "Zitat von Anna Berg <anna@corp.test>:",
    "gnus": "Anna Berg <anna@corp.test> writes:",
    "gmail 2011": "2011/3/1 Anna Berg <anna@corp.test>",
    "no year": "On Nov 20 at 10:00, Anna Berg wrote:",
}
OWN = [
    "On Monday I wrote:",
    "Please call me at 10:00 or write to <it@corp.test>:",
    "在 10:30 的日志里写到：",
    "系统提示 2026-11-20 出错：",
    "Kontakt: Anna Berg <anna@corp.test>, Termin 20.11.2026 10:00:",
    "Am 20.11. um 10:00 war der Server weg:",
    "On 20.11.2026 at 10:00 the server wrote:",
    "Am 20.11.2026 um 10:00 schrieb das System:",
    "在 2026-11-20 10:00 系统写道：",
    "I wrote on 2026-11-20 10:00 to anna@corp.test:",
]


@pytest.mark.parametrize("client", LINES)
def test_an_attribution_of_each_client_is_believed_without_quote_marks(client: str) -> None:
    parts = split(f"Still broken.\n\n{LINES[client]}\n\nplease restart\nit desk")
    assert parts.reply == "Still broken."
    assert parts.quoted == f"{LINES[client]}\n\nplease restart\nit desk"


@pytest.mark.parametrize("client", [name for name in LINES if not name.startswith("groupwise")])
@pytest.mark.parametrize("width", [62, 66, 72, 76, 78])
def test_it_is_found_however_a_client_wraps_it(client: str, width: int) -> None:
    name = "Anna Magdalena von Berg-Hohenstein (IT Service Desk, 2nd Floor)"
    line = re.sub("Anna Berg|山田 ?花子|Анна Берг|김민수|张敏", name, LINES[client])
    wrapped = textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
    for above in (
        "Still broken.",
        "Still broken, and I have to leave the office for the day, sorry",
    ):
        parts = split("\n".join([above, "", *wrapped, "> please restart"]))
        assert parts.reply == above
        assert parts.quoted.split() == [*line.split(), ">", "please", "restart"]


@pytest.mark.parametrize("client", WEAK)
def test_a_weak_one_is_believed_only_above_quote_marks(client: str) -> None:
    assert split(f"Still broken.\n\n{WEAK[client]}\n> old").reply == "Still broken."
    text = f"Still broken.\n\n{WEAK[client]}\nnew words of mine"
    assert split(text).reply == text


@pytest.mark.parametrize("line", OWN)
@pytest.mark.parametrize("answer", [True, False])
def test_what_people_write_with_a_colon_is_kept(line: str, answer: bool) -> None:
    text = f"Hello.\n\n{line}\nthe screen is black\nand stays so"
    assert split(text, answer=answer).reply == text


def test_an_attribution_behind_the_reply_on_its_line_gets_a_line_of_its_own() -> None:
    text = (
        "Works, thanks! On Fri, 20 Nov 2026 at 10:00, Anna Berg <anna@corp.test> wrote:\n> try now"
    )
    parts = split(text)
    assert parts.reply == "Works, thanks!"
    assert parts.quoted.startswith("On Fri, 20 Nov 2026")


def test_an_answer_may_stand_below_each_kind_of_quote() -> None:
    for line in (*LINES.values(), WEAK["gmail 2011"], WEAK["gnus"]):
        parts = split(f"{line}\n> Is it on?\n> IT\n\nYes, it is.")
        assert parts.reply == "Yes, it is.", line


def test_a_sentence_above_is_no_part_of_the_attribution() -> None:
    lines = ["On the whole it works.", "Anna Berg <a@b.test> schrieb am 20.11.2026 um 10:00:"]
    found = find_attribution(lines, 1)
    assert found is not None
    assert (found.start, found.strength) == (1, Strength.STRONG)


HEADS = {
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "da": ("Fra", "Sendt", "Til", "Emne"),
    "fi": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"),
    "cs": ("Od", "Odesláno", "Komu", "Předmět"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"),
    "it": ("Da", "Inviato", "A", "Oggetto"),
    "pt": ("De", "Enviado", "Para", "Assunto"),
    "es": ("De", "Enviado el", "Para", "Asunto"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "ja": ("差出人", "送信日時", "宛先", "件名"),
    "ko": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
    "zh-CN": ("发件人", "发送时间", "收件人", "主题"),
    "zh-TW": ("寄件者", "寄件日期", "收件者", "主旨"),
    "en": ("From", "Sent", "To", "Subject"),
}


@pytest.mark.parametrize("language", HEADS)
@pytest.mark.parametrize("form", ["{}: {}", "*{}:* {}", "{}：{}", "{} : {}", "**{}:** {}"])
def test_a_header_block_is_known_in_each_language_and_form(language: str, form: str) -> None:
    values = ("Anna Berg <anna@corp.test>", "20.11.2026 10:00", "IT", "Printer")
    block = [form.format(*pair) for pair in zip(HEADS[language], values, strict=True)]
    assert is_header_block(block, 0)
    parts = split("\n".join(["Danke.", "", "_" * 32, *block, "", "old words"]))
    assert parts.reply == "Danke."
    assert not is_header_block(["From: Shanghai", "To: Beijing", "Date: 2026-12-01"], 0)


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone", "Von meinem iPhone gesendet",
        "Von meinem Samsung Galaxy Smartphone gesendet.", "Envoyé de mon iPhone",
        "Envoyé depuis mon appareil Galaxy", "Enviado desde mi iPhone", "Enviado do meu iPhone",
        "Inviato da iPhone", "Verstuurd vanaf mijn iPhone", "Wysłane z iPhone'a",
        "Отправлено с iPhone", "Отправлено из мобильной Почты Mail.ru", "Skickat från min iPhone",
        "Sendt fra min iPhone", "Lähetetty iPhonesta", "Odesláno z iPhonu",
        "iPhone'umdan gönderildi", "iPhoneから送信", "나의 iPhone에서 보냄", "从我的 iPhone 发送",
        "發自我的 iPhone", "傳送自我的 iPhone", "Get Outlook for iOS <https://aka.ms/o0ukef>",
        "Outlook für Android herunterladen", "Télécharger Outlook pour iOS",
        "Obtener Outlook para Android", "获取 Outlook for iOS", "Outlook for iOS を入手",
        "Sent with Proton Mail secure email.", "Gesendet von Mail für Windows",
        "Sent from Yahoo Mail for iPhone", "来自QQ邮箱的iPhone客户端",
    ],
)  # fmt: skip
def test_the_line_of_a_device_is_known(line: str) -> None:
    assert is_phone_signature(line)


@pytest.mark.parametrize(
    "line",
    [
        "Sent from the warehouse yesterday", "Wysłane z magazynu wczoraj",
        "Envoyé de Paris hier soir", "Lähetetty tilaus ei saapunut", "Verzonden vanuit Gent",
        "Отправлено из Москвы вчера", "发票昨天寄出了", "Fatura dün muhasebeden gönderildi",
        "Sent from my iPhone. It is broken again", "Inviato da Milano", "Enviado por correo ayer",
    ],
)  # fmt: skip
def test_a_sentence_that_begins_like_one_is_no_device(line: str) -> None:
    assert not is_phone_signature(line)


PIECES = [*LINES.values(), *WEAK.values(), *OWN, "> old", "", "-----Original Message-----",
          "From: a <a@b.test>", "Sent: today", "Subject: x", "------- 原始邮件 -------",
          "Sent from my iPhone", "--", "words", "# heading", "| a | b |", "________"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=14), st.booleans())
def test_every_word_is_in_one_of_the_three_parts(lines: list[str], answer: bool) -> None:
    text = "\n".join(lines)
    parts = split(text, answer=answer)
    kept = "\n".join((parts.reply, parts.quoted, parts.signature))
    assert sorted(kept.split()) == sorted(text.split())
