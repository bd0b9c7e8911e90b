"""What waits: a doubtful mail for its author's #发送, a token's orders for their one-time code."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from forging import NUMBER, constant
from thread import (
    CHEN,
    LIU,
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
    ticket,
    write,
)
from worlds import World

TYPO = "#内布\n用户自己拔过线。\n"
SOLVED = "#已解决\n已更换硒鼓，请再试一次。\n"


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    world = open_desk(make_world)
    open_ticket(world)
    return world


def ask_code(world: World, text: str = SOLVED) -> str:
    """He orders something with nothing but a letter of ours; the code mailed to him."""
    engineer_answers(world, "dispatch", text, border=UNPROVED)
    found = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", read(last_letter(world, LIU)))
    assert found is not None
    return found[0]


def is_solved(world: World) -> bool:
    return bool(ticket(world)["solved_at"])


# ── held, because it is not clear what may leave ──────────────────────────────────────────────


def test_a_mistyped_order_holds_the_mail_and_its_author_is_asked_once(desk: World) -> None:
    before = constant(desk)
    engineer_answers(desk, "dispatch", TYPO, message_id="typo@corp.test", date="Fri, 20 Nov 2026")
    engineer_answers(desk, "dispatch", TYPO, message_id="typo@corp.test", date="Fri, 20 Nov 2026")
    desk.mailbox.renumber()
    desk.collect_again()
    desk.start()
    desk.run()
    assert constant(desk) == before
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert kinds(desk, LIU.key) == ["dispatch", "held"]
    asked = read(last_letter(desk, LIU))
    assert "#内布" in asked
    assert "#内部" in asked
    assert "#发送" in asked


def test_the_same_words_sent_again_are_not_asked_about_again(desk: World) -> None:
    engineer_answers(desk, "dispatch", TYPO)
    engineer_answers(desk, "dispatch", TYPO)
    assert kinds(desk, LIU.key) == ["dispatch", "held"]
    desk.later(hours=25)
    engineer_answers(desk, "dispatch", TYPO)
    assert kinds(desk, LIU.key).count("held") == 2
    engineer_answers(desk, "held", "#发送\n")
    assert kinds(desk, ZHANG.key) == ["ack", "progress"]
    engineer_answers(desk, "held", "#发送\n")
    assert kinds(desk, ZHANG.key) == ["ack", "progress"]


def test_send_releases_exactly_the_text_that_was_shown(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#内布\n第一行，\n\n第二行。\n")
    shown = read(last_letter(desk, LIU))
    assert "第一行，\n\n第二行。" in shown
    engineer_answers(desk, "held", "#发送\n这一行不会发出\n")
    sent = read(last_letter(desk, ZHANG))
    assert "第一行，\n\n第二行。" in sent
    assert "内布" not in sent
    assert "不会发出" not in sent
    assert ticket(desk)["state"] == "in_progress"


def test_the_corrected_text_is_sent_and_the_old_one_is_gone(desk: World) -> None:
    engineer_answers(desk, "dispatch", "#完工\n旧的文字\n")
    engineer_answers(desk, "held", "#已解决\n新的文字，请再试一次。\n")
    sent = read(last_letter(desk, ZHANG))
    assert "新的文字" in sent
    assert "旧的" not in sent
    assert is_solved(desk)
    before = constant(desk)
    engineer_answers(desk, "held", "#发送\n")
    assert constant(desk) == before
    assert "没有等待发出的邮件" in read(last_letter(desk, LIU))
    assert kinds(desk, ZHANG.key) == ["ack", "solved"]


def test_a_corrected_note_stays_inside(desk: World) -> None:
    engineer_answers(desk, "dispatch", TYPO)
    engineer_answers(desk, "held", "#内部\n用户自己拔过线。\n")
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert "note" in event_kinds(desk)


@pytest.mark.parametrize(
    "text",
    [
        "已更换硒鼓。\n\n> 三楼的打印机又卡纸了\n> 麻烦看一下\n",
        "已更换硒鼓。\n\n发件人: 王强 <wang@corp.test>\n主题: 内部讨论\n\n她又来了。\n",
        "已更换硒鼓，王强 wang@corp.test 也可以帮您。\n",
    ],
    ids=["a quote without marker", "a header block", "a colleague's address"],
)
def test_a_doubtful_cut_is_held(text: str, desk: World) -> None:
    before = constant(desk)
    engineer_answers(desk, "dispatch", text)
    assert constant(desk) == before
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert kinds(desk, LIU.key) == ["dispatch", "held"]


def test_words_in_a_fresh_mail_with_the_number_are_held(desk: World) -> None:
    write(desk, LIU, "她的电脑该报废了。\n", subject=NUMBER)
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert kinds(desk, LIU.key)[-1] == "held"
    engineer_answers(desk, "held", "#内部\n")
    assert kinds(desk, ZHANG.key) == ["ack"]


def test_orders_without_words_in_a_fresh_mail_with_the_number_run(desk: World) -> None:
    write(desk, LIU, "#接单\n", subject=NUMBER)
    assert ticket(desk)["state"] == "in_progress"
    assert kinds(desk, LIU.key) == ["dispatch"]


# ── a letter of ours answered, and nothing else proves who did ────────────────────────────────


@pytest.mark.parametrize(
    ("text", "letters", "state"),
    [
        ("已经在路上了，十分钟到。\n", ["ack", "progress"], "in_progress"),
        ("#接单\n", ["ack"], "in_progress"),
        ("#内部\n先查一下保修。\n", ["ack"], "new"),
    ],
)
def test_a_token_is_enough_for_words_and_simple_orders(
    text: str, letters: list[str], state: str, desk: World
) -> None:
    engineer_answers(desk, "dispatch", text, border=UNPROVED)
    assert kinds(desk, ZHANG.key) == letters
    assert ticket(desk)["state"] == state
    assert outcome(desk)[0] == "appended"


@pytest.mark.parametrize(
    "text",
    [
        SOLVED,
        "#等用户\n是哪一台？\n",
        "#转派 陈晨\n",
        "#优先级 低\n",
        "#预计 17:00\n",
        "#不受理 找行政\n请找行政部。\n",
    ],
)
def test_every_other_order_waits_for_one_code_to_the_listed_address(text: str, desk: World) -> None:
    before = constant(desk)
    ask_code(desk, text)
    assert constant(desk) == before
    assert kinds(desk) == ["ack", "dispatch", "code"]
    assert {to for to, _ in desk.transport.sent[2:]} == {LIU.key}


def test_the_code_runs_exactly_the_waiting_words_once(desk: World) -> None:
    code = ask_code(desk)
    engineer_answers(desk, "code", f"{code}\n#不受理\n别的话\n", border=UNPROVED)
    sent = read(last_letter(desk, ZHANG))
    assert "已更换硒鼓，请再试一次。" in sent
    assert "别的话" not in sent
    assert code not in sent
    assert ticket(desk)["state"] == "to_confirm"
    before = constant(desk)
    engineer_answers(desk, "code", f"{code}\n", border=UNPROVED)
    assert constant(desk) == before
    assert kinds(desk, ZHANG.key) == ["ack", "solved"]


def wrong(world: World, code: str) -> None:
    other = code[:-1] + ("2" if code[-1] != "2" else "3")
    engineer_answers(world, "code", f"{other}\n", border=UNPROVED)


def by_somebody_else(world: World, code: str) -> None:
    write(world, CHEN, f"{code}\n", answers=last_id(world, "code"), subject=NUMBER)


def by_a_forger(world: World, code: str) -> None:
    write(world, LIU, f"{code}\n", border=UNPROVED, subject=NUMBER)


def a_day_later(world: World, code: str) -> None:
    world.later(hours=25)
    engineer_answers(world, "code", f"{code}\n", border=UNPROVED)


def of_another_ticket(world: World, code: str) -> None:
    open_ticket(world, message_id="two@corp.test", text="显示器不亮了。\n")
    second = last_id(world, "dispatch", LIU.key)
    subject = "回复: [IT-20261120-0002]"
    write(world, LIU, "#优先级 低\n", answers=second, border=UNPROVED, subject=subject)
    engineer_answers(world, "code", f"{code}\n", border=UNPROVED, subject=subject)
    assert ticket(world, "IT-20261120-0002")["priority"] != "low"


@pytest.mark.parametrize("send", [wrong, by_somebody_else, by_a_forger, a_day_later])
def test_a_code_that_is_not_his_own_and_fresh_runs_nothing(
    send: Callable[[World, str], None], desk: World
) -> None:
    code = ask_code(desk)
    desk.later(minutes=1)
    before = constant(desk)
    send(desk, code)
    assert constant(desk) == before
    assert kinds(desk, ZHANG.key) == ["ack"]
    assert not is_solved(desk)


def test_the_code_of_another_draft_runs_nothing(desk: World) -> None:
    of_another_ticket(desk, ask_code(desk))
    assert not is_solved(desk)
    assert "solved" not in kinds(desk)


def test_send_does_not_stand_in_for_a_code(desk: World) -> None:
    ask_code(desk)
    before = constant(desk)
    engineer_answers(desk, "code", "#发送\n", border=UNPROVED)
    assert constant(desk) == before
    engineer_answers(desk, "dispatch", "#完工\n#已解决\n已修好。\n", border=UNPROVED)
    engineer_answers(desk, "held", "#发送\n", border=UNPROVED)
    assert constant(desk) == before
    assert kinds(desk, ZHANG.key) == ["ack"]


def test_a_proved_mail_needs_no_code(desk: World) -> None:
    engineer_answers(desk, "dispatch", SOLVED, border=PROVED)
    assert is_solved(desk)
    assert "code" not in kinds(desk)
