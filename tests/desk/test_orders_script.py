"""What an engineer's answer orders, and what of it may be read by others."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.orders.script import MOST_ORDERS, Doubt, Script, read_script
from maildesk.desk.orders.spelling import suggest
from maildesk.desk.orders.table import TABLE, WORDS, Argument, Order, OrderSpec

ARGUMENTS = {
    Argument.TEXT: "等备件到货",
    Argument.TIME: "16:00",
    Argument.PERSON: "王强",
    Argument.PRIORITY: "高",
    Argument.CATEGORY: "网络异常",
    Argument.TICKET: "IT-20261120-0001",
}
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


def given_orders(text: str) -> list[tuple[Order, str]]:
    return [(line.order, line.argument) for line in read_script(text).orders]


def doubts(text: str) -> list[tuple[str, Doubt]]:
    return [(suspect.word, suspect.why) for suspect in read_script(text).suspects]


def _spell(alias: str) -> Iterator[str]:
    yield alias
    yield alias.upper()
    yield alias.translate(WIDE)


@pytest.mark.parametrize("spec", TABLE, ids=lambda spec: spec.order.value)
def test_a_word_means_its_order_however_it_is_typed(spec: OrderSpec) -> None:
    argument = ARGUMENTS.get(spec.argument, "")
    for alias in spec.aliases:
        for word in _spell(alias):
            for sign in ("#", "＃", "﹟", " #", "\u3000＃", "\u200b#", "\xa0\ufeff# "):
                for between in (" ", "：", ":", "： ", " : ", "\u3000", "，", "\xa0\t"):
                    line = f"{sign}{word}{between if argument else ''}{argument}"
                    assert given_orders(line) == [(spec.order, argument)], line
                if not spec.required:
                    assert given_orders(f"{sign}{word}") == [(spec.order, "")]


@pytest.mark.parametrize(
    ("line", "order", "argument"),
    [
        ("#预计16:00", Order.ETA, "16:00"),
        ("#预计明天上午", Order.ETA, "明天上午"),
        ("#预计完成时间：周一", Order.ETA, "周一"),
        ("#eta16:00", Order.ETA, "16:00"),
        ("#已响应16:05", Order.CONTACTED, "16:05"),
        ("#转派王强", Order.ASSIGN, "王强"),
        ("#转派给王强", Order.ASSIGN, "王强"),
        ("#转派 @王强。", Order.ASSIGN, "王强"),
        ("#转派HW005", Order.ASSIGN, "HW005"),
        ("#优先级高", Order.PRIORITY, "高"),
        ("#分类网络异常", Order.CATEGORY, "网络异常"),
        ("#合并IT-20261120-0001", Order.MERGE, "IT-20261120-0001"),
        ("#處理中", Order.START, ""),
        ("#完成！", Order.SOLVED, ""),
        ("#搞定👍", Order.SOLVED, ""),
        ("#处理中…", Order.START, ""),
        ("#on hold 等备件", Order.HOLD, "等备件"),
        ("#follow-up Friday", Order.FOLLOWUP, "Friday"),
        ("#挂起（等厂商）", Order.HOLD, "（等厂商）"),
        ("#超时原因 外出，16:50 返回", Order.LATE, "外出，16:50 返回"),
        ("#内部 他说 #已解决 也没用", Order.NOTE, "他说 #已解决 也没用"),
    ],
)
def test_lines_as_engineers_type_them(line: str, order: Order, argument: str) -> None:
    assert given_orders(line) == [(order, argument)]
    assert not read_script(line).held


@pytest.mark.parametrize(
    ("line", "word", "near"),
    [
        ("#内布 密码已重置", "内布", "内部"),
        ("#内布密码已重置", "内布密码已重置", "内部"),
        ("#已结决", "已结决", "已解决"),
        ("＃以解决", "以解决", "已解决"),
        ("#slove", "slove", "solve"),
        ("#sovled", "sovled", "solved"),
        ("#interal note", "interal", "internal"),
        ("##内部", "内部", "内部"),
    ],
)
def test_a_slip_of_the_pen_holds_the_mail_and_the_word_is_suggested(
    line: str, word: str, near: str
) -> None:
    for text in (line, f"{line}\n正在更换", f"正在更换\n{line}", f"正在更换\n{line}\n请稍候"):
        script = read_script(text)
        assert script.held
        assert not script.orders
        [suspect] = script.suspects
        assert (suspect.raw, suspect.word, suspect.why) == (line, word, Doubt.UNKNOWN)
        assert near in suspect.near
        assert line not in script.words


@pytest.mark.parametrize(
    "line",
    [
        "#",
        "＃",
        "#1",
        "#123",
        "# heading",
        "#!/bin/sh",
        "###",
        "#️⃣",
        "#include <x>",
        "♯",
        "#donetsk",
    ],
)
def test_any_line_with_a_number_sign_holds_the_mail(line: str) -> None:
    assert doubts(f"请看：\n{line}\n就这样")[0][1] is Doubt.UNKNOWN


@pytest.mark.parametrize(
    ("text", "word", "why"),
    [
        ("#内部网站打不开", "内部", Doubt.UNCLEAR),
        ("#等用户重启后再试", "等用户", Doubt.UNCLEAR),
        ("#转派流程说明如下", "转派", Doubt.UNCLEAR),
        ("#预计费用清单", "预计", Doubt.UNCLEAR),
        ("#优先级说明", "优先级", Doubt.UNCLEAR),
        ("#已解决？", "已解决", Doubt.UNCLEAR),
        ("#已解决 ?", "已解决", Doubt.UNCLEAR),
        ("#help/#status", "help", Doubt.UNCLEAR),
        ("#转派", "转派", Doubt.NO_ARGUMENT),
        ("#eta ：", "eta", Doubt.NO_ARGUMENT),
        ("#等用户 请发截图", "等用户", Doubt.LEFTOVER),
        ("#send tomorrow", "send", Doubt.LEFTOVER),
        ("#接单 #预计 16:00", "接单", Doubt.EMBEDDED),
        ("证书已换，请重试。#已解决", "已解决", Doubt.EMBEDDED),
        ("您好 #内部 密码是 123", "内部", Doubt.EMBEDDED),
        ("*#内部 密码是 123*", "内部", Doubt.EMBEDDED),
        ("- #内部 密码是 123", "内部", Doubt.EMBEDDED),
        ("1、#内布 密码是 123", "内布", Doubt.EMBEDDED),
        ("> #note secret", "note", Doubt.EMBEDDED),
        ("内部：密码是 123", "内部", Doubt.UNMARKED),
        ("您好\n内部：密码是 123", "内部", Doubt.UNMARKED),
        ("Internal note: secret", "内部", Doubt.UNMARKED),
    ],
)
def test_what_may_be_an_order_is_not_guessed(text: str, word: str, why: Doubt) -> None:
    assert doubts(text) == [(word, why)]
    assert not read_script(text).orders
    assert "123" not in read_script(text).words
    assert "secret" not in read_script(text).words


@pytest.mark.parametrize(
    "text",
    [
        "用 C#开始写的",
        "见 http://wiki/#help 一节",
        "- #1 打印机已更换",
        "请到 3#楼",
        "工单内部：无",
        "我们正在处理\n内部：8003",
        "型号 A#状态",
    ],
)
def test_ordinary_words_stay_ordinary(text: str) -> None:
    assert read_script(text) == Script((), text, ())


@pytest.mark.parametrize(
    ("text", "orders", "words"),
    [
        ("#接单\n\n正在更换证书", [Order.START], "正在更换证书"),
        ("正在更换证书\n\n#接单\n", [Order.START], "正在更换证书"),
        ("#接单\n#预计 16:00\n正在更换", [Order.START, Order.ETA], "正在更换"),
        ("#接单\n\n#预计 16:00\n正在更换", [Order.START, Order.ETA], "正在更换"),
        ("#接单\n正在更换\n#预计 16:00", [Order.START, Order.ETA], "正在更换"),
        ("您好！\n\n#接单\n正在更换", [Order.START], "您好！\n\n正在更换"),
        ("您好！\n\n#接单\n谢谢\n", [Order.START], ""),
        ("Hi Anna,\n#start\nThanks!", [Order.START], ""),
        ("#已解决\n已修好", [Order.SOLVED], "已修好"),
        ("张工好，\n#接单\n正在更换", [Order.START], "张工好，\n正在更换"),
        ("王经理：\n您好\n#接单\n正在更换", [Order.START], "王经理：\n您好\n正在更换"),
        ("Hi Anna,\n#start\nchanging it", [Order.START], "Hi Anna,\nchanging it"),
        ("已更换，请重试\n#已解决\n谢谢！", [Order.SOLVED], "已更换，请重试\n谢谢！"),
        ("please retry\n#done\nBest regards,", [Order.SOLVED], "please retry\nBest regards,"),
        ("\u200b\n#接单\n\xa0\n正在更换\n\u200b", [Order.START], "正在更换"),
        ("#内部\n密码已重置三次", [Order.NOTE], "密码已重置三次"),
        ("接单", [Order.START], ""),
        ("\n 已解决 \n请重试", [Order.SOLVED], "请重试"),
        ("DONE\nplease retry", [Order.SOLVED], "please retry"),
        ("完成\n请重试", [Order.SOLVED], "请重试"),
        ("接单\n#预计 16:00\n正在更换", [Order.START, Order.ETA], "正在更换"),
        ("状态", [Order.STATUS], ""),
        ("", [], ""),
        ("\n\n", [], ""),
    ],
)
def test_orders_stand_at_the_top_or_at_the_end(text: str, orders: list[Order], words: str) -> None:
    script = read_script(text)
    assert [line.order for line in script.orders] == orders
    assert script.words == words
    assert not script.held
    assert read_script(text.replace("\n", "\r\n")) == script


@pytest.mark.parametrize(
    "text",
    [
        "已解决。请重试",
        "您好\n已解决\n请重试",
        "请重试\n已解决",
        "预计 16:00",
        "转派",
        "发送",
        "撤销",
        "垃圾",
        "继续",
        "已确认\n合同在附件里",
        "重新打开",
        "状态\n已更换",
        "批准",
    ],
)
def test_without_a_number_sign_only_an_exact_and_harmless_first_line_counts(text: str) -> None:
    assert read_script(text) == Script((), text, ())


@pytest.mark.parametrize("order", ["#接单", "#内部 密码", "#已解决", "#根因 证书"])
def test_an_order_between_words_holds_the_mail(order: str) -> None:
    script = read_script(f"证书过期了\n{order}\n请重试")
    assert [suspect.why for suspect in script.suspects] == [Doubt.MISPLACED]
    assert script.suspects[0].raw == order
    assert not script.orders
    assert script.words == "证书过期了\n请重试"


def test_a_reason_the_mail_program_broke_in_two_holds_the_mail() -> None:
    long = "#超时原因 " + "外出处理机房断电" * 4
    assert doubts(f"{long}\n供应商说下周才来")[0][1] is Doubt.WRAPPED
    assert not read_script(f"{long}\n\n请重试").held
    assert not read_script("#超时原因 外出\n请重试").held
    assert not read_script(long.replace("超时原因", "内部") + "\n供应商").held


def test_a_note_makes_the_whole_mail_internal() -> None:
    assert read_script("密码已重置\n#内部").internal
    assert read_script("#接单\n#备注 已锁三次\n密码").internal
    assert not read_script("#接单\n密码").internal


def test_an_argument_may_follow_a_colon_or_be_absent() -> None:
    assert given_orders("#根因：证书过期") == [(Order.CAUSE, "证书过期")]
    assert given_orders("#拆分") == [(Order.SPLIT, "")]


def test_more_orders_than_anybody_gives_hold_the_mail() -> None:
    script = read_script("#接单\n" * (MOST_ORDERS + 1))
    assert len(script.orders) == MOST_ORDERS
    assert [suspect.why for suspect in script.suspects] == [Doubt.TOO_MANY]
    assert not read_script("#接单\n" * MOST_ORDERS).held


PIECES = st.one_of(
    st.sampled_from(
        [
            *("#", "＃", "﹟", "##", " ", "\u3000", "\xa0", "\t", "\u200b", "\ufeff", "\u3164"),
            *("\n", "\r\n", "\r", "\u2028", "\x85", "\x0b", "：", ":", "，", "？", "*", "- ", "> "),
            *("您好", "张工：", "Hi Anna,", "谢谢", "正在更换", "16:00", "王强", "高", "内布"),
        ]
    ),
    st.sampled_from(sorted(WORDS)),
    st.text(max_size=6),
)
LETTERS = st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join))
BREAKS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def _show(line: str) -> str:
    """The line from the first character that shows."""
    hidden = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"}
    for place, sign in enumerate(line):
        if unicodedata.category(sign)[0] not in "ZCM" and sign not in hidden:
            return line[place:]
    return ""


@given(LETTERS)
def test_no_line_with_a_number_sign_is_ever_left_for_readers(text: str) -> None:
    script = read_script(text)
    for line in BREAKS.split(script.words):
        assert unicodedata.normalize("NFKC", _show(line)[:1]) != "#"


@given(LETTERS)
def test_every_line_is_an_order_a_suspect_or_a_word_of_the_author(text: str) -> None:
    script = read_script(text)
    given_lines = [line.strip() for line in text.splitlines()]
    read = [line.raw for line in script.orders] + [doubt.raw for doubt in script.suspects]
    assert all(any(raw.strip() in line for line in given_lines) for raw in read)
    assert set(map(str.strip, script.words.splitlines())) <= {*given_lines, ""}
    assert script.held == bool(script.suspects)


@given(LETTERS, st.sampled_from(sorted(WORDS)))
def test_a_note_in_its_place_keeps_everything_inside(text: str, word: str) -> None:
    script = read_script(f"#内部\n{text}")
    assert script.internal
    script = read_script(f"第一行\n{text}\n第三行\n#{word} x\n第五行")
    assert script.held


@pytest.mark.parametrize(
    "text",
    [
        "#a\n" * 60_000,
        "#接单\n" * 60_000,
        " - #内布\n" * 30_000,
        "您好\n" * 60_000,
        "x # " * 60_000,
        "# " * 100_000,
        " #内部x" * 30_000,
        "\u200b" * 200_000 + "#内部",
        "#" + "\u200b" * 200_000,
        "#内部" + " " * 200_000 + "x",
    ],
    ids=range(10),
)
def test_a_hostile_answer_costs_no_more_than_its_length(text: str) -> None:
    start = time.process_time()
    read_script(text)
    assert time.process_time() - start < 3


def test_thousands_of_words_that_are_no_orders_are_soon_told_from_orders() -> None:
    start = time.process_time()
    for number in range(3_000):
        suggest(f"内布{number}")
    assert time.process_time() - start < 3
