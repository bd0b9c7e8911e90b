"""What engineers and leads read: where an answer goes, the case whole, nothing that misleads."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from maildesk.config.templates import load_templates
from maildesk.desk.arrival.number import find_numbers
from maildesk.desk.letters.letter_values import SAMPLES, LetterValues, LimitValues
from maildesk.desk.letters.staff_samples import STAFF_SAMPLES
from maildesk.desk.letters.staff_values import (
    ActionLink,
    AnswerValues,
    DispatchValues,
    FileLine,
    HeldValues,
    SimilarTicket,
    StaffValues,
    UnassignedValues,
)
from maildesk.desk.letters.wording import Wording, Words
from maildesk.desk.staff.marker import MARKER, SIGNS

WORDING = Wording(load_templates(None)[0])
LANGUAGES = ("zh-CN", "en")
NUMBER = "IT-20261120-0001"
ANSWERED = ("dispatch", "answer", "held")
"""Whose answer leaves the house; an answer to any other is a note."""


def write(event: str, language: str = "zh-CN", nth: int = 0, **changes: Any) -> Words:
    values: StaffValues = replace(STAFF_SAMPLES[event][nth], **changes)
    return WORDING.render(event, language, values)


def show(words: Words) -> list[str]:
    """The lines a mail program shows of the HTML."""
    assert words.html is not None
    body = LexborHTMLParser(re.sub("<br>|</p>|</td>", "\n", words.html)).body
    assert body is not None
    return [line.strip() for line in body.text().split("\n") if line.strip()]


def read_sides(words: Words) -> tuple[list[str], list[str]]:
    return words.text.strip().split("\n"), show(words)


def fold(text: str) -> str:
    return "".join(filter(str.isalnum, text.lower()))


@pytest.mark.parametrize("event", STAFF_SAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_lines_say_where_an_answer_goes(event: str, language: str) -> None:
    internal = {"zh-CN": "〔内部通知", "en": "(Internal notice"}[language]
    outside = {
        "zh-CN": "〔您的回复会发给用户张敏；",
        "en": "(Your answer goes to the requester, 张敏.",
    }
    for side in read_sides(write(event, language)):
        if event in ANSWERED:
            assert side[0] == MARKER
        else:
            assert side[0].startswith(internal)
            assert MARKER not in side
        if event in ("dispatch", "answer"):
            assert side[1].startswith(outside[language])
            assert "#内部" in side[1] or "#note" in side[1]


def test_an_answer_to_a_vendors_words_goes_to_the_vendor() -> None:
    vendor: dict[str, Any] = {"author_part": "vendor", "to_requester": "陈工"}
    assert "〔您的回复会发给厂商陈工；" in write("answer", **vendor).text
    assert "goes to the vendor, 陈工." in write("answer", "en", **vendor).text


@pytest.mark.parametrize("event", (*STAFF_SAMPLES, "near", "missed"))
def test_the_token_is_the_last_line(event: str) -> None:
    code = "r15-f9o-k7q4m2xdpa2c"
    for language in LANGUAGES:
        sample: Any = SAMPLES[event][0]
        values = replace(sample, code=code)
        for side in read_sides(WORDING.render(event, language, values)):
            assert side[-1] == f"〔{code}〕"
        without = WORDING.render(event, language, replace(values, code=""))
        assert read_sides(without)[0][-1] == "IT服务台"


def test_the_dispatch_letter_can_be_worked_from_a_phone() -> None:
    words = write("dispatch", nth=1, left_out=())
    assert words.subject == f"【派单】中｜打印机卡纸｜财务部张敏 [{NUMBER}]"
    assert words.text == (
        f"{MARKER}\n"
        "〔您的回复会发给用户张敏；以 # 开头的行是命令，不会发出；内部备注请写 #内部〕\n"
        "刘洋您好，此单由您处理（陈静转派），请在今天 16:00 前联系用户。\n"
        "\n"
        "提报人：财务部张敏　电话 8123　zhang@corp.test\n"
        "登记：硬件故障｜中｜故障申报\n"
        "提交：今天 14:55（王强代提）\n"
        "\n"
        "三楼的打印机又卡纸了，重启过两次没用。\n"
        "\n"
        "能不能上午来看一下？下午要打合同。\n"
        "\n"
        "附件：卡纸位置.jpg（340 KB）、error.log（12 KB）\n"
        "\n"
        "免登录快捷处理：\n"
        "接单：https://desk.corp.test/t/sample0\n"
        "要信息：https://desk.corp.test/t/sample1\n"
        "已解决：https://desk.corp.test/t/sample2\n"
        "转派：https://desk.corp.test/t/sample3\n"
        "\n"
        "内部备注：\n"
        "王强：换过搓纸轮，没有好转。\n"
        "备件型号 RM2-5452。\n"
        "\n"
        "相似工单：\n"
        "IT-20261119-0007 打印机卡纸（处理中，王强）\n"
        "IT-20261119-0009 （无主题）（待派单）\n"
        "\n"
        "可参考：\n"
        "KB-0007 打印机卡纸怎么办：https://desk.corp.test/k/sample\n"
        "　　打开后盖，取出卡住的纸，再试打一页。\n"
        "IT-20260903-0002 三楼打印机卡纸\n"
        "\n"
        "IT服务台\n"
        "〔r15-f9o-k7q4m2xdpa2c〕\n"
    )


def test_what_is_too_large_to_attach_is_named() -> None:
    large = (FileLine("现场录像.mp4", "48.2 MB"),)
    assert "太大，未随信附上：现场录像.mp4（48.2 MB）\n" in write("dispatch", left_out=large).text
    assert "Too large to attach: 现场录像.mp4 (48.2 MB)\n" in (
        write("answer", "en", left_out=large).text
    )


def test_a_helper_is_asked_to_join_and_not_to_take_over() -> None:
    words = write("dispatch", helper=True, by="王强")
    assert words.subject.startswith("【协办】中｜")
    assert "刘洋您好，王强请您协办此单。" in words.text


@pytest.mark.parametrize(
    ("changes", "tag", "said"),
    [
        ({}, "用户回复", "张敏回复了："),
        ({"note": "new_words"}, "用户回复", "张敏回复了："),
        ({"author_part": "delegate"}, "用户回复", "张敏回复了："),
        ({"author_part": "cc", "author": "李雷"}, "抄送人回复", "李雷回复了："),
        ({"author_part": "vendor", "author": "陈工"}, "厂商回复", "陈工回复了："),
        ({"note": "reopened"}, "仍未解决", "工单已退回处理中："),
        ({"note": "chasing"}, "催单", "请尽快告知预计时间（可用 #预计 16:00）："),
        ({"note": "unverified"}, "回复待核实", "未能核实是本人所发，工单状态未动："),
        ({"note": "confirmed_partly"}, "部分解决", "张敏说好了一部分，还有："),
    ],
)
def test_the_engineer_reads_in_the_subject_what_an_answer_means(
    changes: dict[str, Any], tag: str, said: str
) -> None:
    words = write("answer", **changes)
    author = changes.get("author", "张敏")
    assert words.subject == f"【{tag}】打印机卡纸｜{author} [{NUMBER}]"
    assert said in words.text


def test_a_held_mail_shows_exactly_what_would_leave_and_asks_one_thing() -> None:
    words = write("held")
    assert words.subject == f"【未发出】打印机卡纸，请确认 [{NUMBER}]"
    assert words.text == (
        f"{MARKER}\n"
        "刘洋您好，您刚才的邮件没有发出，工单也没有变动：\n"
        "· 不认识的命令：#内布\n"
        "· “#内布 用户脾气急”是想写 #内部 吗？\n"
        "\n"
        "将要发给张敏的内容，只有这些：\n"
        "——————\n"
        "张敏您好，备件明天上午到，到了就给您换。\n"
        "\n"
        "刘洋\n"
        "——————\n"
        "\n"
        "就这样发：回复本邮件，只写一行 #发送\n"
        "（认不出的 # 行不会发出，也不会执行）\n"
        "要改：回复本邮件，把改好的内容连同命令、附件完整发一遍，会直接发给张敏。\n"
        "\n"
        "IT服务台\n"
        "〔r15-f9o-k7q4m2xdpa2c〕\n"
    )


def test_several_unassigned_tickets_are_one_letter_without_a_number_in_its_subject() -> None:
    words = write("unassigned", nth=2)
    assert words.subject == "【待派单 2 件】有紧急工单"
    assert "IT-20261120-0002 （无主题）" in words.text
    one = write("unassigned")
    assert one.subject == f"【待派单】中｜打印机卡纸｜硬件故障 [{NUMBER}]"
    assert "派单：回复本邮件，写一行 #转派 姓名" in one.text


def test_the_days_list_counts_in_the_subject() -> None:
    assert (
        write("digest").subject
        == "【今日待办】11月20日 周五｜超时未说明原因 1 处理中 2 待用户反馈 13"
    )
    english = write("digest", "en").subject
    assert english == "[Your day] Friday 20 Nov | 超时未说明原因 1, 处理中 2, 待用户反馈 13"


@pytest.mark.parametrize(
    ("tone", "tag"),
    [
        ("done", "已执行"),
        ("failed", "未执行"),
        ("status", "工单状态"),
        ("undone", "已撤销"),
        ("told", "工单变动"),
    ],
)
def test_a_transcript_says_at_once_whether_it_worked(tone: str, tag: str) -> None:
    assert write("transcript", tone=tone).subject == f"【{tag}】打印机卡纸 [{NUMBER}]"
    shown = write("transcript", tone=tone, words="没发出的话").text
    assert ("没发出的话" in shown) == (tone == "failed")


def test_a_one_time_code_stands_alone_on_its_line() -> None:
    for side in read_sides(write("code")):
        assert "7KQM-4XPA" in side
        assert "明天 15:00 前有效。" in side


def test_nobody_vouches_for_words_he_was_not_shown() -> None:
    for side in read_sides(write("code")):
        assert "搓纸轮已换，请再打一份试试。" in side
    for side in read_sides(write("code", words="")):
        assert "确认后会发出的内容：" not in side


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("near", "已打过电话请回：#已响应 16:05；接单请回：#接单"),
        ("missed", "并回复原因：#超时原因 外出，16:50 返回"),
    ],
)
def test_an_engineer_is_told_what_to_answer_to_a_reminder(event: str, said: str) -> None:
    values = SAMPLES[event][0]
    assert isinstance(values, LimitValues)
    words = WORDING.render(event, "zh-CN", replace(values, to_engineer=True, name="刘洋"))
    assert said in words.text
    assert "您的工单" in words.text
    assert words.text.startswith("〔内部通知：您的回复不会发给用户〕\n")


def test_our_own_outage_needs_no_excuse() -> None:
    values = SAMPLES["missed"][0]
    assert isinstance(values, LimitValues)
    assert "#超时原因" not in WORDING.render("missed", "zh-CN", replace(values, outage=True)).text


HOSTILE = (
    f"没好\n{MARKER}\n> 请在此行\n> 以上 回复\nREPLY above THIS line\n"
    "#已解决\n ＃转派 我\n\u200b#solved\n〔r15-f9o-aaaaaaaaaaaa〕"
)


@pytest.mark.parametrize("event", ANSWERED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_strangers_words_are_taken_neither_for_our_marks_nor_for_orders(
    event: str, language: str
) -> None:
    notes: dict[str, Any] = {"notes": (HOSTILE,)} if event == "dispatch" else {}
    words = write(event, language, words=HOSTILE, title=f"急 {MARKER} 〔x〕", **notes)
    for side in read_sides(words):
        body = fold("\n".join([words.subject, *side]))
        for sign in SIGNS:
            assert body.count(fold(sign)) == 1
        assert sum("〔" in line and "-" in line for line in side) == 1
        for line in side:
            assert line.strip("\u200b \u3000\u00a0")[:1] not in tuple("#＃")


@pytest.mark.parametrize("event", STAFF_SAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_ours_is_an_order_when_it_is_quoted(event: str, language: str) -> None:
    for nth in range(len(STAFF_SAMPLES[event])):
        for side in read_sides(write(event, language, nth)):
            assert not [line for line in side if line.lstrip()[:1] in tuple("#＃")]


@pytest.mark.parametrize("event", SAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_markup_in_any_value_is_shown_not_run(event: str, language: str) -> None:
    for values in SAMPLES[event]:
        marked = _mark(values)
        words = WORDING.render(event, language, marked)
        assert words.html is not None
        assert "<b>evil" not in words.html
        assert "<script>evil" not in words.html
        assert '"><img' not in words.html


def _mark(value: Any) -> Any:
    """The same values, with markup wherever a text is free; what is chosen from a list stays."""
    if isinstance(value, str) and value:
        return f'{value}"><img src=x><b>evil</b><script>evil</script>'
    if isinstance(value, tuple):
        return tuple(map(_mark, value))
    if is_dataclass(value) and not isinstance(value, type):
        chosen = {"number", "tone", "note", "author_part", "scope", "waiting", "language"}
        return replace(
            value,
            **{
                field.name: _mark(getattr(value, field.name))
                for field in fields(value)
                if field.name not in chosen
            },
        )
    return value


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_largest_case_still_makes_a_letter(language: str) -> None:
    long = '&"' * 100_000
    values: tuple[tuple[str, LetterValues], ...] = (
        (
            "dispatch",
            _replace(
                "dispatch",
                words=long,
                title=long,
                notes=(long,) * 300,
                files=(FileLine(long, "1 B"),) * 300,
                left_out=(FileLine(long, "1 B"),) * 300,
                similar=(SimilarTicket("IT-20261119-0007", long, "x", long),) * 300,
                actions=(ActionLink(long, long),) * 4,
            ),
        ),
        ("held", _replace("held", words=long, why=(long,) * 50)),
    )
    for event, case in values:
        words = WORDING.render(event, language, case)
        assert find_numbers(words.subject) == (NUMBER,)


def _replace(event: str, **changes: Any) -> StaffValues:
    values = STAFF_SAMPLES[event][0]
    assert isinstance(values, DispatchValues | HeldValues | AnswerValues | UnassignedValues)
    changed: StaffValues = replace(values, **changes)
    return changed


def test_a_number_in_a_strangers_words_does_not_reach_the_subject() -> None:
    other = "又坏了 IT-20261101-0003"
    cases: tuple[tuple[str, dict[str, Any]], ...] = (
        ("dispatch", {"requester": other, "department": other}),
        ("answer", {"author": other}),
        ("unassigned", {}),
        ("held", {}),
    )
    for event, changes in cases:
        assert find_numbers(write(event, title=other, **changes).subject) == (NUMBER,)
