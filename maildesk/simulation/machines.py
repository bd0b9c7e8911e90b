"""What no person writes: a mail program's notice that its owner is away, a letter come back.

Bytes and header lines only; which letter is meant is `writing`'s question.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

_REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@{domain}>
To: {desk}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: <bounce-{number}.{stamp}@{domain}>
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="cut-{number}"

--cut-{number}
Content-Type: text/plain; charset=us-ascii

Your letter could not be delivered to {address}: there is no such mailbox.

--cut-{number}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.{domain}

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1

--cut-{number}
Content-Type: text/rfc822-headers

Message-ID: {about}

--cut-{number}--
"""


def mark_automatic(mail: EmailMessage) -> None:
    """An absence notice says so in its head (RFC 3834) and its subject."""
    mail["Auto-Submitted"] = "auto-replied"
    subject = str(mail["Subject"] or "").removeprefix("回复：")
    del mail["Subject"]
    mail["Subject"] = f"自动回复：{subject}"


def write_bounce(letter: EmailMessage, address: str, at: datetime, number: int) -> bytes:
    """The report (RFC 3464) of a server that knows no such address."""
    return (
        _REPORT.format(
            domain=address.rpartition("@")[2],
            desk=letter["From"].addresses[0].addr_spec,
            date=format_datetime(at),
            stamp=f"{at:%Y%m%d%H%M}",
            number=number,
            address=address,
            about=letter["Message-ID"],
        )
        .replace("\n", "\r\n")
        .encode("ascii", "replace")
    )
