"""A support mailbox made up: mails as Outlook, Foxmail, QQ, phones and machines write them.

The same seed gives the same bytes. Sizes and kinds follow what such mailboxes hold: mostly short
text and HTML with long headers, a screenshot in about a quarter, a few files of several megabytes.
"""

from __future__ import annotations

import base64
import hashlib
import quopri
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from random import Random

DESK = "desk@desk.test"
DOMAIN = "corp.test"
PEOPLE = 1500
_START = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)
_ZONE = timezone(timedelta(hours=8))
_LINE = "\r\n"

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华建文玉兰志红"
_EN_NAMES = ("Alice Moore", "Ben Carter", "Chloe Wood", "Daniel Reed", "Emma Stone", "Frank Hill")
_DEPARTMENTS = ("财务部", "人事行政部", "市场部", "研发中心", "生产一部", "采购部", "华南销售部")
_ZH_SUBJECTS = (
    "打印机卡纸",
    "VPN 连不上",
    "邮箱密码忘记了",
    "电脑开机后蓝屏",
    "ERP 提交单据报错",
    "申请开通共享文件夹权限",
    "会议室投影没有信号",
    "新员工入职账号申请",
    "OA 审批页面打不开",
    "请问怎么在手机上收公司邮件",
)
_EN_SUBJECTS = (
    "Laptop does not start",
    "VPN connection drops every ten minutes",
    "Cannot open the shared folder",
    "Password reset",
    "New starter on Monday",
    "Excel freezes with the monthly report",
)
_ZH_SENTENCES = (
    "今天早上开始就这样了，重启过两次还是不行。",
    "旁边同事的电脑是正常的，只有我这台有问题。",
    "提示的内容我截图放在附件里了，麻烦看一下。",
    "下午三点要给客户演示，能不能尽快处理？",
    "之前好像也出现过一次，后来自己好了，没有在意。",
    "我在 3 号楼 5 层，工位号 A-0512，分机 6021。",
    "系统版本是 Windows 11，昨天晚上自动更新过。",
    "打开之后一直转圈，过一会儿提示连接超时，错误代码 0x80070035。",
    "部门经理已经同意，审批单号 BX20261102，需要的话我可以再发一份。",
    "如果需要远程，请先打我电话，我把向日葵打开。",
    "另外顺便问一下，公共盘的空间是不是快满了？",
    "这个问题影响到月底结账，财务这边几个人都在等。",
)
_EN_SENTENCES = (
    "It started this morning right after I logged in.",
    "I have restarted the machine twice, which did not help.",
    "My colleague next to me can open the same file without any problem.",
    "The message says the connection timed out, error code 0x80070035.",
    "We have a customer meeting at three o'clock, so it would be good to have this fixed today.",
    "I am on the fifth floor, building 3, extension 6021.",
    "Please let me know if you need remote access, I am at my desk until six.",
    "A screenshot is attached.",
)
_ZH_HELLO = ("您好，", "IT 的同事好：", "Hi，", "老师好，麻烦了：")
_DISCLAIMER = (
    "本邮件及其附件含有保密信息，仅限于发送给上面地址中列出的个人或群组。"
    "禁止任何其他人以任何形式使用（包括但不限于全部或部分地泄露、复制或散发）本邮件中的信息。"
)


@dataclass(frozen=True, slots=True)
class Made:
    """A mail of the corpus. `answered`: a desk that accepts DOMAIN acknowledges it."""

    raw: bytes
    kind: str
    answered: bool


def person(number: int) -> tuple[str, str]:
    """The (name, address) of staff member `number`; every sixth has an English name."""
    random = Random(f"person:{number}")
    if number % 6 == 0:
        name = random.choice(_EN_NAMES)
    else:
        name = random.choice(_FAMILY) + "".join(random.sample(_GIVEN, random.choice((1, 2))))
    return name, f"u{number:04d}@{DOMAIN}"


def generate(count: int, first: int = 0, seed: str = "1") -> Iterator[Made]:
    """`count` mails from number `first` on, in the order they arrived, one at a time."""
    for number in range(first, first + count):
        yield make(number, seed)


def make(number: int, seed: str = "1") -> Made:
    """Mail `number` of the corpus; it refers only to mails before it."""
    writer = _Writer(number, seed)
    roll = writer.random.random()
    if roll < 0.02:
        return Made(writer.auto_reply(), "auto_reply", False)
    if roll < 0.03:
        return Made(writer.bounce(), "bounce", False)
    if roll < 0.045:
        return Made(writer.write(outsider=True), "stranger", False)
    if roll < 0.20 and number > 20:
        return Made(
            writer.write(earlier=writer.random.randrange(max(0, number - 400), number)),
            "reply",
            True,
        )
    return Made(writer.write(), "request", True)


class _Writer:
    """Everything one mail needs, drawn from its own random numbers."""

    def __init__(self, number: int, seed: str) -> None:
        self.number = number
        self.seed = seed
        self.random = Random(f"{seed}:{number}")
        self.person = _author(number, seed)
        self.name, self.address = person(self.person)
        self.chinese = self.person % 6 != 0
        self.client = self.random.choices(
            ("outlook", "foxmail", "qq", "phone", "webmail"), (40, 22, 12, 16, 10)
        )[0]
        self.when = _START + timedelta(seconds=number * 37)

    def write(self, *, earlier: int | None = None, outsider: bool = False) -> bytes:
        """An ordinary mail: a request or, with `earlier`, an answer in that mail's thread."""
        if outsider:
            self.name, self.address = "Sales Team", f"offer{self.number}@outside.test"
        words = self._words()
        subject = _pick_subject(self.random, self.chinese)
        extra: list[str] = []
        if earlier is not None:
            # Whoever answers took part before: mostly the same person.
            self.person = _author(earlier, self.seed)
            self.name, self.address = person(self.person)
            self.chinese = self.person % 6 != 0
            parent = _message_id(earlier, self.seed)
            extra = [f"In-Reply-To: <{parent}>", f"References: <{parent}>"]
            subject = ("回复: " if self.chinese else "RE: ") + subject
            words += _quote(self.random, self.client, self.name, self.address)
        charset = self._charset()
        top = self._head(subject, charset, extra)
        body = self._body(words, charset)
        return (top + self._wrap(body)).encode("ascii")

    def auto_reply(self) -> bytes:
        subject = _encode("自动回复: 【已受理】打印机卡纸", "utf-8")
        extra = ["Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: All"]
        top = self._head(None, "utf-8", [f"Subject: {subject}", *extra])
        return (top + _text_part("plain", "我正在休假，12 月 1 日回来。", "utf-8")).encode("ascii")

    def bounce(self) -> bytes:
        self.name, self.address = "Mail Delivery System", f"MAILER-DAEMON@mx.{DOMAIN}"
        mark = self._boundary("bounce")
        extra = ["Subject: Undelivered Mail Returned to Sender", "Auto-Submitted: auto-replied"]
        top = self._head(None, "utf-8", extra)
        said = "The mail system could not deliver your message.\r\n<x@gone.test>: unknown user\r\n"
        status = (
            f"Reporting-MTA: dns; mx.{DOMAIN}\r\n\r\nFinal-Recipient: rfc822; x@gone.test\r\n"
            "Action: failed\r\nStatus: 5.1.1\r\n"
        )
        return (
            f"{top}Content-Type: multipart/report; report-type=delivery-status;"
            f' boundary="{mark}"\r\n\r\n--{mark}\r\nContent-Type: text/plain\r\n\r\n{said}\r\n'
            f"--{mark}\r\nContent-Type: message/delivery-status\r\n\r\n{status}\r\n"
            f"--{mark}\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n\r\n--{mark}--\r\n"
        ).encode("ascii")

    # Words

    def _words(self) -> list[str]:
        sentences = _ZH_SENTENCES if self.chinese else _EN_SENTENCES
        count = self.random.randint(2, 14)
        lines = [self.random.choice(_ZH_HELLO) if self.chinese else "Hello,"]
        lines += [
            "".join(self.random.choices(sentences, k=self.random.randint(1, 3)))
            for _ in range(count)
        ]
        lines += ["谢谢！" if self.chinese else "Thanks", "", "--", self.name]
        if self.client in ("outlook", "foxmail"):
            lines += [
                self.random.choice(_DEPARTMENTS),
                "电话：021-5555 6021",
                self.address,
                "",
                _DISCLAIMER,
            ]
        return lines

    def _charset(self) -> str:
        if not self.chinese:
            return "utf-8"
        return self.random.choice(
            ("gb2312", "gbk", "utf-8")
            if self.client in ("outlook", "foxmail")
            else ("utf-8", "gb18030")
        )

    # Header

    def _head(self, subject: str | None, charset: str, extra: list[str]) -> str:
        lines = self._trace()
        date = format_datetime(self.when.astimezone(_ZONE))
        lines += [
            f"From: {_encode(self.name, charset)} <{self.address}>",
            f"To: {_encode('IT服务台', charset)} <{DESK}>",
            f"Date: {date}",
            f"Message-ID: <{_message_id(self.number, self.seed)}>",
            "MIME-Version: 1.0",
        ]
        if subject is not None:
            lines.append(f"Subject: {_encode(subject, charset)}")
        if self.random.random() < 0.2:
            other = person(self.random.randrange(PEOPLE))
            lines.append(f"Cc: {_encode(other[0], charset)} <{other[1]}>")
        lines += [*extra, *self._client_headers()]
        return _LINE.join(lines) + _LINE

    def _trace(self) -> list[str]:
        """What servers write above a mail: one hop more where a gateway filters."""
        stamp = format_datetime(self.when)
        token = self._token(28)
        lines = [
            f"Return-Path: <{self.address}>",
            f"Delivered-To: {DESK}",
            f"Authentication-Results: mx.desk.test; spf=pass smtp.mailfrom={self.address};\r\n"
            f"\tdkim=pass header.d={DOMAIN} header.s=s2026 header.b={token[:8]};\r\n"
            f"\tdmarc=pass (policy=none) header.from={DOMAIN}",
        ]
        lines += [
            f"Received: from relay{hop}.{DOMAIN} (relay{hop}.{DOMAIN} [10.1.{hop}.25])\r\n"
            f"\tby mx{hop}.desk.test (Postfix) with ESMTPS id {token[:10]}{hop}\r\n"
            f"\tfor <{DESK}>; {stamp}"
            for hop in range(self.random.randint(2, 5))
        ]
        signed = base64.b64encode(self.random.randbytes(256)).decode()
        folded = "\r\n\t ".join(signed[at : at + 70] for at in range(0, len(signed), 70))
        lines.append(
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d={DOMAIN}; s=s2026;\r\n"
            f"\th=From:To:Subject:Date:Message-ID:Content-Type:MIME-Version;\r\n"
            f"\tbh={token}=;\r\n\tb={folded}"
        )
        return lines

    def _client_headers(self) -> list[str]:
        token = self._token(22)
        if self.client == "outlook":
            return [
                f"Thread-Topic: {token[:12]}",
                f"Thread-Index: {token}==",
                "Accept-Language: zh-CN, en-US",
                "Content-Language: zh-CN",
                "X-MS-Has-Attach:",
                "X-MS-TNEF-Correlator:",
                "X-MS-Exchange-Organization-AuthAs: Internal",
                "X-MS-Exchange-Organization-AuthMechanism: 04",
                f"X-MS-Exchange-Organization-AuthSource: EX01.{DOMAIN}",
                "X-MS-Exchange-Organization-SCL: -1",
                f"X-MS-Exchange-CrossTenant-Id: {token}",
                f"X-Originating-IP: [10.20.{self.person % 250}.7]",
                f"X-OriginatorOrg: {DOMAIN}",
            ]
        if self.client == "foxmail":
            return [
                "X-Priority: 3",
                "X-GUID: " + token.upper(),
                "X-Has-Attach: no",
                "X-Mailer: Foxmail 7.2.25.331[cn]",
            ]
        if self.client == "qq":
            return [
                f"X-QQ-SSF: 00{token}",
                f"X-QQ-mid: esmtpsz{self.number}t{token[:8]}",
                "X-QQ-SENDSIZE: 520",
                f"X-QQ-XMAILINFO: {self._token(120)}",
                "X-Mailer: QQMail 2.x",
                "X-Priority: 3 (Normal)",
            ]
        if self.client == "phone":
            return ["X-Mailer: iPhone Mail (22C152)", f"X-Universally-Unique-Identifier: {token}"]
        return [
            "X-Mailer: Coremail Webmail Server Version XT6.0.8",
            f"X-CM-TRANSID: {self._token(60)}",
        ]

    # Body

    def _body(self, words: list[str], charset: str) -> str:
        plain = _LINE.join(words)
        if self.client == "phone" and self.random.random() < 0.6:
            return _text_part("plain", plain, charset)
        html = _html(words, self.client, self.random)
        if self.client == "webmail" and self.random.random() < 0.5:
            return _text_part("html", html, charset)
        quoted = self.client in ("outlook", "webmail") and self.random.random() < 0.5
        mark = self._boundary("alt")
        return (
            f'Content-Type: multipart/alternative;\r\n\tboundary="{mark}"\r\n\r\n'
            f"--{mark}\r\n{_text_part('plain', plain, charset)}\r\n"
            f"--{mark}\r\n{_text_part('html', html, charset, quoted=quoted)}\r\n--{mark}--\r\n"
        )

    def _wrap(self, body: str) -> str:
        files = self._files()
        if not files:
            return body
        mark = self._boundary("mix")
        inline = any("Content-ID" in file for file in files)
        kind = "related" if inline else "mixed"
        parts = "".join(f"\r\n--{mark}\r\n{file}" for file in files)
        return (
            f'Content-Type: multipart/{kind};\r\n\tboundary="{mark}"\r\n\r\n'
            f"--{mark}\r\n{body}{parts}\r\n--{mark}--\r\n"
        )

    def _files(self) -> list[str]:
        roll = self.random.random()
        if roll < 0.24:
            # A third of them are glued into the text, the rest attached.
            size = int(self.random.triangular(50_000, 300_000, 70_000))
            cid = f"image001.{self._token(8)}" if roll < 0.08 else None
            name = f"截图{self.number}.png" if self.chinese else f"screenshot-{self.number}.png"
            return [self._file(name, "image/png", size, cid)]
        if roll < 0.29:
            size = self.random.randint(12_000, 120_000)
            return [self._file(f"申请表{self.number}.xlsx", "application/vnd.ms-excel", size, None)]
        if roll < 0.293:
            size = self.random.randint(1_500_000, 5_000_000)
            return [self._file(f"日志{self.number}.zip", "application/zip", size, None)]
        return []

    def _file(self, name: str, content_type: str, size: int, cid: str | None) -> str:
        title = _encode(name, "gb2312" if self.client == "foxmail" else "utf-8")
        where = "inline" if cid else "attachment"
        lines = [
            f'Content-Type: {content_type};\r\n\tname="{title}"',
            "Content-Transfer-Encoding: base64",
            f'Content-Disposition: {where};\r\n\tfilename="{title}"; size={size}',
            *([f"Content-ID: <{cid}>"] if cid else []),
        ]
        return _LINE.join(lines) + _LINE * 2 + _base64(self.random.randbytes(size))

    def _boundary(self, kind: str) -> str:
        return f"----=_{kind}_{self._token(20)}"

    def _token(self, length: int) -> str:
        return hashlib.sha512(self.random.randbytes(16)).hexdigest()[:length]


def _author(number: int, seed: str) -> int:
    return Random(f"author:{seed}:{number}").randrange(PEOPLE)


def _message_id(number: int, seed: str) -> str:
    digest = hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()[:24]
    return f"{digest}.{number}@mail.{DOMAIN}"


def _pick_subject(random: Random, chinese: bool) -> str:
    if not chinese:
        return random.choice(_EN_SUBJECTS)
    subject = random.choice(_ZH_SUBJECTS)
    return f"{random.choice(_DEPARTMENTS)}：{subject}" if random.random() < 0.3 else subject


def _quote(random: Random, client: str, name: str, address: str) -> list[str]:
    """The mail answered, below a header block or an attribution line."""
    old = random.choices(_ZH_SENTENCES, k=random.randint(3, 25))
    if client == "outlook":
        head = [
            f"发件人: {name} <{address}>",
            "发送时间: 2026年11月2日 9:12",
            f"收件人: {DESK}",
            "主题: 请处理",
        ]
        return ["", "________________________________", *head, "", *old]
    if client in ("foxmail", "qq"):
        head = [
            f"发件人： {name}",
            "发送时间： 2026-11-02 09:12",
            f"收件人： {DESK}",
            "主题： 请处理",
        ]
        return ["", "------------------ 原始邮件 ------------------", *head, "", *old]
    return ["", f"在 2026年11月2日，{name} <{address}> 写道：", "", *(f"> {line}" for line in old)]


def _encode(text: str, charset: str) -> str:
    if text.isascii():
        return text
    words = [
        base64.b64encode(text[at : at + 12].encode(charset)).decode()
        for at in range(0, len(text), 12)
    ]
    return "\r\n ".join(f"=?{charset}?B?{word}?=" for word in words)


def _text_part(subtype: str, text: str, charset: str, *, quoted: bool = False) -> str:
    data = text.encode(charset)
    if quoted:
        body = quopri.encodestring(data.replace(b"\r\n", b"\n")).decode().replace("\n", _LINE)
        encoding = "quoted-printable"
    else:
        body, encoding = _base64(data), "base64"
    return (
        f'Content-Type: text/{subtype}; charset="{charset}"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n\r\n{body}"
    )


def _base64(data: bytes) -> str:
    return base64.encodebytes(data).decode().replace("\n", _LINE)


def _html(words: list[str], client: str, random: Random) -> str:
    if client == "outlook":
        top = _OUTLOOK + _OUTLOOK_STYLE * random.randint(2, 6) + "</style></head>"
        body = "".join(
            f'<p class="MsoNormal"><span lang="ZH-CN" style="font-family:等线;color:#1F497D">'
            f"{line}<o:p></o:p></span></p>\r\n"
            for line in words
        )
        return f'{top}<body lang="ZH-CN"><div class="WordSection1">{body}</div></body></html>'
    body = "".join(
        f'<div style="font-family: 微软雅黑; font-size: 14px; line-height: 21px;">{line}</div>\r\n'
        for line in words
    )
    return (
        f"<html><head><style>body {{ line-height: 1.5; }}</style></head><body>{body}</body></html>"
    )


_OUTLOOK = (
    '<html xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40">\r\n'
    '<head><meta http-equiv="Content-Type" content="text/html"><meta name="Generator" '
    'content="Microsoft Word 15 (filtered medium)"><style>\r\n'
)
_OUTLOOK_STYLE = (
    "@font-face {font-family:宋体; panose-1:2 1 6 0 3 1 1 1 1 1;}\r\n"
    '@font-face {font-family:"Cambria Math"; panose-1:2 4 5 3 5 4 6 3 2 4;}\r\n'
    "p.MsoNormal, li.MsoNormal, div.MsoNormal {margin:0cm; text-align:justify;\r\n"
    "text-justify:inter-ideograph; font-size:10.5pt; font-family:等线;}\r\n"
    "a:link, span.MsoHyperlink {mso-style-priority:99; color:#0563C1;}\r\n"
    "@page WordSection1 {size:612.0pt 792.0pt; margin:72.0pt 90.0pt 72.0pt 90.0pt;}\r\n"
)
