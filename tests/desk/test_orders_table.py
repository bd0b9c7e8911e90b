"""The words of the orders, and how they are explained."""

from __future__ import annotations

from collections import Counter

import pytest

from maildesk.desk.orders.help import GROUPS, explain_orders
from maildesk.desk.orders.script import Line, read_script
from maildesk.desk.orders.table import SPECS, TABLE, WORDS, Argument, Order, OrderSpec
from maildesk.desk.rules.fold import fold_characters

# The words people were promised (WORDS.md).
PROMISED = {
    "接单 处理中": Order.START,
    "内部": Order.NOTE,
    "已响应": Order.CONTACTED,
    "等用户": Order.WAITING,
    "挂起": Order.HOLD,
    "恢复": Order.RESUME,
    "已解决 完成 搞定": Order.SOLVED,
    "用户已确认": Order.CONFIRMED,
    "转派": Order.ASSIGN,
    "协办 会诊": Order.JOIN,
    "转厂商 转交外部": Order.VENDOR,
    "待跟进": Order.FOLLOWUP,
    "预计": Order.ETA,
    "优先级": Order.PRIORITY,
    "分类": Order.CATEGORY,
    "升级": Order.ESCALATE,
    "同意升级": Order.AGREE,
    "暂不升级": Order.DECLINE,
    "批准": Order.APPROVE,
    "不批准": Order.DISAPPROVE,
    "超时原因": Order.LATE,
    "合并": Order.MERGE,
    "拆分": Order.SPLIT,
    "主单": Order.PARENT,
    "代提": Order.ONBEHALF,
    "不受理 驳回": Order.REJECT,
    "垃圾": Order.SPAM,
    "重开": Order.REOPEN,
    "根因": Order.CAUSE,
    "临时方案": Order.INTERIM,
    "永久方案": Order.PERMANENT,
    "预防": Order.PREVENT,
    "知识库": Order.KB,
    "经验": Order.LESSON,
    "复核": Order.REVIEW,
    "发布": Order.PUBLISH,
    "回访": Order.FOLLOW,
    "模板": Order.SNIPPET,
    "撤销": Order.UNDO,
    "状态": Order.STATUS,
    "帮助": Order.HELP,
    "发送": Order.SEND,
}


def test_every_order_stands_in_the_table_once() -> None:
    assert Counter(spec.order for spec in TABLE) == Counter(Order)


def test_every_promised_word_means_its_order() -> None:
    read = {word: WORDS[word].order for words in PROMISED for word in words.split()}
    assert read == {word: order for words, order in PROMISED.items() for word in words.split()}
    assert set(PROMISED.values()) == set(Order)


def test_every_key_is_an_english_word_of_its_order() -> None:
    assert {order: WORDS[order.value].order for order in Order} == {order: order for order in Order}


def test_no_word_belongs_to_two_orders() -> None:
    spelt = Counter(fold_characters(alias) for spec in TABLE for alias in spec.aliases)
    assert [word for word, count in spelt.items() if count > 1] == []


def test_words_are_written_as_they_are_compared() -> None:
    assert all(alias == fold_characters(alias) for spec in TABLE for alias in spec.aliases)


def test_only_an_order_that_takes_an_argument_can_need_one() -> None:
    assert all(spec.argument is not Argument.NONE for spec in TABLE if spec.required)


@pytest.mark.parametrize("spec", TABLE, ids=lambda spec: spec.order.value)
def test_an_order_is_spoken_and_explained_in_both_languages(spec: OrderSpec) -> None:
    assert spec.words
    assert spec.english
    assert not any(word.isascii() for word in spec.words)
    assert all(word.isascii() for word in spec.english)
    assert 0 < len(spec.help_zh.strip()) <= 40
    assert 0 < len(spec.help_en.strip()) <= 80


@pytest.mark.parametrize("spec", TABLE, ids=lambda spec: spec.order.value)
def test_a_sample_is_a_line_that_gives_its_own_order(spec: OrderSpec) -> None:
    for sample in (spec.sample_zh, spec.sample_en):
        script = read_script(sample)
        assert not script.suspects
        [line] = script.orders
        assert line == Line(spec.order, line.argument, sample)
        assert bool(line.argument) or not spec.required
    assert spec.sample_zh[1:].startswith(spec.words)
    assert spec.sample_en[1:].startswith(spec.english)


def test_help_teaches_each_order_once() -> None:
    assert Counter(order for _, orders in GROUPS for order in orders) == Counter(Order)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_help_names_what_can_be_done_today(language: str) -> None:
    lines = explain_orders(language)
    taught = [WORDS[line.sample[1:].split()[0]].order for line in lines]
    assert sorted(taught) == sorted(Order)


def test_help_speaks_its_readers_language() -> None:
    zh, en = explain_orders("zh-CN")[0], explain_orders("en")[0]
    start = SPECS[Order.START]
    assert (zh.group, zh.sample, zh.does) == ("日常处理", "#接单", start.help_zh)
    assert (en.group, en.sample, en.does) == ("Every day", "#start", start.help_en)
    assert "处理中" in zh.also
    assert "on it" in en.also
    assert explain_orders("fr") == explain_orders("en")
