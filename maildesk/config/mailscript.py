"""Which mails are to come, and when: a YAML list of them, or a folder of `.eml` files.

For `maildesk simulate --script`. Reads and checks the file, with lines for its faults; the mails
themselves are written when their time has come, since an answer needs the letter it answers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from maildesk.config.document import Document, line_of
from maildesk.config.faults import Fault, suggest

Proof = Literal["passed", "none", "failed"]
Click = Literal["confirm", "broken", "start", "ask", "solved"]
Machine = Literal["auto_reply", "bounce"]

CLICKS: tuple[Click, ...] = ("confirm", "broken", "start", "ask", "solved")
MACHINES: tuple[Machine, ...] = ("auto_reply", "bounce")
LAST = "last"
"""`reply_to: last`: the newest letter the writer has got."""

_Choice = TypeVar("_Choice", bound=str)
_KEYS = (
    *("at", "from", "to", "cc", "subject", "body", "reply_to", "ticket"),
    *("click", "attach", "file", "proved", "kind"),
)
_AFTER = re.compile(r"\+\s*(?:(\d+)\s*d)?\s*(?:(\d+)\s*h)?\s*(?:(\d+)\s*m(?:in)?)?", re.ASCII)
_LETTER = re.compile(r"([a-z_]+)(?:\s+to\s+(\S+@\S+))?")
_PROOFS: Mapping[object, Proof] = {True: "passed", False: "none", "fail": "failed"}
_YEARS = range(1970, 3000)
_SAY_WHEN = 'Write "+2h", "+1d", "+90m" after the start, or 2026-12-01 09:30'


@dataclass(frozen=True, slots=True)
class Scripted:
    """One thing somebody does at `at`: writes, answers a letter, or follows a link.

    `sender` is an address, `name <address>` or a listed person's name; "" where `file` is a whole
    mail or the answered letter says who. `letter` is what is answered or clicked (LAST, or its
    name), to whom it went is `reader` ("": to the sender). `proof` None: the listed are proved.
    `machine`: no person writes, but his mail program that he is away, or a server that the letter
    did not reach him.
    """

    at: datetime
    place: str
    sender: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    body: str = ""
    letter: str | None = None
    reader: str = ""
    ticket: str | None = None
    click: Click | None = None
    attach: tuple[Path, ...] = ()
    file: Path | None = None
    proof: Proof | None = None
    machine: Machine | None = None


def read_script(
    path: Path, start: datetime, zone: ZoneInfo
) -> tuple[tuple[Scripted, ...], tuple[Fault, ...]]:
    """What is to happen from `start` on, in order of time; or the faults that stand in the way."""
    if path.is_dir():
        return _read_folder(path, start)
    document = Document(path, str(path))
    found: list[Scripted] = []
    if not document.faults and not isinstance(document.root, list):
        document.fault(None, "", "is no list of mails", "Begin each with: - at: +2h")
    elif not document.faults:
        for number, table in enumerate(document.root):
            if isinstance(table, dict):
                line = line_of(document.root, number)
                item = _Item(document, table, line).read(start, zone)
                found += [item] if item is not None else []
            else:
                line = line_of(document.root, number)
                document.fault(line, "", "is no mail", "Write at:, from:, subject:, body:")
    return tuple(sorted(found, key=lambda item: item.at)), tuple(document.faults)


def read_after(text: str) -> timedelta | None:
    """`+2h`, `+1d12h`, `+90m`; None for anything else."""
    match = _AFTER.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes)


def read_moment(value: object, start: datetime, zone: ZoneInfo) -> datetime | None:
    """A moment as people write it: after `start`, or a day and time in `zone`; None: neither."""
    if isinstance(value, str):
        try:
            after = read_after(value)
            if after is not None:
                return start + after
            value = datetime.fromisoformat(value.strip())
        except (ValueError, OverflowError):
            return None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - its zone follows
    if not isinstance(value, datetime) or value.year not in _YEARS:
        return None
    local = datetime.fromisoformat(value.isoformat())  # ruamel's own kind of datetime ends here
    return (local if local.tzinfo else local.replace(tzinfo=zone)).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Item:
    """One entry of the list being read."""

    document: Document
    table: Mapping[str, Any]
    line: int | None

    def read(self, start: datetime, zone: ZoneInfo) -> Scripted | None:
        before = len(self.document.faults)
        self.document.check_keys(self.table, "", _KEYS)
        at = read_moment(self.table.get("at"), start, zone)
        if at is None:
            self._object("at", "is missing" if "at" not in self.table else "is no time", _SAY_WHEN)
        elif at < start:
            self._object("at", f"is before the start ({start:%Y-%m-%d %H:%M} UTC)", _SAY_WHEN)
        letter, reader = self._read_letter()
        click = self._read_choice("click", CLICKS)
        machine = self._read_choice("kind", MACHINES)
        if machine == "bounce" and letter is None:
            self._object("kind", "a bounce needs its letter", "Add reply_to: dispatch, or last")
        file = self._read_file("file", self._text("file")) if "file" in self.table else None
        sender = self._text("from")
        if not sender and not reader and "file" not in self.table:
            self._object("from", "is missing", "Write an address, or a listed person's name")
        item = Scripted(
            at=at or start,
            place=f"{self.document.path.name}:{self.line}",
            sender=sender or reader,
            to=self._texts("to"),
            cc=self._texts("cc"),
            subject=self._text("subject"),
            body=self._text("body"),
            letter=letter,
            reader=reader,
            ticket=self._text("ticket") or None,
            click=click,
            attach=tuple(
                path
                for name in self._texts("attach")
                if (path := self._read_file("attach", name)) is not None
            ),
            file=file,
            proof=self._read_proof(),
            machine=machine,
        )
        return item if len(self.document.faults) == before else None

    def _read_letter(self) -> tuple[str | None, str]:
        text = self._text("reply_to")
        if not text:
            return None, ""
        match = _LETTER.fullmatch(text)
        if match is None:
            remedy = "Write last, a letter's name such as ack, or: ack to zhangmin@example.com"
            self._object("reply_to", f"{text!r} names no letter", remedy)
            return None, ""
        return match[1], match[2] or ""

    def _read_choice(self, key: str, choices: Sequence[_Choice]) -> _Choice | None:
        text = self._text(key)
        for choice in choices:
            if choice == text:
                return choice
        if text:
            self._object(key, f"{text!r} is not possible here", suggest(text, list(choices)))
        return None

    def _read_file(self, key: str, name: str) -> Path | None:
        path = self.document.path.parent / name
        if path.is_file():
            return path
        self._object(key, f"{name!r} is no file", "Name it relative to the script's folder")
        return None

    def _read_proof(self) -> Proof | None:
        if "proved" not in self.table:
            return None
        value = self.table["proved"]
        if isinstance(value, (bool, str)) and value in _PROOFS:
            return _PROOFS[value]
        self._object("proved", f"{value!r} is not possible here", "Write true, false or fail")
        return None

    def _text(self, key: str) -> str:
        return self._check(key, str(self.document.take(self.table, "", key, str) or "").strip())

    def _check(self, key: str, text: str) -> str:
        if key != "body" and len(text.splitlines()) > 1:
            self._object(key, "stands on several lines", "Write it on one")
        return text

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self.table.get(key)
        if isinstance(value, list):
            return tuple(self._check(key, str(item).strip()) for item in value)
        text = self._text(key)
        return tuple(part.strip() for part in text.split(",") if part.strip())

    def _object(self, key: str, problem: str, remedy: str) -> None:
        line = line_of(self.table, key) or self.line
        self.document.fault(line, key, problem, remedy)


def _read_folder(path: Path, start: datetime) -> tuple[tuple[Scripted, ...], tuple[Fault, ...]]:
    files = sorted(path.glob("*.eml"))
    if not files:
        return (), (Fault(str(path), None, "", "holds no .eml file", "Save mails into it"),)
    found = [Scripted(max(_read_date(file, start), start), file.name, file=file) for file in files]
    return tuple(sorted(found, key=lambda item: (item.at, item.place))), ()


def _read_date(file: Path, start: datetime) -> datetime:
    """When a kept mail was written; `start` where it does not say."""
    try:
        with file.open("rb") as opened:
            written = parsedate_to_datetime(str(BytesHeaderParser().parse(opened)["Date"]))
    except (OSError, ValueError, TypeError):
        return start
    return written if written.tzinfo else written.replace(tzinfo=UTC)
