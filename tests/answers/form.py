"""What all answers share: the letter, the words, the signature, and how a client packs them."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from maildesk.desk.staff.marker import MARKER, SIGNS
from maildesk.mail.cut.excerpt import Traces
from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.limits import Limits
from maildesk.mail.message import Incoming
from maildesk.mail.parse import parse_source

DESK = "IT服务台"
AT = "desk@corp.test"
ENGINEER = "liu@corp.test"
CANARIES = ("CANARY-QUOTE", "CANARY-SIGNATURE", "CANARY-FOOTER", "CANARY-HEADER")
SUBJECT = "【新工单】打印机卡纸 CANARY-HEADER [IT-20261120-0001]"
WORDS = "您好，已更换硒鼓，请再打印一次试试。\n如仍卡纸，请直接回复，我下午上门。"
WORDS_EN = "I have replaced the toner. Please print again.\nIf it still jams, just answer."
CARD = "刘洋\n信息技术部 硬件组 CANARY-SIGNATURE\n电话：021-5555 8005\n邮箱：liu@corp.test"
CARD_EN = "Liu Yang\nIT Department, CANARY-SIGNATURE\nTel: +86 21 5555 8005\nliu@corp.test"
FOOTER = (
    "本邮件及其附件含有某某集团的保密信息，仅限于发送给上面地址中列出的个人。CANARY-FOOTER\n"
    "如果您错收了本邮件，请您立即通知发件人并删除本邮件！"
)
FOOTER_EN = (
    "This e-mail and its attachments contain confidential information intended only for the\n"
    "person whose address is listed above. CANARY-FOOTER"
)
LETTER = f"""{MARKER}
您的回复会发给提报人；不想发出的内容请写在 #内部 下面。

刘洋您好，请在今天 16:30 前联系财务部张敏（分机 8123）。
单号：IT-20261120-0001
提报人：张敏 <zhang@corp.test>
登记：硬件故障｜中｜影响本人
抄送：王强 <wang@corp.test>

她写道：
三楼的打印机又卡纸了，麻烦看一下。CANARY-QUOTE

类似工单：IT-20261102-0007 打印机卡纸（已解决）
IT服务台 分机 8000
[k7Qp2x]"""
HTML_LETTER = f"""<div style="max-width:640px"><p style="margin:0 0 12px;color:#888">{MARKER}</p>
<p style="margin:0 0 12px">您的回复会发给提报人；不想发出的内容请写在 #内部 下面。</p>
<p>刘洋您好，请在今天 16:30 前联系财务部张敏（分机 8123）。</p>
<table><tr><td>单号</td><td>IT-20261120-0001</td></tr>
<tr><td>提报人</td><td>张敏 &lt;zhang@corp.test&gt;</td></tr></table>
<p>她写道：</p><blockquote style="margin:0 0 12px;border-left:3px solid #888">
<p>三楼的打印机又卡纸了，麻烦看一下。CANARY-QUOTE</p></blockquote>
<p>IT服务台 分机 8000<br>[k7Qp2x]</p></div>"""
TRACES = Traces(
    marker_signs=SIGNS,
    addresses=frozenset((ENGINEER, AT, "zhang@corp.test", "wang@corp.test")),
    names=frozenset(("刘洋", "Liu Yang")),
    numbers=("IT-20261120-0001", "k7Qp2x"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A client's mail: its text and HTML as written, and how they are encoded.

    `words`: what exactly may leave. `held`: the cut of this form is only called doubtful.
    """

    name: str
    plain: str = ""
    html: str = ""
    words: str = WORDS
    charset: str = "utf-8"
    encoding: str = "base64"
    flowed: bool = False
    held: bool = False
    headers: tuple[str, ...] = ()

    def raw(self) -> bytes:
        """The mail as it comes over the wire."""
        head = (
            f"From: {_word('刘洋')} <{ENGINEER}>",
            f"To: {_word(DESK)} <{AT}>",
            f"Subject: {_word('回复: ' + SUBJECT)}",
            "Message-ID: <answer.1@corp.test>",
            "In-Reply-To: <ours.1@corp.test>",
            "References: <ours.1@corp.test>",
            "Date: Fri, 20 Nov 2026 10:20:00 +0800",
            *self.headers,
            "MIME-Version: 1.0",
        )
        parts = [self._part(kind) for kind in ("plain", "html") if getattr(self, kind)]
        if len(parts) == 1:
            body = parts[0]
        else:
            body = b'Content-Type: multipart/alternative;\r\n\tboundary="=_cut"\r\n\r\n'
            body += b"".join(b"--=_cut\r\n" + part + b"\r\n" for part in parts) + b"--=_cut--\r\n"
        return "\r\n".join(head).encode() + b"\r\n" + body

    def read(self) -> Incoming:
        return read(self.raw())

    def _part(self, kind: str) -> bytes:
        text = self.plain if kind == "plain" else self.html
        # What calls itself gb2312 is GBK in every client of Windows.
        codec = "gbk" if self.charset == "gb2312" else self.charset
        data = text.encode(codec).replace(b"\n", b"\r\n")
        if self.encoding == "base64":
            data = base64.encodebytes(data).replace(b"\n", b"\r\n")
        elif self.encoding == "quoted-printable":
            data = binascii.b2a_qp(data)
        flowed = "; format=flowed" if self.flowed and kind == "plain" else ""
        head = f'Content-Type: text/{kind}; charset="{self.charset}"{flowed}\r\n'
        return f"{head}Content-Transfer-Encoding: {self.encoding}\r\n\r\n".encode() + data


def read(raw: bytes) -> Incoming:
    return parse_source(raw, DiscardingSink(), prior="gb18030", limits=Limits())


def quote(text: str, mark: str = "> ") -> str:
    return "\n".join((mark + line).rstrip() for line in text.split("\n"))


def paragraphs(text: str, tag: str = "div") -> str:
    """Each line as an element, as editors write it."""
    return "".join(f"<{tag}>{line or '<br>'}</{tag}>" for line in text.split("\n"))


def lines(text: str) -> str:
    return text.replace("\n", "<br>\n")


def _word(text: str) -> str:
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="
