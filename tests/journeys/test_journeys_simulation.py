"""What a simulation foretells is what happens; and nothing of the desk is touched by it.

The real parts are run for comparison with a clock of their own that knocks every few minutes, as
the daemon's does, over a mailbox and a mail server in memory.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import raw_mail
from rehearsal import NOW, after, configure, rehearse
from sqlalchemy import text
from thread import LIU, ZHANG
from worlds import LEAD, MemoryMailbox, Said

from maildesk.collect import Collector
from maildesk.config.mailscript import Scripted
from maildesk.config.values import Config
from maildesk.delivery import Delivery
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.charter import Budgets
from maildesk.errors import Unreadable
from maildesk.house import build, enter_rounds
from maildesk.memory import enter_people
from maildesk.simulation.budget import count_people, count_tickets
from maildesk.simulation.play import Timepiece
from maildesk.simulation.story import SMALL, Line
from maildesk.simulation.writing import BORDERS, SCRIPT, Writer
from maildesk.store import inbox
from maildesk.store.engine import Store

KNOCK = timedelta(minutes=5)


def _ask(at: datetime, subject: str = "打印机卡纸", **given: object) -> Scripted:
    values = {"sender": "张敏", "body": "三楼的打印机又卡纸了，型号 M428，报错 E6。", **given}
    return Scripted(at, "script", subject=subject, **values)  # type: ignore[arg-type]


def _answer(at: datetime, sender: str, letter: str, body: str) -> Scripted:
    return Scripted(at, "script", sender=sender, letter=letter, body=body)


# Friday 10:00 to Wednesday: worked on, left alone over a weekend, asked again, solved, confirmed.
STORY = (
    _ask(after(minutes=10)),
    _answer(after(hours=1), "刘洋", "dispatch", "#等用户\n请问是哪一台？"),
    _answer(after(hours=2), "张敏", "question", "三楼靠窗那台。"),
    _ask(after(hours=3), "全公司断网", sender="zhao@corp.test", body="全公司都上不了网，快来！"),
    _ask(after(hours=5), "申请开通邮箱", body="新同事下周入职，请开通邮箱。"),
    _answer(after(days=3), "刘洋", "answer", "#已解决\n已更换搓纸轮，请再打印一次。"),
    _answer(after(days=3, hours=1), "张敏", "solved", "好了，谢谢！"),
    _ask(after(days=3, hours=2), "VPN 连不上", sender="stranger@elsewhere.test"),
)
END = after(days=5)


@dataclass
class Recorder:
    """A mail server that notes when it was given what."""

    watch: Timepiece
    taken: list[tuple[datetime, str, bytes]] = field(default_factory=list)

    async def send(self, sender: str, recipient: str, data: bytes) -> Said:
        self.taken.append((self.watch.now, recipient, data))
        return Said()

    async def close(self) -> None:
        pass


def _really(
    config: Config,
    script: Sequence[Scripted],
    until: datetime,
    middle: datetime | None = None,
    look: Callable[[tuple[Scripted, ...]], None] = lambda waiting: None,
) -> list[tuple[str, ...]]:
    """The same script by the daemon's own parts: collector, intake, clock and delivery. In the
    `middle`, `look` is shown what of it is still to come."""
    watch = Timepiece(NOW)
    house = build(config, now=watch)
    enter_people(house.store, config)
    mailbox, server = MemoryMailbox(watch), Recorder(watch)
    collector = Collector(config.mailboxes[0], mailbox, house.intake, lambda n, r: 0.0)
    delivery = Delivery(
        house.store,
        server,
        house.intake.desks,
        "test",
        alarm=house.clock.alarm,
        jitter=lambda: 0.5,
        open_file=house.intake.blobs.read_file,
    )
    writer = Writer(house.intake.directory, house.intake.desks)
    waiting = list(script)
    enter_rounds(house)
    collector.open()
    with asyncio.Runner() as runner:
        while watch.now <= until:
            if watch.now == middle:
                look(tuple(waiting))
            while waiting and waiting[0].at <= watch.now:
                with house.store.read() as db:
                    mailbox.arrive(writer.write(db, waiting.pop(0), mailbox.uidnext))
            collector.read_new()
            house.clock.tick()
            runner.run(delivery.drain())
            watch.now += KNOCK
    with house.store.read() as db:
        rows = db.execute(
            text("SELECT letter, address, subject, settled_at FROM outbox WHERE state='accepted'")
        )
        found = [(_instant(row.settled_at), row.letter, row.address, row.subject) for row in rows]
    assert len(found) == len(server.taken)
    house.store.close()
    return sorted((f"{at:%m-%d %H:%M}", *rest) for at, *rest in found)


def _instant(micros: int) -> datetime:
    return datetime.fromtimestamp(micros / 1_000_000, NOW.tzinfo)


def _list_sent(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    return sorted(
        (f"{line.at:%m-%d %H:%M}", line.name, line.person, line.subject)
        for line in lines
        if line.what == "sent"
    )


def test_what_is_foretold_is_what_happens(tmp_path: Path) -> None:
    config = configure(tmp_path, border=BORDERS[SCRIPT])
    foretold = rehearse(config, tmp_path / "double", STORY, END)
    assert not [line for line in foretold if line.what == "trouble"]
    assert not (tmp_path / "data").exists()
    sent = _list_sent(foretold)
    kinds = {name for _, name, _, _ in sent}
    expected = {"ack", "dispatch", "question", "answer", "solved", "near", "missed", "digest"}
    assert expected <= kinds, sent
    assert _really(config, STORY, END) == sent


@pytest.mark.parametrize("hours", [6, 75])
def test_what_is_foretold_in_the_middle_of_the_work_happens_as_well(
    tmp_path: Path, hours: int
) -> None:
    """Open tickets, letters that wait for the morning, limits passed and to come."""
    config, middle = configure(tmp_path, border=BORDERS[SCRIPT]), after(hours=hours)
    foretold: list[Line] = []

    def look(waiting: tuple[Scripted, ...]) -> None:
        before = _fingerprint(config.data)
        foretold.extend(rehearse(config, tmp_path / "double", waiting, END, middle))
        assert _fingerprint(config.data) == before

    happened = _really(config, STORY, END, middle, look)
    assert foretold
    assert not [line for line in foretold if line.what == "trouble"]
    assert _list_sent(foretold) == [it for it in happened if it[0] >= f"{middle:%m-%d %H:%M}"]


def test_the_same_script_tells_the_same_story(tmp_path: Path) -> None:
    config = configure(tmp_path)
    first = rehearse(config, tmp_path / "first", STORY, END)
    assert first == rehearse(config, tmp_path / "second", STORY, END)


def _fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_a_desk_at_work_goes_on_in_its_double_and_is_not_touched(tmp_path: Path) -> None:
    config = configure(tmp_path)
    house = build(config, now=Timepiece(NOW))
    enter_people(house.store, config)
    kept = house.intake.blobs.spool((raw_mail(attachment=("jam.png", b"a picture")),))
    with house.store.write() as db:
        inbox.record_ingested(db, inbox.Sighted(None, NOW, kept.size, None, kept.sha256), NOW)
    with house.store.read() as db:
        house.intake.receive_all(inbox.pending(db, inbox.INGEST), ("it",), lambda row: None)
    house.store.close()
    before = _fingerprint(config.data)
    lines = rehearse(config, tmp_path / "double", (), after(days=1))
    # The letters that waited leave, the attachment with them; then the limit passes unheeded.
    told = [(line.name, line.person) for line in lines if line.what == "sent"]
    assert told[:2] == [("ack", ZHANG.key), ("dispatch", LIU.key)]
    assert ("near", LIU.key) in told
    assert {line.ticket for line in lines if line.name in ("near", "ack")} == {"IT-20261120-0001"}
    assert _fingerprint(config.data) == before
    # What reports carry is made anew there; nothing of the desk's own is copied.
    picture = hashlib.sha256(b"a picture").hexdigest()
    made = {file.parent.name + file.name for file in (tmp_path / "double").rglob("files/*/*")}
    assert picture not in made
    assert list(config.data.rglob(f"files/{picture[:2]}/{picture[2:]}"))


def test_each_letter_says_why(tmp_path: Path) -> None:
    lines = rehearse(configure(tmp_path), tmp_path / "double", STORY, END)
    why = {(line.name, line.person): line.why for line in reversed(lines) if line.what == "sent"}
    assert why["ack", ZHANG.key] == "mail of zhang@corp.test “打印机卡纸”: opened, assigned"
    assert why["question", ZHANG.key].endswith(": #等用户")
    assert why["solved", ZHANG.key].endswith(": #已解决")
    near = next(line for line in lines if line.name == "near" and line.what == "sent")
    assert near.why == "response_near"
    unsent = next(line for line in lines if line.what == "unsent")
    assert unsent.why
    assert {"mail", "change", "unsent"} == set(SMALL)


def test_machines_answer_as_well(tmp_path: Path) -> None:
    """An engineer's absence takes him out; a letter that came back makes the next ones pause."""
    away = "我正在休假，11月30日返岗，急事请找服务台。"
    script = (
        _ask(NOW, sender="张敏"),
        Scripted(
            after(minutes=1), "script", sender="刘洋", body=away, letter="dispatch",
            machine="auto_reply",
        ),
        Scripted(
            after(minutes=2), "script", sender="张敏", letter="ack", reader=ZHANG.key,
            machine="bounce",
        ),
        _ask(after(hours=1), "扫描仪坏了", sender="zhao@corp.test", body="二楼扫描仪报错 E2。"),
    )  # fmt: skip
    lines = rehearse(configure(tmp_path), tmp_path / "double", script, after(hours=8))
    assert not [line for line in lines if line.what == "trouble"]
    assert {"auto_reply", "bounced"} <= {line.name for line in lines if line.what == "change"}
    dispatched = [line for line in lines if line.name == "dispatch"]
    assert [line.at for line in dispatched] == [NOW]  # the second one had nobody to go to


def test_a_letter_that_has_lost_its_use_is_told_with_the_reason(tmp_path: Path) -> None:
    # Written in the night, for the morning; answered before.
    night = after(hours=13)
    script = (_ask(night), _answer(night + timedelta(minutes=1), "刘洋", "dispatch", "#接单"))
    lines = rehearse(configure(tmp_path), tmp_path / "double", script, after(days=4))
    assert any("somebody has responded" in line.why for line in lines if line.what == "change")


def test_a_brake_holds_letters_and_lets_them_go_in_time(tmp_path: Path) -> None:
    config = configure(tmp_path, desk_values={"budgets": Budgets(per_desk_hour=4)})
    script = tuple(
        _ask(after(minutes=n), f"第 {n} 台打印机卡纸", sender=f"u{n}@corp.test") for n in range(6)
    )
    lines = rehearse(config, tmp_path / "double", script, after(hours=4))
    acks = [line.at for line in lines if line.name == "ack" and line.what == "sent"]
    assert len(acks) == 6
    assert acks[-1] >= after(hours=1)
    assert [line for line in lines if line.name == "breaker" and line.person == LEAD.key]


def test_an_address_that_writes_too_much_gets_no_more(tmp_path: Path) -> None:
    script = tuple(_ask(after(minutes=n), f"第 {n} 台打印机卡纸") for n in range(7))
    lines = rehearse(configure(tmp_path), tmp_path / "double", script, after(hours=1))
    held = [line for line in lines if line.what == "withheld" and line.person == ZHANG.key]
    assert held
    assert all("hour" in line.why for line in held)


@pytest.mark.parametrize(
    ("proof", "changed"), [("passed", True), (None, True), ("none", False), ("failed", False)]
)
def test_who_is_believed_is_the_scripts_to_say(
    tmp_path: Path, proof: object, changed: bool
) -> None:
    config = configure(tmp_path)
    order = Scripted(
        after(hours=1),
        "script",
        sender="刘洋",
        subject="回复: 打印机卡纸 [IT-20261120-0001]",
        body="#已解决\n已更换搓纸轮，请再打印一次。",
        proof=proof,  # type: ignore[arg-type]
    )
    lines = rehearse(config, tmp_path / "double", (_ask(NOW), order), after(hours=2))
    assert ("solved" in {line.name for line in lines if line.what == "sent"}) == changed


def test_a_click_does_what_the_page_does(tmp_path: Path) -> None:
    config = configure(tmp_path)
    script = (
        _ask(NOW),
        _answer(after(minutes=10), "刘洋", "dispatch", "#已解决\n已更换搓纸轮，请再打印一次。"),
        Scripted(after(minutes=20), "script", sender="张敏", click="broken", body="还卡"),
        Scripted(after(minutes=30), "script", sender="刘洋", click="solved", body="已换新机。"),
    )
    lines = rehearse(config, tmp_path / "double", script, after(hours=1))
    assert not [line.why for line in lines if line.what == "trouble"]
    told = [line for line in lines if line.why == "an answer on a page"]
    assert [line.person for line in told if line.what == "sent"] == [LIU.key, ZHANG.key]


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (_answer(NOW, "张敏", "solved", "好了"), "no letter solved has left to zhang@corp.test"),
        (_ask(NOW, sender="没有这个人"), "from:"),
        (Scripted(NOW, "script", sender="张敏", click="confirm"), "no letter solved"),
    ],
)
def test_what_cannot_be_carried_out_is_told_and_the_rest_goes_on(
    tmp_path: Path, item: Scripted, why: str
) -> None:
    script = (item, _ask(after(hours=1)))
    lines = rehearse(configure(tmp_path), tmp_path / "double", script, after(hours=2))
    (trouble,) = (line for line in lines if line.what == "trouble")
    assert why in trouble.why
    assert [line.name for line in lines if line.what == "sent"] == ["ack", "dispatch"]


def test_a_kept_mail_arrives_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "kept.eml"
    file.write_bytes(raw_mail())
    script = (Scripted(NOW, "kept.eml", file=file), Scripted(NOW, "again", file=file))
    lines = rehearse(configure(tmp_path), tmp_path / "double", script, after(minutes=1))
    assert [line.name for line in lines if line.what == "mail"] == ["opened", "duplicate"]


def test_letters_are_counted_by_person_and_by_ticket(tmp_path: Path) -> None:
    config = configure(tmp_path)
    more = tuple(
        _answer(after(hours=3, minutes=n), "刘洋", "dispatch", f"#预计 16:00\n第 {n} 步完成。")
        for n in range(1, 5)
    )
    lines = rehearse(config, tmp_path / "double", (*STORY[:2], *more), after(hours=4))
    directory = Directory(config.people)
    people = {cost.person: cost for cost in count_people(lines, directory)}
    assert people[ZHANG.key].total == 6
    assert people[ZHANG.key].party == "requester"
    costs = {cost.person: cost for cost in count_tickets(lines, directory)}
    assert costs[ZHANG.key].over == 2
    assert costs[LIU.key].over == 0


def test_the_double_goes_on_from_the_whole_memory(tmp_path: Path, database: str) -> None:
    """Whichever engine keeps the desk's memory, its double knows every ticket."""
    config = configure(tmp_path, database=database)
    house = build(config, now=Timepiece(NOW))
    enter_people(house.store, config)
    kept = house.intake.blobs.spool((raw_mail(),))
    with house.store.write() as db:
        inbox.record_ingested(db, inbox.Sighted(None, NOW, kept.size, None, kept.sha256), NOW)
    with house.store.read() as db:
        house.intake.receive_all(inbox.pending(db, inbox.INGEST), ("it",), lambda row: None)
    house.store.close()
    script = (_answer(after(hours=1), "刘洋", "dispatch", "#已解决\n已更换搓纸轮，请再打印。"),)
    lines = rehearse(config, tmp_path / "double", script, after(hours=2))
    told = [(line.name, line.ticket) for line in lines if line.what == "sent"]
    assert told == [(name, "IT-20261120-0001") for name in ("ack", "dispatch", "solved")]
    store = Store(database)
    with store.read() as db:
        query = text("SELECT count(*) FROM outbox WHERE state = 'queued'")
        assert db.execute(query).scalar_one() == 2
    store.close()


def test_a_mail_that_cannot_be_read_is_no_success(tmp_path: Path) -> None:
    file = tmp_path / "bad.eml"
    file.write_bytes(raw_mail())
    config = configure(tmp_path)
    script = (Scripted(NOW, "bad.eml", file=file),)

    def fail(*_about: object) -> None:
        raise Unreadable("it is odd")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("maildesk.intake.parse", fail)
        lines = rehearse(config, tmp_path / "double", script, after(minutes=1))
    assert [(line.name, line.why) for line in lines if line.what == "trouble"] == [
        ("quarantined", "it is odd")
    ]


def test_a_letter_of_the_night_waits_and_says_since_when(tmp_path: Path) -> None:
    night = after(hours=12)  # Friday 22:00, and nobody to give it to
    config = configure(tmp_path, people=(LEAD, ZHANG))
    soon = rehearse(config, tmp_path / "soon", (_ask(night),), after(hours=13))
    later = rehearse(config, tmp_path / "later", (_ask(night),), after(days=4))
    (waits,) = (line for line in soon if line.what == "waits")
    assert (waits.name, waits.person) == ("unassigned", LEAD.key)
    assert waits.at > night + timedelta(hours=10)
    left = next(line for line in later if line.name == "unassigned" and line.what == "sent")
    assert left.at == waits.at
    assert ", written 2026-11-20 14:" in left.why
