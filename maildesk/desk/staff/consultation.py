"""Whom does `#会诊` ask to join?  Several people and groups, and the remark behind them (F5).

`#会诊 陈静、王强`, `#join Chen Jing, Wang Qiang and 网络组`, `#协办 陈静 像是网络问题，请看`.
Only what is certainly somebody's name is read as one. Pure; joining itself is `handover`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from maildesk.desk.arrival.directory import Directory, Match, find_group
from maildesk.desk.person import Person
from maildesk.desk.profile import Group, Profile

_MOST = 10
# After these a name follows; a comma may as well begin the remark.
_SURE = re.compile(r"\s*(?:[、;；/+＋&＆]|(?<=[^\x00-\x7f])[和与及]|\band\b)\s*", re.IGNORECASE)
_MAYBE = re.compile(r"\s*[,，]\s*(?:and\b\s*)?", re.IGNORECASE)
_AROUND = " \t,，.。;；:：、"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who is asked, each once, and the words meant for them. `problem`: a name that means nobody
    for certain, and what was found for it; then nobody is asked."""

    who: tuple[Person | Group, ...] = ()
    remark: str = ""
    problem: tuple[str, Match] | None = None


def read_asked(text: str, directory: Directory, profile: Profile) -> Asked:
    """The names of an order's argument, in its order."""
    who: list[Person | Group] = []
    rest, sure = text.strip(), True
    while rest and len(who) < _MOST:
        mark = _find_mark(rest)
        piece = rest[: mark.start()] if mark else rest
        named = _read_name(piece, directory, profile)
        if named is None and sure:
            # 王工, 小陈, 王强（信息部）: as people name each other in a hurry.
            match = directory.find(piece, staff=True)
            if match.person is None:
                return Asked(problem=(piece.strip(), match))
            first = piece.split()[0]
            named = (match.person, piece.index(first) + len(first))
        if named is None:
            break  # the remark begins here
        who.append(named[0])
        left = piece[named[1] :].strip()
        if left or mark is None:
            rest, sure = rest[named[1] :].strip(), False
        else:
            rest, sure = rest[mark.end() :].strip(), mark.re is _SURE
    return Asked(tuple(dict.fromkeys(who)), rest.strip(_AROUND))


def _find_mark(text: str) -> re.Match[str] | None:
    """What stands between the first name and the next."""
    marks = (found for mark in (_SURE, _MAYBE) if (found := mark.search(text)) is not None)
    return min(marks, key=lambda found: found.start(), default=None)


def _read_name(
    piece: str, directory: Directory, profile: Profile
) -> tuple[Person | Group, int] | None:
    """Who is called exactly by the most words that the piece begins with, and where they end."""
    for end in reversed([word.end() for word in re.finditer(r"\S+", piece)]):
        name = piece[:end]
        group = find_group(name, profile)
        if group is not None:
            return group, end
        person = directory.find_exactly(name, staff=True).person
        if person is not None:
            return person, end
    return None
