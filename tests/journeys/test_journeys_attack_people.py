"""The people list changes while things are under way: who gets them, and who no longer does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from ordering import count_letters, list_letters
from test_journeys_approval import MIN, WEI, request
from test_journeys_approval import desk_with as desk_with_approvals
from test_journeys_escalation import ASK, MEI, asked, desk_with
from thread import (
    CHEN,
    LIU,
    PEOPLE,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    open_desk,
    open_ticket,
    outcome,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, Said, World

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.decision import Lead
from maildesk.desk.person import Person, Role
from maildesk.store import people, vacancies

MakeWorld = Callable[..., World]
WITHOUT_LEAD = (MEI, *(person for person in PEOPLE if person is not LEAD))
SOLVED = "#已解决\n已清理进纸轮，请再打印一张试试。\n"


def become(world: World, listed: Sequence[Person]) -> None:
    """A new start with another people list, as `memory.enter_people` does it."""
    with world.store.write() as db:
        former = people.sync_people(db, listed)
        vacancies.take_back_letters(db, former, world.now)
    with world.store.write() as db:
        vacancies.vacate(db, world.now)
    leads = tuple(Lead(p.addresses[0], p.name) for p in listed if p.role is Role.LEAD)
    for part in (world.intake, world.clock, world.feedback):
        object.__setattr__(part, "directory", Directory(tuple(listed)))
        object.__setattr__(part, "leads", leads)


def wait(world: World, days: int) -> None:
    for _ in range(days * 24):
        world.later(hours=1)


# ── the same people, listed otherwise ────────────────────────────────────────────────────────


@pytest.mark.parametrize("change", ["added", "corrected", "left out", "another address first"])
def test_who_is_listed_with_another_key_keeps_tickets_and_say(
    make_world: MakeWorld, change: str
) -> None:
    before: tuple[Person, ...] = PEOPLE
    if change == "added":
        before = tuple(replace(person, staff_number=None) for person in PEOPLE)
    after: tuple[Person, ...] = PEOPLE
    if change in ("added", "corrected"):
        after = tuple(replace(p, staff_number=f"S{at}") for at, p in enumerate(PEOPLE))
    elif change == "left out":
        after = tuple(replace(person, staff_number=None) for person in PEOPLE)
    elif change == "another address first":
        before = tuple(replace(person, staff_number=None) for person in PEOPLE)
        after = tuple(replace(p, addresses=(f"new.{p.key}", p.key)) for p in before)
    world = open_desk(make_world, listed=before)
    open_ticket(world)
    engineer_answers(world, "dispatch", "#接单\n")
    mine, everybody = ticket(world), world.value("SELECT count(*) FROM people")
    become(world, after)
    wait(world, 1)
    assert ticket(world)["assignee_id"] == mine["assignee_id"]
    assert "unassigned" not in kinds(world, LEAD.key)
    assert world.value("SELECT count(*) FROM people") == everybody
    engineer_answers(world, "dispatch", SOLVED)
    answered = last_id(world, "solved", after[-1].key)
    write(world, after[-1], "好了，谢谢\n", answers=answered)
    assert ticket(world)["state"] == "solved", outcome(world)


def test_another_person_at_an_address_is_another_person(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    heir = replace(LIU, name="孙悦", staff_number="HW009")
    become(world, (*(person for person in PEOPLE if person is not LIU), heir))
    assert ticket(world)["assignee_id"] is None
    assert "assignee_left" in event_kinds(world)


# ── the lead has changed ─────────────────────────────────────────────────────────────────────


def test_an_escalation_is_put_before_the_lead_there_is_now(make_world: MakeWorld) -> None:
    world = desk_with(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", ASK)
    sent = count_letters(world)
    become(world, WITHOUT_LEAD)
    wait(world, 1)
    told = [item for item in list_letters(world, sent) if item[0] == "escalation"]
    assert told == [("escalation", MEI.key)]
    engineer_answers(world, "escalation", "同意 刘洋\n", by=MEI)
    assert asked(world)[0].decision == "agreed"


def test_a_follow_up_is_the_lead_there_is_nows(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    requester_answers(world, "solved", "好了，2 分，等了两天才有人来\n")
    assert kinds(world, LEAD.key)[-1] == "low_rating"
    sent = count_letters(world)
    become(world, WITHOUT_LEAD)
    wait(world, 2)
    assert {address for _, address in list_letters(world, sent)} == {MEI.key}
    write(world, MEI, "#回访 已电话沟通\n", subject="[IT-20261120-0001]")
    assert "followed_up" in event_kinds(world)


def test_an_approver_who_left_is_not_reminded_and_the_lead_may_decide(
    make_world: MakeWorld,
) -> None:
    world = desk_with_approvals(make_world)
    request(world)  # a Friday at 10:00
    become(world, (*PEOPLE[:-1], replace(MIN, manager=None)))
    wait(world, 4)
    assert kinds(world, WEI.key) == ["approval"]
    assert kinds(world, LEAD.key)[:1] == ["approval"]
    engineer_answers(world, "approval", "#批准\n", by=LEAD)
    assert "approved" in event_kinds(world)


# ── letters that wait ────────────────────────────────────────────────────────────────────────


def test_what_waits_for_who_was_staff_does_not_leave_to_him_any_more(
    make_world: MakeWorld,
) -> None:
    """The mail server was away over the evening on which 刘洋 left; he has a ticket of his own."""
    world = open_desk(make_world)
    world.transport.answers = [Said("account", 535, "no", "auth")] * 9
    open_ticket(world)
    write(world, LIU, "我的 VPN 连不上，提示证书过期。\n", subject="VPN 连不上")
    assert not world.transport.sent
    become(world, tuple(person for person in PEOPLE if person is not LIU))
    world.transport.answers = []
    wait(world, 1)
    assert kinds(world, ZHANG.key) == ["ack"]
    left = [str(item["Subject"]) for item in world.transport.letters(LIU.key)]
    assert any("VPN 连不上" in subject for subject in left)
    assert not [subject for subject in left if "IT-20261120-0001" in subject]
    query = "SELECT reason FROM outbox WHERE state = 'superseded' AND address = 'liu@corp.test'"
    assert [row.reason for row in world.rows(query)] == ["its reader is no longer staff"]
    write(world, LEAD, "#转派 陈晨\n", subject="[IT-20261120-0001]")
    assert "三楼的打印机又卡纸了" in read(last_letter(world, CHEN))
