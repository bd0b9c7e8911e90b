"""Every order, given by mail: what it changes, who gets a letter, what its author is told.

All or nothing: an order that cannot be carried out changes nothing and is answered once. How a
line is read stands in `tests/desk`; here the whole journey is played on both databases.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from builders import NOW
from ordering import (
    CASES,
    EVERYBODY,
    NOW_ISH,
    SOMEBODY,
    VENDOR,
    WRITTEN,
    Case,
    at,
    count_letters,
    list_letters,
    list_parts,
    micros,
    name_case,
    open_numbered,
    row_of,
)
from thread import (
    CHEN,
    LIU,
    ZHANG,
    engineer_answers,
    event_kinds,
    last_letter,
    open_desk,
    outcome,
    read,
    requester_answers,
    ticket,
)
from worlds import LEAD, World

from maildesk.desk.person import Person

MakeWorld = Callable[..., World]


def _compare(before: dict[str, Any], after: dict[str, Any], now: datetime) -> dict[str, Any]:
    clocks = ("pauses", "assigned_at")  # they have tests of their own
    changed = (name for name in after if after[name] != before[name])
    found = {name: after[name] for name in changed if name not in clocks}
    for name, value in found.items():
        if name in ("assignee_id", "requester_id", "confirmed_by_id") and value is not None:
            found[name] = SOMEBODY
        elif name == "fields" and value:
            found[name] = dict.fromkeys(value, WRITTEN)
        elif value == micros(now) and name.endswith("_at"):
            found[name] = NOW_ISH
    return found


@pytest.mark.parametrize("case", CASES, ids=name_case)
def test_an_order_does_the_same_in_both_languages(make_world: MakeWorld, case: Case) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    for count, line in enumerate((case.chinese, case.english), 1):
        world.now = NOW
        open_numbered(world, count)
        if case.first:
            engineer_answers(world, "dispatch", f"{case.first}\n")
        before, sent = row_of(world, count), count_letters(world)
        engineer_answers(world, "dispatch", f"{line}\n{case.words}\n")
        assert outcome(world)[0] == "appended", (line, outcome(world))
        assert _compare(before, row_of(world, count), world.now) == case.changed, line
        assert case.event in event_kinds(world, f"IT-20261120-{count:04d}"), line
        assert list_letters(world, sent) == case.letters, line


@pytest.mark.parametrize("case", CASES, ids=name_case)
def test_no_letter_to_the_requester_shows_an_order_line(make_world: MakeWorld, case: Case) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    engineer_answers(world, "dispatch", f"{case.words}\n\n{case.chinese}\n")
    for letter in world.transport.letters(ZHANG.key):
        assert not any(line.startswith("#") for line in read(letter).splitlines())
        assert "账号被锁" not in read(letter)
    if case.words and (("vendor", VENDOR) not in case.letters):
        assert case.words in read(last_letter(world, ZHANG))


REFUSED = (
    ("#已解决", "需要写给用户看的说明"),
    ("#不受理", "需要写给用户看的说明"),
    ("#不受理 办公家具请联系行政部", "需要写给用户看的说明"),
    (f"#转厂商 华为 {VENDOR}", "需要写给用户看的说明"),
    ("#转派 赵六", "没有找到“赵六”"),
    ("#转派 张敏", "张敏不是工程师"),
    ("#转派 李娜", "李娜不是工程师"),
    ("#协办 赵六", "没有找到“赵六”"),
    ("#代提 赵六", "没有找到“赵六”"),
    ("#代提 李娜", "李娜（F001）、李娜（M002）"),
    ("#预计 火星时间", "没看懂时间“火星时间”"),
    ("#已响应 火星时间", "没看懂时间“火星时间”"),
    ("#已响应 16:05", "早于工单提交时间"),
    ("#优先级 特高", "紧急、高、中、低"),
    ("#分类 家具", "硬件故障、软件问题"),
    ("#重开", "工单现在是“新建”"),
    ("#升级 需要更多人", "缺少所需支持"),
    ("#同意升级 陈晨", "您没有权限，这件事要由组长决定"),
    ("#批准", "#批准 您没有权限，这件事要由组长决定\n"),
    ("#合并 IT-20261120-0009", "没有找到工单“IT-20261120-0009”"),
    ("#撤销", "没有可以撤销的操作"),
    ("#发送", "没有等待发出的邮件"),
    ("#已解决\n#挂起 等备件\n都好了", "不能一起用"),
    ("#优先级 高\n#分类 家具\n马上来看", "硬件故障、软件问题"),
    ("#优先级", "命令没有写完整"),
    ("#内布\n马上来看", "不认识的命令：#内布"),
    ("马上来看\n#内部\n这人很烦", "命令写在了正文中间"),
    ("#转派 陈晨\n用户有点急，你快点", "不确定是给用户的还是给同事的"),
)


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=[item[0] for item in REFUSED])
def test_what_cannot_be_done_changes_nothing_and_is_answered_once(
    make_world: MakeWorld, text: str, why: str
) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    before, parts, sent = ticket(world), list_parts(world), count_letters(world)
    due = world.rows("SELECT kind, due_at, state FROM deadlines ORDER BY id")
    engineer_answers(world, "dispatch", f"{text}\n")
    assert outcome(world)[0] == "noted"
    assert ticket(world) == before
    assert list_parts(world) == parts
    assert world.rows("SELECT kind, due_at, state FROM deadlines ORDER BY id") == due
    [(_, to)] = list_letters(world, sent)
    assert to == LIU.key
    answer = read(last_letter(world, LIU))
    assert why in answer
    assert "工单也没有变动" in answer


def test_a_refusal_is_written_in_the_engineers_own_language(make_world: MakeWorld) -> None:
    english = Person("Liu", LIU.addresses, role=LIU.role, groups=LIU.groups, language="en")
    world = open_desk(make_world, listed=(LEAD, english, ZHANG))
    open_numbered(world)
    engineer_answers(world, "dispatch", "#assign Zhao\n")
    assert "Nobody is known as “Zhao”" in read(last_letter(world, LIU))


@pytest.mark.parametrize("line", ["#恢复", "#接单", "#转派 陈晨", "#代提 李明", "#预计 16:00"])
def test_an_ended_ticket_must_be_reopened_first(make_world: MakeWorld, line: str) -> None:
    world = open_desk(make_world, listed=EVERYBODY)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#用户已确认 电话\n")
    before = ticket(world)
    engineer_answers(world, "dispatch", f"{line}\n")
    if line == "#恢复":
        assert "#恢复 用不上" in read(last_letter(world, LIU))
    assert outcome(world)[0] == "noted"
    assert ticket(world) == before


def test_a_requesters_hash_lines_are_words(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    before = row_of(world)
    requester_answers(world, "ack", "#已解决\n#优先级 紧急\n")
    assert row_of(world) == before
    assert "words" in event_kinds(world)


@pytest.mark.parametrize(
    "text",
    [
        "#优先级 高\n张敏您好，马上来看",
        "您好\n\n#优先级 高\n\n张敏您好，马上来看",
        "张敏您好，马上来看\n\n#优先级 高",
        "张敏您好，马上来看\n#优先级 高\n\n谢谢\n",
        "＃优先级：高\n张敏您好，马上来看",
        "#优先级高\n张敏您好，马上来看",
    ],
)
def test_an_order_stands_at_the_top_or_at_the_end(make_world: MakeWorld, text: str) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", f"{text}\n")
    assert ticket(world)["priority"] == "high"
    answer = read(last_letter(world, ZHANG))
    assert "张敏您好，马上来看" in answer
    assert "优先级" not in answer


@pytest.mark.parametrize("word", ["已解决", "解决了", "Solved", "done"])
def test_a_first_line_that_is_exactly_an_order_counts_without_the_sign(
    make_world: MakeWorld, word: str
) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", f"{word}\n\n已更换搓纸轮，请再打印一次。\n")
    assert ticket(world)["state"] == "to_confirm"
    assert word not in read(last_letter(world, ZHANG)).split("好了请回复")[0]


def test_several_orders_count_whatever_their_lines(make_world: MakeWorld) -> None:
    """What an order says by the way never undoes what another one says outright."""
    world = open_desk(make_world)
    for count, lines in enumerate(("#等用户\n#预计 16:00", "#预计 16:00\n#等用户"), 1):
        open_numbered(world, count)
        engineer_answers(world, "dispatch", f"{lines}\n请问是哪一台？\n")
        row = row_of(world, count)
        assert (row["state"], row["waiting"]) == ("waiting_requester", "requester")
        assert row["eta_at"] == at(16, 0)
        letter = last_letter(world, ZHANG)
        assert "【请补充】" in str(letter["Subject"])
        assert "今天 16:00" in read(letter)


def test_who_orders_on_a_colleagues_ticket_is_told_what_became_of_it(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#协办 陈晨\n")
    engineer_answers(world, "dispatch", "#优先级 高\n", by=CHEN)
    assert ticket(world)["priority"] == "high"
    sent = count_letters(world)
    engineer_answers(world, "dispatch", "#接单\n", by=CHEN)
    assert list_letters(world, sent) == (("transcript", LIU.key),)
    told = read(last_letter(world, LIU))
    assert "陈晨已接手此单" in told
    assert "处理人：陈晨" in told


def test_who_writes_is_named_with_his_own_group_whatever_the_category(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#分类 网络异常\n马上来看。\n")
    assert "刘洋（硬件组，分机 8005）" in read(last_letter(world, ZHANG))


def test_words_beside_the_spam_order_reach_nobody(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    sent = count_letters(world)
    engineer_answers(world, "dispatch", "#垃圾\n又是广告\n")
    assert ticket(world)["state"] == "rejected"
    assert list_letters(world, sent) == ()
    assert "note" in event_kinds(world)


@pytest.mark.parametrize("line", ["#恢复", "#挂起 还要观察", "#预计 16:00\n#接单"])
def test_what_goes_on_again_is_no_longer_solved(make_world: MakeWorld, line: str) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#已解决\n已更换搓纸轮，请再打印一次。\n")
    assert ticket(world)["solved_at"] is not None
    engineer_answers(world, "dispatch", f"{line}\n")
    assert ticket(world)["state"] in ("in_progress", "on_hold")
    assert ticket(world)["solved_at"] is None


def test_a_joined_colleague_works_without_taking_over(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_numbered(world)
    engineer_answers(world, "dispatch", "#协办 陈晨 看下交换机\n")
    letter = last_letter(world, CHEN)
    assert "【协办】" in str(letter["Subject"])
    assert "刘洋请您协办此单" in read(letter)
    assert "刘洋：看下交换机" in read(letter)
    before = ticket(world)["assignee_id"]
    engineer_answers(world, "dispatch", "张敏您好，网络这边正常。\n", by=CHEN)
    assert "网络这边正常" in read(last_letter(world, ZHANG))
    assert ticket(world)["assignee_id"] == before
