"""Words a mail denies do not count; words that only stand near a "no" still do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.profile import (
    Calendar,
    Category,
    Group,
    Label,
    Priority,
    Profile,
    RequestType,
)
from maildesk.desk.rules.expectations import read_case
from maildesk.desk.rules.fold import fold
from maildesk.desk.rules.matching import compile_rules, judge
from maildesk.desk.rules.negation import (
    _APART_FROM,
    _CLAUSE_END,
    _DOES_NOT,
    _FINE,
    _FINE_EN,
    _IS_NOT,
    _LAST_END,
    _NO,
    _NON,
    _NONE_ANY,
    _NONE_OF,
    _NOT,
    _NOT_BAD,
    _RULED_OUT,
    _TURNS,
    _TURNS_EN,
    _UN,
    MARKS,
    Denial,
)
from maildesk.desk.rules.rule import Condition, Rule, RuleTrace, Setting
from maildesk.desk.rules.words import Finder

NAME = Label("名", "name")
PROFILE = Profile(
    id="small",
    label=NAME,
    number_format="{seq}",
    categories=(Category("network", NAME, "desk"),),
    priorities=(Priority("medium", NAME, 0, 60, "always"),),
    types=(RequestType("incident", NAME),),
    groups=(Group("desk", NAME),),
    calendars=(Calendar("always", always=True),),
    default_category="network",
    default_priority="medium",
    default_type="incident",
)


def try_word(word: str, text: str, *, negation: bool = True) -> RuleTrace:
    condition = Condition(regex=word[1:]) if word.startswith("~") else Condition(word=word)
    rule = Rule("r", NAME, (condition,), set=Setting("network"), negation=negation)
    return judge(compile_rules([rule], PROFILE), read_case(text), near=True).traces[0]


DENIED = [
    ("断网", "不是断网，是网页慢"),
    ("断网", "不是断网"),
    ("断网", "应该不是断网的问题"),
    ("断网", "没有断网"),
    ("断网", "并没有断网，就是慢"),
    ("断网", "今天没断网"),
    ("断网", "没有再断网了"),
    ("断网", "现在不会断网了"),
    ("断网", "這不是斷網，只是很慢"),
    ("网络", "并非网络问题"),
    ("网络", "不是网络的问题"),
    ("网络", "不是我们这边的网络问题"),
    ("网络", "不是电脑和网络的问题"),
    ("网络", "网络没问题"),
    ("网络", "网络是没有问题的，就是打印不了"),
    ("网络", "网络正常"),
    ("网络", "网络连接都正常，但是打不开ERP"),
    ("网络", "网络是好的"),
    ("网络", "跟网络没关系"),
    ("网络", "与网络无关，是账号的事"),
    ("网络", "已经排除网络原因"),
    ("网络", "非网络问题，请软件组看"),
    ("网络", "没有网络故障"),
    ("打印机", "不是打印机坏了，是没纸"),
    ("打印机", "我们的打印机没问题，电脑发不出去"),
    ("打印机…坏", "打印机没有坏，是没墨了"),
    ("打印机…坏", "不是打印机坏了"),
    ("打印机…卡", "打印机不卡，就是慢"),
    ("报错", "没有报错，就是闪退"),
    ("病毒", "没发现病毒"),
    ("影响生产", "暂时不影响生产"),
    ("不能上网", "不是不能上网，是很慢"),
    ("~断(网|线)", "不是断线，只是卡"),
    ("vpn", "VPN 没问题"),
    ("vpn", "不是 VPN 的问题"),
    ("network", "It is not a network problem"),
    ("network", "not a network problem, I think"),
    ("printer", "It isn't the printer, it is the driver"),
    ("printer", "it isnt the printer"),
    ("network", "This has nothing to do with the network."),
    ("network", "It's not the printer or the network"),
    ("network", "neither the printer nor the network is at fault"),
    ("network", "The network is fine, only Outlook hangs"),
    ("network", "no network problems here"),
    ("network", "There is nothing wrong with our network"),
    ("printer", "The laptop rather than the printer makes the noise"),
    ("crash*", "It did not crash"),
    ("error*", "There is no error message"),
    ("virus*", "scanned it, without any virus found"),
    ("down", "the server is not down"),
    ("vpn", "This is not VPN related"),
    ("vpn", "not because of the VPN"),
]

COUNTED = [
    ("断网", "断网了"),
    ("断网", "是不是断网了"),
    ("断网", "断网了不是吗？"),
    ("断网", "断网了，不是吗"),
    ("断网", "有没有断网"),
    ("断网", "不是断网了吗？"),
    ("断网", "难道不是断网"),
    ("断网", "没断网吧？"),
    ("断网", "不是很稳定的断网"),
    ("断网", "不是第一次断网了"),
    ("断网", "不是偶尔断网，是天天断网"),
    ("断网", "不是只有我断网"),
    ("断网", "不是所有人都断网"),
    ("断网", "不仅是断网，电话也打不了"),
    ("断网", "不只断网"),
    ("断网", "要不是断网，我早就交了"),
    ("断网", "可不是断网了嘛"),
    ("断网", "不是死机就是断网"),
    ("断网", "不是断网就是掉线"),
    ("断网", "没有，断网了"),
    ("断网", "没多久就断网"),
    ("断网", "没办法，断网了"),
    ("断网", "上午不是断网，下午断网了"),
    ("断网", "不断断网"),
    ("掉线", "不断掉线"),
    ("掉线", "老是掉线，除非重启"),
    ("连不上", "连不上网"),
    ("打不开", "打不开 OA"),
    ("没网", "我这没网"),
    ("没有网络", "没有网络"),
    ("网络", "没有网络"),
    ("网络", "网络不正常"),
    ("网络", "网络正常吗？"),
    ("网络", "网络正常使用不了"),
    ("网络", "无法正常连接网络"),
    ("网络", "除非网络好了"),
    ("网络", "请排除网络故障"),
    ("权限", "没有权限"),
    ("权限", "没有共享盘的权限"),
    ("声音", "没有声音"),
    ("打印机", "没有打印机可用"),
    ("打印机", "打印机不是我弄坏的"),
    ("打印机", "别人的打印机正常，我的打印机不行"),
    ("邮件", "没有收到邮件"),
    ("网卡", "没有网卡"),
    ("慢", "快不快慢不慢都说不清"),
    ("信息安全", "这算不算信息安全问题"),
    ("打印机…坏", "打印机坏了没人管"),
    ("can't", "I can't log in"),
    ("print*", "I cannot print"),
    ("print*", "it does not print"),
    ("print*", "It is not printing"),
    ("working", "my mouse is not working"),
    ("printer", "not only the printer"),
    ("printer", "It is not the only printer that fails"),
    ("printer", "It's not just the printer"),
    ("printer", "Is it not the printer?"),
    ("printer", "Isn't the printer on the network?"),
    ("printer", "why is not the printer working"),
    ("printer", "the printer is fine sometimes"),
    ("printer", "does not recognise the printer"),
    ("network", "no network"),
    ("network", "there is no network in room 5"),
    ("network", "not sure, but the network seems slow"),
    ("network", "It is not good. The network is down"),
    ("vpn", "I do not have VPN access"),
    ("admin*", "I am not an admin"),
    ("sound", "there is no sound"),
    ("crash*", "It never worked, it crashes"),
    ("outage", "not the first outage this week"),
]


@pytest.mark.parametrize(("word", "text"), DENIED)
def test_a_word_the_mail_denies_does_not_count(word: str, text: str) -> None:
    trace = try_word(word, text)
    assert not trace.matched
    assert trace.denied and "is denied by" in (trace.failed or "")


@pytest.mark.parametrize(("word", "text"), COUNTED)
def test_a_word_that_is_not_denied_counts(word: str, text: str) -> None:
    assert try_word(word, text).matched


@pytest.mark.parametrize(("word", "text"), DENIED)
def test_a_rule_may_do_without_it(word: str, text: str) -> None:
    assert try_word(word, text, negation=False).matched


def test_a_word_denied_here_and_said_there_counts_with_the_place_where_it_is_said() -> None:
    trace = try_word("printer", "It's not the printer upstairs. My own PRINTER is jammed")
    assert [hit.matched for hit in trace.hits] == ["PRINTER"]


def test_the_trace_names_the_words_that_deny() -> None:
    trace = try_word("打印机", "各位好，不是我们这边打印机的问题")
    assert trace.failed == (
        'its one word does not stand in subject or body; "打印机" is denied by "不是我们这边"'
    )


def test_a_word_that_forbids_is_never_denied() -> None:
    rule = Rule(
        "r", NAME, (Condition(word="网页"),), (Condition(word="断网"),), set=Setting("network")
    )
    for tried in (rule, replace(rule, negation=False)):
        trace = judge(compile_rules([tried], PROFILE), read_case("不是断网，网页慢")).traces[0]
        assert trace.failed == 'blocked by "断网" in body'


def test_denied_words_are_told_in_the_order_of_their_rule() -> None:
    rule = Rule("r", NAME, (Condition(word="断网"), Condition(word="死机")), set=Setting("network"))
    trace = judge(compile_rules([rule], PROFILE), read_case("没有死机，不是断网")).traces[0]
    told = '"断网" is denied by "不是"; "死机" is denied by "没有"'
    assert trace.failed == f"none of 2 words stands in subject or body; {told}"


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *MARKS,
            "断网",
            "网络",
            "打印机",
            "坏",
            "，",
            "。",
            "?",
            "吗",
            " ",
            "\n",
            "the ",
            "printer",
            "a ",
        ]
    ),
    max_size=30,
).map("".join)


@given(FRAGMENTS, st.sampled_from(["断网", "网络", "printer", "打印机…坏"]))
def test_without_any_mark_of_denial_every_word_counts(text: str, word: str) -> None:
    plain = fold(text)
    for mark in MARKS:
        plain = plain.replace(mark, "。")
    plain = plain.replace("不", "").replace("n't", "").replace("nt ", " ")
    stands = bool(Finder([Condition(word=word)]).find(fold(plain)))
    assert try_word(word, plain).matched is stands


@given(FRAGMENTS, st.sampled_from(["断网", "网络", "printer", "打印机…坏"]))
def test_a_denial_only_takes_matches_away(text: str, word: str) -> None:
    strict, free = try_word(word, text), try_word(word, text, negation=False)
    assert free.matched or not strict.matched
    assert strict.matched or not free.matched or strict.denied


@given(FRAGMENTS)
def test_an_assertion_in_a_sentence_of_its_own_always_counts(text: str) -> None:
    assert try_word("断网", f"{text}。断网。").matched


@given(FRAGMENTS, st.integers(0, 60), st.integers(1, 6))
def test_looking_never_fails(text: str, start: int, length: int) -> None:
    folded = fold(text)
    marks = Finder([], MARKS).search(folded).marks
    denial = Denial(folded, marks)
    start = min(start, max(0, len(folded) - 1))
    if folded[start : start + length]:
        denial.find(start, min(len(folded), start + length))


BEFORE = st.lists(
    st.sampled_from(
        ["不是", "并非", "非", "排除", "排除了", "没有", "毫无", "未", "不会", "不再", "不存在",
         "不", "怎么", "因为", "发生", "电脑", "系统", "并", "已经", "，", "。"]
    ),
    max_size=8,
).map("".join)  # fmt: skip
BEFORE_EN = st.lists(
    st.sampled_from(
        ["not", "isn't", "isnt", "doesn't", "wont", "neither", "nor", "nothing wrong with", "never",
         "rather than", "instead of", "unrelated to", "no", "without", "no problem with", "the",
         "due to", "have not", "haven't seen", "any", "printer or", "do", "we", "department"]
    ),
    max_size=6,
).map(lambda words: "".join(f"{word} " for word in words))  # fmt: skip


@given(BEFORE)
def test_whatever_denies_a_word_after_it_is_looked_for(before: str) -> None:
    for pattern in (_NOT, _NON, _RULED_OUT, _NONE_OF, _UN):
        assert not pattern.search(before) or _TURNS.search(before)
    assert not _NONE_OF.search(before) or _NONE_ANY.search(before)


@given(BEFORE_EN)
def test_whatever_denies_an_english_word_after_it_is_looked_for(before: str) -> None:
    for pattern in (_IS_NOT, _APART_FROM, _NO, _NOT_BAD, _DOES_NOT):
        assert not pattern.search(before) or _TURNS_EN.search(before)


@given(st.sampled_from(["", " "]), FRAGMENTS)
def test_a_blank_tells_in_which_language_a_word_is_said_to_be_fine(blank: str, text: str) -> None:
    assert not (_FINE.match(blank + text) and blank)
    assert not (_FINE_EN.match(text) and not text.startswith(" "))


@given(st.text("ab,;。!?\n. ", max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_one_search_finds_the_ends_that_one_for_each_sign_finds(
    text: str, start: int, end: int
) -> None:
    signs = (",", ";", "。", "!", "?", "\n", ". ")
    places = [at for sign in signs if (at := text.find(sign, start, end)) >= 0]
    first, last = _CLAUSE_END.search(text, start, end), _LAST_END.match(text, start, end)
    assert (first.start() if first else -1) == min(places, default=-1)
    assert (last.end() if last else 0) == max(text.rfind(sign, start, end) for sign in signs) + 1
