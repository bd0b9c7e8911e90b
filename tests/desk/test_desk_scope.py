"""Words that say that it is wider now, and the many that only sound like it."""

from __future__ import annotations

import pytest

from maildesk.desk.answers.scope import find_growth

WIDER = (
    "现在整个部门都上不了网了",
    "现在整个部门，全都打不开",
    "隔壁部门也断了",
    "旁边同事也连不上",
    "其他同事的电脑也一样",
    "越来越多人登不上去，无法办公",
    "整层楼都断网了！",
    "三楼也断了",
    "所有人都打不开 OA",
    "大家都反映系统很慢",
    "财务部也上不去了，报错一样",
    "已经有20多个同事受影响",
    "现在十几个人都不能打印",
    "故障范围扩大了",
    "全公司都连不上 VPN",
    "您好，\n还是没好。\n现在整个办公室都没网了。",
    "The whole floor is offline now",
    "now the entire department cannot log in",
    "Everybody here has the same error",
    "Other colleagues are affected too",
    "More and more people can't print",
    "It is spreading, several people are down",
)
NOT_WIDER = (
    "",
    "还是不行",
    "不是整个部门，只有我打不开",
    "没有影响其他部门，就我断网",
    "会不会整个部门都上不了？",
    "整个部门都断了吗",
    "整个部门都恢复了，谢谢",
    "隔壁部门的网络已经好了，我的还是不行",
    "其他同事都正常，只有我连不上",
    "如果整个部门都断了怎么办，请尽快",
    "担心影响其他部门",
    "上周整个部门断过一次网",
    "请通知整个部门开会",
    "全公司通讯录在哪里",
    "大家辛苦了",
    "麻烦各位同事看一下",
    "Is the whole floor offline?",
    "not the whole department, only me, cannot log in",
    "Everybody else is fine, only mine is broken",
    "if the whole team cannot work we lose a day",
    "the whole floor works again",
    "The whole team says thanks",
    "Please invite everyone",
)


@pytest.mark.parametrize("words", WIDER)
def test_words_that_claim_more_people_are_heard(words: str) -> None:
    assert find_growth(words) is not None


@pytest.mark.parametrize("words", NOT_WIDER)
def test_what_is_asked_denied_feared_or_over_is_no_claim(words: str) -> None:
    assert find_growth(words) is None, find_growth(words)


def test_the_clause_that_says_so_is_shown_and_no_more() -> None:
    found = find_growth("您好。\n还没好。现在整个部门都上不了网了。麻烦快一点。")
    assert found is not None
    assert found.said == "现在整个部门都上不了网了。"


def test_it_is_linear_in_what_anybody_writes() -> None:
    assert find_growth("全部门" * 50_000 + "整" * 50_000) is None
