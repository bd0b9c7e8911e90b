"""Whom does a name mean?  The listed people, found as people name each other.

`王强`, `@王强(信息部)`, `HW005`, `8005`, `liuyang`, `王工`. Where several could be meant it names
them all and picks none. It knows nothing of tickets: who gets one is `request.assignment`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from maildesk.desk.person import Person, Role
from maildesk.desk.profile import Group, Profile
from maildesk.desk.rules.fold import fold
from maildesk.mail.message import address_key

STAFF = (Role.ENGINEER, Role.LEAD)

Handle = Literal["address", "number", "name", "mailbox"]

_LONGEST = 200
"""Characters of a text that are looked at: a name is shorter, an order's argument may be a page."""

_ADDRESS = re.compile(r"[^\s<>()（）\[\]【】,，;；、:：\"“”@]+@[A-Za-z0-9.-]+")
_BETWEEN = re.compile(r"[\s()（）\[\]【】<>,，;；、/|@]+")
_AROUND = " \t@＠#＃,，.。;；:：、!！?？\"'“”‘’<>-—"
_EXTENSION = re.compile(r"^(?:分机号?|内线|ext(?:ension)?\.?)[ :#]*(?=\d)")
# What offices put behind a surname or a given name; the rest must still mean one person only.
_TITLE = re.compile(r"(?<=[^\x00-\x7f])(?:工程师|工|经理|主管|组长|主任|老师|总|哥|姐)$")
_NICK = re.compile(r"^[老小](?=[^\x00-\x7f])")


@dataclass(frozen=True, slots=True)
class Match:
    """Who was meant, or `candidates` when it could be any of several; `why` is plain English."""

    person: Person | None
    candidates: tuple[Person, ...]
    why: str


@dataclass(frozen=True)
class Directory:
    """The listed people, in file order. Build it once: it makes its own index."""

    people: tuple[Person, ...] = ()
    _index: Mapping[tuple[Handle, str], tuple[Person, ...]] = field(
        init=False, repr=False, compare=False
    )
    staff: tuple[Person, ...] = field(init=False, repr=False, compare=False)
    """Engineers and leads."""

    def __post_init__(self) -> None:
        index: dict[tuple[Handle, str], list[Person]] = {}
        for person in self.people:
            for handle in _list_handles(person):
                index.setdefault(handle, []).append(person)
        found = {handle: tuple(people) for handle, people in index.items()}
        object.__setattr__(self, "_index", found)
        # Every mail asks for them several times, and a company lists thousands of others.
        staff = tuple(person for person in self.people if person.role in STAFF)
        object.__setattr__(self, "staff", staff)

    def at(self, address: str) -> Person | None:
        """Whose address that is, however it is written."""
        return next(iter(self._index.get(("address", address_key(address)), ())), None)

    def find_exactly(self, text: str, *, staff: bool = False) -> Match:
        """By address, staff number, extension, full name or the mailbox's name; for files, where
        half a name would be a slip of the pen."""
        text = text.strip(_AROUND)
        return self._look_up(text, staff=staff) or self._find_nobody(text, staff=staff)

    def find(self, text: str, *, staff: bool = False) -> Match:
        """Whom somebody means who writes this in a hurry: exactly, else staff by part of a name.

        A remark in brackets or behind a blank decides between people of the same name. An address
        is never read as anything else. `staff`: only engineers and leads can be meant.
        """
        text = text[:_LONGEST].strip(_AROUND)
        address = _ADDRESS.search(text)
        if address is not None:
            text, words = address[0], []
        else:
            words = [word for part in _BETWEEN.split(text) if (word := part.strip(_AROUND))]
        if not text:
            return Match(None, (), "no name was given")
        found = self._look_up(text, staff=staff)
        if found is None and words:
            found = self._look_up(words[0], staff=staff) or self._guess(text)
        if found is None and words:
            found = self._guess(words[0])
        if found is None:
            return self._find_nobody(words[0] if words else text, staff=staff)
        return _narrow(found, words[1:]) if found.person is None else found

    def _look_up(self, text: str, *, staff: bool) -> Match | None:
        folded = fold(text)
        number = _EXTENSION.sub("", folded)
        tries: tuple[tuple[Handle, str, str], ...] = (
            ("address", address_key(text), "address"),
            ("number", number, "staff number or extension"),
            ("name", folded, "name"),
            ("mailbox", folded, "name in the mail address"),
        )
        for handle, key, what in tries:
            found = self._index.get((handle, key), ())
            if staff:
                found = tuple(person for person in found if person.role in STAFF)
            if len(found) == 1:
                return Match(found[0], (), f"{_quote(text)} is the {what} of {found[0].name}")
            if found:
                return Match(None, found, f"{_quote(text)} is the {what} of {len(found)} people")
        return None

    def _guess(self, text: str) -> Match | None:
        """Staff whose name begins with it, else has it in it; titles and nicks taken off."""
        folded = fold(text)
        for part in dict.fromkeys((folded, _NICK.sub("", _TITLE.sub("", folded)))):
            for fits in (_begins, _contains):
                found = tuple(p for p in self.staff if part and fits(fold(p.name), part))
                if len(found) == 1:
                    why = f"of all staff only {found[0].name} fits {_quote(text)}"
                    return Match(found[0], (), why)
                if found:
                    return Match(None, found, f"{_quote(text)} fits {len(found)} of the staff")
        return None

    def _find_nobody(self, text: str, *, staff: bool) -> Match:
        stranger = self._look_up(text, staff=False) if staff else None
        if stranger is not None:
            return Match(None, (), f"{stranger.why}, neither engineer nor lead")
        return Match(None, (), f"nobody listed is called {_quote(text)}")


NOBODY = Directory()
"""A desk that lists nobody."""


def find_group(text: str, profile: Profile) -> Group | None:
    """The profile's group of that key or label; 网络 and 网络组 are the same."""
    text = text[:_LONGEST].strip(_AROUND)
    return next((group for group in profile.groups if is_called(group, text)), None)


def is_called(group: Group, name: str) -> bool:
    """Whether the name is the group's key or one of its labels."""
    wanted = _bare_group(name)
    return any(wanted == _bare_group(own) for own in name_group(group))


def find_own_group(person: Person | None, profile: Profile, usual: Group) -> Group:
    """The group somebody speaks for: the ticket's, unless the list has him in others only."""
    names = person.groups if person is not None else ()
    if any(is_called(usual, name) for name in names):
        return usual
    return next((own for name in names if (own := find_group(name, profile))), usual)


def name_group(group: Group) -> tuple[str, str, str]:
    """Everything a group is called: key and both labels."""
    return group.key, group.label.zh, group.label.en


def _list_handles(person: Person) -> Iterable[tuple[Handle, str]]:
    """Each once, although an extension may be the staff number as well."""
    handles: dict[tuple[Handle, str], None] = {}
    for address in person.addresses:
        handles["address", address] = None
        handles["mailbox", fold(address.rpartition("@")[0])] = None
    for number in (person.staff_number, person.extension):
        if number:
            handles["number", fold(number)] = None
    handles["name", fold(person.name)] = None
    return handles


def _narrow(found: Match, remarks: list[str]) -> Match:
    """Those of the same name whom a remark fits: department, extension, number, rest of a name."""
    said = {fold(remark) for remark in remarks}
    fitting = tuple(person for person in found.candidates if said & _describe(person))
    if len(fitting) != 1:
        return found
    return Match(fitting[0], (), f"{found.why}, and “{' '.join(remarks)}” fits one of them")


def _describe(person: Person) -> set[str]:
    texts = (person.department, person.staff_number, person.extension, *person.name.split())
    return {fold(text) for text in texts if text}


def _begins(name: str, part: str) -> bool:
    """One Han character is a surname; one Latin letter is nothing."""
    return (len(part) > 1 or not part.isascii()) and name.startswith(part)


def _contains(name: str, part: str) -> bool:
    """A given name. In Latin, where its words begin: `li` is not in Alice."""
    if len(part) < 2:
        return False
    return f" {part}" in name if part.isascii() else part in name


def _bare_group(text: str) -> str:
    folded = fold(text)
    return folded.removesuffix(" group").removesuffix("组") or folded


def _quote(text: str) -> str:
    return f"“{text[:40]}”"
