"""Which mails are too vague, what is asked of them, and which field an answer fills."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from builders import profile, rules
from ruamel.yaml import YAML

from maildesk.desk.label import Label
from maildesk.desk.policy import Question
from maildesk.desk.request.questions import (
    MOST,
    Doubt,
    choose_questions,
    find_doubt,
    list_open,
    measure,
    read_answers,
)
from maildesk.desk.rules.expectations import read_case
from maildesk.desk.rules.matching import judge

SCREEN = Question("screen", Label("屏幕上显示什么？", "What is shown?"), "error", ("蓝屏", "error"))
SCOPE = Question("scope", Label("只有您吗？", "Only you?"), "scope", ("全部门", "only me"))
WANTED = Question("wanted", Label("需要什么？", "What do you need?"), "wanted")
DOUBT = Doubt("a rule asks")
PROFILE = replace(
    profile(),
    questions=(SCREEN, SCOPE, WANTED),
    types=tuple(
        replace(
            kind, questions=("wanted",) if kind.key == "service_request" else ("screen", "scope")
        )
        for kind in profile().types
    ),
)


def keys(doubt: Doubt | None, kind: str = "incident", **given: object) -> list[str]:
    fields = given.get("fields", {})
    assert isinstance(fields, dict)
    text, hindrance = str(given.get("text", "")), given.get("hindrance")
    why = str(hindrance) if hindrance else None
    asked, findings = choose_questions(doubt, PROFILE, kind, fields, text, why)
    assert (doubt is None) == (not findings)
    return [question.key for question in asked]


def test_the_types_questions_are_asked_in_their_order_and_at_most_two() -> None:
    assert keys(DOUBT) == ["screen", "scope"]
    many = replace(
        PROFILE, types=(replace(PROFILE.types[0], questions=("screen", "scope", "wanted")),)
    )
    asked, _ = choose_questions(DOUBT, many, PROFILE.types[0].key, {}, "", None)
    assert len(asked) == MOST


def test_what_a_rule_asks_comes_first() -> None:
    assert keys(Doubt("a rule asks", ("scope",))) == ["scope", "screen"]


def test_a_service_request_is_never_asked_for_an_error_text() -> None:
    assert keys(Doubt("a rule asks", ("screen",)), "service_request") == ["wanted"]


def test_what_a_field_or_a_word_tells_is_not_asked() -> None:
    assert keys(DOUBT, fields={"error": "0x7E"}) == ["scope"]
    assert keys(DOUBT, text="电脑坏了，全部门都这样") == ["screen"]
    assert keys(DOUBT, text="There is an error and it is only me") == []
    assert keys(DOUBT, text="terrors") == ["screen", "scope"]


def test_nobody_is_asked_where_something_hinders_and_the_trace_says_what() -> None:
    asked, findings = choose_questions(DOUBT, PROFILE, "incident", {}, "", "a picture came with it")
    assert asked == ()
    assert "a picture came with it" in findings[0].why


def test_a_clear_mail_is_not_asked_anything() -> None:
    assert keys(None) == []


@pytest.mark.parametrize(
    "words",
    ["电脑", "帮我看一下，谢谢", "系统", "请帮忙", "help please", "It is my PC",
     "电脑坏了", "系统用不了，麻烦看看", "出问题了", "My computer is broken", "I have a problem",
     "申请权限", "装个软件"],
)  # fmt: skip
def test_a_few_words_that_say_only_that_something_is_the_matter_are_vague(words: str) -> None:
    assert _doubts("", words)


@pytest.mark.parametrize(
    "words",
    ["打印机卡纸了", "鼠标坏了，要换一个", "VPN 连不上", "申请开通 VPN", "忘记密码了", "蓝屏",
     "Outlook 收不到邮件",
     "The printer is jammed", "I forgot my password"],
)  # fmt: skip
def test_few_words_can_say_enough(words: str) -> None:
    assert not _doubts("", words)


def test_politeness_and_what_stands_twice_say_nothing() -> None:
    assert measure("电脑坏了", "您好，\n电脑坏了，麻烦看一下，谢谢！") == 4
    assert measure("help", "Hi team, please help me. Thanks") == 0


def test_hardly_any_of_a_thousand_requests_is_taken_for_vague() -> None:
    asked = total = 0
    for name in ("requests.yaml", "requests_fresh.yaml"):
        for cases in YAML(typ="safe").load(Path(__file__).with_name(name)).values():
            for _, priority, _, text in cases:
                case = read_case(text)
                total += 1
                asked += priority != "urgent" and _doubts(
                    case.fields["subject"], case.fields["body"]
                )
    assert total > 900
    assert asked <= total // 100


def _doubts(title: str, words: str) -> bool:
    case = read_case(f"主题：{title}\n{words}")
    judgement = judge(rules(), case)
    return find_doubt(title, words, judgement) is not None


ANSWERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("1. 蓝屏 2. 就我这台", {"error": "蓝屏", "scope": "就我这台"}),
    ("1、蓝屏\n2、就我这台", {"error": "蓝屏", "scope": "就我这台"}),
    ("您好，\n1.蓝屏，代码0x7E\n2. 就我\n谢谢", {"error": "蓝屏，代码0x7E", "scope": "就我"}),
    ("①蓝屏②就我", {"error": "蓝屏", "scope": "就我"}),
    ("一、蓝屏；二、就我", {"error": "蓝屏", "scope": "就我"}),
    ("1) blue screen 2) only me", {"error": "blue screen", "scope": "only me"}),
    ("2. 就我这台", {"scope": "就我这台"}),
    ("蓝屏\n就我这台", {"error": "蓝屏", "scope": "就我这台"}),
    ("错误信息：0x7E\n影响范围：我", {"error": "0x7E", "scope": "我"}),
    ("影响范围：就我\n显示 1.5 版本错误", {"scope": "就我", "error": "显示 1.5 版本错误"}),
    ("开机后显示 no boot device，同事正常", {"error": "开机后显示 no boot device，同事正常"}),
    ("升级到 1.2 版本后", {"error": "升级到 1.2 版本后"}),
    ("谢谢", {}),
)


@pytest.mark.parametrize(("words", "expected"), ANSWERS)
def test_an_answer_fills_the_fields_that_were_asked_for(
    words: str, expected: dict[str, str]
) -> None:
    assert read_answers(words, (SCREEN, SCOPE)) == expected


def test_what_was_asked_stays_open_until_its_field_is_filled() -> None:
    fields = {"asked": "screen,scope"}
    assert list_open(PROFILE, fields) == (SCREEN, SCOPE)
    assert list_open(PROFILE, {**fields, "error": "蓝屏"}) == (SCOPE,)
    assert list_open(PROFILE, {}) == ()
    assert list_open(PROFILE, {"asked": "gone-from-the-profile"}) == ()
