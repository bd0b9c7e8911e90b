"""What rules say of a mail: weights, vetoes, ties, stops, traces."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.config import shipped
from maildesk.config.profile import load_profile
from maildesk.desk.profile import Label, Profile
from maildesk.desk.rules.expectations import read_case, run_expectations
from maildesk.desk.rules.matching import Searchable, compile_rules, judge, searchable
from maildesk.desk.rules.rule import Condition, Expectation, Hit, Rule, Setting
from maildesk.mail.message import Address, Attachment, Incoming, Kind


def read_profile() -> Profile:
    path = shipped.folder("rules") / "profiles" / "default.yaml"
    profile, faults = load_profile(Path(path))
    assert profile is not None, faults
    return profile


PROFILE = read_profile()


def rule(
    key: str,
    words: list[str],
    setting: Setting,
    *,
    none: tuple[str, ...] = (),
    weight: int = 1,
    stop: bool = False,
    fields: tuple[str, ...] = ("subject", "body"),
    expect: tuple[Expectation, ...] = (),
) -> Rule:
    return Rule(
        id=key,
        name=Label(key, key),
        any=tuple(Condition(word=word) for word in words),
        none=tuple(Condition(word=word) for word in none),
        fields=fields,
        set=setting,
        weight=weight,
        stop=stop,
        expect=expect,
    )


OFFLINE = rule(
    "offline", ["断网", "no network"], Setting(category="network", priority="high"),
    none=("演练",), weight=2,
)  # fmt: skip
PRINTER = rule("printer", ["打印机"], Setting(category="hardware", type="incident"), weight=3)
MODEST = rule("modest", ["不急"], Setting(priority="low", tags=("calm",)))
RULES = compile_rules([OFFLINE, PRINTER, MODEST], PROFILE)


def mail(subject: str = "", body: str = "", **fields: str) -> Searchable:
    return Searchable({"subject": subject, "body": body, **fields})


def test_the_category_with_the_highest_total_wins() -> None:
    assert judge(RULES, mail(body="打印机旁边断网")).category == "hardware"


def test_a_rule_that_matches_in_the_subject_counts_double() -> None:
    judgement = judge(RULES, mail("断网", "打印机也不行"))
    assert judgement.category == "network"
    assert [trace.weight for trace in judgement.traces] == [4, 3, 0]


def test_several_rules_of_a_category_count_together() -> None:
    rules = compile_rules(
        [
            rule("a", ["硒鼓"], Setting(category="hardware"), weight=3),
            rule("b", ["网线"], Setting(category="network"), weight=2),
            rule("c", ["交换机"], Setting(category="network"), weight=2),
        ],
        PROFILE,
    )
    assert judge(rules, mail(body="硒鼓、网线、交换机")).category == "network"


def test_equal_weights_go_to_the_earlier_rule() -> None:
    first = rule("first", ["电脑"], Setting(category="hardware", type="incident", assignee="A"))
    second = rule("second", ["电脑"], Setting(category="software", type="question", assignee="B"))
    judgement = judge(compile_rules([first, second], PROFILE), mail(body="电脑"))
    assert (judgement.category, judgement.type, judgement.assignee) == ("hardware", "incident", "A")
    judgement = judge(compile_rules([second, first], PROFILE), mail(body="电脑"))
    assert (judgement.category, judgement.type, judgement.assignee) == ("software", "question", "B")


def test_the_most_urgent_priority_wins_whatever_the_weights() -> None:
    assert judge(RULES, mail("不急", "断网")).priority == "high"


def test_type_and_group_come_from_the_heaviest_rule() -> None:
    light = rule("light", ["电脑"], Setting(type="question", group="desk"), weight=1)
    heavy = rule("heavy", ["电脑"], Setting(type="incident", group="hardware"), weight=5)
    judgement = judge(compile_rules([light, heavy], PROFILE), mail(body="电脑"))
    assert (judgement.type, judgement.group) == ("incident", "hardware")


def test_tags_of_all_rules_are_gathered_once() -> None:
    rules = compile_rules(
        [
            rule("a", ["电脑"], Setting(tags=("pc", "x"))),
            rule("b", ["电脑"], Setting(tags=("x", "y"))),
        ],
        PROFILE,
    )
    assert judge(rules, mail(body="电脑")).tags == ("pc", "x", "y")


def test_a_word_that_forbids_blocks_the_rule_and_is_named() -> None:
    trace = judge(RULES, mail("断网演練", "")).traces[0]
    assert not trace.matched
    assert trace.failed == 'blocked by "演練" in subject'


def test_a_match_names_field_condition_and_the_words_as_written() -> None:
    trace = judge(RULES, mail("", "There is NO  Network")).traces[0]
    assert trace.hits == (Hit("body", "no network", "NO Network"),)


def test_a_rule_without_a_match_says_what_was_missing() -> None:
    traces = judge(RULES, mail("你好", "")).traces
    assert traces[0].failed == "none of 2 words stands in subject or body"
    assert traces[1].failed == "its one word does not stand in subject or body"


def test_nothing_matched_leaves_everything_open() -> None:
    judgement = judge(RULES, mail("你好", "在吗"))
    assert (judgement.category, judgement.priority, judgement.type) == (None, None, None)
    assert (judgement.group, judgement.assignee, judgement.tags) == (None, None, ())


def test_a_stopping_rule_silences_the_rules_after_it() -> None:
    stop = rule("newsletter", ["周报"], Setting(), stop=True)
    judgement = judge(compile_rules([MODEST, stop, OFFLINE], PROFILE), mail("周报", "断网 不急"))
    assert (judgement.category, judgement.priority) == (None, "low")
    assert judgement.traces[2].failed == "not asked: newsletter stops"


def test_a_blocked_stopping_rule_stops_nothing() -> None:
    stop = rule("newsletter", ["周报"], Setting(), none=("断网",), stop=True)
    rules = compile_rules([stop, OFFLINE], PROFILE)
    assert judge(rules, mail("周报", "断网")).category == "network"


def test_rules_look_only_into_their_fields() -> None:
    rules = compile_rules(
        [
            rule("file", ["exe"], Setting(category="security"), fields=("attachment_name",)),
            rule("head", ["zabbix"], Setting(tags=("alarm",)), fields=("header:x-mailer",)),
        ],
        PROFILE,
    )
    assert judge(rules, mail("exe", "zabbix")).category is None
    found = judge(rules, mail(attachment_name="rechnung.exe", **{"header:x-mailer": "Zabbix 7"}))
    assert (found.category, found.tags) == ("security", ("alarm",))


def test_a_mail_offers_its_new_words_only() -> None:
    incoming = Incoming(
        kind=Kind.ORDINARY,
        message_id=None,
        subject="打印机",
        sender=Address("张敏", "zm@corp.test"),
        to=(Address("IT", "it@corp.test"),),
        cc=(Address("", "boss@corp.test"),),
        text="坏了\n> 断网\n--\n勒索",
        reply="坏了",
        quoted="> 断网",
        signature="勒索",
        attachments=(Attachment("a.png", "image/png", 1, "", False),
                     Attachment("b.log", "text/plain", 1, "", False)),
        headers=(("X-Mailer", "Foxmail"), ("x-mailer", "second")),
    )  # fmt: skip
    assert dict(searchable(incoming).fields) == {
        "subject": "打印机",
        "body": "坏了",
        "attachment_name": "a.png\nb.log",
        "from": "张敏 <zm@corp.test>",
        "to": "IT <it@corp.test>\n <boss@corp.test>",
        "header:x-mailer": "Foxmail\nsecond",
    }


def test_the_hash_names_the_content_and_not_the_place() -> None:
    moved = replace(OFFLINE, file="rules/other.yaml", line=9)
    heavier = replace(OFFLINE, weight=3)
    same, other = compile_rules([moved], PROFILE), compile_rules([heavier], PROFILE)
    alone = compile_rules([OFFLINE], PROFILE)
    assert alone.hash == same.hash != other.hash
    # A constant: the hash must be the same in every run and on every machine.
    assert alone.hash == "9c93ed5a51e65e54f8fca99eb4b56dc4fe0aa9a302c1d5db655028a49641d19d"


CASTING = compile_rules(
    [
        replace(
            OFFLINE,
            any=(Condition(word="断网"), Condition(regex="网.{0,2}(断|瘫)")),
            none=(Condition(word="演练"), Condition(regex="测试.{0,2}(断|网)")),
        )
    ],
    PROFILE,
)


@pytest.mark.parametrize(
    ("subject", "body", "weight", "shown"),
    [
        ("", "断网，网也瘫", 2, ("断网",)),  # the word has settled it
        ("", "不是断网，但网全瘫了", 2, ("网全瘫",)),  # a denied word settles nothing
        ("", "网全瘫了", 2, ("网全瘫",)),
        ("网全瘫了", "断网", 4, ("网全瘫", "断网")),  # in the subject it weighs more
        ("断网", "网全瘫了", 4, ("断网",)),
        ("", "断网，测试断网", 0, ()),  # an expression still blocks what words have settled
        ("", "网全瘫了，演练", 0, ()),
    ],
)
def test_an_expression_is_tried_where_it_can_change_the_verdict(
    subject: str, body: str, weight: int, shown: tuple[str, ...]
) -> None:
    trace = judge(CASTING, mail(subject, body)).traces[0]
    assert (trace.weight, tuple(hit.matched for hit in trace.hits)) == (weight, shown)
    assert judge(CASTING, mail(subject, body), near=True).traces[0].weight == weight


def test_a_near_look_shows_every_expression_that_stands_there() -> None:
    trace = judge(CASTING, mail(body="断网，网也瘫"), near=True).traces[0]
    assert [hit.matched for hit in trace.hits] == ["断网", "网也瘫"]


FIELD = st.sampled_from(["subject", "body", "attachment_name", "from", "to", "header:x"])
WORDS = st.text(max_size=60) | st.text("断网打印机 \n演练不急nowrk", max_size=60)


@given(st.dictionaries(FIELD, WORDS))
def test_judging_never_fails(fields: dict[str, str]) -> None:
    judgement = judge(RULES, Searchable(fields))
    assert len(judgement.traces) == len(RULES.rules)


@given(st.dictionaries(FIELD, WORDS), st.randoms())
def test_the_order_of_fields_does_not_matter(fields: dict[str, str], random: Random) -> None:
    names = list(fields)
    random.shuffle(names)
    shuffled = {name: fields[name] for name in names}
    assert judge(RULES, Searchable(fields)) == judge(RULES, Searchable(shuffled))


@pytest.mark.parametrize("first", ["主题：断网", "Subject: 断网", " 主题:断网 ", "SUBJECT：断网"])
def test_a_case_may_start_with_a_subject(first: str) -> None:
    assert read_case(f"{first}\n快来").fields["subject"].strip() == "断网"
    assert read_case(f"{first}\n快来").fields["body"] == "快来"


def test_a_case_without_a_subject_is_all_body() -> None:
    assert read_case("断网\n快来").fields == {"subject": "", "body": "断网\n快来"}


@pytest.mark.parametrize(
    ("words", "wanted", "got"),
    [
        ("断网", {"category": "network", "priority": "high"}, None),
        ("断网", {"category": "hardware"}, "category: network"),
        ("断网演练", {}, None),
        ("断网", {}, "a match"),
        ("断网", {"type": "incident"}, None),  # the profile's default
        ("断网", {"assignee": "HW005"}, "assignee: nothing"),
    ],
)
def test_cases_are_judged_by_all_rules_together(
    words: str, wanted: dict[str, str], got: str | None
) -> None:
    tried = replace(OFFLINE, expect=(Expectation(words, wanted, 7),))
    failures = run_expectations(compile_rules([tried, PRINTER], PROFILE))
    assert [failure.got for failure in failures] == ([got] if got else [])


def test_a_failing_case_says_which_rules_spoke_and_which_were_blocked() -> None:
    case = Expectation("断网演练，打印机", {"category": "network"})
    tried = replace(OFFLINE, expect=(case,))
    (failure,) = run_expectations(compile_rules([tried, PRINTER], PROFILE))
    assert failure.why == "printer (3) by '打印机'; offline blocked by \"演练\" in body"


def test_a_rule_whose_category_lost_sets_no_type_and_lowers_nothing() -> None:
    rules = compile_rules(
        [
            rule(
                "move", ["new desk"], Setting(category="service", type="service_request"), weight=4
            ),
            rule("ask", ["should i"], Setting("how_to", "low", "question"), weight=4),
            rule("dock", ["dock"], Setting(category="hardware"), weight=6),
            rule("fault", ["dead"], Setting(type="incident"), weight=3),
        ],
        PROFILE,
    )
    judgement = judge(rules, read_case("At my new desk the dock is dead, should I bring it?"))
    assert (judgement.category, judgement.priority, judgement.type) == (
        "hardware",
        None,
        "incident",
    )


def test_a_rule_whose_category_lost_is_heard_where_no_other_speaks() -> None:
    rules = compile_rules(
        [
            rule("ask", ["how long"], Setting("how_to", "low", "question"), weight=2),
            rule("backup", ["backup"], Setting(category="data"), weight=3),
            rule("leak", ["leak"], Setting("security", "urgent", "incident"), weight=1),
        ],
        PROFILE,
    )
    asked = judge(rules, read_case("How long is a backup kept?"))
    assert (asked.category, asked.priority, asked.type) == ("data", "low", "question")
    leaked = judge(rules, read_case("The backup may be a leak"))
    assert (leaked.category, leaked.priority) == ("data", "urgent")
