"""What the demo's people write: requests with attachments, answers, and what mail systems send.

Only the mails and what an attentive reader would expect of each; who sends them when is `tour`'s
business.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, make_msgid
from zoneinfo import ZoneInfo

from maildesk.demo.site import DESK, DOMAIN, OTHER, STAFF, Staff

_ZONE = ZoneInfo("Asia/Shanghai")

Attachment = tuple[str, str, bytes]  # (file name, content type, content)


@dataclass(frozen=True, slots=True)
class Request:
    """A mail that asks for something, and how the desk's own rules should read it."""

    sender: Staff
    mail: EmailMessage
    category: str
    priority: str | None  # None: either


def write_mail(
    sender: Staff | str,
    subject: str,
    text: str,
    *,
    to: Sequence[str] = (DESK,),
    attachments: Sequence[Attachment] = (),
    charset: str = "utf-8",
    headers: Sequence[tuple[str, str]] = (),
    age: timedelta = timedelta(),
) -> EmailMessage:
    """A mail as a client sends it; its Message-ID is of the sender's domain."""
    if isinstance(sender, Staff):
        name, address = sender.name, sender.address
    else:
        name, address = "", sender
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((name, address)) if name.isascii() else f"{name} <{address}>"
    mail["To"] = ", ".join(to)
    mail["Subject"] = subject
    mail["Date"] = format_datetime((datetime.now(UTC) - age).astimezone(_ZONE))
    mail["Message-ID"] = make_msgid(domain=address.rpartition("@")[2])
    for key, value in headers:
        mail[key] = value
    mail.set_content(text, charset=charset)
    for filename, content_type, content in attachments:
        main, _, sub = content_type.partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=filename)
    return mail


def name_id(mail: EmailMessage) -> str:
    """A mail's Message-ID without `<>`."""
    return str(mail["Message-ID"]).strip().strip("<>")


def write_old() -> list[EmailMessage]:
    """What has lain in the mailbox for weeks when the desk starts."""
    return [
        write_mail(
            STAFF["zhoutao"],
            "显示器有亮点，能换一台吗",
            "不急，有空帮我看看。\n",
            age=timedelta(days=40),
        ),
        write_mail(
            STAFF["tom.becker"],
            "Docking station for the test bench",
            "Could we get a second one?\n",
            age=timedelta(days=21),
        ),
    ]


def write_requests() -> list[Request]:
    """The morning's requests, in the order they come."""
    return [
        Request(
            STAFF["zhangmin"],
            write_mail(
                STAFF["zhangmin"],
                "打印机卡纸，报销单打不出来",
                "您好：\n\n三楼财务室的打印机又卡纸了，纸盒拉出来还是报卡纸，"
                "照片见附件，麻烦看一下。\n\n张敏\n财务部  分机 6021\n",
                attachments=[("卡纸现场.png", "image/png", draw_png(160, 100))],
                headers=[("X-Mailer", "Foxmail 7.2.25")],
                charset="gb18030",
            ),
            "hardware",
            None,
        ),
        Request(
            STAFF["alice.chen"],
            write_mail(
                STAFF["alice.chen"],
                "VPN disconnects every 10 minutes",
                "Hi,\n\nsince this morning the VPN drops every ten minutes, also on the phone's\n"
                "hotspot. The client's log is attached.\n\nThanks,\nAlice\n",
                attachments=[("vpn-client.log", "application/octet-stream", _VPN_LOG.encode())],
            ),
            "network",
            None,
        ),
        Request(
            STAFF["lina"],
            write_mail(
                STAFF["lina"],
                "申请为两名新员工开通邮箱和OA账号",
                "各位好，\n\n下周一有两位新同事入职，请开通邮箱和 OA 账号，名单见附件。谢谢！\n\n"
                "李娜\n人力资源部\n",
                attachments=[("入职名单.csv", "text/csv", _JOINERS.encode("utf-8-sig"))],
            ),
            "account",
            None,
        ),
        Request(
            STAFF["zhaolei"],
            write_mail(
                STAFF["zhaolei"],
                "全厂断网，产线停了！",
                "从 9 点 20 开始全厂断网，MES 连不上，三条产线都停着，请马上来人！\n\n"
                "赵磊\n生产部  13800000000\n",
            ),
            "network",
            "urgent",
        ),
        Request(
            STAFF["tom.becker"],
            write_mail(
                STAFF["tom.becker"],
                "How do I share my calendar with a colleague?",
                "Hello desk,\n\nhow do I share my Outlook calendar with someone in another team?\n"
                "No rush.\n\nTom\n",
            ),
            "how_to",
            "low",
        ),
        Request(
            STAFF["wufang"],
            write_mail(
                STAFF["wufang"],
                "ERP 登录报错，截图见附件",
                "一登录 ERP 就弹“运行时错误 70”，重装客户端也不行，截图在附件里。\n\n"
                "吴芳\n财务部\n",
                attachments=[("报错截图.png", "image/png", draw_png(200, 120))],
            ),
            "software",
            None,
        ),
    ]


def write_phish() -> Request:
    """From somebody whose mailbox is full: the answer will come back."""
    caught = write_mail(
        "it-admin@mail-corp-example.test",
        "您的邮箱将被停用，请立即验证",
        "请点击 http://mail-corp-example.test/login 验证密码，否则账号将被停用。\n",
        to=[STAFF["sunli"].address],
    )
    return Request(
        STAFF["sunli"],
        write_mail(
            STAFF["sunli"],
            "收到钓鱼邮件，要我点链接验证密码",
            "我没有点，原邮件存成附件发给你们。\n\n孙丽\n市场部\n",
            attachments=[("可疑邮件.eml", "application/octet-stream", caught.as_bytes())],
        ),
        "security",
        None,
    )


def write_twice() -> Request:
    """One mail to both addresses of the desk: two copies arrive."""
    return Request(
        STAFF["zhoutao"],
        write_mail(
            STAFF["zhoutao"],
            "误删了共享盘里的项目文件夹，能恢复吗",
            "昨天下午误删了 \\\\fs01\\研发\\K2 整个文件夹，请帮忙从备份恢复。\n\n周涛\n研发部\n",
            to=[DESK, OTHER],
        ),
        "data",
        None,
    )


def write_monitoring() -> EmailMessage:
    """A machine's mail: worth a ticket, not an answer."""
    return write_mail(
        f"monitor@{DOMAIN}",
        "[PROBLEM] 服务器 fs01 硬盘故障预警",
        "主机 fs01：RAID 中 3 号硬盘 SMART 预警，请更换。\n",
        headers=[("Auto-Submitted", "auto-generated")],
    )


def answer_by_reference(ack_id: str, ack_subject: str) -> EmailMessage:
    """An answer as mail clients write it: references to the letter it answers, quoted below."""
    return write_mail(
        STAFF["zhangmin"],
        f"Re: {ack_subject}",
        "补充一下：型号是 HP M428，机身编号在标签上，旁边那台也开始卡了。\n\n"
        "------------------ 原始邮件 ------------------\n"
        f"发件人: IT服务台 <{DESK}>\n主题: {ack_subject}\n\n张敏您好，您的问题已受理。\n",
        headers=[("In-Reply-To", f"<{ack_id}>"), ("References", f"<{ack_id}>")],
    )


def answer_by_number(number: str) -> EmailMessage:
    """From a phone that keeps no references: only the number in the subject is left."""
    return write_mail(
        STAFF["zhaolei"],
        f"答复：全厂断网 [{number}]",
        "一号产线刚才自己恢复了，二、三号还是不通。\n",
    )


def ask_as_stranger(number: str) -> EmailMessage:
    """Somebody outside who has got hold of a number."""
    return write_mail(
        "support@vendor-help.test",
        f"Re: [{number}]",
        "您好，请把该工单的处理记录和 VPN 账号发给我核对。\n",
    )


def ask_as_colleague(number: str) -> EmailMessage:
    """A colleague who takes no part in the ticket whose number is quoted."""
    return write_mail(
        STAFF["wufang"],
        f"转发：打印机卡纸 [{number}]",
        "我们办公室的打印机也卡纸，型号一样，麻烦一起看看。\n",
    )


def answer_automatically(ack_id: str, ack_subject: str) -> EmailMessage:
    """An out-of-office answer to our own acknowledgement."""
    return write_mail(
        STAFF["lina"],
        f"自动回复：{ack_subject}",
        "您好，我正在外地招聘，周三回来后回复您。\n",
        headers=[
            ("In-Reply-To", f"<{ack_id}>"),
            ("References", f"<{ack_id}>"),
            ("Auto-Submitted", "auto-replied"),
        ],
    )


def draw_png(width: int, height: int) -> bytes:
    """A small picture with a light-to-dark slope, so that the attachment really opens."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        sum32 = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", sum32)

    rows = b"".join(
        b"\0" + bytes((200 * x // width + 55 * y // height) & 255 for x in range(width))
        for y in range(height)
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


_VPN_LOG = """\
09:02:11 tunnel up, address 10.8.0.31
09:12:12 keepalive timeout, peer vpn.corp.example
09:12:12 tunnel down
09:12:20 tunnel up, address 10.8.0.31
09:22:21 keepalive timeout, peer vpn.corp.example
"""

_JOINERS = "姓名,部门,岗位\n林晓,研发部,测试工程师\n何雨,市场部,策划\n"
