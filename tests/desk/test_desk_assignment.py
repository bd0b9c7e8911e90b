"""Who gets a ticket: named people, the group, skill, duty, turns; and how it is explained."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, profile
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.decision import Finding
from maildesk.desk.person import Person, Role
from maildesk.desk.profile import Duty, Profile
from maildesk.desk.request.assignment import AssignmentFacts, assign

SHANGHAI = ZoneInfo("Asia/Shanghai")


def engineer(name: str, number: str, **given: Any) -> Person:
    values: dict[str, Any] = {"role": Role.ENGINEER, "staff_number": number}
    return Person(name, (f"{number.lower()}@corp.test",), **{**values, **given})


LIU = engineer("刘洋", "HW005", groups=("硬件组",), skills=("打印机",))
ZHAO = engineer("赵磊", "HW006", groups=("hardware",), skills=("硬件故障",))
CHEN = engineer("陈静", "NT002", groups=("Network group", "硬件"))
WANG = engineer("王强", "NT001", groups=("hardware", "systems"), role=Role.LEAD)
ZHANG = engineer("张敏", "F100", role=Role.REQUESTER)
ALL = Directory((ZHANG, WANG, LIU, ZHAO, CHEN))


def facts(**given: Any) -> AssignmentFacts:
    values: dict[str, Any] = {
        "profile": profile(),
        "category": "hardware",
        "group": "hardware",
        "priority": "medium",
        "directory": ALL,
        "now": NOW,
        "zone": SHANGHAI,
    }
    return AssignmentFacts(**{**values, **given})


def with_group(key: str = "hardware", **given: Any) -> Profile:
    groups = tuple(replace(g, **given) if g.key == key else g for g in profile().groups)
    return replace(profile(), groups=groups)


def with_engineer(name: str) -> Profile:
    categories = tuple(
        replace(item, engineer=name) if item.key == "hardware" else item
        for item in profile().categories
    )
    return replace(profile(), categories=categories)


def unskilled(*people: Person) -> Directory:
    return Directory(tuple(replace(person, skills=()) for person in people))


def name(given: AssignmentFacts) -> str | None:
    person = assign(given).person
    return person.name if person else None


@pytest.mark.parametrize("handle", ["陈静", "NT002", "nt002", "nt002@corp.test"])
def test_whom_a_rule_names_comes_first(handle: str) -> None:
    found = assign(facts(named=handle, profile=with_engineer("HW005")))
    assert found.person == CHEN
    assert [(f.step, f.found, f.why) for f in found.findings] == [
        ("assignee", "陈静", "named by a rule")
    ]


def test_then_the_categorys_own_engineer() -> None:
    found = assign(facts(profile=with_engineer("HW005"), category="hardware"))
    assert found.person == LIU
    assert found.findings[-1].why == "named by category hardware"


def test_a_name_that_means_nobody_is_told_and_passed_over() -> None:
    found = assign(facts(named="李雷", profile=with_engineer("HW005")))
    assert found.person == LIU
    assert found.findings[0].why == "a rule names 李雷, but nobody listed is called “李雷”"


def test_only_staff_get_tickets_whoever_is_named() -> None:
    found = assign(facts(named="F100", profile=with_group(engineers=("张敏", "HW005"))))
    assert found.person == ZHAO
    assert found.findings[0].why.endswith("of 张敏, neither engineer nor lead")
    assert "张敏" not in found.findings[1].found


def test_nobody_gets_what_he_must_not_have_even_when_named() -> None:
    found = assign(facts(named="刘洋", exclude=frozenset(LIU.addresses)))
    assert found.person == ZHAO
    assert found.findings[0].why == "a rule names 刘洋, who must not have this ticket"
    assert "without 刘洋" in found.findings[1].why


def test_skill_for_the_category_narrows_the_group() -> None:
    found = assign(facts())
    assert found.person == ZHAO
    assert [(f.found, f.why) for f in found.findings] == [
        ("刘洋, 赵磊, 陈静", "members of group hardware"),
        ("赵磊", "has the skill hardware"),
    ]


def test_knowing_the_category_beats_knowing_the_group() -> None:
    broad = engineer("甲", "SY001", groups=("systems",), skills=("系统运维组",))
    narrow = engineer("乙", "SY002", groups=("systems",), skills=("Account and Access",))
    other = engineer("丙", "SY003", groups=("systems",))
    directory = Directory((other, broad, narrow))
    for category, expected in (("account", "乙"), ("software", "甲"), ("data", "甲")):
        given = facts(category=category, group="systems", directory=directory)
        assert name(given) == expected


def test_members_named_in_the_profile_count_like_those_of_the_people_list() -> None:
    given = facts(profile=with_group("security", engineers=("NT001", "李雷")), group="security")
    found = assign(replace(given, category="security"))
    assert found.person == WANG  # a lead, but named
    assert found.findings[0].why == "members of group security"


def test_a_lead_gets_tickets_of_his_group_only_when_it_has_no_engineer() -> None:
    assert WANG.name not in assign(facts()).findings[0].found
    assert name(facts(category="software", group="systems")) == "王强"
    on_duty = with_group(duty=Duty(turns=("王强",)))
    assert name(facts(profile=on_duty, directory=unskilled(WANG, LIU))) == "王强"


def test_whoever_is_on_duty_today_is_preferred() -> None:
    friday = ((), (), (), (), ("陈静",), (), ())
    given = facts(
        profile=with_group(duty=Duty(friday)),
        directory=unskilled(LIU, ZHAO, CHEN),
        assigned_at={CHEN.key: NOW},
    )
    found = assign(given)
    assert found.person is not None
    assert found.person.name == "陈静"
    assert found.findings[-1].why == "on duty today"
    assert name(replace(given, now=NOW + timedelta(days=1))) == "刘洋"


def test_today_is_the_day_of_the_desks_zone() -> None:
    saturday = ((), (), (), (), (), ("陈静",), ())
    given = facts(
        profile=with_group(duty=Duty(saturday)),
        directory=unskilled(LIU, CHEN),
        assigned_at={CHEN.key: NOW},
    )
    friday_evening_utc = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    assert name(replace(given, now=friday_evening_utc)) == "陈静"
    assert name(replace(given, now=friday_evening_utc, zone=ZoneInfo("UTC"))) == "刘洋"


def test_duty_of_somebody_without_the_skill_waits_behind_skill_unless_it_is_urgent() -> None:
    duty = with_group(duty=Duty(turns=("陈静",)))
    assert name(facts(profile=duty)) == "赵磊"
    assert name(facts(profile=duty, priority="urgent")) == "陈静"


def test_turns_follow_the_iso_week() -> None:
    duty = Duty(turns=("刘洋", "赵磊", "陈静"))
    assert duty.on(date(2026, 1, 1)) == ("刘洋",)  # Thursday of week 1
    assert duty.on(date(2026, 1, 5)) == ("赵磊",)
    assert duty.on(date(2026, 1, 11)) == ("赵磊",)
    assert duty.on(date(2026, 1, 12)) == ("陈静",)
    assert duty.on(date(2027, 1, 3)) == duty.on(date(2026, 12, 28))  # week 53 ends with Sunday
    assert Duty().on(date(2026, 1, 1)) == ()


def test_of_equals_it_is_the_one_whose_last_ticket_is_longest_ago() -> None:
    given = facts(directory=unskilled(LIU, ZHAO, CHEN))
    last = {
        "hw005@corp.test": NOW - timedelta(hours=1),
        "hw006@corp.test": NOW - timedelta(hours=3),
        "nt002@corp.test": NOW - timedelta(hours=2),
    }
    found = assign(replace(given, assigned_at=last))
    assert found.person is not None
    assert found.person.name == "赵磊"
    assert found.findings[-1].why == "longest since a ticket was given to him"
    assert name(replace(given, assigned_at={**last, "nt002@corp.test": None})) == "陈静"
    assert name(given) == "刘洋"  # nobody had one: the order of the list


def test_tickets_go_round() -> None:
    last: dict[str, datetime | None] = {}
    got = []
    for minute in range(6):
        now = NOW + timedelta(minutes=minute)
        person = assign(
            facts(directory=unskilled(LIU, ZHAO, CHEN), assigned_at=last, now=now)
        ).person
        assert person is not None
        last[person.key] = now
        got.append(person.name)
    assert got == ["刘洋", "赵磊", "陈静"] * 2


def test_a_group_nobody_is_in_falls_to_those_with_a_skill_for_it() -> None:
    skilled = engineer("周舟", "SE001", skills=("安全事件",))
    given = facts(category="security", group="security", directory=Directory((LIU, skilled)))
    found = assign(given)
    assert found.person == skilled
    assert found.findings[0].why == ("nobody is in group security; staff with the skill security")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (
            {"group": "security", "category": "security"},
            "nobody is in group security, and nobody has the skill security",
        ),
        ({"directory": Directory()}, "nobody is in group hardware"),
        (
            {"directory": Directory((LIU,)), "exclude": frozenset(LIU.addresses)},
            "members of group hardware: all of them must not have this ticket",
        ),
    ],
)
def test_when_nobody_is_left_the_last_finding_says_why(given: dict[str, Any], why: str) -> None:
    found = assign(facts(**given))
    assert found.person is None
    assert found.findings[-1].found == "nobody"
    assert found.findings[-1].why.startswith(why)


people = st.lists(st.sampled_from([LIU, ZHAO, CHEN, WANG, ZHANG]), unique=True).map(tuple)


@given(
    people,
    st.sets(st.sampled_from([LIU, ZHAO, CHEN, WANG])),
    st.sampled_from([item.key for item in profile().categories]),
    st.sampled_from([item.key for item in profile().priorities]),
    st.sampled_from([None, "刘洋", "F100", "谁"]),
)
def test_whoever_gets_it_may_have_it_and_the_last_finding_names_him(
    listed: tuple[Person, ...],
    excluded: set[Person],
    category: str,
    priority: str,
    named: str | None,
) -> None:
    found = assign(
        facts(
            directory=Directory(listed),
            exclude=frozenset(person.key for person in excluded),
            category=category,
            group=profile().category(category).group,
            priority=priority,
            named=named,
        )
    )
    assert found.findings[-1].found == (found.person.name if found.person else "nobody")
    assert found.person is None or (found.person in listed and found.person not in excluded)
    assert found.person != ZHANG


def test_the_one_with_the_least_to_do_comes_before_whose_turn_it_is() -> None:
    given = facts(
        directory=unskilled(LIU, ZHAO, CHEN),
        loads={LIU.key: 4, ZHAO.key: 2, CHEN.key: 2},
        assigned_at={LIU.key: None, ZHAO.key: NOW, CHEN.key: NOW - timedelta(hours=1)},
    )
    found = assign(given)
    assert found.person is not None
    assert found.person.name == "陈静"
    assert [(f.found, f.why) for f in found.findings[1:]] == [
        ("赵磊, 陈静", "the least to do: 2, against 刘洋 4 (urgent 4, open 2, waiting 1)"),
        ("陈静", "longest since a ticket was given to him"),
    ]


def test_skill_and_duty_come_before_load() -> None:
    assert name(facts(loads={"hw006@corp.test": 40})) == "赵磊"
    duty = with_group(duty=Duty(turns=("陈静",)))
    assert name(facts(profile=duty, directory=unskilled(LIU, CHEN), loads={CHEN.key: 40})) == "陈静"


def test_who_is_named_but_away_is_passed_over_and_told() -> None:
    day = (date(2026, 11, 20), date(2026, 11, 20))
    away = Directory(tuple(replace(p, away=(day,)) if p is CHEN else p for p in ALL.people))
    found = assign(facts(named="陈静", directory=away, profile=with_engineer("HW005")))
    assert found.person == LIU
    assert found.findings[0] == Finding(
        "assignee",
        "nobody",
        "a rule names 陈静, who is on leave until the end of 2026-11-20",
    )


def test_who_is_away_by_his_notice_is_left_out_of_the_group_with_the_reason() -> None:
    until = datetime(2026, 11, 20, 8, 50, tzinfo=UTC)
    found = assign(facts(away={"hw006@corp.test": until}, exclude=frozenset(LIU.addresses)))
    assert found.person == CHEN
    assert found.findings[0].why == (
        "members of group hardware, without 刘洋, 赵磊 (out of office until 2026-11-20 16:50)"
    )
    assert name(facts(away={"hw006@corp.test": NOW})) == "赵磊"


def test_when_all_are_away_nobody_gets_it() -> None:
    until = NOW + timedelta(days=1)
    keys = ("hw005@corp.test", "hw006@corp.test", "nt002@corp.test")
    found = assign(facts(away=dict.fromkeys(keys, until)))
    assert found.person is None
    assert found.findings[-1].found == "nobody"
    assert found.findings[-1].why.count("out of office until") == 3


def test_of_people_who_take_turns_on_duty_the_next_steps_in() -> None:
    turns = with_group(duty=Duty(turns=("刘洋", "陈静", "赵磊")))
    given = facts(profile=turns, directory=unskilled(LIU, ZHAO, CHEN))
    on_duty = assign(given).person
    assert on_duty is not None
    order = [LIU.name, CHEN.name, ZHAO.name]
    after = order[(order.index(on_duty.name) + 1) % 3]
    found = assign(replace(given, away={on_duty.key: NOW + timedelta(days=1)}))
    assert found.person is not None
    assert (found.person.name, found.findings[-1].why) == (after, "next on duty")
