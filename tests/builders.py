"""Values with defaults, so that a test only says what it is about."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from maildesk.config import shipped
from maildesk.config.holidays import load_holidays
from maildesk.config.profile import load_profile
from maildesk.config.rules import load_rules
from maildesk.config.templates import load_templates
from maildesk.desk.charter import Budgets, DeskConfig
from maildesk.desk.decision import Facts, Sender
from maildesk.desk.letters.wording import Wording
from maildesk.desk.profile import Holidays, Profile
from maildesk.desk.rules.matching import RuleSet, compile_rules
from maildesk.desk.staff.snippet import Snippet, read_snippets
from maildesk.mail.message import Address, Incoming, Kind

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # a working Friday, 10:00 in Shanghai
SECRET = b"a secret only the tests know"
DESK = "desk@corp.test"


@cache
def profile() -> Profile:
    found, faults = load_profile(shipped.folder("rules") / "profiles" / "default.yaml")
    assert found is not None, faults
    return found


@cache
def holidays() -> Holidays:
    """China's, as shipped."""
    found, faults = load_holidays("cn", shipped.folder("rules"))
    assert not faults, faults
    return found


@cache
def rules() -> RuleSet:
    found, faults = load_rules(shipped.folder("rules"), profile())
    assert not faults, faults
    return compile_rules(found, profile())


@cache
def wording() -> Wording:
    return Wording(load_templates(None)[0])


@cache
def snippets() -> tuple[Snippet, ...]:
    return read_snippets(load_templates(None)[0])


def desk(**given: Any) -> DeskConfig:
    values: dict[str, Any] = {
        "id": "it",
        "name": "IT服务台",
        "name_en": "IT Service Desk",
        "addresses": (DESK,),
        "profile": profile(),
        "zone": "Asia/Shanghai",
        "language": "zh-CN",
        "hotline": "8000",
        "accept_from": ("corp.test",),
        "budgets": Budgets(),
        "snippets": snippets(),
    }
    return DeskConfig(**{**values, **given})


def incoming(**given: Any) -> Incoming:
    values: dict[str, Any] = {
        "kind": Kind.ORDINARY,
        "message_id": "one@corp.test",
        "subject": "打印机卡纸",
        "sender": Address("张敏", "zhang@corp.test"),
        "to": (Address("", DESK),),
        "date": NOW,
        "text": "三楼的打印机又卡纸了，麻烦看一下。",
        "reply": "三楼的打印机又卡纸了，麻烦看一下。",
    }
    return Incoming(**{**values, **given})


def sender(**given: Any) -> Sender:
    values: dict[str, Any] = {
        "address": "zhang@corp.test",
        "name": "张敏",
        "addresses": frozenset(("zhang@corp.test",)),
    }
    return Sender(**{**values, **given})


def facts(**given: Any) -> Facts:
    values: dict[str, Any] = {
        "now": NOW,
        "received": NOW - timedelta(seconds=5),
        "desk": desk(),
        "mail": incoming(),
        "sender": sender(),
    }
    return Facts(**{**values, **given})


def raw_mail(
    *,
    sender: str = "张敏 <zhang@corp.test>",
    to: str = DESK,
    subject: str = "打印机卡纸",
    text: str = "三楼的打印机又卡纸了，麻烦看一下。\n",
    message_id: str | None = "one@corp.test",
    date: str | None = "Fri, 20 Nov 2026 09:59:00 +0800",
    headers: tuple[str, ...] = (),
    attachment: tuple[str, bytes] | None = None,
) -> bytes:
    """A mail as a client would send it, UTF-8 throughout, CRLF."""
    name, _, address = sender.rpartition(" ")
    lines = [
        f"From: {_word(name)} {address}".replace("From:  ", "From: "),
        f"To: {to}",
        f"Subject: {_word(subject)}",
        *([f"Message-ID: <{message_id}>"] if message_id else []),
        *([f"Date: {date}"] if date else []),
        *headers,
        "MIME-Version: 1.0",
    ]
    body = base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
    head = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64"
    part = f"{head}\r\n\r\n{body}"
    if attachment is None:
        return ("\r\n".join(lines) + "\r\n" + part).encode()
    filename, data = attachment
    encoded = base64.encodebytes(data).decode().replace("\n", "\r\n")
    return (
        "\r\n".join(lines)
        + '\r\nContent-Type: multipart/mixed; boundary="cut"\r\n\r\n--cut\r\n'
        + part
        + f'\r\n--cut\r\nContent-Type: application/octet-stream; name="{filename}"\r\n'
        + f'Content-Disposition: attachment; filename="{filename}"\r\n'
        + f"Content-Transfer-Encoding: base64\r\n\r\n{encoded}\r\n--cut--\r\n"
    ).encode()


def _word(text: str) -> str:
    if not text or text.isascii():
        return text
    return f"=?utf-8?B?{base64.b64encode(text.encode()).decode()}?="
