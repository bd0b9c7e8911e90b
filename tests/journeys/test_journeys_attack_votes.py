"""Answers nobody gave: a letter of ours quoted and no word above it, machines that quote scores.

Our letters hold 好了, 没好 and every score; read as their reader's words they would close, reopen
and rate. Whoever presses "send" too early has said nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from ordering import count_letters, list_letters
from test_journeys_approval import WEI, answer, desk_with, request, waits
from test_journeys_reports import DUE, open_reporting_desk
from thread import (
    ZHANG,
    engineer_answers,
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

MakeWorld = Callable[..., World]


def mark(text: str) -> str:
    return "".join(f"> {line}\n" for line in text.split("\n"))


QUOTES: dict[str, Callable[[str], str]] = {
    "netease": lambda text: f'\n\n在 2026-11-20 10:05:00，"IT" <desk@corp.test> 写道：\n\n{text}',
    "original": lambda text: f"\n-----原始邮件-----\n发件人: IT\n主题: 请确认\n\n{text}",
    "qq": lambda text: (
        '\n\n------------------ 原始邮件 ------------------\n发件人: "IT" <desk@corp.test>;\n'
        f'发送时间: 2026年11月20日(星期五) 上午10:05\n收件人: "张敏" <zhang@corp.test>;\n\n{text}'
    ),
    "outlook": lambda text: (
        "\n\n发件人: IT <desk@corp.test>\n发送时间: 2026年11月20日 10:05\n"
        f"收件人: 张敏 <zhang@corp.test>\n主题: 请确认\n\n{text}"
    ),
    "gmail": lambda text: (
        f"\n\nIT <desk@corp.test> 于2026年11月20日周五 10:05写道：\n\n{mark(text)}"
    ),
    "english": lambda text: f"\n\nOn Fri, 20 Nov 2026, IT <desk@corp.test> wrote:\n\n{mark(text)}",
    "marks": mark,
    "phone": lambda text: (
        f"\n发自我的iPhone\n\n在 2026年11月20日，10:05，IT <desk@corp.test> 写道：\n\n{mark(text)}"
    ),
    "nothing": lambda _: "\n",
}
each_client = pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES)


def ask_to_confirm(make_world: MakeWorld) -> World:
    world = open_desk(make_world)
    open_ticket(world)
    engineer_answers(world, "dispatch", "#已解决\n已更换搓纸轮，请再打印一次。\n")
    return world


def echo(world: World, letter: str, quote: Callable[[str], str]) -> int:
    """张敏 sends the newest letter back with no word of hers; the newest letter before."""
    sent = count_letters(world)
    requester_answers(world, letter, quote(read(last_letter(world, ZHANG))))
    assert outcome(world)[0] == "appended"
    return sent


@each_client
def test_our_question_sent_back_is_no_answer_and_is_asked_once_more(
    make_world: MakeWorld, quote: Callable[[str], str]
) -> None:
    world = ask_to_confirm(make_world)
    sent = echo(world, "solved", quote)
    row = ticket(world)
    assert (row["state"], row["reopens"]) == ("to_confirm", 0)
    assert world.value("SELECT count(*) FROM ratings") == 0
    assert list_letters(world, sent) == (("clarify", ZHANG.key),)
    requester_answers(world, "clarify", quote(read(last_letter(world, ZHANG))))
    assert ticket(world)["state"] == "to_confirm"
    assert list_letters(world, sent)[2:] == (), "the engineer is told, nobody is asked again"


@each_client
def test_the_survey_sent_back_rates_nothing_and_calls_no_lead(
    make_world: MakeWorld, quote: Callable[[str], str]
) -> None:
    world = ask_to_confirm(make_world)
    requester_answers(world, "solved", "好了\n")
    world.later(hours=2)
    sent = echo(world, "survey", quote)
    row = ticket(world)
    assert (row["state"], row["reopens"]) == ("solved", 0)
    assert world.value("SELECT count(*) FROM ratings") == 0
    assert list_letters(world, sent) == ()


@each_client
def test_words_above_or_below_the_quote_are_heard(
    make_world: MakeWorld, quote: Callable[[str], str]
) -> None:
    world = ask_to_confirm(make_world)
    quoted = quote(read(last_letter(world, ZHANG)))
    requester_answers(world, "solved", f"好了，5分\n{quoted}")
    assert ticket(world)["state"] == "closed"
    assert world.value("SELECT score FROM ratings") == 5


def test_a_screenshot_without_a_word_still_says_that_something_is_wrong(
    make_world: MakeWorld,
) -> None:
    world = ask_to_confirm(make_world)
    requester_answers(
        world,
        "solved",
        QUOTES["qq"](read(last_letter(world, ZHANG))),
        attachment=("错误.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40_000),
    )
    assert ticket(world)["state"] == "in_progress"


@each_client
def test_a_request_for_approval_sent_back_approves_nothing(
    make_world: MakeWorld, quote: Callable[[str], str]
) -> None:
    world = desk_with(make_world)
    request(world)
    answer(world, quote(read(last_letter(world, WEI))))
    assert waits(world)
    assert world.value("SELECT decision FROM approvals") is None


@each_client
def test_a_report_sent_back_is_passed_on_to_nobody(
    make_world: MakeWorld, quote: Callable[[str], str]
) -> None:
    world = open_reporting_desk(make_world)
    open_ticket(world)
    world.now = DUE
    world.run()
    sent = count_letters(world)
    text = quote(read(last_letter(world, LEAD)))
    write(world, LEAD, text, answers=last_id(world, "report", LEAD.key), subject="回复：日报")
    assert {to for _, to in list_letters(world, sent)} <= {LEAD.key}


@pytest.mark.parametrize(
    "headers",
    [
        ("Auto-Submitted: auto-replied",),
        ("X-Autoreply: yes",),
        ("Precedence: bulk",),
        ("List-Id: <it.corp.test>",),
    ],
)
def test_what_a_machine_or_a_list_quotes_is_no_vote(
    make_world: MakeWorld, headers: tuple[str, ...]
) -> None:
    world = ask_to_confirm(make_world)
    sent = count_letters(world)
    requester_answers(world, "solved", "我在休假。好了，5分\n", headers=headers)
    assert outcome(world)[0] == "noted"
    assert ticket(world)["state"] == "to_confirm"
    assert world.value("SELECT count(*) FROM ratings") == 0
    assert list_letters(world, sent) == ()
