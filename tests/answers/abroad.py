"""Gmail, Apple Mail, Thunderbird and the others that mark each quoted line."""

from __future__ import annotations

from answers.form import (
    CARD,
    CARD_EN,
    FOOTER_EN,
    HTML_LETTER,
    LETTER,
    SUBJECT,
    WORDS,
    WORDS_EN,
    Answer,
    lines,
    paragraphs,
    quote,
)

_CITE = f'<blockquote type="cite">{HTML_LETTER}</blockquote>'
_SENDER = "IT服务台 &lt;desk@corp.test&gt;"


def _gmail(words: str, attribution: str, signature: str) -> str:
    """Gmail's HTML; the signature stands above the quote."""
    return f"""<div dir="ltr">{lines(words)}<br clear="all"><div><div dir="ltr"
class="gmail_signature" data-smartmail="gmail_signature">{paragraphs(signature)}</div></div></div>
<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{attribution}
<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc">
{HTML_LETTER}</blockquote></div>"""


ABROAD = (
    Answer(
        "gmail-web-zh",
        plain=f"{WORDS}\n\n{CARD}\n\n\n"
        "IT服务台 <desk@corp.test> 于2026年11月20日周五 10:00写道：\n\n" + quote(LETTER),
        html=_gmail(WORDS, f"{_SENDER} 于2026年11月20日周五 10:00写道：", CARD),
    ),
    Answer(
        "gmail-web-en-wrapped",
        plain=f"{WORDS_EN}\n\n-- \n{CARD_EN}\n\n\nOn Fri, Nov 20, 2026 at 10:00 AM IT服务台 <\n"
        f"desk@corp.test> wrote:\n\n{quote(LETTER)}",
        html=_gmail(WORDS_EN, f"On Fri, Nov 20, 2026 at 10:00 AM {_SENDER} wrote:", CARD_EN),
        words=WORDS_EN,
        encoding="quoted-printable",
    ),
    Answer(
        "gmail-android-zh",
        plain=f"{WORDS}\n\nIT服务台 <desk@corp.test>于2026年11月20日 周五10:00写道：\n\n"
        + quote(LETTER),
        html=f'<div dir="auto">{lines(WORDS)}</div><br><div class="gmail_quote"><div dir="ltr" '
        f'class="gmail_attr">{_SENDER}于2026年11月20日 周五10:00写道：<br></div><blockquote '
        f'class="gmail_quote">{HTML_LETTER}</blockquote></div>',
    ),
    Answer(
        "gmail-web-zh-html-only",
        html=_gmail(WORDS, f"{_SENDER} 于2026年11月20日周五 10:00写道：", CARD),
    ),
    Answer(
        "apple-mail-macos-zh",
        plain=f"{WORDS}\n\n{CARD}\n\n> 2026年11月20日 10:00，IT服务台 <desk@corp.test> 写道：\n> \n"
        + quote(LETTER),
        html=f'<html><body style="word-wrap: break-word;">{lines(WORDS)}<br><div>'
        f'<div id="AppleMailSignature">{paragraphs(CARD)}</div><br><blockquote type="cite"><div>'
        f"2026年11月20日 10:00，{_SENDER} 写道：</div><br><div>{HTML_LETTER}</div></blockquote>"
        "</div></body></html>",
    ),
    Answer(
        "apple-mail-macos-en",
        plain=f"{WORDS_EN}\n\n{CARD_EN}\n\n\n"
        f"> On 20 Nov 2026, at 10:00, IT服务台 <desk@corp.test> wrote:\n> \n{quote(LETTER)}",
        words=WORDS_EN,
        encoding="quoted-printable",
    ),
    Answer(
        "iphone-zh",
        plain=f"{WORDS}\n\n发自我的iPhone\n\n> 在 2026年11月20日，上午10:00，IT服务台 "
        f"<desk@corp.test> 写道：\n> \n> \ufeff{quote(LETTER)[2:]}",
        html=f'<html><body dir="auto">{lines(WORDS)}<br><br><div dir="ltr">发自我的iPhone</div>'
        f'<div dir="ltr"><br><blockquote type="cite">在 2026年11月20日，上午10:00，{_SENDER} '
        f'写道：<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff'
        f"{HTML_LETTER}</div></blockquote></body></html>",
    ),
    Answer(
        "iphone-en",
        plain=f"{WORDS_EN}\n\nSent from my iPhone\n\n> On Nov 20, 2026, at 10:00, IT服务台 "
        f"<desk@corp.test> wrote:\n> \n> \ufeff{quote(LETTER)[2:]}",
        words=WORDS_EN,
    ),
    Answer(
        "thunderbird-zh",
        plain=f"{WORDS}\n\n在 2026/11/20 10:00, IT服务台 写道:\n{quote(LETTER)}\n\n-- \n{CARD}",
        html=f"<html><body><p>{lines(WORDS)}</p><div class='moz-cite-prefix'>在 2026/11/20 10:00, "
        f"IT服务台 写道:<br></div>{_CITE}<pre class='moz-signature'>-- \n{CARD}</pre>",
        encoding="8bit",
    ),
    Answer(
        "thunderbird-en-flowed",
        plain=f"I have replaced the toner. \nPlease print again.\n\n-- \n{CARD_EN}\n\n"
        f"On 11/20/26 10:00, IT服务台 wrote:\n{quote(LETTER, '>')}",
        words="I have replaced the toner. Please print again.",
        flowed=True,
        encoding="8bit",
    ),
    Answer(
        "roundcube-zh",
        plain=f"{WORDS}\n\n---\n{CARD}\n\n于 2026-11-20 10:00，IT服务台 写道：\n{quote(LETTER)}",
        html=f"<p>{lines(WORDS)}</p><div id='_rc_sig'>---<br>{lines(CARD)}</div><p "
        f"id='reply-intro'>于 2026-11-20 10:00，IT服务台 写道：</p>{_CITE}",
    ),
    Answer(
        "zimbra-zh",
        plain=f'{WORDS}\n\n{CARD}\n\n\n发件人: "IT服务台" <desk@corp.test>\n'
        "收件人: CANARY-HEADER\n"
        f"发送时间: 星期五, 2026年 11 月 20日 上午 10:00:00\n主题: {SUBJECT}\n\n{LETTER}",
        html=f"<div>{lines(WORDS)}</div><div data-marker='__SIG_PRE__'>{paragraphs(CARD)}</div><hr "
        f"id='zwchr' data-marker='__DIVIDER__'><div data-marker='__HEADERS__'><b>发件人: </b>"
        f"{_SENDER}<br><b>收件人: </b>CANARY-HEADER<br><b>发送时间: </b>2026年11月20日 10:00<br>"
        f"<b>主题: </b>{SUBJECT}<br></div><div data-marker='__QUOTED_TEXT__'>{HTML_LETTER}</div>",
    ),
    Answer(
        "yahoo-en",
        plain=f"{WORDS_EN}\n\n{CARD_EN}\n\n    On Friday, November 20, 2026 at 10:00:00 AM GMT+8, "
        f"IT服务台 <desk@corp.test> wrote:  \n \n {LETTER}  ",
        html=f'<div class="ydp1yahoo-style-wrap">{lines(WORDS_EN)}</div><div class="ydp1signature">'
        f'{paragraphs(CARD_EN)}</div><div id="ydp2yahoo_quoted_1" class="ydp2yahoo_quoted"><div>'
        f"On Friday, November 20, 2026 at 10:00:00 AM GMT+8, {_SENDER} wrote:</div>"
        f"{HTML_LETTER}</div>",
        words=WORDS_EN,
    ),
    Answer(
        "zoho-en",
        plain=f"{WORDS_EN}\n\n{CARD_EN}\n\n\n ---- On Fri, 20 Nov 2026 10:00:00 +0800 IT服务台 "
        f"<desk@corp.test> wrote ---\n\n{LETTER}",
        html=f'<div>{lines(WORDS_EN)}</div><div id="Zm-_Id_-Sgn">{paragraphs(CARD_EN)}</div><div '
        f'class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Fri, 20 Nov 2026 10:00:00 +0800 '
        f"<b>{_SENDER}</b> wrote ---</div><blockquote>{HTML_LETTER}</blockquote></div>",
        words=WORDS_EN,
    ),
    Answer(
        "proton-en-with-footer",
        plain=f"{WORDS_EN}\n\nSent with Proton Mail secure email.\n\n{FOOTER_EN}\n\n"
        "On Friday, November 20th, 2026 at 10:00, IT服务台 <desk@corp.test> wrote:\n\n"
        + quote(LETTER),
        words=WORDS_EN,
    ),
    Answer(
        "huawei-phone-zh",
        plain=f"{WORDS}\n\n从我的华为手机发送\n\n\n-------- 原始邮件 --------\n发件人： IT服务台 "
        f"<desk@corp.test>\n日期： 2026年11月20日周五 10:00\n收件人： CANARY-HEADER\n"
        f"主 题： {SUBJECT}\n{LETTER}",
    ),
    Answer(
        "samsung-phone-en",
        plain=f"{WORDS_EN}\n\nSent from my Galaxy\n\n\n-------- Original message --------\n"
        f"From: IT服务台 <desk@corp.test>\nDate: 20/11/2026 10:00 (GMT+08:00)\n"
        f"To: CANARY-HEADER\nSubject: {SUBJECT}\n\n{LETTER}",
        words=WORDS_EN,
    ),
)
