"""An outage: alike tickets offered to the lead, one main ticket, one line, one broadcast each."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ordering import count_letters, list_letters
from thread import (
    CHEN,
    LIU,
    PEOPLE,
    PROVED,
    ZHANG,
    event_kinds,
    kinds,
    last_id,
    last_letter,
    open_desk,
    outcome,
    read,
    requester_answers,
    ticket,
    write,
)
from worlds import LEAD, World

from maildesk.desk.person import Person, Role
from maildesk.store.relatives import read_relatives
from maildesk.store.sent import caused_by

MakeWorld = Callable[..., World]
NET = Person("陈静", ("chenjing@corp.test",), role=Role.ENGINEER, groups=("network",))
OTHERS = tuple(
    Person(name, (f"user{at}@corp.test",), department="市场部")
    for at, name in enumerate(("李明", "周洁", "吴刚", "郑爽", "孙丽"))
)
STAFF = (*(person for person in PEOPLE if person is not CHEN), NET)
ONE, TWO, THREE, FOUR = (f"IT-20261120-{at:04d}" for at in range(1, 5))
WORDS = "VPN 今天早上开始连不上，提示连接超时。"


def report(world: World, person: Person, subject: str = "VPN 连不上", text: str = WORDS) -> None:
    write(world, person, f"{text}\n", subject=subject)


def open_three(make_world: MakeWorld) -> World:
    """张敏, 李明 and 周洁 cannot reach the VPN; 陈静 has all three."""
    world = open_desk(make_world, listed=(*STAFF, *OTHERS))
    for person, subject in zip(
        (ZHANG, *OTHERS[:2]), ("VPN 连不上", "VPN连接不上了", "VPN 无法连接"), strict=True
    ):
        report(world, person, subject)
    assert {ticket(world, number)["category"] for number in (ONE, TWO, THREE)} == {"network"}
    return world


def say(world: World, number: str, text: str) -> None:
    """陈静 answers the dispatch letter of that ticket."""
    query = (
        "SELECT message_id FROM outbox JOIN tickets ON tickets.id = outbox.ticket_id "
        f"WHERE letter = 'dispatch' AND number = '{number}'"
    )
    write(world, NET, f"{text}\n", answers=str(world.value(query)))


def count_due(world: World, number: str) -> int:
    """How many of the ticket's limits still fall due."""
    query = (
        "SELECT count(*) FROM deadlines WHERE state = 'open' AND kind <> 'same_day' "
        f"AND ticket_id = {ticket(world, number)['id']}"
    )
    return int(world.value(query))


def declare(world: World) -> None:
    """The lead answers the offer."""
    write(world, LEAD, "#主单\n", answers=last_id(world, "outage", LEAD.key))
    assert outcome(world)[0] == "appended", outcome(world)


def open_outage(make_world: MakeWorld) -> World:
    world = open_three(make_world)
    declare(world)
    return world


def parent_of(world: World, number: str) -> int | None:
    found: int | None = ticket(world, number)["parent_id"]
    return found


# ── the offer ────────────────────────────────────────────────────────────────────────────────


def test_the_lead_is_asked_once_after_three_alike_of_different_people(
    make_world: MakeWorld,
) -> None:
    world = open_three(make_world)
    assert kinds(world, LEAD.key).count("outage") == 1
    letter = last_letter(world, LEAD)
    assert "【疑似同一故障 3 件】" in str(letter["Subject"])
    assert f"[{ONE}]" in str(letter["Subject"])
    for number in (ONE, TWO, THREE):
        assert number in read(letter)
    assert "#主单" in read(letter)
    report(world, OTHERS[2])
    report(world, OTHERS[3], "VPN连不上")
    world.later(hours=1)
    assert kinds(world, LEAD.key).count("outage") == 1


def test_nobody_is_asked_about_one_persons_three_mails(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(*STAFF, *OTHERS))
    for _ in range(3):
        report(world, ZHANG)
    assert "outage" not in kinds(world, LEAD.key)


def test_nobody_is_asked_about_three_different_problems(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(*STAFF, *OTHERS))
    report(world, ZHANG)
    report(world, OTHERS[0], "会议室无线网很慢", "会议室的 WiFi 很慢，网页打不开。")
    report(world, OTHERS[1], "申请开通网络端口", "新工位没有网络端口，请帮忙开通。")
    assert "outage" not in kinds(world, LEAD.key)


def test_nobody_is_asked_about_what_is_hours_apart(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(*STAFF, *OTHERS))
    for person in (ZHANG, *OTHERS[:2]):
        report(world, person)
        world.later(hours=1)
    assert "outage" not in kinds(world, LEAD.key)


# ── the main ticket ──────────────────────────────────────────────────────────────────────────


def test_the_leads_answer_makes_the_first_the_main_one_with_the_others_under_it(
    make_world: MakeWorld,
) -> None:
    world = open_outage(make_world)
    main = ticket(world)
    assert "outage" in main["tags"]
    assert (parent_of(world, TWO), parent_of(world, THREE)) == (main["id"], main["id"])
    assert parent_of(world, ONE) is None
    told = read(last_letter(world, LEAD))
    assert f"以下工单归到它下面：{TWO}、{THREE}" in told
    assert event_kinds(world, TWO).count("hung") == 1


def test_what_hangs_is_neither_warned_of_nor_missed(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    assert [count_due(world, number) for number in (TWO, THREE)] == [0, 0]
    assert count_due(world, ONE) > 0
    sent = count_letters(world)
    world.later(days=2)
    told = {row[0] for row in world.rows(f"SELECT ticket_id FROM outbox WHERE id > {sent}")}
    assert not told & {ticket(world, TWO)["id"], ticket(world, THREE)["id"]}


def test_a_later_alike_mail_gets_one_line_and_nobody_a_dispatch(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    say(world, ONE, "#预计 11:00\n网关证书过期，正在更换。")
    sent = count_letters(world)
    report(world, OTHERS[2], "VPN 连不上了，急")
    row = ticket(world, FOUR)
    assert row["parent_id"] == ticket(world)["id"]
    assert row["assignee_id"] == ticket(world)["assignee_id"]
    assert row["responded_at"] is None
    assert list_letters(world, sent) == (("known", OTHERS[2].key),)
    letter = last_letter(world, OTHERS[2])
    assert "【已知故障】" in str(letter["Subject"])
    assert f"[{FOUR}]" in str(letter["Subject"])
    assert "这是已知故障，处理人陈静" in read(letter)
    assert "预计今天 11:00 恢复" in read(letter)
    world.later(days=2)
    assert not [item for item in list_letters(world, sent) if item[1] == OTHERS[2].key][1:]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("会议室无线网很慢", "会议室的 WiFi 很慢，网页打不开。"),
        ("打印机卡纸", "三楼的打印机又卡纸了。"),
        ("全公司断网", "全公司断网，VPN 和网页都打不开，快来！"),
    ],
)
def test_in_doubt_a_new_mail_stays_alone(make_world: MakeWorld, subject: str, text: str) -> None:
    world = open_outage(make_world)
    report(world, OTHERS[2], subject, text)
    assert parent_of(world, FOUR) is None
    assert kinds(world, OTHERS[2].key) == ["ack"]
    trace = world.value("SELECT trace FROM letters ORDER BY id DESC LIMIT 1")
    assert "stays alone" in str(trace)


def test_after_the_outage_a_mail_stays_alone(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    write(world, NET, "#已解决\n证书已换，请重新连接。\n", subject=f"[{ONE}]")
    report(world, OTHERS[2])
    assert parent_of(world, FOUR) is None


# ── words to everybody ───────────────────────────────────────────────────────────────────────


def test_progress_on_the_main_ticket_reaches_everybody_and_is_their_first_response(
    make_world: MakeWorld,
) -> None:
    world = open_outage(make_world)
    sent = count_letters(world)
    say(world, ONE, "#预计 11:00\n网关证书过期，正在更换。")
    told = set(list_letters(world, sent))
    assert told == {("progress", person.key) for person in (ZHANG, *OTHERS[:2])}
    for person, number in zip((ZHANG, *OTHERS[:2]), (ONE, TWO, THREE), strict=True):
        letter = last_letter(world, person)
        assert f"[{number}]" in str(letter["Subject"])
        assert "网关证书过期，正在更换。" in read(letter)
        assert "今天 11:00" in read(letter)
        row = ticket(world, number)
        assert row["responded_at"] is not None
        assert (row["state"], row["eta_at"]) == ("in_progress", ticket(world)["eta_at"])


def test_recovery_asks_each_of_them_to_confirm(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    write(world, NET, "#已解决\n证书已换，请重新连接。\n", subject=f"[{ONE}]")
    for person, number in zip((ZHANG, *OTHERS[:2]), (ONE, TWO, THREE), strict=True):
        assert ticket(world, number)["state"] == "to_confirm"
        assert "https://desk.corp.test/t/" in read(last_letter(world, person))
    links = {read(last_letter(world, person)).split("/t/")[1][:60] for person in OTHERS[:2]}
    assert len(links) == 2
    write(world, OTHERS[0], "好了\n", answers=last_id(world, "solved", OTHERS[0].key))
    assert ticket(world, TWO)["state"] == "solved"
    assert ticket(world, THREE)["state"] == "to_confirm"


def test_not_yet_reopens_only_that_one_and_takes_it_off(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    write(world, NET, "#已解决\n证书已换，请重新连接。\n", subject=f"[{ONE}]")
    write(world, OTHERS[0], "还没好，还是连不上\n", answers=last_id(world, "solved", OTHERS[0].key))
    row = ticket(world, TWO)
    assert (row["state"], row["parent_id"]) == ("in_progress", None)
    assert ticket(world)["state"] == "to_confirm"
    assert "【仍未解决】" in str(last_letter(world, NET)["Subject"])


def test_a_question_on_the_main_ticket_is_put_to_its_requester_only(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    sent = count_letters(world)
    write(world, NET, "#等用户\n您用的是哪个客户端版本？\n", subject=f"[{ONE}]")
    assert list_letters(world, sent) == (("question", ZHANG.key),)
    assert ticket(world, TWO)["state"] == "new"


def test_words_on_one_under_it_reach_its_requester_only(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    sent = count_letters(world)
    say(world, TWO, "#预计 14:00\n您的账号另有问题，单独处理。")
    assert list_letters(world, sent) == (("progress", OTHERS[0].key),)


def test_what_was_broadcast_is_not_undone_and_says_so(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    write(world, NET, "#已解决\n证书已换，请重新连接。\n", subject=f"[{ONE}]")
    write(world, NET, "#撤销\n", subject=f"[{ONE}]")
    assert "撤销不了" in read(last_letter(world, NET))
    assert ticket(world, TWO)["state"] == "to_confirm"


def test_the_page_tells_everybody_too(make_world: MakeWorld) -> None:
    from maildesk.desk.pages.links import Link

    world = open_outage(make_world)
    link = Link("solved", world.desk.id, ticket(world)["id"], NET.key, world.now)
    assert world.feedback.answer(link, "solved", "证书已换，请重新连接。", "").ok
    assert ticket(world, THREE)["state"] == "to_confirm"


# ── by hand, and off again ───────────────────────────────────────────────────────────────────


def test_an_engineer_hangs_and_takes_off_by_hand(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(*STAFF, *OTHERS))
    report(world, ZHANG)
    report(world, OTHERS[0], "OA 打不开", "在家打开 OA 提示超时，外网。")
    write(world, NET, f"#主单 {ONE}\n", subject=f"[{TWO}]")
    assert parent_of(world, TWO) == ticket(world)["id"]
    assert "outage" in ticket(world)["tags"]
    write(world, NET, "#主单 无\n", subject=f"[{TWO}]")
    assert parent_of(world, TWO) is None
    assert count_due(world, TWO) > 0
    assert "detached" in event_kinds(world, TWO)


def test_ending_the_outage_takes_all_off(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    write(world, NET, "#parent none\n", subject=f"[{ONE}]")
    assert "outage" not in (ticket(world)["tags"] or [])
    assert (parent_of(world, TWO), parent_of(world, THREE)) == (None, None)
    sent = count_letters(world)
    say(world, ONE, "网关证书过期，正在更换。\n#预计 11:00")
    assert list_letters(world, sent) == (("progress", ZHANG.key),)


@pytest.mark.parametrize(
    ("number", "line", "why"),
    [
        (ONE, "#主单", "已经是故障主单"),
        (ONE, f"#主单 {TWO}", "此单自己是故障主单"),
        (TWO, f"#主单 {THREE}", "已经归在另一张主单下"),
        (TWO, "#主单", "已经归在另一张主单下"),
        (TWO, f"#主单 {TWO}", "就是这张单本身"),
        (FOUR, "#主单 无", "没有归在主单下"),
        (ONE, f"#合并 {FOUR}", "是一起故障的主单"),
    ],
)
def test_what_cannot_be_meant_changes_nothing(
    make_world: MakeWorld, number: str, line: str, why: str
) -> None:
    world = open_outage(make_world)
    report(world, OTHERS[2], "打印机卡纸", "三楼的打印机又卡纸了。")
    before = [ticket(world, item) for item in (ONE, TWO, THREE, FOUR)]
    write(world, NET, f"{line}\n", subject=f"[{number}]")
    assert outcome(world)[0] == "noted"
    assert why in read(last_letter(world, NET))
    assert [ticket(world, item) for item in (ONE, TWO, THREE, FOUR)] == before


def test_hanging_is_not_undone_and_says_how_to_take_it_off(make_world: MakeWorld) -> None:
    world = open_three(make_world)
    write(world, NET, f"#主单 {ONE}\n", subject=f"[{TWO}]")
    write(world, NET, "#撤销\n", subject=f"[{TWO}]")
    assert "请写 #主单 无" in read(last_letter(world, NET))
    assert parent_of(world, TWO) == ticket(world)["id"]


def test_chasing_under_an_outage_is_answered_with_its_time(make_world: MakeWorld) -> None:
    world = open_outage(make_world)
    say(world, ONE, "#预计 11:30\n网关证书过期，正在更换。")
    write(world, OTHERS[0], "怎么还没好？\n", answers=last_id(world, "ack", OTHERS[0].key))
    assert "预计今天 11:30" in read(last_letter(world, OTHERS[0]))


def test_staff_of_another_ticket_are_told_that_theirs_hangs(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=(*STAFF, *OTHERS))
    report(world, ZHANG)
    report(world, OTHERS[0])
    write(world, LEAD, "#转派 刘洋\n", subject=f"[{TWO}]")
    sent = count_letters(world)
    write(world, LEAD, "#主单\n", subject=f"[{ONE}]")
    assert ("transcript", LIU.key) in list_letters(world, sent)
    assert f"归到了主单 {ONE}" in read(last_letter(world, LIU))


def test_a_forged_main_ticket_order_does_nothing(make_world: MakeWorld) -> None:
    world = open_three(make_world)
    write(world, LEAD, "#主单\n", subject=f"[{ONE}]", border=PROVED[1:])
    assert ticket(world)["tags"] in (None, [])
    requester_answers(world, "ack", "#主单\n")
    assert ticket(world)["tags"] in (None, [])


def test_what_belongs_together_and_every_letter_of_a_broadcast_can_be_looked_up(
    make_world: MakeWorld,
) -> None:
    world = open_outage(make_world)
    say(world, ONE, "#已解决\n证书已换，请重新连接。")
    mail = world.value("SELECT max(id) FROM letters")
    with world.store.read() as db:
        over = read_relatives(db, ticket(world)["id"])
        under = read_relatives(db, ticket(world, TWO)["id"])
        letters = caused_by(db, f"letter:{mail}")
    assert (set(over.under), over.result) == ({TWO, THREE}, "solved")
    assert (under.main, under.under) == (ONE, ())
    told = {(row.letter, row.address) for row in letters}
    assert {("solved", person.key) for person in (ZHANG, *OTHERS[:2])} <= told
    trace = str(world.value("SELECT trace FROM letters ORDER BY id DESC LIMIT 1"))
    assert "other ticket" in trace


def test_only_the_main_ticket_is_escalated_by_the_clock(make_world: MakeWorld) -> None:
    world = open_three(make_world)
    for number in (ONE, TWO, THREE):
        say(world, number, "#优先级 高")
    declare(world)
    report(world, OTHERS[2], "VPN 连不上了", f"{WORDS}整个部门都这样。")
    sent = count_letters(world)
    world.later(hours=4)
    about = [
        row[0]
        for row in world.rows(
            "SELECT number FROM outbox JOIN tickets ON tickets.id = outbox.ticket_id "
            f"WHERE letter = 'escalation' AND outbox.id > {sent}"
        )
    ]
    assert about == [ONE]
