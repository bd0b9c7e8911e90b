"""What an adversary, or a bad day, tries against the promises (DESIGN §1): each must hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from builders import NOW, raw_mail
from worlds import MemoryMailbox, World

from maildesk.config.values import Filing
from maildesk.errors import Transient
from maildesk.store import ledger
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
