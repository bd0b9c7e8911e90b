"""What an attacker of the thread found: each test is a way in, a loss or a storm that was open."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from builders import DESK, raw_mail
from forging import NUMBER, constant
from sqlalchemy import text
from thread import (
    CHEN,
    LIU,
    PEOPLE,
    PROVED,
    UNPROVED,
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
from worlds import LEAD, World

from maildesk.clock import next_digest
from maildesk.desk.arrival.directory import Directory
from maildesk.desk.pages.links import Link
from maildesk.desk.person import Person
from maildesk.errors import Transient
from maildesk.store import cases, deadlines, people, tickets, vacancies
from maildesk.store.deadlines import NewDeadline

# SQLite has one writer at a time: nobody waits for a row there.
ON_POSTGRES = pytest.mark.parametrize("database", ["postgres"], indirect=True)


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    world = open_desk(make_world)
    open_ticket(world)
    return world


def alter(world: World, statement: str) -> None:
    with world.store.write() as db:
        db.execute(text(statement))


# ── what a ticket was opened under changes behind its back ────────────────────────────────────


def test_a_ticket_outlives_the_words_of_its_profile(desk: World) -> None:
    alter(desk, "UPDATE tickets SET category = 'fax', priority = 'asap', type = 'wish'")
    alter(desk, "UPDATE tickets SET group_key = 'telex'")
    requester_answers(desk, "ack", "还没好，急\n")
    assert outcome(desk)[0] == "appended"
    engineer_answers(desk, "dispatch", "#状态\n")
    assert "fax" in read(last_letter(desk, LIU))
    engineer_answers(desk, "dispatch", "#已解决\n换了纸盒，请再试一次。\n")
    requester_answers(desk, "solved", "没好\n")
    assert ticket(desk)["state"] == "in_progress"
    engineer_answers(desk, "dispatch", "#转派 王强\n")
    assert kinds(desk, ZHANG.key) == ["ack", "solved"]
    desk.later(hours=30)
    assert not desk.rows("SELECT id FROM deadlines WHERE state = 'open' AND kind LIKE 'resp%'")
    assert not desk.rows("SELECT id FROM sightings WHERE outcome = 'quarantined'")


# ── words that reach somebody they were not written to ────────────────────────────────────────


def test_send_releases_the_words_of_the_letter_that_is_answered(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#内布\n第一封。\n")
    first = last_id(desk, "held")
    engineer_answers(desk, "dispatch", "#内布\n她又来了。\n")
    write(desk, LIU, "#发送\n", answers=first)
    assert "第一封。" in read(last_letter(desk, ZHANG))
    assert kinds(desk, ZHANG.key) == ["ack", "progress"]
    write(desk, LIU, "#发送\n", answers=first)
    assert "没有等待发出的邮件" in read(last_letter(desk, LIU))
    assert kinds(desk, ZHANG.key) == ["ack", "progress"]
    engineer_answers(desk, "held", "#发送\n")
    assert "她又来了。" in read(last_letter(desk, ZHANG))


@pytest.mark.parametrize("held", [False, True], ids=["an answer", "a released draft"])
def test_words_to_a_former_requester_do_not_reach_the_new_one(
    held: bool, make_world: Callable[..., World]
) -> None:
    li = Person("李四", ("li@corp.test",))
    world = open_desk(make_world, listed=(*PEOPLE, li))
    open_ticket(world)
    private = "张敏您好，给您的暗号：sesame。\n"
    if held:
        engineer_answers(world, "dispatch", f"#内布\n{private}")
    letter = last_id(world, "held" if held else "dispatch")
    write(world, LEAD, "#代提 李四\n", subject=NUMBER)
    write(world, LIU, "#发送\n" if held else private, answers=letter)
    assert kinds(world, li.key) == ["ack"]
    assert "提报人已改为李四" in read(last_letter(world, LIU))
    engineer_answers(world, "held", "#发送\n")  # he insists
    assert "sesame" in read(last_letter(world, li.key))
    assert kinds(world, ZHANG.key) == ["ack"]


# ── words that reach nobody ───────────────────────────────────────────────────────────────────


def leave(world: World, *gone: Person) -> None:
    """The people list is read again without them, as at a daemon's start."""
    left = tuple(person for person in PEOPLE if person not in gone)
    with world.store.write() as db:
        people.sync_people(db, left)
    with world.store.write() as db:
        vacancies.vacate(db, world.now)
    for part in (world.intake, world.clock, world.feedback):
        object.__setattr__(part, "directory", Directory(left))


def test_the_tickets_of_an_engineer_who_left_are_the_leads(desk: World) -> None:
    leave(desk, LIU)
    assert ticket(desk)["state"] == "unassigned"
    requester_answers(desk, "ack", "补充一下：就是三楼那台。\n")
    assert kinds(desk, LIU.key) == ["dispatch"]
    assert kinds(desk, LEAD.key) == ["unassigned"]
    leave(desk, LIU)
    desk.later(minutes=1)
    assert kinds(desk, LEAD.key) == ["unassigned"]
    write(desk, LEAD, "#转派 陈晨\n", subject=NUMBER)
    assert "就是三楼那台" in read(last_letter(desk, CHEN))


def test_an_engineer_who_left_works_on_nothing_with_his_old_letters(desk: World) -> None:
    link = Link("solved", "it", 1, LIU.key, desk.now)
    leave(desk, LIU)
    before = constant(desk)
    engineer_answers(desk, "dispatch", "#已解决\n已更换硒鼓，请再试一次。\n", border=UNPROVED)
    assert desk.feedback.look(link) is None
    assert not desk.feedback.answer(link, "solved", "好了", "").ok
    assert constant(desk) == before
    assert kinds(desk, ZHANG.key) == ["ack"]


def test_what_is_reopened_after_its_engineer_left_is_told_to_the_lead(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#已解决\n已更换硒鼓，请再试一次。\n")
    requester_answers(desk, "solved", "好了\n")
    leave(desk, LIU)
    requester_answers(desk, "solved", "还是不行，又卡了\n")
    assert ticket(desk)["state"] == "unassigned"
    assert ticket(desk)["assignee_id"] is None
    assert kinds(desk, LEAD.key) == ["unassigned"]


# ── storms ────────────────────────────────────────────────────────────────────────────────────


def test_many_chases_keep_no_words_from_the_engineer_and_tell_the_lead_once_a_day(
    desk: World,
) -> None:
    for _ in range(25):
        requester_answers(desk, "ack", "怎么还没好？\n")
    desk.later(hours=1)
    requester_answers(desk, "ack", "打印机冒烟了！\n")
    assert "冒烟" in read(last_letter(desk, LIU))
    engineer_answers(desk, "dispatch", "#内布\n马上来。\n")
    assert "#内布" in read(last_letter(desk, LIU))
    assert kinds(desk, LEAD.key) == ["answer"]
    assert kinds(desk, ZHANG.key) == ["ack", "status"]


# ── who may, and what is left out ─────────────────────────────────────────────────────────────


def test_an_outsider_in_cc_reads_the_page_and_decides_nothing(
    make_world: Callable[..., World],
) -> None:
    world = open_desk(make_world)
    open_ticket(world, headers=("Cc: friend@far.test, chen@corp.test",))
    engineer_answers(world, "dispatch", "#已解决\n已更换硒鼓，请再试一次。\n")
    link = Link("confirm", "it", 1, "friend@far.test", world.now)
    sight = world.feedback.look(link)
    assert sight is not None
    assert sight.choices == ()
    for choice in ("confirmed", "broken"):
        assert not world.feedback.answer(link, choice, "", "").ok
    assert ticket(world)["state"] == "to_confirm"
    colleague = Link("confirm", "it", 1, CHEN.key, world.now)
    assert world.feedback.answer(colleague, "confirmed", "", "").ok


def test_whom_an_unproved_first_mail_copies_reads_nothing_unless_the_desk_knows_him(
    make_world: Callable[..., World],
) -> None:
    world = open_desk(make_world)
    copied = "Cc: evil@far.test, colleague@corp.test"
    world.receive(raw_mail(headers=(*UNPROVED, copied)))
    engineer_answers(world, "dispatch", "您的新密码是 sesame。\n")
    assert kinds(world, "evil@far.test") == []
    assert kinds(world, "colleague@corp.test") == ["progress"]


@pytest.mark.parametrize("text", ["\n", "#等用户\n"], ids=["nothing", "an order"])
def test_files_without_a_word_are_not_dropped_in_silence(text: str, desk: World) -> None:
    before = constant(desk)
    guide = ("guide.pdf", b"%PDF" * 5000)
    engineer_answers(desk, "dispatch", text, attachment=guide)
    assert constant(desk) == before
    assert "只有附件" in read(last_letter(desk, LIU))
    engineer_answers(desk, "dispatch", "请看附件。\n", attachment=guide)
    sent = last_letter(desk, ZHANG)
    assert [item.get_filename() for item in sent.iter_attachments()] == ["guide.pdf"]


def test_an_order_that_stands_alone_is_not_run_beside_others(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#优先级 高\n")
    before = constant(desk)
    engineer_answers(desk, "dispatch", "#撤销\n#转派 陈晨\n")
    assert "不能一起用" in read(last_letter(desk, LIU))
    engineer_answers(desk, "dispatch", "#内布\n马上来。\n")
    engineer_answers(desk, "held", "#发送\n#已解决\n")
    assert "不能一起用" in read(last_letter(desk, LIU))
    assert constant(desk) == before
    assert kinds(desk, ZHANG.key) == ["ack"]


def test_help_keeps_no_other_order_from_being_run(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#帮助\n#已解决\n已更换硒鼓，请再试一次。\n")
    assert "help" in kinds(desk, LIU.key)
    assert kinds(desk, ZHANG.key) == ["ack", "solved"]


def test_the_desk_itself_is_no_vendor(desk: World) -> None:
    engineer_answers(desk, "dispatch", f"#转厂商 {DESK}\n请看一下。\n")
    assert kinds(desk, DESK) == []
    assert "哪家厂商" in read(last_letter(desk, LIU))


# ── several at once ───────────────────────────────────────────────────────────────────────────


@ON_POSTGRES
def test_who_decides_on_a_ticket_keeps_no_clock_from_writing_its_timeline(desk: World) -> None:
    """Else the clock, which holds a deadline, and a mail that moves it wait for each other."""
    with desk.store.write() as deciding:
        cases.load(deciding, "it", [1], Directory(PEOPLE), desk.now)
        with desk.store.write() as clock:
            clock.execute(text("SET LOCAL lock_timeout = '1s'"))
            tickets.add_event(clock, 1, "response_missed", {}, desk.now)
    assert "response_missed" in event_kinds(desk)


@ON_POSTGRES
def test_two_who_decide_on_a_ticket_wait_for_each_other(desk: World) -> None:
    with desk.store.write() as deciding:
        cases.load(deciding, "it", [1], Directory(PEOPLE), desk.now)
        with pytest.raises(Transient), desk.store.write() as other:
            other.execute(text("SET LOCAL lock_timeout = '200ms'"))
            cases.load(other, "it", [1], Directory(PEOPLE), desk.now)


def test_many_mails_make_no_more_readers_than_one(desk: World) -> None:
    for turn in range(3):
        crowd = ", ".join(f"p{turn}x{place}@corp.test" for place in range(20))
        requester_answers(desk, "ack", f"补充 {turn}\n", headers=(f"Cc: {crowd}",))
    engineer_answers(desk, "dispatch", "马上来。\n")
    assert len(kinds(desk)) - len(kinds(desk, LIU.key)) == 32  # ack, hers and thirty more


def test_a_limit_is_the_leads_when_letters_to_its_engineer_come_back(desk: World) -> None:
    since = _stamp(desk)
    until = since + 7 * 24 * 3600 * 1_000_000
    alter(
        desk,
        f"UPDATE addresses SET bounced_at = {since}, bounced_until = {until} "
        f"WHERE address = '{LIU.key}'",
    )
    desk.later(hours=30)
    assert kinds(desk, LEAD.key) == ["missed"]


def _stamp(world: World) -> int:
    return int(world.now.timestamp() * 1_000_000)


def test_an_order_that_only_the_html_shows_holds_the_mail(desk: World) -> None:
    both = EmailMessage()
    both["From"], both["To"], both["Subject"] = LIU.key, DESK, "回复: 打印机卡纸"
    both["In-Reply-To"] = f"<{last_id(desk, 'dispatch')}>"
    both.set_content("她又自己拔线了。\n")
    both.add_alternative("<p>＃内部</p><p>她又自己拔线了。</p>", subtype="html")
    desk.receive("\n".join((*PROVED, both.as_string())).replace("\n", "\r\n").encode())
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert "网页格式里有" in read(last_letter(desk, LIU))


def test_words_nobody_released_stand_in_the_next_digest(desk: World) -> None:
    alter(desk, "UPDATE deadlines SET state = 'dropped'")
    engineer_answers(desk, "dispatch", "#内布\n马上来。\n")
    write(desk, CHEN, "她又来了。\n", subject=NUMBER)
    at = next_digest(desk.desk, desk.now)
    with desk.store.write() as db:
        deadlines.set_deadlines(db, [NewDeadline("digest_daily", "desk:it", "it", at)])
    desk.later(days=4)
    for person in (LIU, CHEN):
        told = last_letter(desk, person)
        assert "【您写的话还没有发出】1 件" in read(told)
    engineer_answers(desk, "held", "#发送\n")
    desk.later(days=1)
    assert "还没有发出" not in read(last_letter(desk, LIU))
    assert "【您写的话还没有发出】1 件" in read(last_letter(desk, CHEN))


def test_a_colleague_in_cc_of_an_old_ticket_opens_one_of_his_own(
    make_world: Callable[..., World],
) -> None:
    world = open_desk(make_world)
    open_ticket(world, headers=("Cc: colleague@corp.test",))
    engineer_answers(world, "dispatch", "#已解决\n已更换硒鼓，请再试一次。\n")
    letter = last_id(world, "solved", "colleague@corp.test")
    requester_answers(world, "solved", "好了\n")
    world.later(days=60)
    write(world, "同事 <colleague@corp.test>", "我的电脑蓝屏了，开不了机。\n", answers=letter)
    assert ticket(world)["state"] == "closed"
    assert ticket(world, world.value("SELECT max(number) FROM tickets"))["state"] == "new"
