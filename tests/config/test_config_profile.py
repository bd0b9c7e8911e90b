"""Process profiles: what the shipped one says, and every fault with line, key and remedy."""

# ruff: noqa: E501 - a fault stands on one line, as people see it

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from builders import holidays

from maildesk.config import shipped
from maildesk.config.profile import load_profile
from maildesk.desk.profile import (
    Calendar,
    Category,
    Duty,
    Group,
    Label,
    Priority,
    Profile,
    Quiet,
    RequestType,
)

SMALL = """\
id: small
label: {zh: 小, en: Small}
number_format: "TS{date:%Y}{seq:05d}"
calendars:
  work:
    week: {mon-thu: ["09:00-12:00", "13:30-18:00"], fri: ["9:00-24:00"]}
    holidays: cn
    days_off: [2026-12-31]
    days_on: [2027-01-02]
  always: {always: true}
groups:
  desk: {zh: 服务台, en: Desk, extension: "8000"}
categories:
  all: {zh: 全部, en: All, group: desk}
priorities:
  urgent: {zh: 紧急, en: Urgent, response_minutes: 30, calendar: always}
  normal: {zh: 一般, en: Normal, response_minutes: 240, calendar: work}
types:
  incident: {zh: 故障, en: Incident}
defaults: {category: all, priority: normal, type: incident}
near_minutes: 20
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "profiles" / "small.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_profile_is_read_whole(tmp_path: Path) -> None:
    profile, faults = load_profile(write(tmp_path, SMALL))
    assert faults == ()
    day = ((time(9), time(12)), (time(13, 30), time(18)))
    friday = ((time(9), time(0)),)
    assert profile == Profile(
        id="small",
        label=Label("小", "Small"),
        number_format="TS{date:%Y}{seq:05d}",
        categories=(Category("all", Label("全部", "All"), "desk"),),
        priorities=(
            Priority("urgent", Label("紧急", "Urgent"), 0, 30, "always"),
            Priority("normal", Label("一般", "Normal"), 1, 240, "work"),
        ),
        types=(RequestType("incident", Label("故障", "Incident")),),
        groups=(Group("desk", Label("服务台", "Desk"), "8000"),),
        calendars=(
            Calendar(
                "work",
                False,
                (day, day, day, day, friday, (), ()),
                holidays(),
                frozenset({date(2026, 12, 31)}),
                frozenset({date(2027, 1, 2)}),
            ),
            Calendar("always", True),
        ),
        default_category="all",
        default_priority="normal",
        default_type="incident",
        near_minutes=20,
    )


STAFFED = SMALL.replace(
    'extension: "8000"}',
    'extension: "8000", lead: 王强, engineers: [刘洋, HW005], duty: {mon-wed: 刘洋, fri: [陈静, liu@x.cn]}}',
).replace("group: desk}", "group: desk, engineer: HW005}")
MANNERS = """\
quiet: {from: "21:00", to: "7:15"}
digest_at: "9:00"
confirm_thanks: true
unassigned_after_minutes: 5
major: {update_minutes: 20}
vip: {at_least: urgent}
"""


def test_people_duty_and_manners_are_read(tmp_path: Path) -> None:
    profile, faults = load_profile(write(tmp_path, STAFFED + MANNERS))
    assert profile is not None, faults
    pair, none = ("刘洋",), ()
    duty = Duty(week=(pair, pair, pair, none, ("陈静", "liu@x.cn"), none, none))
    label = Label("服务台", "Desk")
    assert profile.groups == (Group("desk", label, "8000", ("刘洋", "HW005"), duty, "王强"),)
    assert profile.category("all").engineer == "HW005"
    assert profile.quiet == Quiet(time(21), time(7, 15))
    assert profile.digest_at == time(9)
    assert profile.confirm_thanks
    assert profile.unassigned_after_minutes == 5
    assert (profile.major_update_minutes, profile.vip_at_least) == (20, "urgent")


def test_a_list_of_duty_takes_turns(tmp_path: Path) -> None:
    text = SMALL.replace('"8000"}', '"8000", duty: [刘洋, 陈静]}')
    profile, _ = load_profile(write(tmp_path, text))
    assert profile is not None
    assert profile.groups[0].duty == Duty(turns=("刘洋", "陈静"))


def test_what_is_left_out_has_the_shipped_defaults(tmp_path: Path) -> None:
    own, _ = load_profile(write(tmp_path, SMALL))
    shipped_one, _ = load_profile(shipped.folder("rules") / "profiles" / "default.yaml")
    assert own is not None
    assert shipped_one is not None
    for key in ("quiet", "digest_at", "confirm_thanks", "unassigned_after_minutes"):
        assert getattr(own, key) == getattr(shipped_one, key), key
    assert own.quiet == Quiet(time(20), time(8, 30))


def test_quiet_hours_can_be_switched_off(tmp_path: Path) -> None:
    profile, faults = load_profile(write(tmp_path, SMALL + "quiet: false\n"))
    assert profile is not None, faults
    assert profile.quiet is None


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            "[刘洋, HW005]",
            "[刘洋, 0012]",
            '12: groups.desk.engineers: 12 is no name, staff number or address. Write it in quotes: "12"',
        ),
        (
            "[刘洋, HW005]",
            "",
            "12: groups.desk.engineers: None is no name, staff number or address. Name a person",
        ),
        (
            "mon-wed: 刘洋",
            "mon-wen: 刘洋",
            "12: groups.desk.duty.mon-wen: is no day or run of days. Write mon, tue, … or mon-fri",
        ),
        (
            "{mon-wed: 刘洋, fri: [陈静, liu@x.cn]}",
            "刘洋",
            "12: groups.desk.duty: is neither days nor a list. Write days, e.g. {mon: 刘洋, tue-fri: 陈静}, or a list who take turns by week",
        ),
        (
            "engineer: HW005",
            "engineer: 5",
            '14: categories.all.engineer: is a whole number, not text. Write it in quotes: "5"',
        ),
        (
            "engineer: HW005",
            "enginer: HW005",
            "14: categories.all.enginer: is not a known key. Did you mean 'engineer'?",
        ),
        (
            '"7:15"',
            '"25:00"',
            "22: quiet.to: '25:00' is no time of the day. Write it as \"08:30\"",
        ),
        (
            '"7:15"',
            '"21:00"',
            '22: quiet: ends when it begins. Write e.g. {from: "20:00", to: "08:30"}, or quiet: false for no quiet hours',
        ),
        (
            "{from:",
            "{form:",
            "22: quiet.form: is not a known key. Did you mean 'from'?",
        ),
        (
            '{from: "21:00", to: "7:15"}',
            "true",
            "22: quiet: is true or false, not a table (key: value). Write a table (key: value)",
        ),
        (
            "confirm_thanks: true",
            "confirm_thanks: maybe",
            "24: confirm_thanks: is text, not true or false. Write true or false",
        ),
        (
            "minutes: 5",
            "minutes: -5",
            "25: unassigned_after_minutes: is negative. Write 0 or more",
        ),
        (
            "update_minutes: 20",
            "update_minutes: 0",
            "26: major.update_minutes: is below 5. Write minutes, e.g. major: {update_minutes: 30}",
        ),
        (
            "at_least: urgent",
            "at_least: urgnt",
            "27: vip.at_least: 'urgnt' is no priority of this profile. Did you mean 'urgent'?",
        ),
    ],
)
def test_each_fault_about_people_and_manners_is_said_too(
    tmp_path: Path, old: str, new: str, wanted: str
) -> None:
    text = STAFFED + MANNERS
    assert old in text
    profile, faults = load_profile(write(tmp_path, text.replace(old, new, 1)))
    assert profile is None
    assert str(faults[0]) == f"profiles/small.yaml:{wanted}"


def test_the_shipped_profile_names_nobody() -> None:
    profile, _ = load_profile(shipped.folder("rules") / "profiles" / "default.yaml")
    assert profile is not None
    assert all(group.engineers == () and group.duty == Duty() for group in profile.groups)
    assert all(category.engineer is None for category in profile.categories)


def test_the_shipped_profile_carries_the_limits_of_the_record_sheet() -> None:
    profile, faults = load_profile(shipped.folder("rules") / "profiles" / "default.yaml")
    assert profile is not None, faults
    assert [(item.key, item.response_minutes, item.calendar) for item in profile.priorities] == [
        ("urgent", 30, "always"),
        ("high", 120, "work"),
        ("medium", 240, "work"),
        ("low", 480, "work"),
    ]
    assert " ".join(item.key for item in profile.categories) == (
        "hardware software network account data security service how_to"
    )
    assert [item.key for item in profile.types] == [
        "incident",
        "service_request",
        "change",
        "question",
        "requirement",
        "project",
    ]
    assert all(group.extension for group in profile.groups)
    assert profile.group(profile.category("hardware").group).label.zh == "硬件组"


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("id: small\n", "", "1: id: is missing. Name it, e.g. id: default"),
        (
            "near_minutes: 20",
            "near_minuts: 20",
            "21: near_minuts: is not a known key. Did you mean 'near_minutes'?",
        ),
        ("near_minutes: 20", "near_minutes: -1", "21: near_minutes: is negative. Write 0 or more"),
        (
            "{zh: 小, en: Small}",
            "{zh: 小}",
            "2: label.en: is missing. Give the name in English, e.g. en: Hardware",
        ),
        (
            "{date:%Y}{seq:05d}",
            "{date:%Y}",
            "3: number_format: {seq:04d} must appear exactly once. Write for example IT-{date:%Y%m%d}-{seq:04d}",
        ),
        (
            "{seq:05d}",
            "{seq:05q}",
            "3: number_format: {seq} needs its width, as in {seq:04d}. Write for example IT-{date:%Y%m%d}-{seq:04d}",
        ),
        (
            "{seq:05d}",
            "{seq}{type}",
            "3: number_format: {seq} needs its width, as in {seq:04d}. Write for example IT-{date:%Y%m%d}-{seq:04d}",
        ),
        (
            "mon-thu",
            "mon-xyz",
            "6: calendars.work.week.mon-xyz: is no day or run of days. Write mon, tue, … or mon-fri",
        ),
        (
            "mon-thu",
            "thu-mon",
            "6: calendars.work.week.thu-mon: runs backwards. Write the earlier day first",
        ),
        (
            "9:00-24:00",
            "18:00-9:00",
            '6: calendars.work.week.fri: \'18:00-9:00\' is no span of time. Write it as "09:00-12:00", a night as "22:00-06:00"',
        ),
        (
            "13:30-18:00",
            "11:30-18:00",
            "6: calendars.work.week.mon-thu: has hours that overlap or are out of order. Write them in order, without overlap",
        ),
        (
            "holidays: cn",
            "holidays: de",
            "7: calendars.work.holidays: 'de' is a country whose holidays are not known. Use one of: cn; or leave it out and list days_off",
        ),
        (
            "[2026-12-31]",
            "[Silvester]",
            "8: calendars.work.days_off: 'Silvester' is no date. Write it as 2026-10-01",
        ),
        (
            "{always: true}",
            "{holidays: cn}",
            '10: calendars.always: needs either always: true or a week. e.g. week: {mon-fri: ["09:00-12:00", "13:30-18:00"]}',
        ),
        (
            'extension: "8000"',
            "extension: 8000",
            '12: groups.desk.extension: is a whole number, not text. Write it in quotes: "8000"',
        ),
        (
            "group: desk",
            "group: dsk",
            "14: categories.all.group: 'dsk' is no group of this profile. Did you mean 'desk'?",
        ),
        (
            "response_minutes: 240",
            "response_minutes: 4h",
            "17: priorities.normal.response_minutes: is text, not a whole number. Write a whole number",
        ),
        (
            "response_minutes: 240",
            "response_minutes: 0",
            "17: priorities.normal.response_minutes: is not above 0. Give the time to the first response in minutes, e.g. response_minutes: 240",
        ),
        (
            "calendar: work",
            "calendar: wrok",
            "17: priorities.normal.calendar: 'wrok' is no calendar of this profile. Did you mean 'work'?",
        ),
        (
            "  incident: {zh: 故障, en: Incident}\n",
            "  incident: 故障\n",
            "19: types.incident: is text, not a table (key: value). Write a table (key: value)",
        ),
        (
            "priority: normal,",
            "priority: middle,",
            "20: defaults.priority: 'middle' is no priority of this profile. Use one of: urgent, normal",
        ),
    ],
)
def test_each_fault_is_said_with_its_line_and_remedy(
    tmp_path: Path, old: str, new: str, wanted: str
) -> None:
    assert old in SMALL
    profile, faults = load_profile(write(tmp_path, SMALL.replace(old, new, 1)))
    assert profile is None
    # A missing line moves nothing but the lines after it; the fault meant is the first.
    assert str(faults[0]) == f"profiles/small.yaml:{wanted}"


def test_all_faults_come_in_one_go(tmp_path: Path) -> None:
    text = SMALL.replace("cn", "de").replace("desk}", "dsk}").replace("20", "-20")
    _, faults = load_profile(write(tmp_path, text))
    assert [fault.key for fault in faults] == [
        "calendars.work.holidays",
        "calendars.work.days_off",
        "calendars.work.days_on",
        "categories.all.group",
        "near_minutes",
    ]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "profiles/small.yaml: is empty. Copy the shipped profiles/default.yaml and change it"),
        ("- a\n", "profiles/small.yaml:1: is not a table. Start with `id: my-profile`"),
        (
            SMALL + "id: again\n",
            "profiles/small.yaml:22: id: stands twice (first in line 1). Keep one of them, or join both",
        ),
        (
            b"id: \xff\n",
            "profiles/small.yaml:1: is not UTF-8. Save the file as UTF-8 in your editor",
        ),
    ],
)
def test_a_file_that_is_no_profile_says_so(tmp_path: Path, text: str | bytes, wanted: str) -> None:
    profile, faults = load_profile(write(tmp_path, text))
    assert profile is None
    assert [str(fault) for fault in faults] == [wanted]


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    _, faults = load_profile(tmp_path / "none.yaml")
    assert [fault.problem for fault in faults] == ["cannot be read (No such file or directory)"]


def test_an_almost_empty_profile_names_everything_it_lacks(tmp_path: Path) -> None:
    _, faults = load_profile(write(tmp_path, "id: x\n"))
    assert [fault.key for fault in faults] == [
        "calendars",
        "groups",
        "categories",
        "priorities",
        "types",
        "defaults",
        "label",
        "number_format",
        "defaults.category",
        "defaults.priority",
        "defaults.type",
    ]


def test_the_shipped_folder_is_found_and_an_unknown_one_is_not() -> None:
    assert (shipped.folder("rules") / "network.yaml").is_file()
    with pytest.raises(FileNotFoundError, match="without its 'recipes' folder"):
        shipped.folder("recipes")
