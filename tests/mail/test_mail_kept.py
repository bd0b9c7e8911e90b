"""What people write that only looks like history or a signature, found by trying to lose it."""

from __future__ import annotations

import time

import pytest

from maildesk.mail.cut.body import Parts, split
from maildesk.mail.text.html import read_page

GMAIL = "\n\nOn Tue, Nov 24, 2026 at 10:32 AM Support <it@desk.test> wrote:\n> Please try again."
OUTLOOK = (
    "\n\nFrom: Support <it@desk.test>\nSent: Tuesday, November 24, 2026 10:32 AM\nTo: Tom\n"
    "Subject: VPN\n\nPlease try again."
)
SENTENCES = [
    "从我的电脑无法发送", "通过Outlook无法发送", "发自内心感谢", "下载安装Outlook",
    "获取 Outlook 授权", "来自我的客户的投诉：三号电梯坏了", "Envoyé par mail à Paul",
    "Enviado por mail a Pedro", "Sent by mail, see attachment",
    "Sent from my old address by mistake", "Sent with the wrong app",
    "Get Outlook for the new colleague", "Gesendet mit Outlook, kam aber zurück",
    "Scarica Outlook sul mio PC", "Отправлено с телефона директора", "Dosya mail ile gönderildi",
    "請求書は総務から送信されました", "총무팀에서 보냈습니다", "Outlook für iOS geht nicht",
    "On 20.11.2026 I sent these files to Anna <anna@corp.test>:\n- a.pdf\nWhere are they?",
    "It says\n2026-11-24 10:00:01 mail from <a@corp.test> rejected:\n550 no such user\nWhat now?",
    "在2026年11月20日 10:00发给 <a@corp.test> 的文件：\n- a.pdf\n请查一下。",
    "On 20.11.2026 at 10:00 Anna wrote:\n\"It is ordered\".\nIs that true?",
    "2026-11-24 10:00 Anna Berg wrote:\nit is dead\n2026-11-24 10:05 Tom wrote:\nWhat now?",
    "should I type my reply above this line or below it?\nThe printer is in room 12.",
    "请在此行以上回复是什么意思？\n我的打印机在12号房间。",
    "Translation: it is broken.\n\n--- Original ---\n打印机坏了，请尽快来修，电话 8021。",
    "打印机好了。\n——\n另外，邮箱也满了，请处理。",
    "Point one.\n\n—\n\nPoint two: the mailbox is full.",
    "Config:\n--\nkey: value\n--\nPlease check the file.",
    "客户端显示如下：\n发件人：空白\n主题：乱码\n其他字段正常。",
    "Then I typed:\nmysql> drop table x;\nmysql> exit\nPlease restore it.",
    ">>> print(\"10:00 2026-11-24\") >>>\nwhy does it fail?",
]  # fmt: skip


@pytest.mark.parametrize("history", [GMAIL, OUTLOOK], ids=["gmail", "outlook"])
@pytest.mark.parametrize("words", SENTENCES)
def test_a_sentence_stays_above_any_history(words: str, history: str) -> None:
    parts = split(f"Hello,\n{words}{history}")
    assert parts.reply == f"Hello,\n{words}"


@pytest.mark.parametrize("words", SENTENCES)
def test_a_first_mail_is_never_cut(words: str) -> None:
    assert split(f"Hello,\n{words}", answer=False).reply == f"Hello,\n{words}"


@pytest.mark.parametrize("word", ["OK", "Ja", "好了", "没好", "Yes", "👍"])
def test_a_short_answer_above_is_no_footer(word: str) -> None:
    parts = split(f"{word}{GMAIL}\n\n--\nTom Baker\nTel 1")
    assert (parts.reply, parts.signature) == (word, "--\nTom Baker\nTel 1")
    assert word in split(f"Hello,{GMAIL}\n\n{word}").reply


def test_indented_chinese_paragraphs_are_words() -> None:
    below = "\u3000\u3000另外邮箱也满了，请处理。"
    assert below.strip() in split(f"打印机还是不行。{GMAIL}\n\n{below}").reply


def test_short_answers_under_long_quotes_are_no_wrapped_words() -> None:
    text = (
        "Hi, see below.\n\nOn 24/11/2026 10:32, Support wrote:\n"
        "> Does the printer in the second floor room still print blank pages?\nYes, it does.\n"
        "> And have you replaced the toner and the drum as we asked you to?\nNo."
    )
    assert split(text).reply == text


@pytest.mark.parametrize(
    "line",
    ["*** URGENT: please call me today ***", "===请今天处理===", "--- Please call Anna, 8021 ---"],
)
def test_framed_words_above_a_header_block_are_words(line: str) -> None:
    assert split(f"It is dead.\n{line}{OUTLOOK}").reply == f"It is dead.\n{line}"


@pytest.mark.parametrize(
    "text", ["还是不行，报错：\n>连接超时\n>代码 403", "My data:\n| room 12\n| HP"]
)
def test_quotes_that_are_announced_are_the_author_s(text: str) -> None:
    assert split(text).reply == text


def test_the_author_s_own_mail_pasted_in_is_no_history() -> None:
    text = (
        "This one never arrived:\nFrom: Tom <tom@kunde.test>\nSent: Monday 10:00\nTo: a@b.test\n"
        "Subject: Offer\n\nCan you find it?"
    )
    assert split(text + GMAIL, author="tom@kunde.test").reply == text


def test_a_head_in_an_unknown_language_is_known_by_the_mail_s_own_subject() -> None:
    block = "Sendandi: IT <it@desk.test>\nSent þann: 24.11.2026 10:32\nTil: Tom\nEfni: VPN drops"
    text = f"Takk, virkar.\n\n{block}\n\ngamalt"
    assert split(text, subject="Re: VPN drops").reply == "Takk, virkar."
    assert split(text, subject="Another matter").reply == text


HTML = {
    "a contract's line": '<p>Hi</p><p class="signature-line">Please sign here and return.</p>',
    "a form": '<p>Hi</p><div class="signature-form">Where do I send it, please?</div>',
    "an article": '<p>Hi</p><div class="original-content">my text</div>',
    "a box": '<p>Hi</p><blockquote style="border-left:3px solid red">Call me today.</blockquote>',
    "a quotation": '<p>Hi</p><blockquote class="wp-block-quote">Order 17 is missing</blockquote>',
    "a line": '<p>One.</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p>Two</p></div>',
    "a rule": '<p>Hi</p><hr id="zwchr"><p>Call me</p>',
    "open noscript": "<p>Hi</p><noscript><p>Call me</p>",
    "open object": "<p>Hi</p><object data=x><p>Call me</p>",
    "in the signature": '<p>Hi</p><div class="gmail_signature">The server is on fire.<br>Tom</div>',
    "in Gmail's quote": '<div>Hi</div><div class="gmail_quote"><div>my words</div>'
    '<div class="gmail_attr">On Tue, Nov 24, 2026 at 10:32 AM A &lt;a@b.test&gt; wrote:</div>'
    "<blockquote>old</blockquote></div>",
}  # fmt: skip


@pytest.mark.parametrize("what", HTML)
def test_words_in_odd_elements_are_kept(what: str) -> None:
    page = read_page(HTML[what])
    text = page.text.split("\nOn Tue")[0]
    assert split(page.text, page=page).reply.split() == text.split()


def slow(seconds: float, text: str) -> Parts:
    begun = time.process_time()
    parts = split(text)
    assert time.process_time() - begun < seconds
    return parts


@pytest.mark.parametrize(
    "text",
    [
        "x " + "On " * 30 + "a" * 60 + " " + "@" * 180 + "10:00 wrote <a@b.c>;:\n" * 20,
        "Sent from my iPhone: reply above this line\n" * 20_000,
        ("----Original Message----\n" + "x" * 90 + " 10:00 (a@" + "b" * 90 + " wrote:\n") * 20_000,
        "a <a@b.cd> 2026 10:00:\n" * 100_000,
        "-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n\nabc\n"
        "-----END PGP SIGNATURE-----\n" * 1_500,
    ],
    ids=["openers", "markers", "separators", "addresses", "armor"],
)
def test_no_text_makes_the_search_slow(text: str) -> None:
    slow(10, "hi\n" + text)


@pytest.mark.parametrize(
    "html",
    ["<blockquote type=cite>x" * 40_000, '<a href="http://x.test/">y' * 60_000 + "</a>" * 60_000],
    ids=["quotes", "links"],
)
def test_no_nesting_makes_reading_slow(html: str) -> None:
    begun = time.process_time()
    read_page(html)
    assert time.process_time() - begun < 10
