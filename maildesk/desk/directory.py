"""Who is listed, and whom a name means. (A first outline: `find` and `staff` follow.)"""

from __future__ import annotations

from dataclasses import dataclass

from maildesk.desk.person import Person


@dataclass(frozen=True, slots=True)
class Directory:
    """The listed people, in file order."""

    people: tuple[Person, ...] = ()
