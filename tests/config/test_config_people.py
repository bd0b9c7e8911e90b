"""The people list: what offices really save, and what is wrong with it."""

# ruff: noqa: E501 - a person stands on one line, as Excel saves it

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from builders import NOW

from maildesk.config.people import load_people
from maildesk.desk.calendar.absence import find_away
from maildesk.desk.person import Person, Role
from maildesk.desk.profile import Group, Label

LEAD = Person(
    name="王强",
    addresses=("wangqiang@example.com",),
    staff_number="0012",
    department="信息部",
    role=Role.LEAD,
)
ENGINEER = Person(
    name="刘洋",
    addresses=("liuyang@example.com", "yang@example.com"),
    manager="wangqiang@example.com",
    extension="8005",
    language="zh-CN",
    role=Role.ENGINEER,
    skills=("Active Directory", "打印机"),
    groups=("硬件组", "network"),
)

CHINESE = """\
姓名,工号,部门,上级,分机,邮箱,语言,角色,技能,组
王强,0012,信息部,,,WangQiang@example.com,,主管,,
刘洋,,,王强,8005,liuyang@example.com; yang+x@example.com,中文,工程师,Active Directory；打印机,硬件组|network
,,,,,,,,,
"""
ENGLISH = """\
Name;Staff Number;Department;Manager;Extension;E-Mail;Language;Role;Skills;Groups
王强;0012;信息部;;;wangqiang@example.com;;lead;;
刘洋;;;0012;8005;liuyang@example.com yang@example.com;zh;Engineer;"Active Directory, 打印机";硬件组|network
"""
YAML = """\
- name: 王强
  staff_number: 0012
  department: 信息部
  manager: ~
  addresses: wangqiang@example.com
  role: lead
- 姓名: 刘洋
  上级: wangqiang@example.com
  分机: 8005
  邮箱: [liuyang@example.com, yang@example.com]
  语言: zh-CN
  角色: engineer
  技能:
    - Active Directory
    - 打印机
  组: [硬件组, network]
"""

SAVED = [
    ("people.csv", CHINESE.encode()),
    ("people.csv", b"\xef\xbb\xbf" + CHINESE.encode()),
    ("people.csv", CHINESE.encode("gb18030")),
    ("people.csv", CHINESE.replace("\n", "\r\n").encode("gbk")),
    ("people.csv", ENGLISH.encode()),
    ("people.csv", ENGLISH.replace(";", "\t").encode("utf-16")),
    ("people.yaml", YAML.encode()),
    ("people.yml", b"\xef\xbb\xbf" + YAML.replace("\n", "\r\n").encode()),
]


@pytest.mark.parametrize(("name", "raw"), SAVED)
def test_every_usual_way_of_saving_gives_the_same_people(
    tmp_path: Path, name: str, raw: bytes
) -> None:
    (tmp_path / name).write_bytes(raw)
    assert load_people(tmp_path / name) == ((LEAD, ENGINEER), ())


CHINESE_MORE = """\
姓名,工号,邮箱,VIP,休假,授权代表
张总,A001,zhang@example.com,是,,A002；sun@example.com
李秘书,A002,li@example.com,否,2026-12-24; 2026-12-01至2026-12-05,
孙悦,,sun@example.com,,2026/12/24；2026年12月1日~2026年12月5日,
"""
YAML_MORE = """\
- name: 张总
  staff_number: A001
  addresses: zhang@example.com
  vip: yes
  delegates: [李秘书, 孙悦]
- name: 李秘书
  staff_number: A002
  addresses: li@example.com
  vip: no
  away: [2026-12-24, 2026-12-01..2026-12-05]
- name: 孙悦
  addresses: sun@example.com
  away: 2026-12-01 to 2026-12-05, 2026-12-24
"""


@pytest.mark.parametrize(("name", "text"), [("p.csv", CHINESE_MORE), ("p.yaml", YAML_MORE)])
def test_leave_importance_and_delegates_are_read(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    people, faults = load_people(tmp_path / name)
    assert faults == ()
    days = (
        (date(2026, 12, 1), date(2026, 12, 5)),
        (date(2026, 12, 24), date(2026, 12, 24)),
    )
    assert [(p.name, p.vip, p.away, p.delegates) for p in people] == [
        ("张总", True, (), ("li@example.com", "sun@example.com")),
        ("李秘书", False, days, ()),
        ("孙悦", False, days, ()),
    ]


def test_a_name_has_one_line_and_leave_without_end_one_that_calendars_reach(
    tmp_path: Path,
) -> None:
    text = '姓名,邮箱,休假\n"张\n敏","a@x.cn\nb@x.cn",0001-01-01..9999-12-31\n'
    (tmp_path / "p.csv").write_text(text)
    (person,), faults = load_people(tmp_path / "p.csv")
    assert (person.name, person.addresses, faults) == ("张 敏", ("a@x.cn", "b@x.cn"), ())
    away = find_away(person, {}, NOW, ZoneInfo("Asia/Shanghai"))
    assert away is not None
    assert away.until.year == 2999


BROKEN = [
    ("a.csv", "姓名,邮箱\n张,a@x.cn\n李,A+b@x.cn\n", 3, "addresses", "already belongs to 张"),
    ("a.csv", "name,addresses,工号\n张,a@x.cn,1\n李,b@x.cn,1\n", 3, "staff_number", "belongs"),
    ("a.csv", "name,addresses\n张,\n", 2, "addresses", "is missing"),
    ("a.csv", "name,addresses\n,a@x.cn\n", 2, "name", "is missing"),
    ("a.csv", "name,addresses\n张,a@x@\n", 2, "addresses", "'a@x@' is not a mail address"),
    ("a.csv", "name,addresses\n张,a@x.cn,b@x.cn\n", 2, "", "has 3 cells, the header 2"),
    ("a.csv", "name,addresses\n'\n", 2, "addresses", "is missing"),
    ("a.csv", "name,adresses\n张,a@x.cn\n", 1, "adresses", "is not a known column"),
    ("a.csv", "name,addresses,邮箱\n张,a@x.cn,\n", 1, "addresses", "stands twice"),
    ("a.csv", "", 1, "", "has no addresses column"),
    ("a.csv", 'name,addresses,role\n"Li\nMing",a@x.cn,\n张,b@x.cn,chef\n', 4, "role", "'chef'"),
    ("a.csv", "name,addresses,上级\n张,a@x.cn,老板\n", 2, "manager", "'老板' is not in this list"),
    (
        "a.csv",
        "name,addresses,上级\n王,a@x.cn,\n王,b@x.cn,\n张,c@x.cn,王\n",
        4,
        "manager",
        "name of 2 people",
    ),
    ("a.csv", "name,addresses,语言\n张,a@x.cn,chinese!\n", 2, "language", "not a language tag"),
    ("a.yaml", "- name: 张\n  addresses: a@x.cn\n  rol: lead\n", 3, "rol", "known column"),
    ("a.yaml", "- name: 张\n  addresses: a@x.cn\n  name: 李\n", 3, "name", "given twice"),
    ("a.yaml", "- name: 张\n  addresses: {a: b}\n", 2, "addresses", "must be text"),
    ("a.yaml", "- name: 张\n  addresses: [{a: b}]\n", 2, "addresses", "must be text"),
    ("a.yaml", "- name: 张\n addresses: x\n", 2, "", "is not valid YAML"),
    (
        "a.yaml",
        "- name: 张\n  addresses: a@x.cn\n  role：lead\n\n- name: 李\n",
        3,
        "",
        "is not valid YAML",
    ),
    ("a.yaml", "people:\n  - name: 张\n", 1, "", "is not a list of people"),
    ("a.yaml", "- 张\n- name: 李\n  addresses: a@x.cn\n", 1, "", "is not a person"),
    ("a.yaml", "- &x\n  name: 张\n  addresses: a@x.cn\n- *x\n", 3, "addresses", "belongs"),
    ("a.csv", "name,addresses,away\n张,a@x.cn,12月\n", 2, "away", "neither a day nor a span"),
    ("a.csv", "name,addresses,休假\n张,a@x.cn,2026-02-30\n", 2, "away", "'2026-02-30' is neither"),
    (
        "a.yaml",
        "- name: 张\n  addresses: a@x.cn\n  away: [2026-12-05..2026-12-01]\n",
        3,
        "away",
        "ends before it begins",
    ),
    ("a.csv", "name,addresses\n张\0,a@x.cn\n", 2, "name", "'\\x00', which is no character"),
    ("a.yaml", '- name: "\\ud83d"\n  addresses: a@x.cn\n', 1, "name", "'\\ud83d', which is no"),
    ("a.csv", "name,addresses,VIP\n张,a@x.cn,maybe\n", 2, "vip", "neither yes nor no"),
    ("a.csv", "name,addresses,秘书\n张,a@x.cn,小李\n", 2, "delegates", "is not in this list"),
    ("a.csv", "name,addresses,秘书\n张,a@x.cn,张\n", 2, "delegates", "names the person itself"),
    (
        "a.yaml",
        "- {name: 王, addresses: a@x.cn}\n- {name: 王, addresses: b@x.cn}\n"
        "- name: 张\n  addresses: c@x.cn\n  delegates: [王]\n",
        5,
        "delegates",
        "name of 2 people",
    ),
    ("a.xlsx", "PK", None, "", "'.xlsx' is no kind of people file"),
]


@pytest.mark.parametrize(("name", "text", "line", "key", "problem"), BROKEN)
def test_each_fault_is_told_with_its_line(
    tmp_path: Path, name: str, text: str, line: int | None, key: str, problem: str
) -> None:
    (tmp_path / name).write_text(text)
    _, faults = load_people(tmp_path / name)
    assert any(
        (fault.line, fault.key) == (line, key) and problem in fault.problem for fault in faults
    ), faults


def test_one_fault_causes_no_other(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,addresses,role,上级\n王,a@x.cn,chef,\n张,b@x.cn,,王\n")
    assert [fault.key for fault in load_people(file)[1]] == ["role"]


def test_an_empty_yaml_file_lists_nobody(tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text("# nobody yet\n")
    assert load_people(tmp_path / "people.yaml") == ((), ())


def test_a_missing_or_undecodable_file_is_one_fault(tmp_path: Path) -> None:
    assert "does not exist" in load_people(tmp_path / "x.csv")[1][0].problem
    (tmp_path / "x.csv").write_bytes(b"name,addresses\n\xff\xff,\x80\n")
    assert "neither UTF-8 nor GB18030" in load_people(tmp_path / "x.csv")[1][0].problem


def test_groups_are_checked_when_the_profiles_are_known(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,addresses,组\n刘洋,a@x.cn,硬件\n陈静,b@x.cn,Hardware Grp\n张敏,c@x.cn,\n")
    groups = (Group("hw", Label("硬件组", "Hardware group")),)
    assert [str(fault) for fault in load_people(file, groups)[1]] == [
        f"{file}:3: groups: 'Hardware Grp' is a group of no desk's profile. "
        "Did you mean 'Hardware group'?"
    ]
    assert load_people(file)[1] == ()
    assert [person.groups for person in load_people(file)[0]] == [("硬件",), ("Hardware Grp",), ()]


def test_a_person_is_referred_to_by_the_first_address() -> None:
    assert ENGINEER.key == "liuyang@example.com"


@pytest.mark.parametrize("words", ["", "\n", "\ufeff\n\n"])
def test_a_file_with_nothing_in_it_was_cut_off(tmp_path: Path, words: str) -> None:
    """Taken at its word, it would take every open ticket from its engineer."""
    (tmp_path / "people.yaml").write_text(words, encoding="utf-8")
    people, faults = load_people(tmp_path / "people.yaml")
    assert people == ()
    assert [fault.problem for fault in faults] == ["is empty"]
    (tmp_path / "people.yaml").write_text("[]", encoding="utf-8")
    assert load_people(tmp_path / "people.yaml") == ((), ())
