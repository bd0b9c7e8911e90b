"""The rooms of one configuration, built once: database, rules, letters, and the journeys over them.

The daemon runs it, commands and the demo ask it. Opens no socket and starts no thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from maildesk.clock import Clock, next_digest, plan_doorstep
from maildesk.clock_records import next_archiving, plan_archiving
from maildesk.clock_reports import enter_report
from maildesk.config.values import Config
from maildesk.desk.decision import Lead, Outcome
from maildesk.desk.letters.wording import Wording
from maildesk.desk.person import Role
from maildesk.desk.reports.period import KINDS
from maildesk.desk.rules.matching import RuleSet, compile_rules
from maildesk.feedback import Feedback
from maildesk.intake import Intake, Limits
from maildesk.mail.peek import peek
from maildesk.memory import open_memory
from maildesk.rulebook import Rulebook
from maildesk.store import deadlines, inbox
from maildesk.store.deadlines import NewDeadline
from maildesk.store.engine import Connection, Store
from maildesk.store.letterpress import Letterpress

if TYPE_CHECKING:
    from maildesk.web.site import Desk


@dataclass(frozen=True, slots=True)
class House:
    """The rooms of one configuration, built once: what the daemon and the command line use.

    `answers` is the desk behind the pages; None: there are none.
    """

    config: Config
    store: Store
    intake: Intake
    clock: Clock
    answers: Desk | None = None
    rulebook: Rulebook | None = None

    def decide_again(
        self, mail: int, take_back: Callable[[Connection, int], bool]
    ) -> tuple[bool, Outcome | None]:
        """Take a mail back from where it was set aside, and decide it anew.

        Whether it was there, and its new outcome; None: a later round fetches or decides it.
        """
        with self.store.write() as db:
            there = take_back(db, mail)
            row = inbox.pending_one(db, mail) if there else None
        if row is None:
            return there, None
        every = tuple(desk.id for desk in self.config.desks)
        feeds = {mailbox.name: mailbox.desks for mailbox in self.config.mailboxes}
        return there, self.intake.receive(row, feeds.get(row.mailbox, every))


def build(
    config: Config,
    *,
    woken: Callable[[], None] = lambda: None,
    now: Callable[[], datetime] | None = None,
    below: Path | None = None,
) -> House:
    """Open the database (made when empty), compile rules and letters. Raises ConfigFault.

    Whoever lets it decide mails calls `enter_people` first. `below` is another data folder: files
    that ours lacks are read from there.
    """
    memory = open_memory(config, now=now, below=below)
    store, directory = memory.store, memory.directory
    base_url = config.web.base_url if config.web else None
    press = Letterpress(Wording(config.templates), (config.secret,), base_url)
    leads = tuple(
        Lead(person.addresses[0], person.name, person.language)
        for person in config.people
        if person.role is Role.LEAD
    )
    desks = dict(memory.desks)
    rules: dict[str, RuleSet] = {
        desk.id: compile_rules(config.rules, desk.profile) for desk in config.desks
    }
    rulebook = Rulebook(config, store, desks, rules)
    limits = Limits(config.worker_bytes, config.parse_seconds, config.parse_memory)
    borders = {item.name: item.trust for item in config.mailboxes if item.trust is not None}
    intake = Intake(
        store,
        memory.blobs,
        press,
        desks,
        rules,
        leads,
        directory,
        borders,
        limits,
        woken,
    )
    clock = Clock(
        store,
        press,
        desks,
        leads,
        directory,
        woken,
        lambda raw: peek(intake.blobs.raw_path(raw)),
        keep_file=intake.blobs.files.save,
    )
    feedback = Feedback(store, press, desks, leads, directory, woken)
    return House(config, store, intake, clock, feedback, rulebook)


def enter_rounds(house: House) -> None:
    """Each desk's next rounds, entered once; the handler enters the one after it.

    Now and then again: a clock that was wrong for a while has put them off by as much, and a
    profile that was read again may want others.
    """
    now, desks = house.store.now(), tuple(house.clock.desks.values())
    rows = []
    for desk in desks:
        subject = f"desk:{desk.id}"
        rows.append(plan_doorstep(desk, now))
        day = next_digest(desk, now)
        rows.append(NewDeadline("digest_daily", subject, desk.id, day, None, f"{day:%Y-%m-%d}"))
        rows.append(plan_archiving(desk, next_archiving(desk, now)))
    with house.store.write() as db:
        deadlines.set_deadlines(db, rows)
        for desk in desks:
            for kind in KINDS:
                enter_report(db, desk, kind, now)
