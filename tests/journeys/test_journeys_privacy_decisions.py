"""What is put before somebody for a decision has no secret in it: letters, rows, lists (R17).

Also where the words it is made of were kept before there were masks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from builders import profile, raw_mail
from planted import find, plant, read_letter
from sqlalchemy import select, update
from sqlalchemy import text as sql
from thread import LIU, PEOPLE, PROVED, ZHANG, engineer_answers, kinds, last_id, open_desk, write
from worlds import LEAD, World

from maildesk.cli.decided import write_decisions
from maildesk.desk.person import Person
from maildesk.desk.policy import Escalation
from maildesk.desk.privacy.mask import mask
from maildesk.store import approvals
from maildesk.store.schema import approvals as asked
from maildesk.store.schema import events

MakeWorld = Callable[..., World]
WEI = Person("张伟", ("wei@corp.test",), department="财务部")
HERS, HIS, OLD = map(plant, range(3))
EVERYBODYS = (HERS, HIS, OLD)


def open_asking_desk(make_world: MakeWorld, *, access: bool, after: int | None = None) -> World:
    """A desk that asks the manager for access, the lead for plans, and escalates by the clock."""
    usual = profile()
    asking = replace(
        usual,
        types=tuple(replace(item, approval="manager" if access else "") for item in usual.types),
        plan_ranks=4,
        escalation=Escalation(after, frozenset({"medium"})),
        unassigned_after_minutes=100_000,
    )
    listed = tuple(replace(p, manager="张伟") if p is ZHANG else p for p in PEOPLE)
    return open_desk(make_world, listed=(*listed, WEI), profile=asking)


def show(world: World) -> Iterator[str]:
    """What a terminal shows of what was asked."""
    with world.store.read() as db:
        yield from write_decisions(approvals.read(db, 1), "Asia/Shanghai", mask)


def check(world: World) -> None:
    for _, data in world.transport.sent:
        assert not find(read_letter(data), EVERYBODYS), read_letter(data)
    with world.store.read() as db:
        forms = [dict(item.form) for item in approvals.read(db, 1)]
    assert forms
    for form in forms:
        assert not find(str(form), EVERYBODYS), form


def test_an_access_request_is_put_before_the_manager_masked(make_world: MakeWorld) -> None:
    world = open_asking_desk(make_world, access=True)
    world.receive(
        raw_mail(
            headers=PROVED, subject=f"打印机卡纸 {HERS.line}", text=f"{HERS.lines}{HERS.english}"
        )
    )
    world.later(days=5)
    assert kinds(world, WEI.key)[:2] == ["approval", "approval"]
    assert kinds(world, LEAD.key)[-1] == "approval"
    write(world, WEI, "同意\n", answers=last_id(world, "approval", WEI.key))
    assert "dispatch" in kinds(world, LIU.key)
    check(world)


def test_an_escalation_and_a_plan_are_put_before_the_lead_masked(make_world: MakeWorld) -> None:
    world = open_asking_desk(make_world, access=False)
    world.receive(raw_mail(headers=PROVED, text=HERS.line))
    engineer_answers(world, "dispatch", f"#升级 {HIS.line}｜{HIS.english}\n现状：{HIS.lines}")
    engineer_answers(
        world, "dispatch", f"#升级\n原因：{HIS.line}\n所需支持：{HIS.line}\n现状：{HIS.line}\n"
    )
    engineer_answers(
        world, "dispatch", f"#根因 {HIS.line}\n#临时方案 {HIS.line}\n#预防 {HIS.line}\n"
    )
    world.later(hours=30)
    told = kinds(world, LEAD.key)
    assert "escalation" in told
    assert "plan" in told
    check(world)


def test_words_kept_before_there_were_masks_reach_nobody_who_decides(make_world: MakeWorld) -> None:
    world = open_asking_desk(make_world, access=False, after=60)
    world.receive(raw_mail(headers=PROVED))
    engineer_answers(world, "dispatch", "#接单\n已收到。\n")
    with world.store.write() as db:
        db.execute(sql("UPDATE texts SET reply = :line, body = :line"), {"line": OLD.line})
        for row in db.execute(select(events.c.id, events.c.data)).all():
            if "words" in row.data:
                old = {**row.data, "words": OLD.line}
                db.execute(update(events).where(events.c.id == row.id).values(data=old))
    world.later(hours=8)
    assert "escalation" in kinds(world, LEAD.key)
    check(world)


def test_a_form_kept_before_there_were_masks_is_shown_masked(
    make_world: MakeWorld, tmp_path: Path
) -> None:
    world = open_asking_desk(make_world, access=False)
    world.receive(raw_mail(headers=PROVED))
    engineer_answers(world, "dispatch", "#升级 断货｜厂商到场\n")
    with world.store.write() as db:
        long = f"{'很' * 283}{OLD.line}"
        db.execute(update(asked).values(form={"reason": long, "support": OLD.line}))
    world.later(hours=8)
    assert kinds(world, LEAD.key).count("escalation") == 2
    for _, data in world.transport.sent:
        assert not find(read_letter(data), (OLD,))
    shown = "\n".join(show(world))
    assert OLD.id[:8] not in shown
    assert not find(shown, (OLD,))
