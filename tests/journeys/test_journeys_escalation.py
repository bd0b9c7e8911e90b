"""A ticket goes higher: asked by order, by the clock, by wider scope; decided once, by a lead."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from builders import NOW, profile
from forging import explain_last
from ordering import list_letters, micros
from thread import (
    AUDITOR,
    CHEN,
    LIU,
    PEOPLE,
    UNPROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    outcome,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.desk.person import Person, Role
from maildesk.desk.policy import Escalation

MakeWorld = Callable[..., World]

MEI = Person("陈静", ("jing@corp.test",), staff_number="LD002", role=Role.LEAD)
ASK = "#升级 搓纸轮断货｜需要厂商到场\n"


def desk_with(make_world: MakeWorld, *, leads: tuple[Person, ...] = (), **policy: Any) -> World:
    """The usual desk, whose clock escalates only where a test says so."""
    escalation = replace(Escalation(None, frozenset(), 30), **policy)
    calm = replace(profile(), escalation=escalation, unassigned_after_minutes=100_000)
    return open_desk(make_world, listed=(*PEOPLE, *leads), profile=calm)


def asked(world: World) -> list[Any]:
    return world.rows(
        "SELECT approvals.*, people.name AS decider FROM approvals "
        "LEFT JOIN people ON people.id = decided_by_id ORDER BY approvals.id"
    )


def form(row: Any) -> dict[str, str]:
    return row.form if isinstance(row.form, dict) else json.loads(row.form)


def parts(world: World) -> set[tuple[str, str]]:
    rows = world.rows(
        "SELECT people.name, participants.role FROM participants "
        "JOIN people ON people.id = person_id"
    )
    return {(str(row.name), str(row.role)) for row in rows}


def escalate(world: World, text: str = ASK) -> None:
    engineer_answers(world, "dispatch", text)


def local(hour: int, minute: int) -> datetime:
    """That time of the day of NOW in Shanghai."""
    return NOW.replace(hour=0, minute=0) + timedelta(hours=hour - 8, minutes=minute)


def test_an_order_puts_the_form_before_the_lead(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "张敏您好，搓纸轮坏了，正在找备件。\n")
    before = ticket(world)
    escalate(world)
    assert outcome(world)[0] == "appended"
    letter = last_letter(world, LEAD)
    assert letter["Subject"] == "【升级待确认】中｜打印机卡纸 [IT-20261120-0001]"
    text = read(letter)
    assert "刘洋申请升级，请在今天 10:40 前确认。" in text
    assert "原因：搓纸轮断货" in text
    assert "所需支持：需要厂商到场" in text
    assert "现状：张敏您好，搓纸轮坏了，正在找备件。" in text
    assert "#同意升级" in text
    [row] = asked(world)
    assert (row.kind, row.decision, row.due_at) == ("escalation", None, micros(local(10, 40)))
    assert form(row)["reason"] == "搓纸轮断货"
    assert ticket(world)["state"] == before["state"]
    assert "escalation_asked" in event_kinds(world)
    assert kinds(world, ZHANG.key) == ["ack", "progress"]


def test_labelled_lines_below_the_order_are_the_form_and_reach_nobody_else(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world, "#升级\n原因：搓纸轮断货\n现状：已换过两台\n所需支持：厂商到场\n")
    text = read(last_letter(world, LEAD))
    assert "现状：已换过两台" in text
    assert "所需支持：厂商到场" in text
    assert kinds(world, ZHANG.key) == ["ack"]


def test_a_note_beside_the_order_says_how_it_stands(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world, f"{ASK}#内部 已拆机，搓纸轮断裂\n")
    assert "现状：已拆机，搓纸轮断裂" in read(last_letter(world, LEAD))
    assert kinds(world, ZHANG.key) == ["ack"]


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ("#升级 搓纸轮断货", "缺少所需支持"),
        ("#升级 所需支持：厂商到场", "缺少原因"),
    ],
)
def test_a_form_without_its_parts_is_refused_with_a_sample(
    make_world: MakeWorld, order: str, why: str
) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world, f"{order}\n")
    assert outcome(world)[0] == "noted"
    text = read(last_letter(world, LIU))
    assert why in text
    assert "#升级 数据库主机宕机｜需要存储厂商到场" in text
    assert asked(world) == []
    assert kinds(world, LEAD.key) == []


def test_words_beside_it_are_first_asked_whom_they_are_for(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world, f"{ASK}\n这台机器已经没法修了\n")
    assert outcome(world)[0] == "noted"
    assert "不确定是给用户的还是给同事的" in read(last_letter(world, LIU))
    assert kinds(world, ZHANG.key) == ["ack"]
    assert asked(world) == []


def test_it_is_asked_once_while_it_is_open(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    escalate(world)
    assert outcome(world)[0] == "noted"
    assert "已申请升级，还在等组长确认" in read(last_letter(world, LIU))
    assert len(asked(world)) == 1
    assert kinds(world, LEAD.key) == ["escalation"]


def test_a_yes_gives_it_to_its_owner_and_the_engineer_helps_on(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    engineer_answers(world, "escalation", "#同意升级 陈晨\n", by=LEAD)
    assert outcome(world)[0] == "appended", outcome(world)
    [row] = asked(world)
    assert (row.decision, row.decider, row.owner) == ("agreed", "王强", CHEN.key)
    assert {("陈晨", "assignee"), ("刘洋", "helper"), ("张敏", "requester")} <= parts(world)
    assert ("刘洋", "assignee") not in parts(world)
    dispatched = read(last_letter(world, CHEN))
    assert "升级原因：搓纸轮断货" in dispatched
    assert "三楼的打印机又卡纸了" in dispatched
    assert "王强同意升级，现由陈晨负责；请您继续协助" in read(last_letter(world, LIU))
    news = last_letter(world, ZHANG)
    assert news["Subject"] == "【已升级处理】打印机卡纸 [IT-20261120-0001]"
    assert "现由陈晨" in read(news)
    data = next(
        event.data
        for event in world.rows("SELECT kind, data FROM events")
        if event.kind == "escalated"
    )
    told = data if isinstance(data, dict) else json.loads(data)
    assert told == {"owner": "陈晨", "took": "5 min", "late": ""}


def test_plain_words_to_that_letter_decide_as_well(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    engineer_answers(world, "escalation", "同意升级 陈晨\n", by=LEAD)
    assert asked(world)[0].decision == "agreed"
    assert ("陈晨", "assignee") in parts(world)


def test_a_yes_without_an_owner_is_asked_for_one(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    for text in ("#同意升级\n", "同意\n"):
        engineer_answers(world, "escalation", text, by=LEAD)
        assert "#同意升级 刘洋" in read(last_letter(world, LEAD))
        assert asked(world)[0].decision is None


def test_a_yes_for_the_engineer_himself_leaves_it_with_him(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    engineer_answers(world, "escalation", "#同意升级 刘洋\n", by=LEAD)
    assert asked(world)[0].decision == "agreed"
    assert ("刘洋", "assignee") in parts(world)
    assert ("刘洋", "helper") not in parts(world)
    assert "仍由您负责" in read(last_letter(world, LIU))
    assert "news" not in kinds(world, ZHANG.key)


def test_a_vendor_may_own_it_and_its_engineer_stays(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    order = "#同意升级 联想售后 service@lenovo.test\n请派工程师带搓纸轮到场。\n"
    engineer_answers(world, "escalation", order, by=LEAD)
    assert outcome(world)[0] == "appended", outcome(world)
    row = ticket(world)
    assert (row["state"], row["waiting"]) == ("on_hold", "third_party")
    assert ("刘洋", "assignee") in parts(world)
    assert "请派工程师带搓纸轮到场。" in read(last_letter(world, "service@lenovo.test"))
    assert asked(world)[0].owner == "联想售后 service@lenovo.test"
    assert "请厂商处理：联想售后" in read(last_letter(world, LIU))
    assert "状态：挂起" in read(last_letter(world, LIU))
    news = read(last_letter(world, ZHANG))
    assert "正请厂商协助，仍由刘洋" in news
    assert "lenovo" not in news


def test_a_vendor_with_a_phone_only_gets_no_letter_and_nobody_reads_the_words(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    order = "#同意升级 联想售后 400-100-6000\n小刘跟紧一点\n"
    engineer_answers(world, "escalation", order, by=LEAD)
    assert asked(world)[0].owner == "联想售后 400-100-6000"
    assert ticket(world)["waiting"] == "third_party"
    assert all("跟紧" not in read(letter) for letter in world.transport.letters(ZHANG.key))
    assert kinds(world).count("vendor") == 0


def test_a_name_nobody_knows_is_no_owner(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    engineer_answers(world, "escalation", "#同意升级 赵六\n", by=LEAD)
    assert "没有找到“赵六”" in read(last_letter(world, LEAD))
    assert asked(world)[0].decision is None


def test_a_no_is_told_with_its_reason_and_the_ticket_goes_on(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    before = ticket(world)
    engineer_answers(world, "escalation", "#暂不升级 先换备机观察\n", by=LEAD)
    [row] = asked(world)
    assert (row.decision, row.reason, row.decider) == ("declined", "先换备机观察", "王强")
    assert "王强暂不升级：先换备机观察" in read(last_letter(world, LIU))
    after = ticket(world)
    assert (after["state"], after["assignee_id"]) == (before["state"], before["assignee_id"])
    assert kinds(world, ZHANG.key) == ["ack"]


def test_of_two_leads_the_first_decides_and_the_second_is_told(make_world: MakeWorld) -> None:
    world = desk_with(make_world, leads=(MEI,))
    open_ticket(world)
    escalate(world)
    assert kinds(world, MEI.key) == ["escalation"]
    engineer_answers(world, "escalation", "#同意升级 陈晨\n", by=LEAD)
    before = ticket(world)
    engineer_answers(world, "escalation", "#暂不升级 不用\n", by=MEI)
    assert outcome(world)[0] == "noted"
    assert "已有结论：王强今天 10:10 已同意，负责人：陈晨" in read(last_letter(world, MEI))
    assert ticket(world) == before
    assert [row.decision for row in asked(world)] == ["agreed"]


@pytest.mark.parametrize("who", [CHEN, AUDITOR], ids=["another engineer", "an auditor"])
def test_nobody_but_a_lead_decides(make_world: MakeWorld, who: Person) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    write(world, who, "#同意升级 陈晨\n", subject="回复: [IT-20261120-0001]")
    assert asked(world)[0].decision is None
    assert ("刘洋", "assignee") in parts(world)


def test_the_requester_cannot_decide(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    requester_answers(world, "ack", "#同意升级 陈晨\n")
    assert asked(world)[0].decision is None


def test_a_forged_yes_of_the_lead_decides_nothing(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    number = "回复: [IT-20261120-0001]"
    write(world, LEAD, "#同意升级 陈晨\n", subject=number, border=UNPROVED)
    assert asked(world)[0].decision is None
    assert ("刘洋", "assignee") in parts(world)
    assert outcome(world)[0] == "noted"


def test_a_lead_known_by_his_letter_only_gives_a_code_first(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    engineer_answers(world, "escalation", "#同意升级 陈晨\n", by=LEAD, border=UNPROVED)
    assert asked(world)[0].decision is None
    code = read(last_letter(world, LEAD)).split("第一行写确认码\n")[1].split("\n")[0]
    engineer_answers(world, "code", f"{code}\n", by=LEAD, border=UNPROVED)
    assert asked(world)[0].decision == "agreed"
    assert ("陈晨", "assignee") in parts(world)


def test_a_decision_that_is_late_is_reminded_of_once(make_world: MakeWorld) -> None:
    world = desk_with(make_world, leads=(MEI,))
    open_ticket(world)
    escalate(world)
    world.later(minutes=29)
    assert kinds(world, LEAD.key) == ["escalation"]
    world.later(minutes=2)
    world.later(minutes=60)
    for lead in (LEAD, MEI):
        assert kinds(world, lead.key) == ["escalation", "escalation"]
    text = read(last_letter(world, LEAD))
    assert "今天 10:35 前应确认，现在还没有人答复" in text
    assert "申请人刘洋" in text
    assert event_kinds(world).count("decision_missed") == 1
    engineer_answers(world, "escalation", "#同意升级 陈晨\n", by=LEAD)
    told = [json.dumps(row.data, ensure_ascii=False) for row in world.rows(
        "SELECT data FROM events WHERE kind = 'escalated'")]  # fmt: skip
    assert "yes" in told[0]


def test_the_clock_asks_after_the_time_of_handling_without_pauses(make_world: MakeWorld) -> None:
    world = desk_with(make_world, after_minutes=120, priorities=frozenset(("medium",)))
    open_ticket(world)  # 10:00; lunch is from 12:00 to 13:30
    engineer_answers(world, "dispatch", "#等用户\n请问是哪一台？\n")  # 10:05
    world.later(minutes=55)
    requester_answers(world, "question", "三楼东头那台\n")  # 11:05: an hour is not counted
    world.later(minutes=55)
    world.later(minutes=100)  # 13:40
    assert kinds(world, LEAD.key) == []
    world.later(minutes=45)  # 14:25
    assert kinds(world, LEAD.key) == []
    world.later(minutes=15)  # 14:40: 5 + 55 + 70 minutes
    assert kinds(world, LEAD.key) == ["escalation"]
    text = read(last_letter(world, LEAD))
    assert "还没有解决，是否升级" in text
    assert "现状：请问是哪一台？" in text
    assert "2小时" in text
    assert event_kinds(world).count("escalation_asked") == 1
    world.later(hours=3)
    assert kinds(world, LEAD.key).count("escalation") == 2  # and its reminder


def test_a_solved_ticket_is_not_escalated(make_world: MakeWorld) -> None:
    world = desk_with(make_world, after_minutes=30, priorities=frozenset(("medium",)))
    open_ticket(world)
    engineer_answers(world, "dispatch", "#已解决\n已更换搓纸轮，请再打印一次。\n")
    world.later(hours=2)
    assert kinds(world, LEAD.key) == []


def test_after_a_no_the_clock_asks_again_only_after_the_same_time(make_world: MakeWorld) -> None:
    world = desk_with(make_world, after_minutes=30, priorities=frozenset(("medium",)))
    open_ticket(world)
    world.later(minutes=31)
    assert kinds(world, LEAD.key) == ["escalation"]
    engineer_answers(world, "escalation", "#暂不升级 再看看\n", by=LEAD)  # 10:36
    world.later(minutes=28)
    assert kinds(world, LEAD.key).count("escalation") == 1
    world.later(minutes=4)
    assert kinds(world, LEAD.key).count("escalation") == 2
    assert [row.decision for row in asked(world)] == ["declined", None]


def test_raising_the_priority_starts_the_clock(make_world: MakeWorld) -> None:
    world = desk_with(make_world, after_minutes=60, priorities=frozenset(("high",)))
    open_ticket(world)
    world.later(minutes=90)
    assert kinds(world, LEAD.key) == []
    engineer_answers(world, "dispatch", "#优先级 高\n")
    world.later(minutes=2)
    assert kinds(world, LEAD.key) == ["escalation"]


def test_words_that_it_is_wider_raise_the_priority_and_tell_those_concerned(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    requester_answers(world, "ack", "现在整个财务部都打不了了！\n")
    row = ticket(world)
    assert row["priority"] == "high"
    assert row["response_due"] == micros(local(12, 0))
    engineer = read(last_letter(world, LIU))
    assert "影响范围扩大，优先级已升为“高”" in engineer
    assert "现在整个财务部都打不了了！" in engineer
    assert kinds(world, LEAD.key) == ["answer"]
    assert "影响范围扩大" in read(last_letter(world, LEAD))
    news = read(last_letter(world, ZHANG))
    assert "优先级调整为“高”，由刘洋（" in news
    assert "处理，今天 12:00 前联系您" in news
    assert "scope_grew" in event_kinds(world)
    assert any(item.step == "scope" for item in explain_last(world).findings)


def test_wider_scope_is_put_before_the_lead_where_the_profile_says_so(
    make_world: MakeWorld,
) -> None:
    world = desk_with(make_world, after_minutes=120, priorities=frozenset(("high",)))
    open_ticket(world)
    requester_answers(world, "ack", "现在整个财务部都打不了了！\n")
    assert kinds(world, LEAD.key) == ["escalation"]
    text = read(last_letter(world, LEAD))
    assert "用户反馈影响范围扩大，优先级已升为“高”" in text
    assert "现在整个财务部都打不了了！" in text
    assert [row.kind for row in asked(world)] == ["escalation"]
    engineer_answers(world, "escalation", "#同意升级 陈晨\n", by=LEAD)
    assert ("陈晨", "assignee") in parts(world)


@pytest.mark.parametrize(
    "words",
    [
        "不是整个部门，只有我打不开\n",
        "会不会整个部门都上不了？\n",
        "整个部门都恢复了，我的还不行\n",
    ],
)
def test_a_scope_denied_asked_or_over_changes_nothing(make_world: MakeWorld, words: str) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    requester_answers(world, "ack", words)
    assert ticket(world)["priority"] == "medium"
    assert kinds(world, LEAD.key) == []


def test_wider_scope_never_lowers_a_priority(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "#优先级 紧急\n")
    requester_answers(world, "ack", "隔壁部门也打不了了\n")
    assert ticket(world)["priority"] == "urgent"
    assert "scope_grew" not in event_kinds(world)


def test_nobody_can_forge_a_wider_scope(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    write(
        world, ZHANG, "现在整个公司都打不了了\n",
        subject="回复: [IT-20261120-0001]", border=UNPROVED,
    )  # fmt: skip
    assert ticket(world)["priority"] == "medium"


def test_no_letter_shows_the_requester_what_was_asked_inside(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    engineer_answers(world, "escalation", "#同意升级 陈晨\n这用户真麻烦\n", by=LEAD)
    for letter in world.transport.letters(ZHANG.key):
        assert "断货" not in read(letter)
        assert "麻烦" not in read(letter).replace("麻烦看一下", "")
    assert list_letters(world, 0)


def test_neither_asking_nor_deciding_can_be_undone(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world)
    engineer_answers(world, "dispatch", "#撤销\n")
    assert "升级申请已发给组长，不能撤销" in read(last_letter(world, LIU))
    engineer_answers(world, "escalation", "#同意升级 陈晨\n", by=LEAD)
    before = ticket(world)
    engineer_answers(world, "escalation", "#撤销\n", by=LEAD)
    assert "决定已通知相关的人，不能撤销" in read(last_letter(world, LEAD))
    assert ticket(world) == before
    assert asked(world)[0].decision == "agreed"


def test_what_the_rules_call_urgent_starts_the_emergency_response(make_world: MakeWorld) -> None:
    world = desk_with(make_world, after_minutes=120, priorities=frozenset(("urgent",)))
    open_ticket(world)
    requester_answers(world, "ack", "现在全公司断网了，所有人都上不了网\n")
    assert ticket(world)["priority"] == "urgent"
    assert kinds(world, LEAD.key) == ["urgent"]
    assert asked(world) == []


def test_the_lead_hears_of_it_at_night_too(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    world.now += timedelta(hours=12)  # 22:00
    open_ticket(world)
    escalate(world)
    assert last_letter(world, LEAD)["Subject"].startswith("【升级待确认】")


def test_english_orders_do_the_same(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    escalate(world, "#escalate no pickup rollers left / the vendor on site\n")
    assert form(asked(world)[0])["support"] == "the vendor on site"
    engineer_answers(world, "escalation", "#decline wait for the delivery\n", by=LEAD)
    assert asked(world)[0].reason == "wait for the delivery"
    escalate(world, "#escalate\nReason: nothing delivered\nSupport: a spare printer\n")
    engineer_answers(world, "escalation", "#agree chen@corp.test\n", by=LEAD)
    assert [row.decision for row in asked(world)] == ["declined", "agreed"]
    assert ("陈晨", "assignee") in parts(world)
