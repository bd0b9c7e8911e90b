"""What rules make of a real mail: joined watchers, notes, silence, the matrix, shadows, counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from builders import profile, raw_mail
from sqlalchemy import select
from thread import (
    CHEN,
    FAILED,
    LIU,
    ZHANG,
    engineer_answers,
    event_kinds,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    read,
    ticket,
)
from worlds import World

from maildesk.desk.profile import Label
from maildesk.desk.rules.matching import RuleSet, compile_rules
from maildesk.desk.rules.rule import Condition, Given, Hours, Rule, Setting
from maildesk.store.judged import add_up, count_judged, list_openers, read_traces
from maildesk.store.schema import letters

MakeWorld = Callable[..., World]
NAME = Label("名", "name")


def rule(key: str, word: str, setting: Setting, **more: Any) -> Rule:
    made = Rule(key, NAME, (Condition(word=word),) if word else (), set=setting)
    return replace(made, **more)


def by(*rules: Rule) -> RuleSet:
    return compile_rules(rules, profile())


JAM = rule("jam", "卡纸", Setting(category="hardware", type="incident"))


def findings(world: World) -> list[tuple[str, str, str]]:
    with world.store.read() as db:
        trace = db.execute(select(letters.c.trace).order_by(letters.c.id)).scalars().first()
    assert trace is not None
    return [(item["step"], item["found"], item["why"]) for item in trace["findings"]]


def test_watchers_take_part_from_the_first_minute_and_whoever_is_gone_is_named(
    make_world: MakeWorld,
) -> None:
    watched = rule("jam", "卡纸", Setting("hardware", watchers=("陈晨", "ops@corp.test", "无此人")))
    world = open_desk(make_world, ruleset=by(watched))
    open_ticket(world)
    query = (
        "SELECT people.name, people.key FROM participants JOIN people ON people.id = person_id "
        "WHERE participants.role = 'cc' ORDER BY people.key"
    )
    assert [row.key for row in world.rows(query)] == ["NT002", "ops@corp.test"]
    told = [item for item in findings(world) if item[0] == "watcher"]
    assert ("watcher", CHEN.name, "a rule names them") in told
    assert told[-1][1] == "nobody" and "无此人" in told[-1][2]
    engineer_answers(world, "dispatch", "已换滚轮，请试一下。")
    assert "ack" not in kinds(world, CHEN.key)


def test_a_note_of_a_rule_is_the_staffs_and_stays_on_the_ticket(make_world: MakeWorld) -> None:
    noted = rule("jam", "卡纸", Setting("hardware", note="先看三楼备件柜 CANARY"))
    world = open_desk(make_world, ruleset=by(noted))
    open_ticket(world)
    assert "先看三楼备件柜 CANARY" in read(last_letter(world, LIU))
    assert "CANARY" not in read(last_letter(world, ZHANG))
    assert "rule_note" in event_kinds(world)
    engineer_answers(world, "dispatch", "#转派 陈晨")
    assert "先看三楼备件柜 CANARY" in read(last_letter(world, CHEN))
    assert all("CANARY" not in read(letter) for letter in world.transport.letters(ZHANG.key))


def test_a_rule_may_keep_the_acknowledgement_back_and_says_so(make_world: MakeWorld) -> None:
    silent = rule("jam", "卡纸", Setting("hardware", letter="none"))
    world = open_desk(make_world, ruleset=by(silent))
    open_ticket(world)
    assert kinds(world) == ["dispatch"]
    with world.store.read() as db:
        trace = db.execute(select(letters.c.trace)).scalar_one()
    assert trace["unsent"] == [
        {"letter": "ack", "address": ZHANG.key, "why": "rule jam says so (letter: none)"}
    ]


def test_impact_and_urgency_come_to_the_matrix_priority_and_are_kept(make_world: MakeWorld) -> None:
    grave = rule("grave", "卡纸", Setting("hardware", impact="company", urgency="stopped"))
    world = open_desk(make_world, ruleset=by(grave))
    open_ticket(world)
    kept = ticket(world)
    assert (kept["priority"], kept["impact"], kept["urgency"]) == ("urgent", "company", "stopped")
    assert ("priority", "urgent", "by the matrix: impact company × urgency stopped") in findings(
        world
    )


def test_tags_are_kept_with_the_ticket(make_world: MakeWorld) -> None:
    world = open_desk(
        make_world, ruleset=by(rule("jam", "卡纸", Setting("hardware", tags=("vip",))))
    )
    open_ticket(world)
    assert ticket(world)["tags"] == ["vip"]


def test_rules_know_who_wrote_from_which_department_and_when(make_world: MakeWorld) -> None:
    finance = rule("finance", "", Setting(tags=("finance",)), given=Given(departments=("财务部",)))
    late = rule("late", "", Setting(tags=("late",)), given=Given(hours=Hours("work", outside=True)))
    named = rule("named", "", Setting(tags=("named",)), given=Given(senders=("张敏",)))
    world = open_desk(make_world, ruleset=by(JAM, finance, late, named))
    open_ticket(world)
    assert ticket(world)["tags"] == ["finance", "named"]
    world.now += timedelta(hours=12)
    open_ticket(world, message_id="two@corp.test", date=None)
    assert ticket(world, "IT-20261120-0002")["tags"] == ["finance", "late", "named"]


def test_a_forger_is_not_the_person_a_rule_names(make_world: MakeWorld) -> None:
    named = rule("named", "", Setting(tags=("named",)), given=Given(senders=("张敏",)))
    world = open_desk(make_world, ruleset=by(JAM, named))
    world.receive(raw_mail(headers=FAILED))
    assert ticket(world)["tags"] is None


def test_a_shadow_rule_is_counted_with_the_others_and_changes_nothing(
    make_world: MakeWorld,
) -> None:
    shadow = rule("shadow", "打印机", Setting("security", "urgent"), shadow=True, weight=90)
    world = open_desk(make_world, ruleset=by(JAM, shadow))
    open_ticket(world)
    open_ticket(world, message_id="two@corp.test", subject="卡纸", text="又卡纸了\n")
    assert (ticket(world)["category"], ticket(world)["priority"]) == ("hardware", "medium")
    with world.store.read() as db:
        counted = add_up(read_traces(db))
        assert count_judged(db) == 2
        assert count_judged(db, world.now + timedelta(days=1)) == 0
        openers = list_openers(db)
    assert {key: item.count for key, item in counted.items()} == {"jam": 2, "shadow": 1}
    assert counted["jam"].last >= counted["shadow"].last
    assert [item.number for item in openers] == ["IT-20261120-0001", "IT-20261120-0002"]


def test_a_denied_word_makes_no_network_case_of_a_printer(make_world: MakeWorld) -> None:
    offline = rule("offline", "断网", Setting("network"), weight=9)
    world = open_desk(make_world, ruleset=by(JAM, offline))
    open_ticket(world, text="不是断网，就这台打印机卡纸\n", headers=())
    assert ticket(world)["category"] == "hardware"
