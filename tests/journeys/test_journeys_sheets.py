"""A ticket that was played by mail, read back for paper: on both databases, one or many."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from builders import NOW
from ordering import EVERYBODY, open_numbered
from sqlalchemy import func, insert, select
from thread import LIU, ZHANG, engineer_answers, open_desk, requester_answers
from worlds import World

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.sheets.dossier import Dossier
from maildesk.desk.sheets.form import fill, fill_row
from maildesk.desk.sheets.forms import FORMS
from maildesk.store.dossiers import read_dossier, read_register
from maildesk.store.schema import follow_ups, people, ratings, tickets

MakeWorld = Callable[..., World]
DIRECTORY = Directory(EVERYBODY)
A_WEEK = timedelta(days=7)


def read_one(world: World, ticket: int = 1) -> Dossier:
    with world.store.read() as db:
        found = read_dossier(db, world.desk, ticket, DIRECTORY, world.now)
    assert found is not None
    return found


def sheet_of(world: World, form: str = "default", ticket: int = 1) -> dict[str, str]:
    sheet = fill(FORMS[form], read_one(world, ticket), "zh-CN", world.now)
    return {line.label: line.value for block in sheet.blocks for line in block.lines}


def play(make_world: MakeWorld) -> World:
    """张敏's printer: taken, worked on, solved and confirmed."""
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#接单\n我马上过来看看，大约十分钟。\n")
    requester_answers(world, "progress", "我下午要开会，三点以后才在。")
    engineer_answers(world, "dispatch", "#内部 用户身份证 11010119900307783X\n#根因 搓纸轮磨损\n")
    engineer_answers(world, "dispatch", "#已解决\n搓纸轮已更换，请打印一页试试。\n#经验 备件常备\n")
    requester_answers(world, "solved", "好了，谢谢")
    return world


def test_a_ticket_played_by_mail_stands_on_the_sheet(make_world: MakeWorld) -> None:
    world = play(make_world)
    sheet = sheet_of(world, "record-sheet")
    assert sheet["工单编号"] == "IT-20261120-0001"
    assert sheet["提交时间"] == "2026-11-20 10:00"
    assert sheet["提交人"] == "张敏"
    assert sheet["所属部门"] == "财务部"
    assert sheet["处理人"] == "刘洋"
    assert sheet["联系方式"] == "内部分机8005"
    assert sheet["首次响应时间"] == "2026-11-20 10:05"
    assert sheet["SLA响应时效"] == "4小时内(达标)"
    assert sheet["处理结果"] == "已解决：搓纸轮已更换，请打印一页试试。"
    assert sheet["备注"] == "经验：备件常备"
    assert "三楼的打印机又卡纸了" in sheet["问题描述"]
    log = sheet["处理过程"].splitlines()
    assert "11-20 10:05 刘洋 回复张敏：我马上过来看看，大约十分钟。" in log
    assert "11-20 10:05 刘洋 开始处理" in log
    assert any("张敏 来信：我下午要开会" in line for line in log)
    assert "11-20 10:15 刘洋 记录根因：搓纸轮磨损" in log
    assert log[-1] == "11-20 10:25 张敏 确认已解决：好了，谢谢"
    assert "11010119900307783X" not in str(sheet)


def test_who_is_to_decide_stands_there_by_name_and_not_by_address(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#升级 搓纸轮断货｜厂商到场\n")
    assert sheet_of(world)["主管意见"] == "待王强决定"


def test_who_confirmed_is_told_and_who_only_heard_it_as_well(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#已解决\n换好了，请试试。\n")
    engineer_answers(world, "dispatch", "#用户已确认 电话 15:20\n")
    sheet = sheet_of(world)
    assert sheet["确认人"] == "张敏（电话 15:20，刘洋代记）"
    assert "刘洋 确认已解决 电话 15:20\n" in f"{sheet['处理过程']}\n", "without the order itself"


def test_a_rating_and_its_follow_up_stand_on_the_sheet(make_world: MakeWorld) -> None:
    world = play(make_world)
    with world.store.write() as db:
        ids = {row.name: row.id for row in db.execute(select(people.c.name, people.c.id))}
        mine = {"desk_id": "it", "ticket_id": 1}
        rating = {
            **mine, "person_id": ids["张敏"], "at": NOW, "score": 2, "answers": {"speed": 2},
            "words": "等太久", "source": "mail", "current": True,
        }  # fmt: skip
        old = {**rating, "score": 5, "words": "", "current": False}
        db.execute(insert(ratings), [old, rating])
        followed = {
            **mine, "rating_id": 2, "why": "2", "opened_at": NOW, "due_at": NOW + A_WEEK,
            "done_at": NOW, "done_by_id": ids["王强"], "record": "已电话致歉",
        }  # fmt: skip
        db.execute(insert(follow_ups), followed)
    sheet = sheet_of(world)
    assert sheet["用户反馈"] == "不满意；响应速度：2；等太久"
    assert sheet["回访记录"] == "2026-11-20 10:00 王强：已电话致歉"


def test_the_article_made_of_it_stands_on_the_sheet(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#已解决\n换好了，请试试。\n#知识库\n")
    assert sheet_of(world)["知识库"] == "KB-0001 草稿"


def test_what_was_merged_says_into_which(make_world: MakeWorld) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world, 1)
    open_numbered(world, 2)
    engineer_answers(world, "dispatch", "#合并 IT-20261120-0001\n")
    assert sheet_of(world, ticket=2)["处理结果"] == "并入 IT-20261120-0001"


def test_a_register_gives_every_ticket_of_the_period_once_and_in_order(
    make_world: MakeWorld,
) -> None:
    world = play(make_world)
    copy_tickets(world, 450)
    before, numbers = NOW, []
    with world.store.read() as db:
        for item in read_register(db, world.desk, NOW, NOW + A_WEEK, DIRECTORY, world.now):
            assert item.ticket.opened is not None
            assert item.ticket.opened >= before
            before = item.ticket.opened
            numbers.append(item.ticket.number)
    assert len(numbers) == len(set(numbers)) == 451
    with world.store.read() as db:
        later = read_register(db, world.desk, NOW + A_WEEK, NOW + 2 * A_WEEK, DIRECTORY, world.now)
        assert list(later) == []


def test_a_register_of_many_needs_no_more_memory_than_one_of_few(make_world: MakeWorld) -> None:
    world = play(make_world)
    peaks, form = [], FORMS["default"]
    for more in (450, 1_800):
        copy_tickets(world, more)
        tracemalloc.start()
        with world.store.read() as db:
            for item in read_register(db, world.desk, NOW, NOW + A_WEEK, DIRECTORY, world.now):
                fill_row(form, item, "zh-CN", world.now)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0], peaks


def copy_tickets(world: World, count: int) -> None:
    """More tickets like the first, many of them opened at the same moment."""
    with world.store.write() as db:
        row = dict(db.execute(select(tickets).where(tickets.c.id == 1)).one()._mapping)
        del row["id"]
        there = db.execute(select(func.count()).select_from(tickets)).scalar_one()
        rows = [
            {**row, "number": f"X-{there + at}", "opened_at": NOW + timedelta(seconds=at // 300)}
            for at in range(count)
        ]
        db.execute(insert(tickets), rows)


def test_people_who_left_the_list_keep_their_names(make_world: MakeWorld) -> None:
    world = play(make_world)
    with world.store.read() as db:
        found = read_dossier(db, world.desk, 1, Directory(()), world.now)
    assert found is not None
    sheet = fill(FORMS["default"], found, "zh-CN", world.now)
    assert any(line.value == "刘洋" for block in sheet.blocks for line in block.lines)
    assert replace(found, names={}).name(LIU.key) == LIU.key
    assert found.name(ZHANG.key) == "张敏"
