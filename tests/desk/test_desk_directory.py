"""Whom a name means: as engineers write it in an order, and as a file must write it."""

from __future__ import annotations

import pytest
from builders import profile
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.arrival.directory import Directory, find_group
from maildesk.desk.person import Person, Role

WANG = Person("王强", ("wangqiang@corp.test",), "NT001", "信息部", extension="8001", role=Role.LEAD)
LIU = Person(
    "刘洋",
    ("liuyang@corp.test", "yang.liu@corp.test"),
    "HW005",
    "信息部",
    extension="8005",
    role=Role.ENGINEER,
)
OUYANG = Person("欧阳晓明", ("oyxm@corp.test",), "SW002", "信息部", role=Role.ENGINEER)
ALICE = Person("Alice Chen", ("alice.chen@corp.test",), "SW003", "IT", role=Role.ENGINEER)
ALAN = Person("Alan Li", ("alan@corp.test",), "SW004", "IT", role=Role.ENGINEER)
ZHANG = Person("张敏", ("zhangmin@corp.test",), "F100", "财务部", extension="8301")
ZHANG_TOO = Person("张敏", ("zhangmin2@corp.test",), "H200", "人事部", extension="8302")
WANG_BUYER = Person("王芳", ("wangfang@corp.test",), "8001", "采购部")
BRIEN = Person("Pat O'Brien", ("p.o'brien@corp.test",), role=Role.ENGINEER)
PEOPLE = Directory((BRIEN, WANG, LIU, OUYANG, ALICE, ALAN, ZHANG, ZHANG_TOO, WANG_BUYER))


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("王强", WANG),
        (" @王强 ", WANG),
        ("＠王强", WANG),
        ("王 强", WANG),
        ("王強", WANG),
        ("王强(信息部)", WANG),
        ("王强（信息部）", WANG),
        ("王强@信息部", WANG),
        ("王强，他更熟悉这块", WANG),
        ("王强 <wangqiang@corp.test>", WANG),
        ("WangQiang+desk@Corp.Test", WANG),
        ("nt001", WANG),
        ("ＮＴ００１", WANG),
        ("HW005", LIU),
        ("8005", LIU),
        ("分机8005", LIU),
        ("ext. 8005", LIU),
        ("liuyang", LIU),
        ("yang.liu", LIU),
        ("刘", LIU),
        ("刘工", LIU),
        ("小刘", LIU),
        ("老王", WANG),  # of staff only one begins with 王
        ("王经理", WANG),
        ("晓明", OUYANG),
        ("欧阳", OUYANG),
        ("alice", ALICE),
        ("ALICE CHEN", ALICE),
        ("Alice Chen please", ALICE),
        ("chen", ALICE),
        ("li", ALAN),  # a word of his name; in Alice it is only letters
        ("p.o'brien@corp.test", BRIEN),
        ("o’brien", BRIEN),
        ("王芳", WANG_BUYER),
        ("张敏 财务部", ZHANG),
        ("张敏（8302）", ZHANG_TOO),
        ("张敏 H200", ZHANG_TOO),
        ("zhangmin2@corp.test", ZHANG_TOO),
    ],
)
def test_people_are_found_as_people_name_them(text: str, person: Person) -> None:
    match = PEOPLE.find(text)
    assert match.person == person, match.why
    assert match.candidates == ()


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("张敏", (ZHANG, ZHANG_TOO)),
        ("张敏 市场部", (ZHANG, ZHANG_TOO)),
        ("8001", (WANG, WANG_BUYER)),  # an extension here, a staff number there
        ("al", (ALICE, ALAN)),
    ],
)
def test_where_several_could_be_meant_none_is_picked(
    text: str, candidates: tuple[Person, ...]
) -> None:
    match = PEOPLE.find(text)
    assert (match.person, match.candidates) == (None, candidates)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "@",
        "李雷",
        "敏",  # half a requester's name
        "明",  # one character from within
        "a",
        "王强 <other@corp.test>",  # the address decides
        "网络组",
    ],
)
def test_nobody_is_made_of_nothing(text: str) -> None:
    match = PEOPLE.find(text)
    assert (match.person, match.candidates) == (None, ())
    assert match.why


def test_only_staff_can_be_given_work() -> None:
    assert PEOPLE.find("张敏", staff=True).candidates == ()
    assert "neither engineer nor lead" in PEOPLE.find("王芳", staff=True).why
    assert PEOPLE.find("8001", staff=True).person == WANG
    assert PEOPLE.staff == (BRIEN, WANG, LIU, OUYANG, ALICE, ALAN)


def test_files_name_people_in_full() -> None:
    for text in ("王强", "NT001", "wangqiang@corp.test", "wangqiang"):
        assert PEOPLE.find_exactly(text).person == WANG
    for text in ("王", "王工", "强"):
        assert PEOPLE.find_exactly(text).person is None
    assert PEOPLE.find_exactly("张敏").candidates == (ZHANG, ZHANG_TOO)


def test_an_address_is_known_however_it_is_written() -> None:
    assert PEOPLE.at("Yang.Liu+x@CORP.test") == LIU
    assert PEOPLE.at("nobody@corp.test") is None
    assert Directory().find("王强").person is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("网络组", "network"),
        ("网络", "network"),
        ("#網絡組", "network"),
        ("network", "network"),
        ("Network Group", "network"),
        ("Security group", "security"),
        ("服务台", "desk"),
        ("组", None),
        ("网", None),
        ("", None),
    ],
)
def test_groups_are_found_by_key_or_label(text: str, key: str | None) -> None:
    group = find_group(text, profile())
    assert (group.key if group else None) == key


@given(st.text())
def test_any_text_may_be_asked_for(text: str) -> None:
    for match in (PEOPLE.find(text), PEOPLE.find(text, staff=True), PEOPLE.find_exactly(text)):
        assert match.why
        assert match.person is None or match.candidates == ()
    find_group(text, profile())
