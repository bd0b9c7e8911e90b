"""Foxmail, QQ, NetEase, Exmail, WeCom, DingTalk, Coremail and other clients made in China."""

from __future__ import annotations

from answers.form import (
    CARD,
    DESK,
    FOOTER,
    HTML_LETTER,
    LETTER,
    SUBJECT,
    WORDS,
    Answer,
    lines,
    paragraphs,
    quote,
)

_SENDER = "IT服务台 &lt;desk@corp.test&gt;"

# Foxmail: a short rule above the signature, a blockquote without any sign that it quotes.
_FOX_BLOCK = (
    "发件人： IT服务台\n发送时间： 2026-11-20 10:00\n收件人： 刘洋\n抄送： CANARY-HEADER\n"
    f"主题： {SUBJECT}"
)
_FOX_HTML = f"""<html><head><meta http-equiv="content-type" content="text/html; charset=GB2312">
<style>body {{ line-height: 1.5; }}blockquote {{ margin-top: 0px; }}</style></head><body>
<div><span></span>{lines(WORDS)}</div>
<div><br></div><hr style="width: 210px; height: 1px;" color="#b5c4df" size="1" align="left">
<div><span><div style="MARGIN: 10px; FONT-FAMILY: verdana">{paragraphs(CARD)}</div></span></div>
<blockquote style="margin-Top: 0px; margin-Bottom: 0px; margin-Left: 0.5em"><div>&nbsp;</div>
<div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm">
<div style="FONT-SIZE: 12px;BACKGROUND: #efefef">{paragraphs(_FOX_BLOCK)}</div></div>
<div>{HTML_LETTER}</div></blockquote></body></html>"""

# QQ Mail: dashes around 原始邮件, then a grey block; the newer one a bare heading and a rule.
_QQ_LINE = "------------------ 原始邮件 ------------------"
_QQ_BLOCK = (
    '发件人: "IT服务台" <desk@corp.test>;\n发送时间: 2026年11月20日(星期五) 上午10:00\n'
    f'收件人: "刘洋"<liu@corp.test>;\n抄送: "CANARY-HEADER"<wang@corp.test>;\n主题: {SUBJECT}'
)


def _qq_html(words: str, signature: str) -> str:
    block = _QQ_BLOCK.replace("<", "&lt;").replace(">", "&gt;")
    return f"""<div>{lines(words)}</div><div><br></div>{signature}
<div style="font-family:Arial Narrow;padding:2px 0 2px 0;">{_QQ_LINE.replace(" ", "&nbsp;")}</div>
<div style="font-size:12px;background:#efefef;padding:8px;">{paragraphs(block)}</div>
<div><br></div>{HTML_LETTER}"""


_QQ_NEW_PLAIN = (
    f"{WORDS}\n\n\n\n         原始邮件\n         \n       \n发件人：IT服务台 <desk@corp.test>\n"
    "发件时间：2026年11月20日 10:00\n收件人：刘洋 <liu@corp.test>\n抄送：CANARY-HEADER\n"
    f"主题：{SUBJECT}\n\n{LETTER}"
)
_QQ_NEW_HTML = f"""<div>{lines(WORDS)}</div><div class="xmail_signature">{paragraphs(CARD)}</div>
<article><div style="display:flex;align-items:center" contenteditable="false">
<div style="color:#959DA6;font-size:12px">原始邮件</div><hr style="flex-grow:1"></div>
<table data-uneditable="true"><tbody><tr><td>
<div><span>发件人：</span><span>IT服务台</span> <span>&lt;desk@corp.test&gt;</span></div>
<div><span>发件时间：</span><span>2026年11月20日 10:00</span></div>
<div><span>收件人：</span><span>CANARY-HEADER</span></div>
<div><span>主题：</span><span>{SUBJECT}</span></div></td></tr></tbody></table>
{HTML_LETTER}</article>"""

# NetEase: an attribution with full-width marks on the web, a table in 网易邮箱大师.
_163_LINE = '在 2026-11-20 10:00:00，"IT服务台" <desk@corp.test> 写道：'
_163_PLAIN = f"{WORDS}\n\n\n\n\n\n\n\n{_163_LINE}\n{quote(LETTER, '>')}"
_163_HTML = f"""<div style="line-height:1.7;color:#000000;font-size:14px"><div>{lines(WORDS)}</div>
<div><br></div><div id="spnEditorSign">{paragraphs(CARD)}</div>
<div id="divNeteaseMailCard"></div>
<p>在 2026-11-20 10:00:00，"IT服务台" &lt;desk@corp.test&gt; 写道：</p>
<blockquote id="isReplyContent" style="PADDING-LEFT: 1ex; BORDER-LEFT: #ccc 1px solid">
{HTML_LETTER}</blockquote></div>"""
_MASTER_TABLE = (
    "| 发件人 | IT服务台<desk@corp.test> |\n| 发送日期 | 2026年11月20日 10:00 |\n"
    f"| 收件人 | 刘洋<liu@corp.test>、CANARY-HEADER |\n| 主题 | {SUBJECT} |"
)


def _master_html(signature: str) -> str:
    rows = "".join(
        "<tr>{}</tr>".format(
            "".join(
                f"<td>{cell.strip().replace('<', '&lt;')}</td>" for cell in row[1:-1].split("|")
            )
        )
        for row in _MASTER_TABLE.split("\n")
    )
    return f"""<html><head></head><body><div>{paragraphs(WORDS)}</div>{signature}
<div class="ntes-mailmaster-quote" style="padding-top: 1px"><div style="margin-top: 2em">
---- 回复的原邮件 ----</div><div style="margin-bottom: 1em"><table>{rows}</table></div>
{HTML_LETTER}</div></body></html>"""


_DING_RULE = "-" * 66
_DING_BLOCK = (
    "发件人：IT服务台<desk@corp.test>\n日　期：2026年11月20日 10:00:00\n"
    f"收件人：刘洋<liu@corp.test>\n抄　送：CANARY-HEADER\n主　题：{SUBJECT}"
)
_CORE_BLOCK = (
    '-----原始邮件-----\n发件人:"IT服务台" <desk@corp.test>\n'
    "发送时间:2026-11-20 10:00:00 (星期五)\n"
    f"收件人: 刘洋 <liu@corp.test>\n抄送: CANARY-HEADER\n主题: {SUBJECT}\n"
)

CHINA = (
    Answer(
        "foxmail-7-zh",
        plain=f"{WORDS}\n\n\n\n{CARD}\n \n{_FOX_BLOCK}\n{LETTER}",
        html=_FOX_HTML,
        charset="gb2312",
    ),
    Answer(
        "foxmail-plain-zh-with-its-own-address-as-signature",
        plain=f"{WORDS}\n\n\n\nliu@corp.test\n \n{_FOX_BLOCK}\n{LETTER}",
        charset="gb2312",
    ),
    Answer("foxmail-7-zh-html-only", html=_FOX_HTML, charset="gb18030"),
    Answer(
        "foxmail-plain-zh",
        plain=f"{WORDS}\n\n{CARD}\n\n{_FOX_BLOCK}\n{LETTER}",
        charset="gb2312",
        encoding="quoted-printable",
    ),
    Answer(
        "foxmail-plain-en-quoted",
        plain=f"{WORDS}\n\n{CARD}\n\nFrom: {DESK}\nDate: 2026-11-20 10:00\nTo: CANARY-HEADER\n"
        f"Subject: {SUBJECT}\n{quote(LETTER, '>')}",
        charset="gbk",
    ),
    Answer(
        "qq-web-zh",
        plain=f"{WORDS}\n\n\n\n\n{_QQ_LINE}\n{_QQ_BLOCK}\n\n\n{LETTER}",
        html=_qq_html(WORDS, ""),
        charset="gb18030",
    ),
    Answer(
        "qq-web-zh-with-entities-in-the-plain-text",
        plain=f"{WORDS.replace('，请', '，&nbsp;请', 1)}\n&nbsp;\n"
        f"{_QQ_LINE.replace(' ', '&nbsp;')}\n"
        f"{_QQ_BLOCK.replace(' ', '&nbsp;', 3).replace('>', '&gt;')}\n\n&nbsp;\n"
        + LETTER.replace(">", "&gt;"),
        html=_qq_html(WORDS, ""),
        words=WORDS.replace("，请", "， 请", 1),
        charset="gb18030",
    ),
    Answer(
        "qq-web-zh-with-signature",
        html=_qq_html(WORDS, f"<div><sign><div>{paragraphs(CARD)}</div></sign></div>"),
        charset="gb18030",
    ),
    Answer("qq-web-new", plain=_QQ_NEW_PLAIN, html=_QQ_NEW_HTML),
    Answer("qq-web-new-html-only", html=_QQ_NEW_HTML),
    Answer(
        "qq-app-zh",
        plain=f"{WORDS}\n\n\n来自QQ邮箱手机版\n\n\n{_QQ_LINE}\n{_QQ_BLOCK}\n\n{LETTER}",
        charset="gb18030",
    ),
    Answer("163-web", plain=_163_PLAIN, html=_163_HTML, charset="gbk"),
    Answer("163-web-html-only", html=_163_HTML, charset="gbk"),
    Answer(
        "163-mail-master-phone",
        plain=f"{WORDS}\n\n\n发自网易邮箱大师\n\n\n---- 回复的原邮件 ----\n"
        f"{_MASTER_TABLE}\n{LETTER}",
        html=_master_html('<div id="imail_signature">发自网易邮箱大师</div>'),
    ),
    Answer(
        "163-mail-master-pc",
        plain=f"{WORDS}\n\n\n{CARD}\n\n---- 回复的原邮件 ----\n{_MASTER_TABLE}\n{LETTER}",
        html=_master_html(f'<div id="ntes-pcmail-signature">{paragraphs(CARD)}</div>'),
    ),
    Answer(
        "exmail-web",
        plain=f"{WORDS}\n\n{CARD}\n\n \n------------------ Original ------------------\n"
        f'From: "IT服务台"<desk@corp.test>;\nDate: Fri, Nov 20, 2026 10:00 AM\n'
        f'To: "刘洋"<liu@corp.test>;\nCc: CANARY-HEADER;\nSubject: {SUBJECT}\n\n{LETTER}',
        html=_qq_html(WORDS, f'<div class="xmail-signature">{paragraphs(CARD)}</div>'),
    ),
    Answer(
        "exmail-web-with-footer",
        html=_qq_html(WORDS, f"<div>{lines(CARD)}</div><div>{lines(FOOTER)}</div>"),
    ),
    Answer(
        "exmail-app",
        plain=f"{WORDS}\n\n发自我的企业微信\n\n\n----------回复的邮件信息----------\n"
        f"IT服务台<desk@corp.test> 于2026年11月20日(周五)10:00写道：\n\n{LETTER}",
    ),
    Answer(
        "exmail-app-en",
        plain=f"{WORDS}\n\n{'_' * 32}\n发自我的企业微信\n\n----------Reply to Message----------\n"
        f"On Fri,Nov 20,2026 10:00 AM IT服务台 <desk@corp.test> wrote:\n{LETTER}",
    ),
    Answer(
        "wecom-mail",
        plain=f"{WORDS}\n\n来自企业微信\n\n原始邮件\n发件人：IT服务台<desk@corp.test>\n"
        f"发件时间：2026年11月20日(周五) 10:00\n收件人：刘洋<liu@corp.test>\n"
        f"主题：{SUBJECT}\n{LETTER}",
        html=f"<div>{paragraphs(WORDS)}</div><div><br></div><div>来自企业微信</div>"
        f"<div class='mail_quote'><div>原始邮件</div><div>发件人：{_SENDER}</div>"
        f"<div>发件时间：2026年11月20日(周五) 10:00</div><div>主题：{SUBJECT}</div>"
        f"{HTML_LETTER}</div>",
    ),
    Answer(
        "dingtalk-zh",
        plain=f"{WORDS}\n\n{CARD}\n\n{_DING_RULE}\n{_DING_BLOCK}\n\n{LETTER}",
        html=f'<div class="__aliyun_email_body_block"><div style="clear:both;">{lines(WORDS)}</div>'
        f"{paragraphs(CARD)}<blockquote>"
        f'<div class="alimail-quote"><div>{_DING_RULE}</div>'
        f"{paragraphs(_DING_BLOCK.replace('<', '&lt;'))}{HTML_LETTER}</div></blockquote></div>",
    ),
    Answer(
        "coremail-web",
        plain=f"{WORDS}\n\n{CARD}\n\n\n{_CORE_BLOCK}\n{LETTER}",
        charset="gbk",
        encoding="8bit",
    ),
    Answer(
        "coremail-web-quoting-by-lines",
        plain=f"{WORDS}\n\n{CARD}\n\n\n" + quote(f"{_CORE_BLOCK}\n{LETTER}"),
        charset="gbk",
    ),
    Answer(
        "139-web",
        html=f'<div style="color: #000000;">{lines(WORDS)}</div><div id="signContainer">'
        f'{paragraphs(CARD)}</div><hr id="replySplit"><div id="reply139content">'
        f"<div>------------------&nbsp;原始邮件&nbsp;------------------</div>"
        f"<div><b>发件人:</b>&nbsp;{_SENDER}</div><div>日期: 2026-11-20 10:00</div>"
        f"<div>主题: {SUBJECT}</div>{HTML_LETTER}</div>",
    ),
    Answer(
        "notes-zh",
        plain=f"{WORDS}\n\n{CARD}\n\n\n\n发件人：        IT服务台 <desk@corp.test>\n"
        f"收件人：        刘洋 <liu@corp.test>\n抄送：          CANARY-HEADER\n"
        f"日期：          2026/11/20 10:00\n主题：          {SUBJECT}\n\n\n\n{LETTER}",
        charset="gb2312",
    ),
    Answer(
        "notes-zh-old",
        html=f"<p>{lines(WORDS)}</p><p>{lines(CARD)}</p><table width=100%><tr><td width=40%>"
        f"<b>IT服务台 &lt;desk@corp.test&gt;</b><p>2026/11/20 10:00</td><td width=59%>"
        f"<table width=100%><tr><td>收件人</td><td>刘洋 CANARY-HEADER</td></tr><tr><td>抄送</td>"
        f"<td></td></tr><tr><td>主题</td><td>{SUBJECT}</td></tr></table></td></tr></table>"
        f"{HTML_LETTER}",
        charset="gb2312",
    ),
    Answer(
        "feishu-mail",
        html=f"<div>{paragraphs(WORDS)}</div>"
        f"<div class='lark-mail-signature'>{paragraphs(CARD)}</div>"
        f'<div id="lark-mail-quote-1" class="history-quote-wrapper"><div>发件人: {_SENDER}</div>'
        f"<div>日期: 2026年11月20日 (周五) 10:00</div><div>主题: {SUBJECT}</div>"
        f"<div>收件人: CANARY-HEADER</div>{HTML_LETTER}</div>",
    ),
)
