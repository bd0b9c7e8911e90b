"""What an adversary, or a bad day, tries against the promises (DESIGN §1): each must hold."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import DESK, NOW, SECRET, raw_mail
from servers.postgres import Postgres
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from worlds import LEAD, MemoryMailbox, MemoryTransport, Said, World

from maildesk.audit import compare, compare_kept
from maildesk.config.values import Config, Filing
from maildesk.delivery import Delivery
from maildesk.desk.charter import Budgets
from maildesk.desk.person import Person, Role
from maildesk.errors import Transient
from maildesk.mail.proof import ids
from maildesk.memory import enter_people
from maildesk.store import deadlines, engine, facts, inbox, ledger, outbox
from maildesk.wire.envelope import Envelope
from maildesk.wire.folder import FolderState

LIST_COPY = ("List-Id: <all.corp.test>", "Precedence: list")


def outcomes(world: World) -> list[str]:
    return [row[0] for row in world.rows("SELECT outcome FROM sightings ORDER BY id")]


def tickets(world: World) -> int:
    return int(world.value("SELECT count(*) FROM tickets"))


# ── no mail lost ─────────────────────────────────────────────────────────────────────────────


def test_a_server_that_hides_uidnext_does_not_make_us_answer_the_past(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    for at in range(5):
        world.mailbox.arrive(raw_mail(message_id=f"old{at}@corp.test"))

    class Shy(MemoryMailbox):
        def open(self) -> FolderState:
            return FolderState(self.uidvalidity, 0, len(self.mails))

    world.mailbox.__class__ = Shy
    world.collector.open()
    world.run()
    assert outcomes(world) == ["before_start"] * 5
    world.receive(raw_mail(message_id="new@corp.test"))
    assert tickets(world) == 1
    assert len(world.transport.sent) == 1


def test_a_list_copy_that_comes_first_does_not_swallow_the_request_itself(world: World) -> None:
    world.receive(raw_mail(headers=LIST_COPY))
    world.receive(raw_mail())
    assert outcomes(world) == ["ignored", "opened"]
    assert len(world.transport.sent) == 1


def test_a_list_copy_that_comes_second_opens_nothing(world: World) -> None:
    world.receive(raw_mail())
    world.receive(raw_mail(headers=LIST_COPY))
    assert tickets(world) == 1
    assert len(world.transport.sent) == 1


def test_a_scanner_without_message_ids_is_not_taken_for_its_own_past(world: World) -> None:
    """Same size, no Message-ID, no Date: under a new UIDVALIDITY only the bytes may decide."""
    first = raw_mail(message_id=None, date=None, text="scan 0001\n")
    second = raw_mail(message_id=None, date=None, text="scan 0002\n")
    assert len(first) == len(second)
    world.receive(first)
    world.mailbox.renumber()
    world.collect_again().open()
    world.run()
    world.receive(second)
    assert tickets(world) == 2
    assert outcomes(world) == ["opened", "duplicate", "opened"]


def test_the_past_can_be_imported_after_a_new_uidvalidity_too(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    world.mailbox.arrive(raw_mail(), NOW - timedelta(days=2))
    world.start()
    world.mailbox.renumber()
    world.collect_again().open()
    world.run()
    assert tickets(world) == 0
    for _ in range(2):  # the option stays on the command line
        world.collect_again(import_since=NOW - timedelta(days=3)).open()
        world.run()
    assert tickets(world) == 1
    assert len(world.transport.letters("zhang@corp.test")) == 1


def test_mail_expunged_between_search_fetch_and_filing_stops_nobody(
    make_world: Callable[..., World],
) -> None:
    world = make_world(filing=Filing("move", "Done", "Ignored", "Quarantine"))
    world.start()

    class Vanishing(MemoryMailbox):
        def search(self, after: int = 0) -> list[int]:
            found = super().search(after)
            self.mails.pop(1, None)  # seen by SEARCH, gone at FETCH
            return found

        def fetch(self, batch: Sequence[Envelope]) -> Any:
            yield from super().fetch([env for env in batch if env.uid != 2])
            self.mails.pop(2, None)  # gone half-way
            self.mails.pop(3, None)  # fetched, gone before it is filed

        def move(self, uids: Sequence[int], target: str) -> None:
            super().move([uid for uid in uids if uid in self.mails], target)

    world.mailbox.__class__ = Vanishing
    for at in range(5):
        world.mailbox.arrive(raw_mail(message_id=f"m{at}@corp.test"))
    world.run()
    world.run()
    assert tickets(world) == 3
    assert world.value("SELECT count(*) FROM sightings WHERE state <> 'filed'") == 0


def test_a_folder_mails_cannot_be_moved_to_does_not_stop_the_desk(
    make_world: Callable[..., World],
) -> None:
    """Filing is a courtesy: over quota or without the right, mail is still read and answered."""
    world = make_world(filing=Filing("move", "Done", "Ignored", "Quarantine"))
    world.start()

    class Full(MemoryMailbox):
        full = True

        def move(self, uids: Sequence[int], target: str) -> None:
            if self.full and target == "Done":
                raise Transient("NO [OVERQUOTA] the quota is used up")
            super().move(uids, target)

    world.mailbox.__class__ = Full
    for at in range(3):
        world.receive(raw_mail(message_id=f"m{at}@corp.test"))
    world.receive(raw_mail(message_id="auto@corp.test", headers=("Auto-Submitted: auto-replied",)))
    assert tickets(world) == 3
    assert len(world.transport.sent) == 3
    assert len(world.mailbox.folders["Ignored"]) == 1
    assert world.value("SELECT state FROM health WHERE part='mailbox:main'") == "degraded"
    assert "OVERQUOTA" in world.value("SELECT detail FROM health WHERE part='mailbox:main'")
    Full.full = False
    world.run()
    assert len(world.mailbox.folders["Done"]) == 3
    assert world.value("SELECT state FROM health WHERE part='mailbox:main'") == "ok"


def test_one_mail_that_breaks_the_connection_takes_no_innocent_one_with_it(world: World) -> None:
    class Brittle(MemoryMailbox):
        def fetch(self, batch: Sequence[Envelope]) -> Any:
            # The server answers a whole command or dies, as with mails fetched together.
            if any(b"poison" in self.mails[env.uid].raw for env in batch):
                raise Transient("connection lost while fetching mails")
            yield from super().fetch(batch)

    world.mailbox.__class__ = Brittle
    for at in range(8):
        words = "poison" if at == 5 else "ordinary"
        world.mailbox.arrive(raw_mail(message_id=f"{words}{at}@corp.test"))
    for _ in range(60):
        try:
            world.run()
            break
        except Transient:
            world.collector.open()
    assert sorted(outcomes(world)) == ["opened"] * 7 + ["quarantined"]


def test_a_quarantined_mail_of_the_server_is_really_tried_again(world: World) -> None:
    class Brittle(MemoryMailbox):
        broken = True

        def fetch(self, batch: Sequence[Envelope]) -> Any:
            if self.broken:
                raise Transient("connection lost while fetching mails")
            yield from super().fetch(batch)

    world.mailbox.__class__ = Brittle
    world.mailbox.arrive(raw_mail())
    for _ in range(6):
        try:
            world.run()
        except Transient:
            world.collector.open()
    assert outcomes(world) == ["quarantined"]
    Brittle.broken = False
    with world.store.write() as db:
        assert ledger.retry_quarantined(db, 1)
    world.collector.open()
    world.run()
    assert outcomes(world) == ["opened"]


# ── none twice ───────────────────────────────────────────────────────────────────────────────


def test_a_letter_accepted_while_the_database_was_away_is_settled_and_never_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, away = outbox.settle, [True]

    def settle(*given: Any, **named: Any) -> bool:
        if away[0]:
            raise Transient("database: locked")
        return real(*given, **named)

    monkeypatch.setattr(outbox, "settle", settle)
    world.receive(raw_mail())
    assert world.value("SELECT state FROM outbox") == "sending"
    world.now += timedelta(minutes=10)  # beyond the lease
    with pytest.raises(Transient):
        asyncio.run(world.delivery.drain())
    away[0] = False
    world.later(minutes=10)
    assert world.value("SELECT state FROM outbox") == "accepted"
    assert world.value("SELECT in_doubt FROM outbox") == 0
    assert len(world.transport.sent) == 1


def test_a_daemon_that_was_stopped_between_claim_and_send_sends_nothing_another_has_sent(
    world: World,
) -> None:
    for at in range(3):
        world.mailbox.arrive(raw_mail(message_id=f"m{at}@corp.test"))
    world.collector.read_new()
    claimed, _ = world.delivery._claim(world.now)
    assert len(claimed) == 3
    world.now += timedelta(minutes=5)  # SIGSTOP, or a suspended machine
    desks = {world.desk.id: world.desk}
    other = Delivery(world.store, world.transport, desks, "other")
    asyncio.run(other.drain())
    asyncio.run(world.delivery._deliver(claimed, NOW))
    asyncio.run(world.delivery.drain())
    assert len(world.transport.sent) == 3
    assert world.value("SELECT count(*) FROM outbox WHERE state='accepted'") == 3


def test_a_stop_does_not_wait_for_a_long_queue(world: World) -> None:
    desk = replace(world.desk, budgets=Budgets(per_address_hour=1000))
    world.intake = replace(world.intake, desks={desk.id: desk})
    world.collect_again().open()
    for at in range(60):
        world.mailbox.arrive(raw_mail(message_id=f"m{at}@corp.test"))
    world.collector.read_new()
    world.delivery.stopping = lambda: len(world.transport.sent) > 0
    asyncio.run(world.delivery.drain())
    assert 0 < len(world.transport.sent) < 60
    world.delivery.stopping = lambda: False
    asyncio.run(world.delivery.drain())
    assert len(world.transport.sent) == 60


def test_a_mail_server_away_for_an_hour_delays_letters_and_doubles_none(world: World) -> None:
    world.transport.answers = [Said("later", None, "no connection", "connect")] * 6
    for at in range(3):
        world.mailbox.arrive(raw_mail(message_id=f"m{at}@corp.test"))
    world.run()
    for _ in range(60):
        world.later(minutes=1)
    assert len(world.transport.letters("zhang@corp.test")) == 3
    assert len({letter["Message-ID"] for letter in world.transport.letters()}) == len(
        world.transport.sent
    )


def test_a_database_locked_by_somebody_else_delays_and_doubles_nothing(
    make_world: Callable[..., World], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup takes the lock just when a letter has left, and keeps it longer than we wait."""
    monkeypatch.setattr(engine, "PRAGMAS", (*engine.PRAGMAS[:-1], "busy_timeout=100"))
    file = tmp_path / "locked.db"
    world = make_world(url=f"sqlite:///{file}")
    world.start()
    backup = sqlite3.connect(file, isolation_level=None)

    class Locking(MemoryTransport):
        async def send(self, sender: str, recipient: str, data: bytes) -> Said:
            backup.execute("BEGIN IMMEDIATE")
            return await super().send(sender, recipient, data)

    world.transport.__class__ = Locking
    world.receive(raw_mail())
    world.mailbox.arrive(raw_mail(message_id="two@corp.test"))
    with pytest.raises(Transient):
        world.collector.read_new()
    world.now += timedelta(minutes=10)
    backup.close()
    world.transport.__class__ = MemoryTransport
    world.collector.open()
    world.run()
    assert tickets(world) == 2
    assert len(world.transport.sent) == 2
    assert world.value("SELECT sum(in_doubt) FROM outbox") == 0


def test_daemons_starting_at_once_enter_the_people_once(world: World, tmp_path: Path) -> None:
    listed = tuple(
        Person(f"n{at}", (f"n{at}@corp.test",), staff_number=f"S{at}") for at in range(30)
    )
    config = Config(tmp_path / "x.toml", tmp_path, "", b"", (world.desk,), people=listed)
    gate = threading.Barrier(4)
    faults: list[BaseException] = []

    def start() -> None:
        gate.wait()
        try:
            enter_people(world.store, config)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    assert world.value("SELECT count(*) FROM people WHERE name LIKE 'n%'") == 30


# ── a stranger cannot act ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("header", ["Auto-Submitted: auto-replied", "Precedence: list"])
def test_a_forged_machine_answer_quoting_a_number_leaves_no_trace_in_the_ticket(
    world: World, header: str
) -> None:
    world.receive(raw_mail())
    number = world.value("SELECT number FROM tickets")
    before = world.value("SELECT count(*) FROM events")
    world.receive(
        raw_mail(
            sender="x <evil@elsewhere.test>",
            subject=f"Re: [{number}] your boss is fired",
            message_id="e@elsewhere.test",
            headers=(header, "References: <tomorrow@corp.test>"),
        )
    )
    assert outcomes(world) == ["opened", "ignored"]
    assert world.value("SELECT count(*) FROM events") == before


def test_a_forged_bounce_marks_nobody(world: World) -> None:
    world.receive(raw_mail())
    number = world.value("SELECT number FROM tickets")
    report = (
        "From: MAILER-DAEMON@evil.test\r\nTo: desk@corp.test\r\n"
        f"Subject: Undelivered [{number}]\r\nMessage-ID: <b@evil.test>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nno\r\n--b\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        "Final-Recipient: rfc822; zhang@corp.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--b--\r\n"
    )
    world.receive(report.encode())
    assert world.value("SELECT count(*) FROM addresses WHERE bounced_at IS NOT NULL") == 0
    assert world.value("SELECT count(*) FROM events WHERE kind='bounced'") == 0


def test_a_note_ties_nobody_elses_thread_to_the_ticket(make_world: Callable[..., World]) -> None:
    engineer = Person("陈工", ("chen@corp.test",), staff_number="NT7", role=Role.ENGINEER)
    world = make_world(listed=(LEAD, engineer))
    world.start()
    world.receive(raw_mail())
    number = world.value("SELECT number FROM tickets")
    world.receive(
        raw_mail(
            sender="陈工 <chen@corp.test>",
            subject=f"Re: [{number}]",
            message_id="note@corp.test",
            headers=("References: <another-thread@corp.test>",),
        )
    )
    assert outcomes(world) == ["opened", "noted"]
    world.receive(
        raw_mail(
            subject="Re: 另一件事",
            message_id="second@corp.test",
            headers=("In-Reply-To: <another-thread@corp.test>",),
        )
    )
    assert tickets(world) == 2


def test_a_letter_of_a_former_database_opens_no_door_to_a_ticket_of_this_one(
    world: World,
) -> None:
    """After a restore ticket ids are given again; what an old letter proved is about another."""
    world.receive(raw_mail())
    assert world.value("SELECT id FROM tickets") == 1
    old = ids.mint(
        SECRET, letter_key="letter:9/ack/li", ticket=1, recipient="li@corp.test", domain="corp.test"
    )
    world.receive(
        raw_mail(
            sender="li <li@corp.test>",
            subject="Re: my secret",
            message_id="li@corp.test",
            headers=(f"References: <{old}>",),
        )
    )
    assert tickets(world) == 2
    assert world.value("SELECT count(*) FROM participants WHERE ticket_id=1") == 1


def test_a_sender_that_is_only_a_domain_is_a_stranger(world: World) -> None:
    world.receive(raw_mail(sender="x corp.test"))
    world.receive(raw_mail(sender="x <@corp.test>", message_id="two@corp.test"))
    assert tickets(world) == 0
    assert set(outcomes(world)) == {"doorstep"}


def test_header_injection_stays_in_its_header(world: World) -> None:
    evil = "\r\nBcc: victim@corp.test\r\n\r\nowned\r\n"
    world.receive(raw_mail(sender=f"{evil}张 <zhang@corp.test>", subject=f"{evil}打印机"))
    [letter] = world.transport.letters("zhang@corp.test")
    assert letter["Bcc"] is None
    assert letter["To"].addresses[0].addr_spec == "zhang@corp.test"
    assert len(letter["Subject"].splitlines()) == 1
    assert [recipient for recipient, _ in world.transport.sent] == ["zhang@corp.test"]


# ── it never loops and never storms ──────────────────────────────────────────────────────────


def test_the_budget_of_an_address_counts_all_its_tags(world: World) -> None:
    for at in range(12):
        name = f"ZhAng+{at}" if at % 2 else f"zhang+x{at}"
        world.receive(raw_mail(sender=f"z <{name}@Corp.Test>", message_id=f"m{at}@corp.test"))
    assert tickets(world) == 12
    sent = [letter for letter in world.transport.letters() if "zhang" in letter["To"].lower()]
    assert len(sent) == 5


def test_mail_that_says_it_is_from_the_desk_itself_is_not_answered(world: World) -> None:
    for at in range(3):
        world.receive(raw_mail(sender=f"desk <{DESK}>", message_id=f"m{at}@corp.test"))
    assert not world.transport.sent


def test_two_desks_brakes_closing_in_one_hour_are_both_told(world: World) -> None:
    second = replace(world.desk, id="hr")
    desks = {world.desk.id: world.desk, "hr": second}
    clock = replace(world.clock, desks=desks)
    clock.alarm(world.desk.id, 500)
    clock.alarm("hr", 500)
    clock.alarm("hr", 500)
    assert world.value("SELECT count(*) FROM outbox WHERE letter='breaker'") == 2


def test_what_a_former_run_said_of_brake_and_account_is_taken_back(world: World) -> None:
    world.transport.answers = [Said("account", 535, "bad password", "auth")]
    world.receive(raw_mail())
    world.clock.alarm(world.desk.id, 500)
    assert world.value("SELECT count(*) FROM health WHERE state <> 'ok'") == 2
    desks = {world.desk.id: world.desk}
    world.delivery = Delivery(world.store, world.transport, desks, "next", alarm=world.clock.alarm)
    world.later(hours=2)
    assert world.value("SELECT count(*) FROM health WHERE state <> 'ok'") == 0


def test_a_stranger_of_a_long_weekend_is_listed_to_the_lead(world: World) -> None:
    """What came while we were away, or was decided late, still is in the next list."""
    row = deadlines.NewDeadline(
        "doorstep_daily", f"desk:{world.desk.id}", world.desk.id, NOW + timedelta(days=1), None, "d"
    )
    with world.store.write() as db:
        deadlines.set_deadlines(db, [row])
    world.mailbox.arrive(
        raw_mail(sender="x <x@elsewhere.test>", subject="让我进来"), NOW - timedelta(days=3)
    )
    world.run()
    world.later(days=4)  # the daemon was down
    lists = [letter for letter in world.transport.letters() if "x@elsewhere.test" in str(letter)]
    assert world.value("SELECT count(*) FROM outbox WHERE letter='doorstep'") == 1
    assert len(lists) <= 1
    assert world.value("SELECT count(*) FROM deadlines WHERE state='open'") == 1


# ── one bad mail never stops the others ──────────────────────────────────────────────────────

LONG = "n" * 300


@pytest.mark.parametrize(
    "given",
    [
        {"sender": f"{LONG} <zhang@corp.test>"},
        {"sender": f"x <{'a' * 400}@corp.test>"},
        {"to": f"{DESK}, {LONG} <y@corp.test>, {'b' * 400}@corp.test"},
        {"headers": (f"Cc: {'界' * 300} <y@corp.test>",)},
        {"sender": "=?utf-7?Q?+2AA-?= <zhang@corp.test>", "subject": "=?utf-7?Q?+2AA-?="},
        {"sender": "=?utf-8?B?AGEAYg==?= <zhang@corp.test>", "subject": "=?utf-8?B?AGEAYg==?="},
        {"sender": '"a\\\0b" <zh\0ang@corp.test>'},
        {"message_id": "a\0b\x80@corp.test", "headers": ("References: <\0\x80@x> <\xff>",)},
        {"subject": "IT-20261120-0001 \0 \udcff \ud800"},
        {"attachment": ("=?utf-7?Q?+2AA-?=\0.exe", b"x")},
        {"headers": ("List-Id: \0", "In-Reply-To: " + "<y@x> " * 3000)},
        {"sender": "undisclosed:;"},
        {"sender": "a@corp.test, b@elsewhere.test, c:d@corp.test;"},
        {"date": "Mon, 01 Jan 0001 00:00:00 +1400"},
        {"date": "Fri, 31 Dec 9999 23:59:59 -1200"},
    ],
    ids=str,
)
def test_hostile_text_reaches_its_outcome_and_the_next_mail_is_answered(
    world: World, given: dict[str, Any]
) -> None:
    ordinary = raw_mail(message_id="next@corp.test", sender="li <li@corp.test>")
    values = {name: item for name, item in given.items() if name != "subject"}
    raw = raw_mail(**values)
    if "subject" in given:
        subject = given["subject"].encode("utf-8", "surrogatepass")
        raw = raw.replace(b"Subject: ", b"Subject: " + subject, 1)
    world.mailbox.arrive(raw)
    world.mailbox.arrive(ordinary)
    world.run()
    assert len(outcomes(world)) == 2
    first, second = outcomes(world)
    assert first in ("opened", "doorstep", "ignored")
    assert second == "opened"
    assert len(world.transport.letters("li@corp.test")) == 1


def test_a_report_with_hostile_fields_reaches_its_outcome(world: World) -> None:
    world.receive(raw_mail())
    ack = world.transport.letters()[0]["Message-ID"].encode()
    people = b"".join(
        b"Final-Recipient: rfc822; a\0\xff%d@x\r\nAction: failed\r\n\r\n" % at
        for at in range(40_000)
    )
    report = (
        b"From: MAILER-DAEMON@evil.test\r\nTo: desk@corp.test\r\nSubject: Undelivered\r\n"
        b"Message-ID: <b@evil.test>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\nno\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\n"
        + people
        + b"\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: "
        + ack
        + b"\r\n\r\nx\r\n--b--\r\n"
    )
    world.receive(report)
    assert outcomes(world) == ["opened", "noted"]


def test_a_mail_of_any_date_is_answered(world: World) -> None:
    for year in (1970, 1996, 2038, 2099):
        when = NOW.replace(year=year)
        world.mailbox.arrive(raw_mail(message_id=f"{year}@corp.test"), when)
    world.run()
    assert outcomes(world) == ["opened"] * 4


def test_numbers_go_on_past_9999_and_are_found(world: World) -> None:
    world.receive(raw_mail(message_id="m0@corp.test"))
    with world.store.write() as db:
        db.execute(text("UPDATE numbers SET last = 9999"))
    world.receive(raw_mail(message_id="m1@corp.test"))
    number = world.value("SELECT max(number) FROM tickets WHERE id = 2")
    assert number.endswith("-10000")
    world.receive(raw_mail(message_id="m2@corp.test", subject=f"Re: [{number}] x"))
    assert outcomes(world)[-1] == "appended"


def test_a_database_that_restarts_in_the_middle_of_a_decision_quarantines_nobody(
    make_world: Callable[..., World],
    postgres: Postgres,
    postgres_template: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = make_world(url=postgres.fresh_database(postgres_template))
    world.start()
    real, cut = facts.gather, [True]

    def gather(db: Any, *given: Any, **named: Any) -> Any:
        if cut.pop() if cut else False:
            mine = db.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with world.store.read() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
        return real(db, *given, **named)

    monkeypatch.setattr(facts, "gather", gather)
    world.receive(raw_mail())
    world.run()
    assert outcomes(world) == ["opened"]
    assert len(world.transport.sent) == 1


def test_a_broken_pool_is_trouble_of_the_moment_not_of_a_mail(world: World) -> None:
    for fault in (PoolTimeout("no connection left"), InterfaceError("x", {}, Exception("closed"))):
        with pytest.raises(Transient), world.store.write():
            raise fault
        with pytest.raises(Transient), world.store.read():
            raise fault


# ── every outcome can be explained ───────────────────────────────────────────────────────────


def test_the_audit_notices_what_somebody_removed_or_changed(world: World) -> None:
    world.receive(raw_mail(attachment=("x", b"file")))
    ingested = raw_mail(message_id="in@corp.test", sender="li <li@corp.test>")
    kept = world.blobs.spool([ingested])
    sighted = inbox.Sighted(None, NOW, kept.size, None, kept.sha256)
    with world.store.write() as db:
        inbox.record_ingested(db, sighted, NOW)
    with world.store.read() as db:
        [row] = inbox.pending(db, inbox.INGEST)
    world.intake.receive(row, (world.desk.id,))

    def losses() -> int:
        box = compare(
            world.config, world.store, world.blobs, lambda imap: world.mailbox, hashes=True
        )
        rest = compare_kept(world.store, world.blobs, hashes=True)
        return sum(item.lost for item in (*box.findings, *rest.findings))

    assert losses() == 0
    raws = [str(item[0]) for item in world.rows("SELECT raw_sha FROM sightings")]
    file = str(world.value("SELECT sha256 FROM attachments"))
    for victim in (*map(world.blobs.raw_path, raws), world.blobs.file_path(file)):
        data = victim.read_bytes()
        victim.unlink()
        assert losses() == 1
        victim.write_bytes(data[:-1] + b"~")
        assert losses() == 1
        victim.write_bytes(data)
    with world.store.write() as db:
        db.execute(text("DELETE FROM sightings"))
    for sha in raws:
        os.utime(world.blobs.raw_path(sha), (0, 0))
    assert losses() == 2
