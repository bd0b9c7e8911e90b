"""Outlook in its many forms: Word's HTML, plain text, the web, the phones."""

from __future__ import annotations

from answers.form import (
    CARD,
    CARD_EN,
    FOOTER,
    FOOTER_EN,
    HTML_LETTER,
    LETTER,
    SUBJECT,
    WORDS,
    WORDS_EN,
    Answer,
    lines,
    paragraphs,
)

BLOCK = f"""发件人: IT服务台 <desk@corp.test>
发送时间: 2026年11月20日 10:00
收件人: 刘洋 <liu@corp.test>
抄送: CANARY-HEADER <wang@corp.test>
主题: {SUBJECT}
"""
BLOCK_EN = f"""From: IT服务台 <desk@corp.test>
Sent: Friday, November 20, 2026 10:00 AM
To: Liu Yang <liu@corp.test>
Cc: CANARY-HEADER <wang@corp.test>
Subject: {SUBJECT}
"""


def _word(words: str, card: str, block: str) -> str:
    """Outlook for Windows: paragraphs of class MsoNormal, a bookmark at the signature."""
    first, rest = card.split("\n", 1)
    head = "".join(
        f"<b><span lang=EN-US>{_safe(line).replace(':', ':</span></b>', 1)}<br>"
        for line in block.strip().split("\n")
    )
    return f"""<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>
<style><!-- p.MsoNormal {{margin:0cm;}} --></style></head><body lang=ZH-CN>
<div class=WordSection1>{_normal(words)}
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<p class=MsoNormal><a name="_MailAutoSig"><span>{first}</span></a></p>{_normal(rest)}
<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p>
<div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'>
<p class=MsoNormal>{head}</p></div></div>{HTML_LETTER}</div></body></html>"""


def _normal(text: str) -> str:
    return "".join(f"<p class=MsoNormal><span>{line}</span></p>\n" for line in text.split("\n"))


def _safe(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _web(words: str, signature: str, block: str) -> str:
    """Outlook on the web and its children: everything below `divRplyFwdMsg` is history."""
    head = "<br>".join(
        f"<b>{_safe(line).replace(':', ':</b>', 1)}" for line in block.strip().split("\n")
    )
    return f"""<html><head><style type="text/css">P {{margin-top:0;}}</style></head><body dir="ltr">
<div class="elementToProof">{lines(words)}</div>{signature}<div id="appendonsend"></div>
<hr style="display:inline-block;width:98%" tabindex="-1">
<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{head}</font><div>&nbsp;</div></div>
{HTML_LETTER}</body></html>"""


_RULE = "_" * 32
_MOBILE_ZH = "获取 Outlook for iOS<https://aka.ms/o0ukef>"
_MOBILE_EN = "Get Outlook for Android<https://aka.ms/AAb9ysg>"

MICROSOFT = (
    Answer(
        "outlook-desktop-zh",
        plain=f"{WORDS}\n\n{CARD}\n\n{BLOCK}\n{LETTER}",
        html=_word(WORDS, CARD, BLOCK),
        charset="gb2312",
    ),
    Answer("outlook-desktop-zh-html-only", html=_word(WORDS, CARD, BLOCK), charset="gbk"),
    Answer(
        "outlook-desktop-en",
        plain=f"{WORDS_EN}\n\n{CARD_EN}\n\n{BLOCK_EN}\n{LETTER}",
        html=_word(WORDS_EN, CARD_EN, BLOCK_EN),
        words=WORDS_EN,
        encoding="quoted-printable",
    ),
    Answer(
        "outlook-desktop-zh-picture-in-the-signature",
        plain=f"{WORDS}\n\n刘洋\n[cid:image001.png@01DC]\n{CARD[3:]}\n\n{BLOCK}\n{LETTER}",
        html=_word(WORDS, CARD, BLOCK),
    ),
    Answer(
        "outlook-plain-zh",
        plain=f"{WORDS}\n\n{CARD}\n\n-----邮件原件-----\n{BLOCK}\n{LETTER}",
        charset="gb2312",
        encoding="quoted-printable",
    ),
    Answer(
        "outlook-plain-en",
        plain=f"{WORDS_EN}\n\n{CARD_EN}\n\n-----Original Message-----\n{BLOCK_EN}\n{LETTER}",
        words=WORDS_EN,
    ),
    Answer(
        "outlook-plain-zh-with-footer",
        plain=f"{WORDS}\n\n{CARD}\n\n{FOOTER}\n\n-----邮件原件-----\n{BLOCK}\n{LETTER}",
        charset="gb18030",
    ),
    Answer(
        "outlook-web-zh",
        plain=f"{WORDS}\n\n{CARD}\n{_RULE}\n{BLOCK}\n{LETTER}",
        html=_web(WORDS, f'<div id="Signature">{paragraphs(CARD)}</div>', BLOCK),
    ),
    Answer(
        "outlook-web-zh-footer-of-the-gateway",
        plain=f"{WORDS}\n\n{CARD}\n{_RULE}\n{BLOCK}\n{LETTER}\n\n{FOOTER}",
        html=_web(WORDS, f'<div id="Signature">{paragraphs(CARD)}</div>', BLOCK),
    ),
    Answer(
        "outlook-new-en",
        plain=f"{WORDS_EN}\n\n{CARD_EN}\n\n{FOOTER_EN}\n{_RULE}\n{BLOCK_EN}\n{LETTER}",
        html=_web(
            WORDS_EN,
            f'<div id="Signature" class="elementToProof">{paragraphs(CARD_EN)}</div>'
            f"{paragraphs(FOOTER_EN)}<div id='mail-editor-reference-message-container'>",
            BLOCK_EN,
        ),
        words=WORDS_EN,
        encoding="quoted-printable",
    ),
    Answer(
        "outlook-mac-zh",
        plain=f"{WORDS}\n\n{CARD}\n\n发件人: IT服务台 <desk@corp.test>\n"
        "日期: 2026年11月20日 星期五 10:00\n收件人: 刘洋 <liu@corp.test>\n"
        f"主题: {SUBJECT}\n\n{LETTER}",
        html=_word(WORDS, CARD, BLOCK),
    ),
    Answer(
        "outlook-ios-zh",
        plain=f"{WORDS}\n\n{_MOBILE_ZH}\n{_RULE}\n{BLOCK}\n{LETTER}",
        html=_web(
            WORDS,
            '<div id="ms-outlook-mobile-signature"><div><br></div>获取 '
            '<a href="https://aka.ms/o0ukef">Outlook for iOS</a> CANARY-SIGNATURE</div>',
            BLOCK,
        ),
    ),
    Answer(
        "outlook-android-en",
        plain=f"{WORDS_EN}\n\n{_MOBILE_EN}\n{_RULE}\n{BLOCK_EN}\n{LETTER}",
        html=_web(
            WORDS_EN,
            '<div id="ms-outlook-mobile-signature" dir="auto">Get '
            '<a href="https://aka.ms/AAb9ysg">Outlook for Android</a></div>',
            BLOCK_EN,
        ),
        words=WORDS_EN,
    ),
    Answer(
        "windows-mail-zh",
        plain=f"{WORDS}\n\n从 Windows 版邮件发送\n\n{BLOCK}\n{LETTER}",
        charset="gb2312",
    ),
)
