"""What a plan becomes: codes, markers, Reply-To and brakes of letters to staff and requesters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, cast

import pytest
from builders import NOW, SECRET, desk

from maildesk.desk.charter import DeskConfig
from maildesk.desk.decision import LetterPlan
from maildesk.desk.letters.wording import Wording
from maildesk.desk.staff.marker import MARKER
from maildesk.mail.message import Attachment
from maildesk.mail.proof import tokens
from maildesk.store.letterpress import Letterpress
from maildesk.store.outbox import NewLetter

PICTURE = Attachment("a.png", "image/png", 1, "a" * 64, True, "a@corp.test")


@dataclass(frozen=True)
class StaffValues:
    """As letters to staff have them."""

    code: str = ""
    marker: str = ""


@dataclass(frozen=True)
class Plain:
    """As letters to requesters have them."""

    number: str = ""


@dataclass(frozen=True)
class Words:
    subject: str
    text: str
    html: str | None


class Template:
    """Writes what it was told."""

    def render(self, letter: str, language: str, values: Any) -> Words:
        told = f"{getattr(values, 'marker', '-')}\n{getattr(values, 'code', '-')}"
        return Words(letter, told, '<img src="cid:shown@corp.test">')


def print_letter(
    values: Any = None, at: DeskConfig | None = None, urgent: bool = False, **given: Any
) -> NewLetter:
    told = cast(Any, StaffValues() if values is None else values)
    press = Letterpress(cast(Wording, Template()), (SECRET,))
    about = given.pop("ticket", 7)
    plan = LetterPlan("dispatch", "liu@corp.test", "刘洋", "zh-CN", told, **given)
    return press.print_letter(
        plan, at or desk(), cause="letter:1", ticket=about, now=NOW, automatic=not urgent
    )


def read(letter: NewLetter) -> EmailMessage:
    return message_from_bytes(letter.data, policy=policy.default)


def body(letter: NewLetter) -> str:
    part = read(letter).get_body(("plain",))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize(
    ("plan", "urgent", "braked", "header"),
    [
        ("auto-replied", False, True, "auto-replied"),
        ("auto-generated", False, True, "auto-generated"),
        ("auto-generated", True, False, "auto-generated"),
        (None, False, False, None),
        (None, True, False, None),
    ],
)
def test_brakes_hold_neither_alarms_nor_a_humans_words(
    plan: Any, urgent: bool, braked: bool, header: str | None
) -> None:
    letter = print_letter(urgent=urgent, automatic=plan)
    assert letter.automatic is braked
    assert read(letter)["Auto-Submitted"] == header


@pytest.mark.parametrize(
    ("relay", "to", "sign"),
    [
        ("requester", "zhang@corp.test", "r"),
        ("vendor", "x@vendor.test", "v"),
        ("internal", "", "n"),
    ],
)
def test_a_letter_to_staff_carries_a_code_and_the_line_to_answer_above(
    relay: str, to: str, sign: str
) -> None:
    letter = print_letter(relay=relay, relay_to=to)
    text = body(letter)
    assert MARKER in text
    [code] = tokens.find(text)
    token = tokens.read(SECRET, code, ["liu@corp.test"])
    assert token == tokens.Token(sign, 7, tokens.day_of(NOW))
    assert tokens.read(SECRET, code, ["zhang@corp.test"]) is None
    assert (letter.relay, letter.relay_to) == (relay, to or None)


def test_an_answer_brings_its_code_along_only_where_plus_addresses_arrive() -> None:
    proved = desk(plus_address=True)
    [code] = tokens.find(body(print_letter()))
    assert read(print_letter())["Reply-To"] is None
    reply_to = read(print_letter(at=proved))["Reply-To"].addresses[0]
    assert (reply_to.addr_spec, reply_to.display_name) == (f"desk+{code}@corp.test", "IT服务台")
    long = desk(plus_address=True, addresses=("service" * 8 + "@corp.test",))
    assert read(print_letter(at=long))["Reply-To"] is None
    assert read(print_letter(at=proved, ticket=None))["Reply-To"] is None
    assert read(print_letter(Plain(), at=proved))["Reply-To"] is None


def test_a_marker_that_is_written_already_stays() -> None:
    text = body(print_letter(StaffValues(marker="as written")))
    assert "as written" in text
    assert MARKER not in text


def test_a_letter_of_the_quiet_hours_is_dated_when_it_leaves_and_stays_valid_after() -> None:
    morning = NOW + timedelta(hours=9)
    letter = print_letter(not_before=morning)
    assert letter.not_before == morning
    assert read(letter)["Date"].datetime == morning
    early = print_letter(not_before=NOW - timedelta(hours=9))
    assert read(early)["Date"].datetime == NOW


def test_a_file_is_inline_only_where_the_letter_shows_it() -> None:
    shown = Attachment("s.png", "image/png", 1, "b" * 64, True, "shown@corp.test")
    nameless = Attachment("n.png", "image/png", 1, "c" * 64, True, None)
    letter = print_letter(files=(PICTURE, shown, nameless))
    assert [(item.inline, item.content_id) for item in letter.files] == [
        (False, None),
        (True, "shown@corp.test"),
        (False, None),
    ]
    assert read(letter).get_content_type() == "multipart/mixed"
