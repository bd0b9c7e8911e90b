"""What is to be decided is asked once while it is open, and decided once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from builders import raw_mail
from worlds import World

from maildesk.desk.approvals.approval import AskPlan, Kind, Verdict, VerdictPlan
from maildesk.store import approvals

_ASK = AskPlan(Kind.ESCALATION, ("wang@corp.test",), {"reason": "断货"})


def _open(make_world: Callable[..., World]) -> World:
    world = make_world()
    world.start()
    world.receive(raw_mail())
    return world


def test_nothing_is_asked_twice_while_it_is_open(make_world: Callable[..., World]) -> None:
    world = _open(make_world)
    with world.store.write() as db:
        assert approvals.ask(db, world.desk, 1, _ASK, None, world.now)
        assert not approvals.ask(db, world.desk, 1, _ASK, None, world.now)
        assert approvals.ask(db, world.desk, 1, AskPlan(Kind.PLAN, ()), None, world.now)
    with world.store.read() as db:
        assert [item.kind for item in approvals.read(db, 1)] == [Kind.ESCALATION, Kind.PLAN]


def test_what_is_asked_anew_takes_the_former_question_back(
    make_world: Callable[..., World],
) -> None:
    world = _open(make_world)
    anew = AskPlan(Kind.PLAN, (), {"permanent": "整机更换"}, anew=True)
    with world.store.write() as db:
        for plan in (AskPlan(Kind.PLAN, ()), anew):
            assert approvals.ask(db, world.desk, 1, plan, None, world.now)
    with world.store.read() as db:
        first, second = approvals.read(db, 1)
    assert (first.verdict, second.verdict) == (Verdict.WITHDRAWN, None)
    assert second.form == {"permanent": "整机更换"}


def test_the_first_decision_counts(make_world: Callable[..., World]) -> None:
    world = _open(make_world)
    later = world.now + timedelta(minutes=1)
    with world.store.write() as db:
        approvals.ask(db, world.desk, 1, _ASK, None, world.now)
        approvals.settle(db, [VerdictPlan(1, Verdict.DECLINED, reason="不用")], None, world.now)
        approvals.settle(db, [VerdictPlan(1, Verdict.AGREED, "chen@corp.test")], None, later)
    with world.store.read() as db:
        [kept] = approvals.read(db, 1)
    assert (kept.verdict, kept.reason, kept.owner) == (Verdict.DECLINED, "不用", None)
    assert kept.decided == world.now
    with world.store.write() as db:
        assert approvals.ask(db, world.desk, 1, _ASK, None, later)
