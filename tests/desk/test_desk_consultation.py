"""Whom `#会诊` asks to join: names, groups, and where the remark begins."""

from __future__ import annotations

import pytest
from builders import profile
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.person import Person, Role
from maildesk.desk.staff.consultation import read_asked


def _engineer(name: str, number: str) -> Person:
    return Person(name, (f"{number.lower()}@corp.test",), number, role=Role.ENGINEER)


PEOPLE = Directory(
    (
        _engineer("陈静", "NT002"),
        _engineer("王强", "NT001"),
        _engineer("刘洋", "HW005"),
        _engineer("Chen Jing", "SY001"),
        _engineer("Wang Qiang", "SY002"),
        _engineer("王小强", "SY003"),
        Person("张敏", ("zhang@corp.test",), "F100"),
    )
)

ASKED = [
    ("陈静", ["陈静"], ""),
    ("陈静、王强", ["陈静", "王强"], ""),
    ("陈静，王强", ["陈静", "王强"], ""),
    ("陈静和王强", ["陈静", "王强"], ""),
    ("陈静 王强", ["陈静", "王强"], ""),
    ("NT002; HW005", ["陈静", "刘洋"], ""),
    ("陈静、王强 网络问题，请一起看", ["陈静", "王强"], "网络问题，请一起看"),
    ("陈静 像是网络问题，请看", ["陈静"], "像是网络问题，请看"),
    ("陈静，请看一下，王强在外地", ["陈静"], "请看一下，王强在外地"),
    ("网络组", ["network"], ""),
    ("网络组、系统运维组", ["network", "systems"], ""),
    ("陈静、网络组 一起看", ["陈静", "network"], "一起看"),
    ("Chen Jing, Wang Qiang", ["Chen Jing", "Wang Qiang"], ""),
    ("Chen Jing and Wang Qiang", ["Chen Jing", "Wang Qiang"], ""),
    ("Chen Jing, Wang Qiang, and network", ["Chen Jing", "Wang Qiang", "network"], ""),
    ("Chen Jing please look, it is odd", ["Chen Jing"], "please look, it is odd"),
    ("sy001@corp.test", ["Chen Jing"], ""),
    ("陈静、陈静、NT002", ["陈静"], ""),
    ("刘工", ["刘洋"], ""),
    ("刘工、陈静", ["刘洋", "陈静"], ""),
]


@pytest.mark.parametrize(("text", "names", "remark"), ASKED, ids=[item[0] for item in ASKED])
def test_people_and_groups_are_read_and_the_remark_is_left(
    text: str, names: list[str], remark: str
) -> None:
    asked = read_asked(text, PEOPLE, profile())
    assert asked.problem is None
    found = [who.name if isinstance(who, Person) else who.key for who in asked.who]
    assert (found, asked.remark) == (names, remark)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("李雷", "李雷"),
        ("陈静、李雷", "李雷"),
        ("陈静、张敏", "张敏"),
        ("Chen Jing and Bob", "Bob"),
    ],
)
def test_where_a_name_must_follow_and_means_nobody_nobody_is_asked(text: str, name: str) -> None:
    asked = read_asked(text, PEOPLE, profile())
    assert asked.problem is not None
    assert asked.problem[0] == name


def test_a_name_of_two_is_told_with_both() -> None:
    asked = read_asked("王工", PEOPLE, profile())
    assert asked.problem is not None
    assert {person.name for person in asked.problem[1].candidates} == {"王强", "王小强"}


@given(st.text(alphabet="陈静王强、，和 and,;网络组x", max_size=40))
def test_any_argument_is_read_to_an_end(text: str) -> None:
    asked = read_asked(text, PEOPLE, profile())
    assert len(set(asked.who)) == len(asked.who) <= 10
