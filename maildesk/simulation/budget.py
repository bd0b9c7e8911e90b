"""How many letters each person and each ticket cost, beside what an ordinary ticket may.

The allowances are WORDS.md's: four letters and two reminders to the requester, two to the engineer
and one more for each limit at risk or missed. A ticket may well need more; then it is worth a look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.person import Role
from maildesk.simulation.story import Line

Party = Literal["requester", "engineer", "lead"]

_ALLOWED: Mapping[Party, int | None] = {"requester": 4, "engineer": 2, "lead": None}
# Letters that come on top, and how many of each may.
_ON_TOP: Mapping[Party, Mapping[str, int]] = {
    "requester": {"reminder": 2},
    "engineer": {"near": 3, "missed": 3},  # response, contact, solution
    "lead": {},
}


@dataclass(frozen=True, slots=True)
class Cost:
    """The letters one person got, of one ticket or of all: how many of each, and how many are more
    than ordinary (`over`)."""

    person: str
    party: Party
    letters: tuple[tuple[str, int], ...]
    ticket: str = ""
    over: int = 0

    @property
    def total(self) -> int:
        return sum(count for _, count in self.letters)


def count_people(lines: Iterable[Line], directory: Directory) -> list[Cost]:
    """Each person with all letters that left, who got the most first."""
    found: dict[str, Counter[str]] = {}
    for line in _list_sent(lines):
        found.setdefault(line.person, Counter())[line.name] += 1
    costs = [_weigh(person, "", letters, directory) for person, letters in found.items()]
    return sorted(costs, key=lambda cost: (-cost.total, cost.person))


def count_tickets(lines: Iterable[Line], directory: Directory) -> list[Cost]:
    """Each ticket's letters to each of its people, by number."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for line in _list_sent(lines):
        if line.ticket:
            found.setdefault((line.ticket, line.person), Counter())[line.name] += 1
    costs = [_weigh(who, ticket, letters, directory) for (ticket, who), letters in found.items()]
    return sorted(costs, key=lambda cost: (cost.ticket, -cost.total, cost.person))


def _list_sent(lines: Iterable[Line]) -> Iterator[Line]:
    return (line for line in lines if line.what == "sent")


def _weigh(person: str, ticket: str, letters: Counter[str], directory: Directory) -> Cost:
    known = directory.at(person)
    role = known.role if known else Role.REQUESTER
    party: Party = (
        "lead" if role is Role.LEAD else "engineer" if role is Role.ENGINEER else "requester"
    )
    over = 0
    allowed = _ALLOWED[party]
    if ticket and allowed is not None:
        top = _ON_TOP[party]
        plain = sum(count for name, count in letters.items() if name not in top)
        more = (max(0, letters[name] - most) for name, most in top.items())
        over = max(0, plain - allowed) + sum(more)
    return Cost(person, party, tuple(sorted(letters.items())), ticket, over)
