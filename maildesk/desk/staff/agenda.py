"""An engineer's day: which of his tickets want something today, in the order he should look.

Pure: rows in, the digest's sections out. Everything that is worth no letter of its own stands here
(WORDS.md: confirmations and duties in one digest a day).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from maildesk.desk.letters.moments import say, say_day
from maildesk.desk.letters.phrases import phrase
from maildesk.desk.letters.staff_values import DigestItem, DigestSection
from maildesk.desk.ticket import State

_MOST = 40


@dataclass(frozen=True, slots=True)
class Task:
    """One ticket of an engineer, as his digest needs it; times UTC. `confirmed`: since the last.

    `held`: since when words of his wait for his `#send`. `missed`: limits missed since the last
    digest that nobody has explained. `reminded`: when its requester was reminded of his answer in
    vain, or could not be. `score` and `said`: what he thinks of it, given since the last digest.
    """

    number: str
    title: str
    state: State
    requester: str
    responded: datetime | None
    response_due: datetime | None
    eta: datetime | None
    confirmed: datetime | None
    updated: datetime
    held: datetime | None = None
    missed: tuple[str, ...] = ()
    reminded: datetime | None = None
    score: int | None = None
    said: str = ""


Test = Callable[[Task, datetime], bool]

_SECTIONS: tuple[tuple[str, Test], ...] = (
    ("agenda_unsent", lambda task, now: task.held is not None),
    ("agenda_reason", lambda task, now: bool(task.missed)),
    ("agenda_overdue", lambda task, now: _open(task) and task.eta is not None and task.eta <= now),
    ("agenda_new", lambda task, now: _open(task) and task.responded is None),
    ("agenda_working", lambda task, now: task.state is State.IN_PROGRESS),
    ("agenda_held", lambda task, now: task.state is State.ON_HOLD),
    ("agenda_waiting_long", lambda task, now: _is_silent(task, State.WAITING_REQUESTER)),
    ("agenda_confirm_long", lambda task, now: _is_silent(task, State.TO_CONFIRM)),
    ("agenda_waiting", lambda task, now: task.state is State.WAITING_REQUESTER),
    ("agenda_confirm", lambda task, now: task.state is State.TO_CONFIRM),
    ("agenda_rated", lambda task, now: task.score is not None or bool(task.said)),
    ("agenda_confirmed", lambda task, now: task.confirmed is not None),
)


def plan_day(
    tasks: Sequence[Task], now: datetime, zone: ZoneInfo, language: str
) -> tuple[DigestSection, ...]:
    """The sections that have something in them; a ticket stands in the first that fits."""
    left = list(tasks)
    sections = []
    for key, wanted in _SECTIONS:
        mine = [task for task in left if wanted(task, now)]
        left = [task for task in left if task not in mine]
        if mine:
            items = tuple(_write(key, task, now, zone, language) for task in mine[:_MOST])
            sections.append(DigestSection(phrase(key, language), items, len(mine) - len(items)))
    return tuple(sections)


@dataclass(frozen=True, slots=True)
class AwayTasks:
    """A colleague who is away until then, and his tickets; for the lead's digest."""

    name: str
    until: datetime
    tasks: tuple[Task, ...]


def plan_absent(
    away: Sequence[AwayTasks], now: datetime, zone: ZoneInfo, language: str
) -> tuple[DigestSection, ...]:
    """What lies with people who are away: one section, or none."""
    items = tuple(
        DigestItem(
            task.number,
            task.title,
            phrase(
                "agenda_away_until",
                language,
                name=absent.name,
                day=say_day(absent.until - _MOMENT, zone, language),
                requester=task.requester,
            ),
        )
        for absent in away
        for task in absent.tasks
        if _open(task)
    )
    if not items:
        return ()
    shown = items[:_MOST]
    return (DigestSection(phrase("agenda_absent", language), shown, len(items) - len(shown)),)


_MOMENT = timedelta(seconds=1)  # until midnight is up to the day before


def _open(task: Task) -> bool:
    return task.state in (State.NEW, State.UNASSIGNED, State.IN_PROGRESS, State.ON_HOLD)


def _is_silent(task: Task, state: State) -> bool:
    """Whether nothing has happened since its requester was reminded."""
    return task.state is state and task.reminded is not None and task.reminded >= task.updated


def _write(key: str, task: Task, now: datetime, zone: ZoneInfo, language: str) -> DigestItem:
    moment, word = task.updated, "agenda_since"
    if task.held is not None:
        moment = task.held
    elif task.eta is not None and key in ("agenda_overdue", "agenda_working", "agenda_held"):
        moment, word = task.eta, "agenda_eta"
    elif task.response_due is not None and key == "agenda_new":
        moment, word = task.response_due, "agenda_due"
    chinese = language.startswith("zh")
    said = phrase(word, language, time=say(moment, now, zone, language))
    if key == "agenda_reason":
        limits = ("、" if chinese else ", ").join(
            phrase(f"limit_{limit}", language) for limit in task.missed
        )
        said = phrase("agenda_missed", language, limits=limits)
    if key == "agenda_rated":
        return DigestItem(task.number, task.title, _say_rating("agenda_score", task, language))
    if task.score is not None:
        said += _say_rating("agenda_beside", task, language)
    return DigestItem(
        task.number,
        task.title,
        f"{task.requester}，{said}" if chinese else f"{task.requester}, {said}",
    )


def _say_rating(key: str, task: Task, language: str) -> str:
    """The score, and the words as far as a line has room."""
    words, colon = " ".join(task.said.split())[:_LONGEST_WORDS], ": "
    if language.startswith("zh"):
        colon = "："
    rated = task.requester
    if task.score is not None:
        rated = phrase(key, language, requester=task.requester, score=str(task.score))
    return f"{rated}{colon}{words}" if words else rated


_LONGEST_WORDS = 120
