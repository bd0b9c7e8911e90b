"""An access request waits for a yes: of whom it is asked, what counts, and what never does."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from builders import NOW, profile, raw_mail
from forging import explain_last
from ordering import micros
from thread import (
    CHEN,
    FAILED,
    LIU,
    PEOPLE,
    PROVED,
    UNPROVED,
    ZHANG,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    open_desk,
    outcome,
    read,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.cli.decided import write_decisions
from maildesk.desk.person import Person
from maildesk.desk.policy import Escalation
from maildesk.desk.privacy.mask import mask
from maildesk.store import approvals

MakeWorld = Callable[..., World]

WEI = Person("张伟", ("wei@corp.test",), department="财务部", extension="8100")
MIN = replace(ZHANG, manager="张伟")
LI = Person("李明", ("liming@corp.test",), department="财务部")
NUMBER = "回复: [IT-20261120-0001]"
WORDS = "打印机老是卡纸，需要开通维修面板的权限，月底对账用。\n"


def desk_with(
    make_world: MakeWorld, approval: Any = "manager", people: tuple[Person, ...] = ()
) -> World:
    """A desk where every request needs that approval."""
    usual = profile()
    gated = replace(
        usual,
        types=tuple(replace(item, approval=approval) for item in usual.types),
        escalation=Escalation(None),
        unassigned_after_minutes=100_000,
    )
    listed = tuple(person for person in PEOPLE if person is not ZHANG)
    return open_desk(make_world, listed=(*listed, *(people or (MIN, WEI, LI))), profile=gated)


def request(world: World, *, border: tuple[str, ...] = PROVED, **given: Any) -> None:
    values = {"subject": "打印机卡纸", "text": WORDS, **given}
    world.receive(raw_mail(headers=border, **values))


def answer(world: World, text: str, *, by: Person = WEI, **given: Any) -> None:
    """`by` answers the request for approval he got."""
    write(world, by, text, answers=last_id(world, "approval", by.key), **given)


def asked(world: World) -> list[Any]:
    return world.rows(
        "SELECT approvals.*, people.name AS decider FROM approvals "
        "LEFT JOIN people ON people.id = decided_by_id ORDER BY approvals.id"
    )


def waits(world: World) -> bool:
    row = ticket(world)
    return (row["state"], row["waiting"], row["assignee_id"]) == ("on_hold", "approval", None)


def test_the_manager_is_asked_and_nobody_gets_the_ticket_before(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    assert waits(world)
    letter = last_letter(world, WEI)
    assert letter["Subject"] == "【请审批】打印机卡纸｜张敏 [IT-20261120-0001]"
    text = read(letter)
    assert "财务部张敏提交了以下申请，需要您审批（您是张敏的上级）" in text
    assert WORDS.strip() in text
    assert "同意　或　不同意 原因" in text
    ack = read(last_letter(world, ZHANG))
    assert "此类申请要先经张伟审批" in ack
    assert "前联系您" not in ack
    assert kinds(world, LIU.key) == []
    [row] = asked(world)
    assert (row.kind, row.decision) == ("access", None)
    limits = ("response_near", "response_missed", "solution_missed", "unassigned_notice")
    due = [item.kind for item in world.rows("SELECT kind FROM deadlines WHERE state = 'open'")]
    assert not set(due) & set(limits)
    assert any(item.step == "approval" for item in explain_last(world).findings)


VAGUE: dict[str, Any] = {"subject": "电脑不好用", "text": "电脑不好用\n"}


def test_nobody_is_asked_to_approve_what_its_requester_must_still_tell(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world)
    request(world, **VAGUE)
    assert waits(world)
    ack = last_letter(world, ZHANG)
    assert ack["Subject"].startswith("【请补充】电脑不好用")
    assert "收到您的补充后就请张伟审批" in read(ack)
    assert kinds(world, WEI.key) == []
    assert "approval_asked" not in event_kinds(world)
    write(world, ZHANG, "内存只有4G，想加到16G\n", answers=last_id(world, "ack", ZHANG.key))
    assert waits(world)
    letter = last_letter(world, WEI)
    assert letter["Subject"].startswith("【请审批】电脑不好用｜张敏")
    assert "您是张敏的上级" in read(letter)
    assert "内存只有4G，想加到16G" in read(letter)
    assert "approval_asked" in event_kinds(world)
    answer(world, "同意\n")
    dispatch = read(last_letter(world, LIU))
    assert "内存只有4G，想加到16G" in dispatch
    assert "审批人没有看到" not in dispatch
    assert [row.decision for row in asked(world)] == ["withdrawn", "agreed"]


def test_a_requester_who_does_not_answer_has_his_approver_asked_a_working_day_later(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world)
    request(world, **VAGUE)  # a Friday at 10:00
    world.later(hours=71)
    assert kinds(world, WEI.key) == []
    world.later(hours=1, minutes=1)
    letter = last_letter(world, WEI)
    assert letter["Subject"].startswith("【请审批】电脑不好用｜张敏")
    assert "您是张敏的上级" in read(letter)
    world.later(hours=24)
    assert kinds(world, WEI.key) == ["approval"]
    assert "已请张伟审批，还没有答复" in read(last_letter(world, LEAD))
    answer(world, "同意\n")
    assert asked(world)[-1].decision == "agreed"


def test_neither_thanks_nor_a_forged_answer_asks_him(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world, **VAGUE)
    ack = last_id(world, "ack", ZHANG.key)
    write(world, ZHANG, "换一台最新的。\n", answers=ack, border=FAILED)
    write(world, ZHANG, "谢谢\n", answers=ack)
    assert kinds(world, WEI.key) == []


def test_a_yes_dispatches_it_and_its_clock_runs_from_then(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    world.later(minutes=55)
    answer(world, "同意，谢谢\n")  # 11:00
    assert outcome(world)[0] == "appended", outcome(world)
    row = ticket(world)
    assert (row["state"], row["waiting"]) == ("new", "none")
    assert row["assignee_id"] is not None
    minutes = profile().priority(row["priority"]).response_minutes
    assert minutes == 240
    assert row["response_due"] == micros(NOW + timedelta(hours=6, minutes=30))  # lunch between
    dispatched = read(last_letter(world, LIU))
    assert "张伟已批准此申请" in dispatched
    assert WORDS.strip() in dispatched
    news = read(last_letter(world, ZHANG))
    assert "您的申请已获批准（审批人：张伟），由刘洋" in news
    [decided] = asked(world)
    assert (decided.decision, decided.decider) == ("agreed", "张伟")
    assert kinds(world, WEI.key) == ["approval"]
    assert "approved" in event_kinds(world)


def test_the_condition_of_a_yes_reaches_the_engineer_as_it_is(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    answer(world, "同意，但是只读\n")
    assert "张伟已批准此申请，附带要求：但是只读" in read(last_letter(world, LIU))
    assert asked(world)[0].reason == "但是只读"


def test_a_no_ends_it_and_the_requester_learns_why(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    answer(world, "不同意，月底前不开放导出。\n")
    row = ticket(world)
    assert (row["state"], row["waiting"]) == ("rejected", "none")
    news = last_letter(world, ZHANG)
    assert news["Subject"] == "【未获批准】打印机卡纸 [IT-20261120-0001]"
    assert "月底前不开放导出" in read(news)
    assert kinds(world, LIU.key) == []
    assert asked(world)[0].decision == "declined"


@pytest.mark.parametrize(
    "text", ["要哪些权限？\n", "原则上同意，请李总定\n", "收到\n", "同意吗？\n", "1\n"]
)
def test_what_is_neither_is_asked_once_and_never_guessed(make_world: MakeWorld, text: str) -> None:
    world = desk_with(make_world)
    request(world)
    answer(world, text)
    assert waits(world)
    asking = last_letter(world, WEI)
    assert "看不出是否同意" in read(asking)
    write(world, WEI, text, answers=last_id(world, "verdict", WEI.key))
    assert kinds(world, WEI.key) == ["approval", "verdict"]
    assert waits(world)
    write(world, WEI, "同意\n", answers=last_id(world, "verdict", WEI.key))
    assert asked(world)[0].decision == "agreed"


FORGED = (
    ("unproved, by the number", {"border": UNPROVED, "subject": NUMBER}),
    ("refused by the border", {"border": FAILED, "subject": NUMBER}),
    ("another's address in his name", {"sender": "张伟 <wei@far.test>", "subject": NUMBER}),
)


@pytest.mark.parametrize("given", [item[1] for item in FORGED], ids=[item[0] for item in FORGED])
@pytest.mark.parametrize("text", ["同意\n", "#批准\n", "Approved\n"])
def test_a_forged_yes_never_approves(
    make_world: MakeWorld, text: str, given: dict[str, Any]
) -> None:
    world = desk_with(make_world)
    request(world)
    values = dict(given)
    write(world, values.pop("sender", WEI), text, **values)
    assert waits(world)
    assert asked(world)[0].decision is None
    assert kinds(world, LIU.key) == []
    assert "news" not in kinds(world, ZHANG.key)


def test_a_forger_who_has_seen_the_letter_gets_no_further_than_a_code(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world)
    request(world)
    answer(world, "同意\n", border=UNPROVED)
    answer(world, "0000-0000\n", border=UNPROVED)
    assert waits(world)
    assert kinds(world, WEI.key)[:2] == ["approval", "code"]


def test_an_approver_known_by_his_letter_only_repeats_it_with_a_code(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world)
    request(world)
    answer(world, "同意，但是只读\n", border=UNPROVED)
    letter = read(last_letter(world, WEI))
    assert "同意，但是只读" in letter
    code = letter.split("第一行写确认码\n")[1].split("\n")[0]
    write(world, WEI, f"{code}\n", answers=last_id(world, "code", WEI.key), border=UNPROVED)
    assert asked(world)[0].decision == "agreed"
    assert asked(world)[0].reason == "但是只读"
    assert "但是只读" in read(last_letter(world, LIU))


def test_the_code_of_another_decides_nothing(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    answer(world, "同意\n", border=UNPROVED)
    code = read(last_letter(world, WEI)).split("第一行写确认码\n")[1].split("\n")[0]
    write(world, LI, f"{code}\n同意\n", subject=NUMBER)
    assert waits(world)


def test_a_deputy_who_answers_is_told_politely_and_decides_nothing(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    write(world, LI, "同意\n", answers=last_id(world, "approval", WEI.key))
    assert waits(world)
    assert "要由张伟本人答复，您的回复没有计入" in read(last_letter(world, LI))
    assert world.value("SELECT count(*) FROM tickets") == 1


def test_an_engineer_is_no_deputy_either(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    write(world, CHEN, "同意\n", answers=last_id(world, "approval", WEI.key))
    assert waits(world)
    assert "您的回复没有计入" in read(last_letter(world, CHEN))
    write(world, CHEN, "#批准\n", subject=NUMBER)
    assert waits(world)


def test_nobody_approves_his_own_request(make_world: MakeWorld) -> None:
    own = replace(ZHANG, manager="张敏")
    world = desk_with(make_world, people=(own, WEI))
    request(world)
    assert kinds(world, LEAD.key) == ["approval"]
    write(world, ZHANG, "同意\n", answers=last_id(world, "ack", ZHANG.key))
    assert waits(world)


def test_without_a_manager_the_lead_is_asked(make_world: MakeWorld) -> None:
    world = desk_with(make_world, people=(ZHANG, WEI))
    request(world)
    assert waits(world)
    assert "人员名单里没有张敏的上级，请您审批" in read(last_letter(world, LEAD))
    answer(world, "同意\n", by=LEAD)
    assert asked(world)[0].decision == "agreed"


def test_a_lead_who_is_asked_may_decide_by_order_too(make_world: MakeWorld) -> None:
    world = desk_with(make_world, approval="lead")
    request(world)
    answer(world, "#不批准 请走采购流程\n", by=LEAD)
    assert asked(world)[0].decision == "declined"
    assert "请走采购流程" in read(last_letter(world, ZHANG))


def test_where_nobody_could_say_yes_its_engineer_is_told_so(make_world: MakeWorld) -> None:
    usual = profile()
    gated = replace(usual, types=tuple(replace(item, approval="manager") for item in usual.types))
    world = open_desk(make_world, listed=(LIU, ZHANG), profile=gated)
    request(world)
    assert asked(world) == []
    assert "没有可以审批的人" in read(last_letter(world, LIU))
    assert "approval_impossible" in event_kinds(world)


def test_decided_twice_the_first_counts(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    answer(world, "同意\n")
    before = ticket(world)
    answer(world, "不同意，想了想还是算了\n")
    assert ticket(world) == before
    assert "这件事已经有结论：张伟今天 10:05 已同意" in read(last_letter(world, WEI))
    assert [row.decision for row in asked(world)] == ["agreed"]


def test_nobody_starts_on_it_before_the_yes(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    for order in ("#接单", "#转派 陈晨", "#恢复", "#已解决\n已开通，请登录试试。"):
        write(world, LIU, f"{order}\n", subject=NUMBER)
        assert outcome(world)[0] == "noted", order
        assert "在等张伟审批，批准前不办理" in read(last_letter(world, LIU)), order
    assert waits(world)


def test_an_approver_is_reminded_once_and_then_the_lead_may_decide(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)  # a Friday at 10:00
    world.later(hours=24)
    world.later(hours=24)
    assert kinds(world, WEI.key) == ["approval"]  # no working day has passed
    world.later(hours=24, minutes=1)
    assert kinds(world, WEI.key) == ["approval", "approval"]
    reminder = last_letter(world, WEI)
    assert reminder["Subject"].startswith("【请审批·提醒】")
    assert "还没有收到您的答复" in read(reminder)
    assert kinds(world, LEAD.key) == []
    world.later(hours=24)
    assert kinds(world, WEI.key) == ["approval", "approval"]
    assert kinds(world, LEAD.key) == ["approval"]
    assert "已请张伟审批，还没有答复" in read(last_letter(world, LEAD))
    assert "decision_missed" in event_kinds(world)
    answer(world, "#批准\n", by=LEAD)
    assert (asked(world)[0].decision, asked(world)[0].decider) == ("agreed", "王强")
    assert "王强已批准此申请" in read(last_letter(world, LIU))


def test_an_approver_who_is_away_is_not_reminded_but_the_lead_is(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    away = ("Auto-Submitted: auto-replied",)
    write(
        world, WEI, "我正在休假，12月1日返岗。\n", subject="自动回复: 请审批",
        answers=last_id(world, "approval", WEI.key), headers=away,
    )  # fmt: skip
    assert waits(world)
    world.later(hours=73)
    assert kinds(world, WEI.key) == ["approval"]
    assert kinds(world, LEAD.key) == ["approval"]


def test_a_request_in_a_forged_name_says_so_to_who_must_decide(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world, border=FAILED)
    assert "无法确认是张敏本人发的" in read(last_letter(world, WEI))


def test_who_was_asked_gets_nothing_else_and_speaks_for_nobody(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    answer(world, "同意\n")
    write(
        world, LIU, "#已解决\n权限已开通，请重新登录。\n",
        answers=last_id(world, "dispatch", LIU.key),
    )  # fmt: skip
    assert kinds(world, WEI.key) == ["approval"]
    write(world, WEI, "好了\n", subject=NUMBER)
    assert ticket(world)["state"] == "to_confirm"


def test_a_request_that_is_refused_needs_no_yes_any_more(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    write(world, LIU, "#不受理\n请走采购流程。\n", subject=NUMBER)
    assert ticket(world)["state"] == "rejected"
    assert asked(world)[0].decision == "withdrawn"
    world.later(hours=120)
    assert kinds(world, WEI.key) == ["approval"]


def test_what_was_asked_and_decided_is_kept_whole(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    answer(world, "同意，但是只读\n")
    [row] = asked(world)
    form = row.form if isinstance(row.form, dict) else json.loads(row.form)
    of = row.asked_of if isinstance(row.asked_of, list) else json.loads(row.asked_of)
    assert form == {"words": WORDS.strip()}
    assert of == [WEI.key]
    assert row.decided_at == micros(world.now)


def test_the_ticket_shows_what_was_asked_and_decided(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    with world.store.read() as db:
        waiting = list(write_decisions(approvals.read(db, 1), "Asia/Shanghai", mask))
    assert waiting[0].startswith("  approval     asked 2026-11-20 10:00 of wei@corp.test")
    assert waiting[-1].strip() == "nobody has decided yet"
    answer(world, "同意，但是只读\n")
    with world.store.read() as db:
        decided = list(write_decisions(approvals.read(db, 1), "Asia/Shanghai", mask))
    told = "agreed by 张伟 2026-11-20 10:05, after 5 min, in time: 但是只读"
    assert decided[-1].strip() == told


def test_a_request_entered_for_somebody_asks_his_manager(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    text = f"#代提 张敏\n{WORDS}"
    write(world, CHEN, text, subject="打印机卡纸")
    assert kinds(world, WEI.key) == ["approval"]
    assert waits(world)


def test_a_forwarded_request_is_held_once_it_is_known_whose_it_is(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    write(world, CHEN, f"请处理\n\n发件人: 张敏\n{WORDS}", subject="转发: 打印机卡纸")
    assert asked(world) == []
    write(world, CHEN, "#代提 张敏\n", answers=last_id(world, "whose", CHEN.key))
    assert kinds(world, WEI.key) == ["approval"]
    row = ticket(world)
    assert (row["state"], row["waiting"]) == ("on_hold", "approval")
    answer(world, "同意\n")
    assert asked(world)[0].decision == "agreed"
    assert "张伟已批准此申请" in read(last_letter(world, LIU))


def test_a_refusal_that_ended_the_question_is_not_undone(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    request(world)
    write(world, LIU, "#不受理\n请走采购流程。\n", subject=NUMBER)
    write(world, LIU, "#撤销\n", subject=NUMBER)
    assert ticket(world)["state"] == "rejected"
    assert "审批已随之结束，不能撤销" in read(last_letter(world, LIU))


def test_a_manager_is_asked_of_every_request_of_a_busy_hour(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    for count in range(8):
        request(world, message_id=f"r{count}@corp.test", subject=f"打印机卡纸 {count}")
    assert len(world.transport.letters(WEI.key)) == 8
