"""A better reader reads the kept mails again: their words change, and nothing that was decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from builders import raw_mail
from sqlalchemy import text
from thread import open_desk, open_ticket
from worlds import World

from maildesk.errors import Unreadable
from maildesk.mail.message import Attachment, Incoming, Sink
from maildesk.mail.parse import parse
from maildesk.redecode import Redecoder, Reread

# All that a run must leave as it is.
_FIXED = (
    "SELECT id, number, state, updated_at FROM tickets ORDER BY id",
    "SELECT * FROM events ORDER BY id",
    "SELECT * FROM outbox ORDER BY id",
    "SELECT * FROM message_ids ORDER BY message_id",
    "SELECT id, kind, outcome, reason, fingerprint, message_id FROM letters ORDER BY id",
    "SELECT id, letter_id, ticket_id FROM texts ORDER BY id",
    "SELECT id, outcome FROM sightings ORDER BY id",
)


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    world = open_desk(make_world)
    open_ticket(world, attachment=("error.log", b"first"))
    return world


def improve(monkeypatch: pytest.MonkeyPatch, better: Callable[[Incoming, Sink], Incoming]) -> None:
    """From now on the reader reads so."""

    def read(path: Path, sink: Sink) -> Incoming:
        return better(parse(path, sink), sink)

    monkeypatch.setattr("maildesk.redecode.parse", read)


def redecode(world: World, *, dry_run: bool = False, **given: Any) -> list[Reread]:
    intake = world.intake
    reader = Redecoder(world.store, world.blobs, intake.desks, intake.limits, dry_run)
    return list(reader.reread(**given))


def fixed(world: World) -> list[Any]:
    return [[tuple(row) for row in world.rows(query)] for query in _FIXED]


def rewrite(mail: Incoming, sink: Sink) -> Incoming:
    stored = sink.save((b"second",))
    second = Attachment(
        "截图.png", "image/png", stored.size, stored.sha256, False, None, "image/gif"
    )
    return replace(
        mail,
        subject="三楼打印机卡纸",
        reply="三楼的打印机又卡纸了。",
        text="三楼的打印机又卡纸了。\n-- \n张敏",
        attachments=(*mail.attachments, second),
    )


def test_the_same_reader_finds_nothing_to_change(desk: World) -> None:
    [item] = redecode(desk)
    assert item.change.is_empty
    assert (item.sighting, item.number, item.trouble) == (1, "IT-20261120-0001", "")


def test_what_is_read_better_is_stored_and_nothing_else_moves(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fixed(desk)
    ids = [row.id for row in desk.rows("SELECT id FROM attachments ORDER BY id")]
    improve(monkeypatch, rewrite)
    [item] = redecode(desk)
    assert item.change.title == ("打印机卡纸", "三楼打印机卡纸")
    assert desk.value("SELECT title FROM tickets") == "三楼打印机卡纸"
    assert desk.value("SELECT subject FROM letters") == "三楼打印机卡纸"
    [row] = desk.rows("SELECT reply, body FROM texts")
    assert tuple(row) == ("三楼的打印机又卡纸了。", "三楼的打印机又卡纸了。\n-- \n张敏")
    files = desk.rows("SELECT id, filename, detected, sha256 FROM attachments ORDER BY position")
    assert [file.filename for file in files] == ["error.log", "截图.png"]
    assert files[1].detected == "image/gif"
    assert files[0].id == ids[0]
    assert desk.blobs.file_path(files[1].sha256).read_bytes() == b"second"
    assert fixed(desk) == before
    [again] = redecode(desk)
    assert again.change.is_empty


def test_a_file_that_is_none_any_more_loses_its_row(
    desk: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    improve(monkeypatch, lambda mail, sink: replace(mail, attachments=()))
    redecode(desk)
    assert desk.value("SELECT count(*) FROM attachments") == 0


def test_a_trial_changes_nothing(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    improve(monkeypatch, rewrite)
    files = sorted(path.name for path in desk.blobs.files.folder.rglob("*"))
    [item] = redecode(desk, dry_run=True)
    assert not item.change.is_empty
    assert desk.value("SELECT title FROM tickets") == "打印机卡纸"
    assert desk.value("SELECT count(*) FROM attachments") == 1
    assert sorted(path.name for path in desk.blobs.files.folder.rglob("*")) == files


def test_a_title_somebody_gave_stays(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with desk.store.write() as db:
        db.execute(text("UPDATE tickets SET title = '财务部打印机'"))
    improve(monkeypatch, rewrite)
    [item] = redecode(desk)
    assert item.change.title is None
    assert desk.value("SELECT title FROM tickets") == "财务部打印机"


def test_only_mails_from_a_day_on_or_those_named(desk: World) -> None:
    desk.now += timedelta(days=2)
    desk.receive(raw_mail(message_id="later@corp.test", subject="键盘坏了", text="键盘坏了。\n"))
    assert [item.change.letter for item in redecode(desk)] == [1, 2]
    assert [item.change.letter for item in redecode(desk, since=desk.now)] == [2]
    assert [item.change.letter for item in redecode(desk, only=[1])] == [1]


def test_a_raw_mail_that_is_gone_is_named_and_the_others_are_read(desk: World) -> None:
    desk.receive(raw_mail(message_id="later@corp.test", subject="键盘坏了", text="键盘坏了。\n"))
    desk.blobs.raw_path(desk.value("SELECT raw_sha FROM letters WHERE id = 1")).unlink()
    first, second = redecode(desk)
    assert "is not there" in first.trouble
    assert second.trouble == ""


@pytest.mark.parametrize("fault", [Unreadable("too deep"), RuntimeError("a new bug")])
def test_a_mail_that_cannot_be_read_any_more_keeps_its_words(
    desk: World, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def fail(mail: Incoming, sink: Sink) -> Incoming:
        raise fault

    improve(monkeypatch, fail)
    [item] = redecode(desk)
    assert str(fault) in item.trouble
    assert "打印机" in desk.value("SELECT reply FROM texts")


def test_more_mails_than_one_batch_are_told_of_in_order(desk: World) -> None:
    for turn in range(45):
        desk.mailbox.arrive(raw_mail(message_id=f"m{turn}@corp.test", text=f"第 {turn} 个。\n"))
    desk.run()
    heard: list[int] = []
    found = redecode(desk, tell=heard.append)
    assert [item.change.letter for item in found] == list(range(1, 47))
    assert heard == [20, 40, 46]


def test_a_desk_with_no_mail_has_nothing_to_do(make_world: Callable[..., World]) -> None:
    world = open_desk(make_world)
    assert redecode(world) == []
