"""A mailbox with a past: first start, a new UIDVALIDITY, mails others have read, bad mails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, raw_mail
from worlds import LEAD, World

from maildesk.collect import Held
from maildesk.config.values import Filing
from maildesk.store.owner import name_owner


def ident(world: World, uid: int) -> int:
    return int(world.value(f"SELECT id FROM sightings WHERE uid = {uid}"))


def old_mails(world: World, count: int) -> None:
    for at in range(count):
        raw = raw_mail(message_id=f"old{at}@corp.test", sender=f"u{at} <u{at}@corp.test>")
        world.mailbox.arrive(raw, NOW - timedelta(days=30, minutes=at))


def test_what_was_there_at_the_first_start_is_recorded_and_never_answered(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    old_mails(world, 40)
    world.start()
    world.run()
    assert world.value("SELECT count(*) FROM sightings WHERE outcome='before_start'") == 40
    assert world.mailbox.fetched == 0
    assert not world.transport.sent
    assert not any(item.flags for item in world.mailbox.mails.values())
    world.receive(raw_mail())
    assert len(world.transport.sent) == 1


def test_import_since_answers_the_past_from_that_day_on_also_later(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    old_mails(world, 3)
    world.mailbox.arrive(raw_mail(message_id="fresh@corp.test"), NOW - timedelta(hours=2))
    world.start()
    assert world.value("SELECT count(*) FROM tickets") == 0
    world.collect_again(import_since=NOW - timedelta(days=1))
    world.start()
    world.run()
    assert world.value("SELECT count(*) FROM tickets") == 1
    assert world.value("SELECT count(*) FROM sightings WHERE outcome='before_start'") == 3


def test_a_new_uidvalidity_over_a_thousand_old_mails_sends_nothing(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    old_mails(world, 990)
    world.start()
    for at in range(10):
        world.mailbox.arrive(
            raw_mail(message_id=f"n{at}@corp.test", sender=f"n{at} <n{at}@corp.test>")
        )
    world.run()
    # Ten alike within the hour: the lead is asked once whether they are one outage.
    told = [to for to, _ in world.transport.sent].count(LEAD.key)
    assert told == 1
    assert len(world.transport.sent) == 10 + told
    world.mailbox.renumber()
    world.collect_again()
    world.now += timedelta(minutes=1)
    world.start()
    world.run()
    assert len(world.transport.sent) == 10 + told
    assert world.value("SELECT count(*) FROM tickets") == 10
    # One that came during the change is answered; an archive nobody ever saw is not.
    world.mailbox.arrive(raw_mail(message_id="during@corp.test"))
    world.mailbox.arrive(
        raw_mail(message_id="never-seen@corp.test", date="Mon, 02 Mar 2026 09:00:00 +0800"),
        NOW - timedelta(days=200),
    )
    world.run()
    assert len(world.transport.sent) == 11 + told
    # A sender whose clock is wrong by years is answered all the same.
    world.mailbox.arrive(
        raw_mail(
            sender="old <old@corp.test>",
            message_id="clock@corp.test",
            date="Sat, 01 Jan 2011 09:00:00 +0800",
        )
    )
    world.run()
    assert len(world.transport.sent) == 12 + told


def test_another_folder_is_another_past_even_under_the_same_uidvalidity(world: World) -> None:
    world.receive(raw_mail())
    old_mails(world, 5)
    account = replace(world.config.imap, folder="INBOX/desk")
    world.config = replace(world.config, imap=account)
    world.collect_again()
    world.start()
    world.run()
    assert len(world.transport.sent) == 1


def test_a_mail_without_message_id_is_known_again_by_its_bytes(world: World) -> None:
    world.receive(raw_mail(message_id=None, date=None))
    world.mailbox.renumber()
    world.collect_again()
    world.start()
    world.run()
    assert world.value("SELECT count(*) FROM tickets") == 1
    assert len(world.transport.sent) == 1


def test_a_mail_another_client_has_read_is_still_imported(world: World) -> None:
    uid = world.mailbox.arrive(raw_mail())
    world.mailbox.mails[uid].flags.add("seen")
    world.run()
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_mails_are_filed_by_their_outcome(make_world: Callable[..., World]) -> None:
    world = make_world(filing=Filing("move"))
    world.start()
    world.receive(raw_mail())
    world.receive(raw_mail(message_id="a@corp.test", headers=("Auto-Submitted: auto-replied",)))
    world.receive(b"\r\n")
    assert len(world.mailbox.folders["maildesk/Done"]) == 1
    assert len(world.mailbox.folders["maildesk/Ignored"]) == 1
    assert len(world.mailbox.folders["maildesk/Quarantined"]) == 1
    assert not world.mailbox.mails


@pytest.mark.parametrize("mode", ["flag", "leave"])
def test_flag_marks_as_read_and_leave_touches_nothing(
    make_world: Callable[..., World], mode: str
) -> None:
    world = make_world(filing=Filing("flag" if mode == "flag" else "leave"))
    world.start()
    world.receive(raw_mail())
    assert [item.flags for item in world.mailbox.mails.values()] == [
        {"seen"} if mode == "flag" else set()
    ]


def test_an_unreadable_mail_is_quarantined_told_once_and_stops_nobody(world: World) -> None:
    world.mailbox.arrive(b"")
    world.mailbox.arrive(raw_mail())
    world.run()
    world.run()
    world.later(hours=1)
    outcomes = [row[0] for row in world.rows("SELECT outcome FROM sightings ORDER BY id")]
    assert outcomes == ["quarantined", "opened"]
    assert len(world.transport.letters("wang@corp.test")) == 1


def test_a_mail_that_ended_the_process_twice_is_quarantined_unparsed(world: World) -> None:
    world.mailbox.arrive(raw_mail())
    with world.store.write() as db:
        from maildesk.store import inbox
        from maildesk.store.inbox import Sighted

        kept = world.blobs.spool((raw_mail(message_id="killer@corp.test"),))
        inbox.record(db, "main", 1, [Sighted(77, NOW, kept.size, None, kept.sha256)], NOW)
        inbox.record(db, "main", 1, [Sighted(78, NOW, kept.size, None, "0" * 64)], NOW)
    for _ in range(2):
        # The process ended while the mail was in hand, as the note beside the blobs says.
        (world.blobs.data / "in-hand-main").write_text(f"{ident(world, 77):<20d}")
        world.collect_again()
        world.collector.open()
    assert world.value("SELECT attempts FROM sightings WHERE uid = 77") == 3
    assert world.value("SELECT attempts FROM sightings WHERE uid = 78") == 1
    world.run()
    row = world.rows("SELECT outcome, reason FROM sightings WHERE uid = 77")[0]
    assert row.outcome == "quarantined"
    assert "2 times" in row.reason
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_what_a_former_run_ended_with_comes_last_and_alone(world: World) -> None:
    from maildesk.store import inbox
    from maildesk.store.inbox import Sighted

    with world.store.write() as db:
        for uid in (1, 2, 3):
            kept = world.blobs.spool((raw_mail(message_id=f"n{uid}@corp.test"),))
            inbox.record(db, "main", 1, [Sighted(uid, NOW, kept.size, None, kept.sha256)], NOW)
    with world.store.write() as db:
        inbox.count_attempt(db, ident(world, 1))
        rows = inbox.pending(db, "main")
    taken: list[int] = []
    assert world.intake.receive_all(rows, ("it",), taken.append) == 3
    assert list(dict.fromkeys(taken)) == [ident(world, 2), ident(world, 3), ident(world, 1)]
    assert taken.count(ident(world, 1)) == 1  # it was read in a process of its own


def test_a_second_attempt_is_parsed_in_a_process_of_its_own(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from maildesk import intake
    from maildesk.store import inbox
    from maildesk.store.inbox import Sighted

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("parsed in the daemon's own process")

    monkeypatch.setattr(intake, "parse", refuse)
    with world.store.write() as db:
        kept = world.blobs.spool((raw_mail(message_id="again@corp.test"),))
        inbox.record(db, "main", 1, [Sighted(78, NOW, kept.size, None, kept.sha256)], NOW)
    with world.store.write() as db:
        inbox.count_attempt(db, ident(world, 78))
    world.run()
    assert world.value("SELECT outcome FROM sightings WHERE uid = 78") == "opened"


def test_a_mail_beyond_the_size_limit_stays_on_the_server_and_the_lead_is_told(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    world.config = replace(world.config, max_mail_bytes=2000)
    world.collect_again()
    world.start()
    world.receive(raw_mail(text="x" * 5000))
    assert world.value("SELECT outcome FROM sightings") == "quarantined"
    assert world.value("SELECT raw_sha FROM sightings") is None
    assert not list(world.blobs.list_raws())
    assert len(world.transport.letters("wang@corp.test")) == 1


def test_a_full_disk_leaves_the_mail_spooled_and_it_is_taken_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    from maildesk import intake
    from maildesk.mail.parse import parse as real

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(intake, "parse", full)
    world.receive(raw_mail())
    assert world.value("SELECT state FROM sightings") == "spooled"
    monkeypatch.setattr(intake, "parse", real)
    world.run()
    assert world.value("SELECT outcome FROM sightings") == "opened"


def test_a_mailbox_held_by_another_living_daemon_is_left_alone(world: World) -> None:
    other = world.collect_again()
    other.owner = name_owner().replace("/", "-elsewhere/", 1)
    with pytest.raises(Held):
        other.open()
    world.now += timedelta(minutes=5)
    other.open()


def test_what_came_while_we_could_not_read_is_answered_after_a_new_uidvalidity(
    world: World,
) -> None:
    world.receive(raw_mail())
    for _ in range(3):  # two days without a connection; the lease is kept by the clock
        world.now += timedelta(hours=16)
        world.collector.renew()
    world.mailbox.arrive(
        raw_mail(
            sender="late <late@corp.test>",
            message_id="late@corp.test",
            date="Sat, 21 Nov 2026 09:00:00 +0800",
        ),
        NOW + timedelta(hours=20),
    )
    world.mailbox.renumber()
    world.collect_again()
    world.start()
    world.run()
    assert len(world.transport.letters("late@corp.test")) == 1
