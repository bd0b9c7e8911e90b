"""What rules may ask of a mail beside one word: counts, fields, sender, department, time, size."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import pytest
from builders import incoming, profile
from hypothesis import strategies as st

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.person import Person
from maildesk.desk.policy import Cell, Level
from maildesk.desk.profile import Label
from maildesk.desk.request.triage import classify
from maildesk.desk.rules.circumstances import surround
from maildesk.desk.rules.expectations import read_case, run_expectations
from maildesk.desk.rules.matching import Searchable, compile_rules, judge, searchable
from maildesk.desk.rules.rule import (
    ANYTHING,
    Circumstances,
    Condition,
    Expectation,
    Given,
    Hit,
    Hours,
    Range,
    Rule,
    RuleTrace,
    Setting,
)
from maildesk.mail.message import Address, Attachment, Incoming

NAME = Label("名", "name")
ZONE = ZoneInfo("Asia/Shanghai")
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=ZONE)
BOSS = Person(
    "王总", ("boss@corp.test", "wang@corp.test"), "A001", "集团/财务部/应付组", vip=True
)  # fmt: skip
PEOPLE = Directory((BOSS, Person("张敏", ("zm@corp.test",), "A002", "市场部")))


def word(*words: str, fields: tuple[str, ...] = ()) -> tuple[Condition, ...]:
    return tuple(Condition(word=item, fields=fields) for item in words)


def rule(
    *any_: str, given: Given = ANYTHING, all_: tuple[Condition, ...] = (), at_least: int = 1
) -> Rule:
    return Rule(
        "r", NAME, word(*any_), all=all_, at_least=at_least, given=given, set=Setting("network")
    )


def try_rule(tried: Rule, mail: Searchable) -> RuleTrace:
    return judge(compile_rules([tried], profile()), mail, near=True).traces[0]


def mail(subject: str = "", body: str = "", **more: str) -> Searchable:
    return Searchable({"subject": subject, "body": body, **more})


def write(sender: str = "boss@corp.test", text: str = "", to: str = "desk@corp.test") -> Incoming:
    return incoming(
        subject="", sender=Address("", sender), to=(Address("", to),), reply=text, text=text
    )


def from_boss(**more: Any) -> Searchable:
    received = write(sender="WANG+x@corp.test", text="断网了")
    about = surround(received, PEOPLE, FRIDAY, ZONE)
    return searchable(received, replace(about, **more))


@pytest.mark.parametrize(
    ("body", "failed"),
    [
        ("断网，打印机也坏", None),
        ("断网断网断网", "1 of the 2 words it needs stand there"),
        ("你好", "none of 3 words stands in subject or body"),
        (
            "断网，不是打印机的问题",
            '1 of the 2 words it needs stand there; "打印机" is denied by "不是"',
        ),
    ],
)
def test_so_many_different_words_must_stand_there(body: str, failed: str | None) -> None:
    assert try_rule(rule("断网", "打印机", "电脑", at_least=2), mail(body=body)).failed == failed


def test_one_word_in_two_fields_is_still_one_word() -> None:
    assert not try_rule(rule("断网", "电脑", at_least=2), mail("断网", "断网")).matched


def test_every_word_of_all_must_stand_there_and_the_missing_one_is_named() -> None:
    tried = rule(all_=word("发票", "打印"))
    assert try_rule(tried, mail("打印", "发票")).matched
    assert try_rule(tried, mail("打印")).failed == '"发票" does not stand in subject or body'
    assert try_rule(tried, mail()).failed == '"发票" does not stand in subject or body'


def test_all_and_any_together_need_both() -> None:
    tried = rule("断网", "掉线", all_=word("三楼"))
    assert try_rule(tried, mail(body="三楼断网")).matched
    assert not try_rule(tried, mail(body="断网")).matched
    assert not try_rule(tried, mail(body="三楼")).matched


def test_a_word_may_be_looked_for_elsewhere_than_its_rule_is() -> None:
    tried = rule("断网", all_=word("invoice", fields=("attachment_name",)))
    assert try_rule(tried, mail("断网", attachment_name="invoice.pdf")).matched
    assert try_rule(tried, mail("断网 invoice")).failed == (
        '"invoice" does not stand in attachment_name'
    )
    assert not try_rule(tried, mail("你好", attachment_name="invoice 断网")).matched


@pytest.mark.parametrize(
    ("given", "hit"),
    [
        (Given(senders=("boss@corp.test",)), Hit("from", "boss@corp.test", "wang@corp.test")),
        (Given(senders=("@CORP.test",)), Hit("from", "@CORP.test", "wang@corp.test")),
        (Given(senders=("李四", "王总")), Hit("from", "李四 or 王总", "wang@corp.test")),
        (Given(senders=("a001",)), Hit("from", "a001", "wang@corp.test")),
        (Given(departments=("财务部",)), Hit("department", "财务部", "集团/财务部/应付组")),
        (Given(to=("Desk@corp.test",)), Hit("to", "Desk@corp.test", "desk@corp.test")),
        (Given(language="zh"), Hit("language", "zh", "zh-CN")),
        (Given(length=Range(most=29)), Hit("length", "29 or less", "3")),
        (Given(length=Range(3, 5)), Hit("length", "3 to 5", "3")),
        (Given(attachments=Range(most=0)), Hit("attachments", "0 or less", "0")),
        (Given(hours=Hours("work")), Hit("time", "within work", "Fri 10:00")),
        (Given(vip=True), Hit("vip", "yes", "yes")),
    ],
)
def test_what_fits_is_a_hit_that_says_what_was_asked_and_found(given: Given, hit: Hit) -> None:
    assert try_rule(rule(given=given), from_boss()).hits == (hit,)
    assert try_rule(rule("断网", given=given), from_boss()).hits[1] == hit
    assert not try_rule(rule("打印机", given=given), from_boss()).matched


@pytest.mark.parametrize(
    ("given", "failed"),
    [
        (Given(senders=("zm@corp.test",)), "from is wang@corp.test, not zm@corp.test"),
        (Given(senders=("@test",)), "from is wang@corp.test, not @test"),
        (Given(departments=("应付",)), "department is 集团/财务部/应付组, not 应付"),
        (Given(to=("hr@corp.test",)), "to is desk@corp.test, not hr@corp.test"),
        (Given(language="en"), "language is zh-CN, not en"),
        (Given(length=Range(least=30)), "length is 3, not 30 or more"),
        (Given(attachments=Range(least=1)), "attachments is 0, not 1 or more"),
        (Given(size=Range(least=1)), "size is 0, not 1 or more"),
        (Given(hours=Hours("work", outside=True)), "time is Fri 10:00, not outside work"),
        (Given(vip=False), "vip is yes, not no"),
    ],
)
def test_what_does_not_fit_is_named(given: Given, failed: str) -> None:
    assert try_rule(rule(given=given), from_boss()).failed == failed


def test_who_did_not_write_a_mail_is_not_believed_to_have() -> None:
    received = write(sender="boss@corp.test", text="断网了")
    forged = searchable(received, surround(received, PEOPLE, FRIDAY, ZONE, unproved="forged"))
    for given in (Given(senders=("王总",)), Given(departments=("财务部",)), Given(vip=True)):
        assert not try_rule(rule(given=given), forged).matched
    assert try_rule(rule(given=Given(senders=("王总",))), forged).failed == (
        "from is not believed (forged), not 王总"
    )


def test_the_department_is_that_of_whom_the_request_is_for() -> None:
    received = write(sender="zm@corp.test", text="断网了")
    about = surround(received, PEOPLE, FRIDAY, ZONE, requester=BOSS)
    assert (about.department, about.vip, about.who) == ("集团/财务部/应付组", True, "zm@corp.test")


def test_a_mail_of_which_nothing_is_known_fits_no_circumstance() -> None:
    for given in (
        Given(senders=("王总",)),
        Given(departments=("财务部",)),
        Given(to=("desk@corp.test",)),
        Given(language="zh"),
        Given(attachments=Range(most=3)),
        Given(size=Range(most=3)),
        Given(hours=Hours("work")),
        Given(vip=True),
    ):
        assert not try_rule(rule(given=given), Searchable({})).matched


@pytest.mark.parametrize(
    ("at", "night"),
    [("17:59", False), ("18:00", True), ("23:59", True), ("00:00", True), ("08:30", False)],
)
def test_a_time_may_run_past_midnight(at: str, night: bool) -> None:
    hour, minute = map(int, at.split(":"))
    received = FRIDAY.replace(hour=hour, minute=minute)
    hours = Hours(start=time(18), end=time(8, 30))
    tried = rule(given=Given(hours=hours))
    assert try_rule(tried, from_boss(received=received)).matched is night


@hypothesis.given(st.integers(0, 366 * 24 * 60))
def test_within_and_outside_a_calendar_exclude_each_other(minutes: int) -> None:
    about = from_boss(received=FRIDAY + timedelta(minutes=minutes))
    inside, outside = (
        try_rule(rule(given=Given(hours=Hours("work", outside=flag))), about).matched
        for flag in (False, True)
    )
    assert inside is not outside


def test_files_are_counted_without_logos() -> None:
    received = replace(
        write(text="x"),
        attachments=(
            Attachment("a.png", "image/png", 6_000_000, "", False),
            Attachment("logo.png", "image/png", 900, "", True, decoration=True),
        ),
    )
    about = surround(received, PEOPLE, FRIDAY, ZONE)
    assert (about.attachments, about.size) == (1, 6_000_000)


def test_an_address_a_server_delivered_to_counts_as_where_it_was_written_to() -> None:
    received = replace(
        write(text="x"),
        to=(Address("", "all@corp.test"),),
        headers=(("Delivered-To", "it@corp.test"),),
    )
    assert surround(received, PEOPLE, None, ZONE).to[-1] == "it@corp.test"


def test_a_shadow_rule_is_traced_and_sets_nothing() -> None:
    shadow = replace(rule("断网"), shadow=True, stop=True, set=Setting("security", "urgent"))
    judgement = judge(
        compile_rules([shadow, replace(rule("断网"), id="s")], profile()), mail("断网")
    )
    assert judgement.category == "network" and judgement.priority is None
    first, second = judgement.traces
    assert (first.matched, first.shadow, second.matched) == (True, True, True)


def test_what_the_subject_adds_is_told() -> None:
    heavy = replace(rule("断网"), weight=3)
    assert (try_rule(heavy, mail("断网")).weight, try_rule(heavy, mail("断网")).bonus) == (6, 3)
    assert (try_rule(heavy, mail("", "断网")).weight, try_rule(heavy, mail("", "断网")).bonus) == (
        3,
        0,
    )


LEVELS = replace(
    profile(),
    impacts=(Level("company", NAME), Level("person", NAME)),
    urgencies=(Level("now", NAME), Level("later", NAME)),
    matrix=(Cell("company", "now", "urgent"), Cell("person", "later", "low")),
)


@pytest.mark.parametrize(
    ("settings", "priority", "why"),
    [
        ([Setting(impact="company", urgency="now")],
         "urgent", "by the matrix: impact company × urgency now"),
        ([Setting(impact="person", urgency="later"), Setting(impact="company", urgency="now")],
         "urgent", "by the matrix: impact company × urgency now"),
        ([Setting(impact="company", urgency="now", priority="high")],
         "urgent", "by the matrix: impact company × urgency now"),
        ([Setting(impact="person", urgency="later", priority="high")],
         "low", "by the matrix: impact person × urgency later"),
        ([Setting(impact="person", urgency="later"), Setting(priority="high")], "high", "by r1"),
        ([Setting(impact="company", priority="medium"), Setting(urgency="now")],
         "urgent", "by the matrix: impact company × urgency now"),
        ([Setting(impact="company")], "medium", "the profile's default: no rule spoke"),
        ([Setting(impact="company", urgency="later")],
         "medium", "the profile's default: no rule spoke"),
    ],
)  # fmt: skip
def test_the_matrix_decides_unless_a_rule_names_something_more_urgent(
    settings: list[Setting], priority: str, why: str
) -> None:
    rules = [replace(rule("断网"), id=f"r{n}", set=item) for n, item in enumerate(settings)]
    judgement = judge(compile_rules(rules, LEVELS), mail("断网"))
    triage = classify(judgement, LEVELS)
    assert triage.priority == priority
    assert next(item.why for item in triage.findings if item.step == "priority") == why


def test_without_a_matrix_the_rules_own_priority_counts() -> None:
    setting = Setting(impact="company", urgency="now", priority="high")
    plain = replace(LEVELS, matrix=())
    judgement = judge(compile_rules([replace(rule("断网"), set=setting)], plain), mail("断网"))
    assert classify(judgement, plain).priority == "high"


def test_notes_watchers_tags_and_questions_of_all_rules_are_gathered() -> None:
    first = Setting(watchers=("a@x.test", "b@x.test"), note="看机房", ask=("since",), letter="none")
    second = Setting(watchers=("b@x.test",), note="叫厂商", ask=("since", "who"))
    rules = [replace(rule("断网"), id=f"r{n}", set=item) for n, item in enumerate((first, second))]
    judgement = judge(compile_rules(rules, profile()), mail("断网"))
    assert judgement.watchers == ("a@x.test", "b@x.test")
    assert judgement.notes == (("r0", "看机房"), ("r1", "叫厂商"))
    assert (judgement.ask, judgement.silent) == (("since", "who"), "r0")


@pytest.mark.parametrize(
    ("among", "got"),
    [
        ({"tags": ("night",), "watchers": ("b@x.test",), "note": ("叫厂商",)}, None),
        ({"letter": ("none",), "ask": ("since",)}, None),
        ({"tags": ("day", "night")}, "tags: night"),
        ({"ask": ("who",), "note": ("看机房",)}, "ask: since, note: 叫厂商"),
    ],
)
def test_a_case_may_expect_what_rules_add_together(
    among: dict[str, tuple[str, ...]], got: str | None
) -> None:
    setting = Setting(
        tags=("night",), watchers=("a@x.test", "b@x.test"), note="叫厂商", ask=("since",),
        letter="none",
    )  # fmt: skip
    case = Expectation("断网", {}, among=among)
    own = replace(rule("断网"), set=setting, expect=(case,))
    failures = run_expectations(compile_rules([own], profile()))
    assert [item.got for item in failures] == ([got] if got else [])


def test_a_case_may_have_headers() -> None:
    alarm = replace(rule("high"), any=word("high", fields=("header:x-alarm",)))
    case = Expectation("断网", {"priority": "high"}, about={"header:x-alarm": "High"})
    own = replace(alarm, set=Setting(priority="high"), expect=(case,))
    assert run_expectations(compile_rules([own], profile())) == ()


def test_the_hash_changes_with_whatever_decides_and_with_nothing_else() -> None:
    plain = rule("断网")
    others = [
        replace(plain, negation=False),
        replace(plain, shadow=True),
        replace(plain, all=word("三楼")),
        replace(plain, at_least=2),
        replace(plain, given=Given(vip=True)),
        replace(plain, any=word("断网", fields=("subject",))),
        replace(plain, set=replace(plain.set, note="x")),
    ]
    hashes = {compile_rules([item], profile()).hash for item in (plain, *others)}
    assert len(hashes) == len(others) + 1
    assert compile_rules([replace(plain, line=9)], profile()).hash in hashes


def test_a_case_may_say_in_which_circumstances_its_mail_comes() -> None:
    case = read_case(
        "主题：断网",
        {
            "from": "王总",
            "department": "财务部",
            "to": "desk@corp.test",
            "attachments": "a.pdf, b.log",
            "size": "7",
            "at": "2026-11-20 22:00",
            "vip": "true",
        },
    )
    assert case.fields["attachment_name"] == "a.pdf\nb.log"
    assert case.about == Circumstances(
        sender=frozenset({"王总"}),
        who="王总",
        department="财务部",
        vip=True,
        to=("desk@corp.test",),
        attachments=2,
        size=7,
        received=datetime(2026, 11, 20, 22, tzinfo=ZONE),
    )
