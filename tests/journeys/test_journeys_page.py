"""What docs/engineers.md promises an engineer, tried with that page alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from builders import DESK
from thread import (
    CHEN,
    LIU,
    PROVED,
    UNPROVED,
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

QUOTE = (
    "\n\n刘洋\n发自我的iPhone\n\n在 2026年11月20日，IT服务台 <desk@corp.test> 写道：\n\n"
    "> ≡≡≡ 请在此行以上回复 · Reply above this line ≡≡≡\n> 提报人：财务部张敏\n"
)


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    """刘洋 has just been given 张敏's ticket."""
    world = open_desk(make_world)
    open_ticket(world)
    return world


def test_a_first_answer_reaches_the_requester_without_order_quote_and_signature(
    desk: World,
) -> None:
    words = "张敏您好，搓纸轮磨损，正在更换，更换期间请先用二楼的打印机。"
    engineer_answers(desk, "dispatch", f"{words}\n\n#预计 16:00{QUOTE}")
    told = read(last_letter(desk, ZHANG))
    assert words in told
    assert "刘洋" in told  # as the desk names him
    assert "8005" in told
    for never in ("#预计", "iPhone", "提报人", "liu@corp.test"):
        assert never not in told
    assert "今天 16:00" in told
    now = ticket(desk)
    assert now["responded_at"] is not None
    assert now["state"] == "in_progress"


@pytest.mark.parametrize("text", ["接单\n", "#接单\n", "＃接单\n", "start\n", "您好：\n#接单\n"])
def test_taking_a_ticket(desk: World, text: str) -> None:
    engineer_answers(desk, "dispatch", text)
    assert ticket(desk)["state"] == "in_progress"
    assert kinds(desk, ZHANG.key) == ["ack"]


def test_solving_without_words_is_not_carried_out_and_says_how(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#已解决\n")
    assert "【未执行】" in str(last_letter(desk, LIU)["Subject"])
    assert ticket(desk)["state"] == "new"
    engineer_answers(desk, "dispatch", "已解决\n已更换搓纸轮，请再打印一次试试。\n")
    assert "已更换搓纸轮" in read(last_letter(desk, ZHANG))
    requester_answers(desk, "solved", "好了\n")
    assert ticket(desk)["state"] == "solved"


def test_a_typo_is_held_and_sent_by_one_line(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#内布\n已换新纸盒，请再试。\n")
    assert "【未发出】" in str(last_letter(desk, LIU)["Subject"])
    assert kinds(desk, ZHANG.key) == ["ack"]
    engineer_answers(desk, "held", "#发送\n")
    assert "已换新纸盒，请再试。" in read(last_letter(desk, ZHANG))
    assert "内布" not in read(last_letter(desk, ZHANG))


def test_a_mistake_is_taken_back_within_a_day(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#挂起 等备件\n备件明天到。\n")
    assert ticket(desk)["state"] == "on_hold"
    engineer_answers(desk, "dispatch", "#撤销\n")
    assert ticket(desk)["state"] == "new"
    assert "已经发出，无法收回" in read(last_letter(desk, LIU))


def test_an_engineer_who_is_not_sure_to_be_himself_sends_the_code_back(desk: World) -> None:
    solved = "#已解决\n已更换搓纸轮，请再试。\n"
    engineer_answers(desk, "dispatch", solved, border=UNPROVED)
    letter = last_letter(desk, LIU)
    assert "【请确认是您本人】" in str(letter["Subject"])
    code = re.search(r"^[0-9A-Z]{4}-[0-9A-Z]{4}$", read(letter), re.MULTILINE)
    assert code is not None
    engineer_answers(desk, "code", f"{code[0]}\n", border=UNPROVED)
    assert ticket(desk)["state"] == "to_confirm"
    assert "已更换搓纸轮" in read(last_letter(desk, ZHANG))
    assert code[0] not in read(last_letter(desk, ZHANG))


FORWARD = "发件人: 张敏 <zhang@corp.test>\n主题: 显示器不亮\n\n我的显示器不亮了。\n"


def test_reporting_for_somebody_else(desk: World) -> None:
    write(desk, CHEN, f"#代提 张敏\n\n{FORWARD}", subject="转发: 显示器不亮")
    assert "陈晨" in read(last_letter(desk, ZHANG))
    assert "【已受理】显示器不亮" in str(last_letter(desk, ZHANG)["Subject"])


def test_reporting_for_somebody_else_and_forgetting_for_whom(desk: World) -> None:
    write(desk, CHEN, f"麻烦处理一下\n\n{FORWARD}", subject="转发: 显示器不亮")
    assert "【请补充提报人】" in str(last_letter(desk, CHEN)["Subject"])
    before = len(kinds(desk, ZHANG.key))
    engineer_answers(desk, "whose", "#代提 张敏\n", by=CHEN)
    assert kinds(desk, ZHANG.key, before) == ["ack"]


def test_writing_without_the_dispatch_letter(desk: World) -> None:
    number = ticket(desk)["number"]
    write(desk, LIU, "备件明天到。\n", subject=f"打印机 [{number}]")
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert "【未发出】" in str(last_letter(desk, LIU)["Subject"])
    write(desk, LIU, "#等用户\n请问是哪台打印机？\n", subject=f"打印机 [{number}]")
    assert kinds(desk, ZHANG.key) == ["ack", "question"]


def test_a_note_stays_inside_and_reaches_the_next_engineer(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#内部 备件在三楼库房\n")
    assert kinds(desk, ZHANG.key) == ["ack"]
    engineer_answers(desk, "dispatch", "#转派 陈晨\n")
    assert "备件在三楼库房" in read(last_letter(desk, CHEN))


@pytest.mark.parametrize(
    "text", ["#转派 陈晨 备件在三楼库房\n", "#转派 陈晨\n#内部 备件在三楼库房\n用户下午在。\n"]
)
def test_a_ticket_is_handed_on_with_a_word_to_the_colleague(desk: World, text: str) -> None:
    engineer_answers(desk, "dispatch", text)
    assert kinds(desk, ZHANG.key) == ["ack"]
    handed = read(last_letter(desk, CHEN))
    assert "备件在三楼库房" in handed
    assert ("用户下午在。" in handed) is ("用户下午在。" in text)


def test_a_ticket_goes_to_a_group(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#转派 网络组\n")
    now = ticket(desk)
    assert (now["group_key"], now["assignee_id"], now["state"]) == ("network", None, "unassigned")


def test_a_vendor_gets_the_words_instead_of_the_requester(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#转厂商 联想 service@lenovo.test\n请上门检查搓纸轮。\n")
    assert "请上门检查搓纸轮。" in read(last_letter(desk, "service@lenovo.test"))
    assert kinds(desk, ZHANG.key) == ["ack"]


def test_a_colleagues_order_is_told_to_both(desk: World) -> None:
    number = ticket(desk)["number"]
    write(desk, CHEN, "#优先级 高\n", subject=f"[{number}]")
    assert ticket(desk)["priority"] == "high"
    assert "transcript" in kinds(desk, CHEN.key)


def test_who_has_the_mail_already_is_not_written_to_again(desk: World) -> None:
    to = f"{DESK}, zhang@corp.test"
    engineer_answers(desk, "dispatch", "马上过来看。\n#预计 16:00\n", to=to)
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert ticket(desk)["eta_at"] is not None


def test_orders_that_contradict_each_other_change_nothing(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#挂起\n#已解决\n已更换。\n", border=PROVED)
    assert "【未执行】" in str(last_letter(desk, LIU)["Subject"])
    assert "changed" not in event_kinds(desk)
