"""Nobody answers: who is reminded, how often, in how many letters, and what is closed by policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from builders import profile, raw_mail
from servers.postgres import Postgres
from sqlalchemy import text
from thread import (
    LIU,
    PEOPLE,
    PROVED,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import World

from maildesk.desk.policy import Closing, Patience
from maildesk.desk.profile import Profile
from maildesk.store import deadlines
from maildesk.store.deadlines import NewDeadline

MakeWorld = Callable[..., World]
SHANGHAI = ZoneInfo("Asia/Shanghai")
SOLVED = "#已解决\n已清理进纸轮，请再打印一张试试。\n"
ASKED = "#等用户\n请拍一张屏幕上的提示发来。\n"
REMINDERS = ("reminder", "reminders")


def quiet_profile(**given: object) -> Profile:
    return replace(profile(), unassigned_after_minutes=100_000, **given)  # type: ignore[arg-type]


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    world = open_desk(make_world)
    with world.store.write() as db:
        morning = NewDeadline("digest_daily", f"desk:{world.desk.id}", world.desk.id, world.now)
        deadlines.set_deadlines(db, [morning])
    return world


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def wait_until(world: World, moment: datetime) -> None:
    """Let time pass in steps, as the daemon would see it."""
    while world.now < moment:
        world.later(hours=min(1.0, (moment - world.now).total_seconds() / 3600))


def reminders(world: World) -> list[str]:
    return [kind for kind in kinds(world, ZHANG.key) if kind in REMINDERS]


def sent_at(world: World) -> list[datetime]:
    """When reminders left, in the desk's zone."""
    rows = world.rows(
        "SELECT settled_at FROM outbox WHERE letter LIKE 'reminder%' AND state = 'accepted' "
        "ORDER BY id"
    )
    return [datetime.fromtimestamp(row[0] / 1_000_000, SHANGHAI) for row in rows]


def open_more(world: World, number: int) -> None:
    """Another ticket of 张敏's about something else."""
    subject = ("打印机卡纸", "显示器闪烁", "键盘失灵")[number - 1]
    open_ticket(world, message_id=f"t{number}@corp.test", subject=subject)


def test_who_does_not_confirm_is_reminded_twice_and_then_the_engineers_digest_says_so(
    world: World,
) -> None:
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    wait_until(world, at(11, 24, 9))
    assert reminders(world) == []
    wait_until(world, at(11, 24, 11))
    assert reminders(world) == ["reminder"]
    letter = last_letter(world, ZHANG)
    assert letter["Subject"] == "【请确认】打印机卡纸，好了吗？ [IT-20261120-0001]"
    assert "还没有收到您的确认" in read(letter)
    assert "已清理进纸轮" in read(letter)
    assert "先结单" not in read(letter)
    wait_until(world, at(11, 26, 11))
    assert reminders(world) == ["reminder"] * 2
    wait_until(world, at(12, 11, 11))
    assert reminders(world) == ["reminder"] * 2
    assert ticket(world)["state"] == "to_confirm"
    assert "提醒过，用户仍未确认" in read(last_letter(world, LIU))


@pytest.mark.parametrize(
    ("after", "offered"), [("solved", "已解决，评价："), ("confirmed", "已解决：")]
)
def test_who_is_asked_again_is_offered_what_the_first_letter_offered(
    make_world: MakeWorld, after: Literal["solved", "confirmed"], offered: str
) -> None:
    survey = replace(profile().survey, after=after)
    world = open_desk(make_world, profile=quiet_profile(survey=survey))
    for number in (1, 2):
        open_more(world, number)
        engineer_answers(world, "dispatch", SOLVED)
    assert offered in read(last_letter(world, ZHANG))
    requester_answers(world, "solved", "1\n")
    assert kinds(world, ZHANG.key)[-1] == "clarify"
    assert offered in read(last_letter(world, ZHANG))
    wait_until(world, at(11, 24, 11))
    assert reminders(world) == ["reminders"]
    assert read(last_letter(world, ZHANG)).count(offered) == 2
    with world.store.write() as db:
        db.execute(text("UPDATE tickets SET state = 'closed' WHERE id = 1"))
    wait_until(world, at(11, 26, 11))
    assert reminders(world) == ["reminders", "reminder"]
    assert offered in read(last_letter(world, ZHANG))


def test_a_confirmation_ends_the_reminders(world: World) -> None:
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    wait_until(world, at(11, 24, 11))
    requester_answers(world, "reminder", "好了，谢谢\n")
    assert ticket(world)["state"] in ("solved", "closed")
    wait_until(world, at(12, 4))
    assert reminders(world) == ["reminder"]


def test_a_reminder_that_is_no_longer_true_is_superseded_before_it_leaves(world: World) -> None:
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    world.now = at(11, 24, 11)
    world.clock.tick()
    assert reminders(world) == ["reminder"]
    with world.store.write() as db:
        db.execute(text("UPDATE tickets SET state = 'solved'"))
    world.later(seconds=1)
    [state] = world.rows("SELECT state FROM outbox WHERE letter = 'reminder'")
    assert state[0] == "superseded"


def test_a_question_without_an_answer_is_asked_again_once(world: World) -> None:
    open_ticket(world)
    engineer_answers(world, "dispatch", ASKED)
    wait_until(world, at(12, 11))
    assert reminders(world) == ["reminder"]
    letter = read(world.transport.letters(ZHANG.key)[-1])
    assert "请拍一张屏幕上的提示发来" in letter
    assert ticket(world)["state"] == "waiting_requester"
    assert "提醒过，用户仍未补充" in read(last_letter(world, LIU))


def test_an_answer_to_the_question_ends_its_reminder(world: World) -> None:
    open_ticket(world)
    engineer_answers(world, "dispatch", ASKED)
    requester_answers(world, "question", "屏幕上写着 E5\n")
    wait_until(world, at(12, 4))
    assert reminders(world) == []


def test_three_tickets_that_wait_are_one_letter(world: World) -> None:
    for number in (1, 2, 3):
        open_more(world, number)
        engineer_answers(world, "dispatch", SOLVED if number != 2 else ASKED)
    wait_until(world, at(11, 24, 20))
    assert reminders(world) == ["reminders"]
    letter = last_letter(world, ZHANG)
    assert letter["Subject"] == "【待您回复 3 件】打印机卡纸等"
    words = read(letter)
    for name in ("打印机卡纸", "显示器闪烁", "键盘失灵"):
        assert name in words
    assert words.count("https://desk.corp.test/t/") == 4
    for number in (1, 2, 3):
        assert event_kinds(world, f"IT-20261120-{number:04d}").count("reminded") == 1
    # The second round is one letter again, and only about what is still to be confirmed.
    wait_until(world, at(11, 26, 20))
    assert reminders(world) == ["reminders"] * 2
    assert "显示器闪烁" not in read(last_letter(world, ZHANG))


@pytest.mark.parametrize("answered", [1, 2])
def test_a_letter_about_several_names_none_that_is_answered_before_it_leaves(
    world: World, answered: int
) -> None:
    """Whichever it is: it is not named, and the others are told all the same."""
    for number in (1, 2, 3):
        open_more(world, number)
        engineer_answers(world, "dispatch", SOLVED if number != 3 else ASKED)
    world.now = at(11, 24, 11)
    world.clock.tick()
    assert reminders(world) == ["reminders"]
    with world.store.write() as db:
        db.execute(text(f"UPDATE tickets SET state = 'solved' WHERE id = {answered}"))
    wait_until(world, at(11, 24, 14))
    states = [row[0] for row in world.rows("SELECT state FROM outbox WHERE letter = 'reminders'")]
    assert states == ["superseded", "accepted"]
    words = read(last_letter(world, ZHANG))
    titles = ("打印机卡纸", "显示器闪烁", "键盘失灵")
    assert [title in words for title in titles] == [number != answered for number in (1, 2, 3)]
    # What never left counts for nothing: the second reminder comes as well.
    wait_until(world, at(11, 26, 20))
    assert reminders(world) == ["reminders", "reminders", "reminder"]


def test_of_two_the_other_gets_a_letter_of_its_own_and_none_when_both_are_answered(
    world: World,
) -> None:
    for number in (1, 2):
        open_more(world, number)
        engineer_answers(world, "dispatch", SOLVED)
    world.now = at(11, 24, 11)
    world.clock.tick()
    with world.store.write() as db:
        db.execute(text("UPDATE tickets SET state = 'solved' WHERE id = 1"))
    wait_until(world, at(11, 24, 14))
    assert reminders(world) == ["reminders", "reminder"]
    assert "显示器闪烁" in str(last_letter(world, ZHANG)["Subject"])
    with world.store.write() as db:
        db.execute(text("UPDATE tickets SET state = 'solved'"))
    wait_until(world, at(11, 27))
    assert reminders(world) == ["reminders", "reminder"]


def test_a_yes_to_a_letter_about_several_confirms_none_of_them_unseen(world: World) -> None:
    for number in (1, 2):
        open_more(world, number)
        engineer_answers(world, "dispatch", SOLVED)
    wait_until(world, at(11, 24, 20))
    requester_answers(world, "reminders", "好了\n", subject="回复: 待您回复")
    states = [row[0] for row in world.rows("SELECT state FROM tickets ORDER BY id")]
    assert states == ["to_confirm", "to_confirm"]
    assert "unclear" in event_kinds(world)
    assert kinds(world, LIU.key)[-1] == "answer"


def test_at_most_two_reminders_in_a_tickets_life(world: World) -> None:
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    wait_until(world, at(11, 26, 11))
    requester_answers(world, "reminder", "还是不行\n")
    engineer_answers(world, "answer", SOLVED)
    wait_until(world, at(12, 11))
    assert reminders(world) == ["reminder"] * 2
    assert "not_reminded" in event_kinds(world)


def test_his_out_of_office_is_no_time_to_answer(world: World) -> None:
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    write(
        world,
        ZHANG,
        "您好，我正在休假，11月30日返岗。\n",
        subject="自动回复: 请确认",
        headers=("Auto-Submitted: auto-replied",),
    )
    wait_until(world, at(12, 1, 9))
    assert reminders(world) == []
    wait_until(world, at(12, 1, 11))
    assert reminders(world) == ["reminder"]


def test_reminders_rest_at_night_and_on_the_first_morning_after_a_holiday(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    world.now = at(9, 29, 9)
    world.collector.read_new()
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    wait_until(world, at(10, 10))
    [moment, *_] = sent_at(world)
    assert moment.date() >= at(10, 8).date()
    assert (moment.hour, moment.minute) >= (14, 0)


def test_an_address_that_bounces_is_not_reminded(world: World) -> None:
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    until = int(at(12, 20).timestamp() * 1_000_000)
    with world.store.write() as db:
        db.execute(
            text(
                f"UPDATE addresses SET bounced_at = 1, bounced_until = {until}, "
                f"bounced_why = 'hard' WHERE address = '{ZHANG.key}'"
            )
        )
    wait_until(world, at(12, 4))
    assert reminders(world) == []
    assert "提醒过，用户仍未确认" in read(last_letter(world, LIU))


def test_the_profile_may_close_without_an_answer_and_says_so(make_world: MakeWorld) -> None:
    calm = quiet_profile(closing=Closing(after_days=5))
    world = open_desk(make_world, profile=calm)
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    wait_until(world, at(11, 26, 11))
    assert "先结单" in read(last_letter(world, ZHANG))
    wait_until(world, at(11, 27, 11))
    row = ticket(world)
    assert (row["state"], row["closed_by"], row["confirmed_at"]) == ("closed", "policy", None)
    assert row["closed_at"] is not None
    letter = last_letter(world, ZHANG)
    assert letter["Subject"] == "【已结单】打印机卡纸 [IT-20261120-0001]"
    assert "直接回复本邮件即可重开" in read(letter)
    assert kinds(world, ZHANG.key)[-3:] == ["reminder", "reminder", "closed"]
    requester_answers(world, "closed", "还是卡纸，没好\n")
    row = ticket(world)
    assert (row["state"], row["closed_by"], row["closed_at"]) == ("in_progress", None, None)


def test_a_late_yes_to_what_was_closed_by_policy_is_recorded(make_world: MakeWorld) -> None:
    world = open_desk(make_world, profile=quiet_profile(closing=Closing(after_days=5)))
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    wait_until(world, at(11, 27, 11))
    requester_answers(world, "closed", "好了\n")
    row = ticket(world)
    assert row["state"] == "closed"
    assert row["confirmed_at"] is not None


def test_nothing_is_closed_without_a_reminder_before(make_world: MakeWorld) -> None:
    calm = quiet_profile(closing=Closing(after_days=1, remind_days=()))
    world = open_desk(make_world, profile=calm)
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    wait_until(world, at(11, 23, 12))
    assert ticket(world)["state"] == "to_confirm"
    assert reminders(world) == ["reminder"]
    wait_until(world, at(11, 24, 12))
    assert ticket(world)["state"] == "closed"


def test_a_question_nobody_answers_is_given_up_only_where_the_profile_says_so(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world, profile=quiet_profile(patience=Patience(2, 5)))
    open_ticket(world)
    engineer_answers(world, "dispatch", ASKED)
    wait_until(world, at(11, 27, 12))
    row = ticket(world)
    assert (row["state"], row["waiting"], row["closed_by"]) == ("closed", "none", "policy")
    assert "一直没有收到答复" in read(last_letter(world, ZHANG))


def test_a_machines_ticket_reminds_nobody(world: World) -> None:
    world.receive(
        raw_mail(
            sender="noreply@corp.test",
            subject="[ALERT] disk full",
            headers=(*PROVED, "Auto-Submitted: auto-generated"),
        )
    )
    wait_until(world, at(12, 4))
    assert not [kind for kind in kinds(world) if kind in REMINDERS]


def test_two_clocks_remind_once(world: World) -> None:
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    world.now = at(11, 24, 12)
    world.clock.tick()
    world.clock.tick()
    assert reminders(world) == ["reminder"]


def test_planned_leave_of_the_people_list_is_no_time_to_answer(make_world: MakeWorld) -> None:
    away = replace(ZHANG, away=((date(2026, 11, 23), date(2026, 11, 26)),))
    world = open_desk(make_world, listed=(*(who for who in PEOPLE if who != ZHANG), away))
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    wait_until(world, at(11, 30, 9))
    assert reminders(world) == []
    wait_until(world, at(11, 30, 11))
    assert reminders(world) == ["reminder"]


def test_the_clock_never_waits_for_a_mail_that_holds_the_ticket(
    make_world: MakeWorld, postgres: Postgres, postgres_template: str
) -> None:
    url = postgres.fresh_database(postgres_template)
    world = open_desk(make_world, url=url, profile=quiet_profile(closing=Closing(after_days=3)))
    open_ticket(world)
    engineer_answers(world, "dispatch", SOLVED)
    world.now = at(11, 24, 11)
    with world.store.write() as db:
        db.execute(text("SET lock_timeout = '2s'"))
        db.execute(text("SELECT id FROM tickets FOR NO KEY UPDATE"))
        world.clock.tick()
        assert reminders(world) == ["reminder"]
        world.now = at(11, 25, 11)
        world.clock.tick()
        assert ticket(world)["state"] == "to_confirm"
    world.later(minutes=2)
    assert ticket(world)["state"] == "closed"
