"""The fields of RFC 3464 in all the layouts mail systems give them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.files.sink import DiscardingSink
from maildesk.mail.kinds import dsn
from maildesk.mail.message import Incoming, Kind
from maildesk.mail.parse import parse


def read(folder: Path, raw: str) -> Incoming:
    path = folder / "mail.eml"
    path.write_bytes(raw.replace("\n", "\r\n").encode())
    return parse(path, DiscardingSink())


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("rfc822; bad@far.test", "bad@far.test"),
        ("rfc822;bad@far.test", "bad@far.test"),
        ("RFC822; <bad@far.test>", "bad@far.test"),
        ("<bad@far.test>", "bad@far.test"),
        ("bad@far.test (Bad Man)", "bad@far.test"),
        ("rfc822; bad@far.test (other@far.test)", "bad@far.test"),
        ("system;bad@far.test", "bad@far.test"),
        ("x400; /c=de/s=bad/", ""),
        ("rfc822; root", ""),
        ("", ""),
        ('rfc822; "bad man"@far.test', '"bad man"@far.test'),
        ("rfc822; bad+40far.test", "bad@far.test"),
        ("rfc822; bad+2Bx@far.test", "bad+x@far.test"),
        (r"utf-8; \x{5F20}\x{4E09}@far.test", "张三@far.test"),
        ("utf-8; 张三@例子.中国", "张三@例子.中国"),
        ("rfc822; IMCEASMTP-bad+40far+2Etest@corp.test", "bad@far.test"),
        ("rfc822; IMCEAINVALID-bad+40far+2Etest@corp.test", "bad@far.test"),
        ("rfc822; IMCEAEX-_O=X_CN=BAD@corp.test", "IMCEAEX-_O=X_CN=BAD@corp.test"),
        ("rfc822; SMTP:bad@far.test", "bad@far.test"),
    ],
)
def test_an_address_is_found_in_every_wrapping(value: str, address: str) -> None:
    assert dsn.read_address(value) == address


HEAD = "Reporting-MTA: dns; mx.test\nArrival-Date: Fri, 20 Nov 2026 10:00:00 +0000\n"
ONE = "Final-Recipient: rfc822; one@far.test\nAction: failed\nStatus: 5.1.1\n"
TWO = "Final-Recipient: rfc822; two@far.test\nAction: failed\nStatus: 5.2.2\n"
LATE = "Final-Recipient: rfc822; late@far.test\nAction: delayed\nStatus: 4.4.1\n"


@pytest.mark.parametrize(
    ("fields", "people"),
    [
        (f"{HEAD}\n{ONE}", [("one@far.test", "failed", "5.1.1")]),
        (f"{HEAD}{ONE}", [("one@far.test", "failed", "5.1.1")]),
        (
            f"{HEAD}\n{ONE}{TWO}",
            [("one@far.test", "failed", "5.1.1"), ("two@far.test", "failed", "5.2.2")],
        ),
        (
            f"{HEAD}\n\n\n{ONE}\n\n{LATE}",
            [("one@far.test", "failed", "5.1.1"), ("late@far.test", "delayed", "4.4.1")],
        ),
        (
            HEAD + "\n" + ONE.replace("\n", "\n\n"),
            [("one@far.test", "failed", "5.1.1")],
        ),
        (
            "Original-Recipient: rfc822;alias@x.test\n" + ONE,
            [("alias@x.test", "failed", "5.1.1")],
        ),
        (
            "Original-Recipient: x400;/c=de/\n" + ONE,
            [("one@far.test", "failed", "5.1.1")],
        ),
        (
            ONE.replace("Action", "Original-Recipient: rfc822;alias@x.test\nAction"),
            [("alias@x.test", "failed", "5.1.1")],
        ),
        (
            "Original-Recipient: rfc822;a1@x.test\n"
            + ONE
            + "Original-Recipient: rfc822;a2@x.test\n"
            + TWO,
            [("a1@x.test", "failed", "5.1.1"), ("a2@x.test", "failed", "5.2.2")],
        ),
        (
            "Final-Recipient: rfc822;\n one@far.test\nAction:\n\tfailed\nStatus: 5.1.1\n",
            [("one@far.test", "failed", "5.1.1")],
        ),
        (
            "  Final-Recipient: rfc822; one@far.test\n  Action: failed\n  Status: 5.1.1\n",
            [("one@far.test", "failed", "5.1.1")],
        ),
        (
            "Final-Recipient: rfc822; one@far.test\nAction: Failure (given up)\n"
            "Diagnostic-Code: smtp; 550-5.7.1 go\n away\n",
            [("one@far.test", "failed", "5.7.1")],
        ),
        (
            "Final-Recipient: rfc822; one@far.test\nStatus: 4.4.7\n",
            [("one@far.test", "delayed", "4.4.7")],
        ),
        (
            "Final-Recipient: rfc822; one@far.test\nAction: failed\nDiagnostic-Code: 550 no\n",
            [("one@far.test", "failed", "5.0.0")],
        ),
    ],
)
def test_fields_are_read_in_any_layout(
    fields: str, people: list[tuple[str, str, str | None]]
) -> None:
    found = [(one.address, one.action, one.status) for one in dsn.read_fields(fields)]
    assert found == people


ROOT = "From: MAILER-DAEMON@x.test\nTo: desk@desk.test\nSubject: Undelivered mail\n"
COPY = "Subject: Ticket\nMessage-ID: <ours@desk.test>\n"


@pytest.mark.parametrize("top", ["report; report-type=delivery-status", "mixed", "alternative"])
@pytest.mark.parametrize(
    "label",
    [
        "message/delivery-status",
        "message/global-delivery-status",
        "text/plain; name=details.txt",
        "application/octet-stream; name=status",
    ],
)
@pytest.mark.parametrize("copy", ["message/rfc822", "text/rfc822-headers", "text/plain; name=mail"])
def test_a_report_is_known_under_every_label(
    tmp_path: Path, top: str, label: str, copy: str
) -> None:
    mail = read(
        tmp_path,
        f"{ROOT}Content-Type: multipart/{top}; boundary=b\n\n--b\n\nSorry.\n--b\n"
        f"Content-Type: {label}\n\n{HEAD}\n{ONE}\n{LATE}\n--b\nContent-Type: {copy}\n\n{COPY}"
        "\nwords\n--b--\n",
    )
    assert mail.kind is Kind.BOUNCE
    assert mail.bounce is not None
    assert mail.bounce.recipients == ("one@far.test",)
    assert mail.bounce.status == "5.1.1"
    assert mail.bounce.permanent is True
    assert mail.bounce.original_message_id == "ours@desk.test"


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("failed", Kind.BOUNCE),
        ("delayed", Kind.REPORT),
        ("delivered", Kind.REPORT),
        ("relayed", Kind.REPORT),
        ("expanded", Kind.REPORT),
    ],
)
def test_the_action_decides(tmp_path: Path, action: str, kind: Kind) -> None:
    mail = read(
        tmp_path,
        f"{ROOT}Content-Type: message/delivery-status\nReferences: <ours@desk.test>\n\n{HEAD}\n"
        f"Final-Recipient: rfc822; one@far.test\nAction: {action}\n",
    )
    assert mail.kind is kind
    assert mail.bounce is not None
    assert mail.bounce.action == action
    assert mail.bounce.original_message_id == "ours@desk.test"


def test_the_returned_mail_is_found_in_base64(tmp_path: Path) -> None:
    import base64

    packed = base64.encodebytes(COPY.encode()).decode()
    mail = read(
        tmp_path,
        f"{ROOT}Content-Type: multipart/report; boundary=b\n\n--b\n\nSorry.\n--b\n"
        f"Content-Type: message/delivery-status\n\n{HEAD}\n{ONE}\n--b\n"
        "Content-Type: text/rfc822-headers\nContent-Transfer-Encoding: base64\n\n"
        f"{packed}--b--\n",
    )
    assert mail.bounce is not None
    assert mail.bounce.original_message_id == "ours@desk.test"


@given(st.text(max_size=2000))
def test_fields_of_any_text_are_read_without_complaint(text: str) -> None:
    for one in dsn.read_fields(f"Final-Recipient: {text}\nAction: {text}\n{text}"):
        assert "\n" not in one.address
    dsn.read_address(text)
