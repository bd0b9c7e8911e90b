"""What is a form, and what is one filled in?  Labelled entries in titled blocks.

A form is data: each entry says what it is called and which function reads it off a ticket. Every
value is masked here, so that no form can forget it (R17).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from maildesk.desk.label import Label
from maildesk.desk.privacy.mask import mask
from maildesk.desk.profile import Profile
from maildesk.desk.sheets.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Reader:
    """One ticket as one reader sees it: in his language, at that moment. `brief`: for a register,
    where a row is one line of many."""

    dossier: Dossier
    language: str
    now: datetime
    brief: bool = False

    @property
    def chinese(self) -> bool:
        return self.language.lower().startswith("zh")

    @property
    def profile(self) -> Profile:
        return self.dossier.desk.profile

    @property
    def zone(self) -> ZoneInfo:
        return self.dossier.desk.zone_info

    def read(self, label: Label) -> str:
        return label.in_language(self.language)

    def pick(self, zh: str, en: str) -> str:
        return zh if self.chinese else en

    def shorten(self, words: str, longest: int) -> str:
        """The first so many characters; masked before, since nobody knows half a number again."""
        words = mask(words, self.dossier.desk.privacy.hide)
        return words if len(words) <= longest else f"{words[:longest].rstrip()}…"

    def tell(self, moment: datetime | None) -> str:
        """To the minute (R2), "" for none: 2026-11-20 10:05, which a spreadsheet can sort. Forms
        are files, not letters: a day said as 今天 would be wrong on the next."""
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M") if moment else ""


Read = Callable[[Reader], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its name on the paper, and how it is read. `wide`: it needs a line of its own."""

    label: Label
    read: Read
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Entries under one heading. `when`: whether it is printed at all."""

    title: Label
    entries: tuple[Entry, ...]
    when: Callable[[Dossier], bool] = lambda dossier: True


@dataclass(frozen=True, slots=True)
class Form:
    """One document's form and the columns of its register."""

    key: str
    title: Label
    sections: tuple[Section, ...]
    columns: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """An entry filled in."""

    label: str
    value: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form filled in for one ticket, in one language. `desk` is what the desk is called."""

    title: str
    number: str
    desk: str
    language: str
    blocks: tuple[Block, ...]


def fill(form: Form, dossier: Dossier, language: str, now: datetime) -> Sheet:
    """The ticket on this form; `now` only counts for what still runs."""
    reader = Reader(dossier, language, now)
    blocks = tuple(
        Block(
            reader.read(section.title),
            tuple(
                Line(reader.read(entry.label), _show(entry, reader), entry.wide)
                for entry in section.entries
            ),
        )
        for section in form.sections
        if section.when(dossier)
    )
    number, desk = dossier.ticket.number, dossier.desk.name_in(language)
    return Sheet(reader.read(form.title), number, desk, language, blocks)


def head_row(form: Form, language: str) -> tuple[str, ...]:
    """The names of the register's columns."""
    return tuple(entry.label.in_language(language) for entry in form.columns)


def fill_row(form: Form, dossier: Dossier, language: str, now: datetime) -> tuple[str, ...]:
    """The ticket as a row of the form's register."""
    reader = Reader(dossier, language, now, brief=True)
    return tuple(_show(entry, reader) for entry in form.columns)


def _show(entry: Entry, reader: Reader) -> str:
    return mask(entry.read(reader).strip(), reader.dossier.desk.privacy.hide)
