"""The shipped profiles: each document's own numbers, names and limits, and the shared rules."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from maildesk.config import shipped
from maildesk.config.labelled import load_labelled
from maildesk.config.profile import load_profile
from maildesk.config.rules import load_rules
from maildesk.desk.arrival.number import NumberFormat
from maildesk.desk.policy import Level
from maildesk.desk.profile import Category, Group, Priority, Profile, RequestType
from maildesk.desk.request.registration import find_outside, weigh_category
from maildesk.desk.rules.expectations import run_expectations
from maildesk.desk.rules.lint import lint
from maildesk.desk.rules.matching import Searchable, compile_rules, judge
from maildesk.desk.ticket import State, may_move, show_state, tell_state

Named = Category | Group | Level | Priority | RequestType
FOLDER = shipped.folder("rules") / "profiles"
NAMES = (
    "default",
    "record-sheet",
    "feedback-template",
    "process-manual",
    "work-order",
    "response-norms",
)
DAY = date(2023, 11, 15)


def load(name: str) -> Profile:
    profile, faults = load_profile(FOLDER / f"{name}.yaml")
    assert profile is not None, faults
    return profile


def test_there_is_one_profile_per_document_and_the_merged_one() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_shared_rules_hold_in_every_profile(name: str) -> None:
    profile = load(name)
    rules, faults = load_rules(shipped.folder("rules"), profile)
    assert faults == ()
    failures = run_expectations(compile_rules(rules, profile))
    assert [(item.expectation.mail, item.got) for item in failures] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_shared_rule_claims_what_the_profile_says_others_look_after(name: str) -> None:
    """Else /service would send people away with what the desk takes (N11)."""
    profile = load(name)
    rules, _ = load_rules(shipped.folder("rules"), profile)
    ready = compile_rules(rules, profile)
    for item in profile.scope.outside:
        for word in item.words:
            weight = weigh_category(judge(ready, Searchable({"body": word})))
            assert find_outside(profile, word, "", weight) == item, word


def test_the_shared_rules_leave_lint_nothing_to_remark() -> None:
    # A new desk reads these remarks among its own, and cannot know that they are not about it.
    rules, _ = load_rules(shipped.folder("rules"), load("default"))
    assert [str(remark) for remark in lint(rules)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_name_a_profile_shows_is_in_both_languages(name: str) -> None:
    profile = load(name)
    named: tuple[Named, ...] = (
        *profile.categories,
        *profile.priorities,
        *profile.types,
        *profile.groups,
        *profile.impacts,
        *profile.urgencies,
        *profile.severities,
        *profile.results,
        *profile.survey.answers,
        *profile.survey.questions,
    )
    assert [item.key for item in named if not (item.label.zh and item.label.en)] == []


@pytest.mark.parametrize(
    ("name", "kind", "number"),
    [
        ("record-sheet", "incident", "IT-20231115-1"),  # R1
        ("feedback-template", "incident", "IT20231115001"),  # F1
        ("process-manual", "fault", "TS202300001"),  # M1
        ("work-order", "incident", "GZ-20231115-001"),  # W1
        ("default", "incident", "IT-20231115-0001"),
    ],
)
def test_numbers_look_as_the_document_prints_them(name: str, kind: str, number: str) -> None:
    profile = load(name)
    code = profile.type(kind).code or kind
    assert NumberFormat(profile.number_format).format(DAY, 1, code) == number


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("record-sheet", {"紧急": 30, "高": 120, "中": 240, "低": 480}),  # R4
        ("process-manual", {"紧急": 15, "重要": 240, "一般": 1440}),  # M2
    ],
)
def test_response_limits_are_the_documents(name: str, limits: dict[str, int]) -> None:
    found = {item.label.zh: item.response_minutes for item in load(name).priorities}
    assert found == limits


def test_the_manual_counts_contact_from_dispatch_and_asks_the_manager_for_access() -> None:
    manual = load("process-manual")
    assert [item.contact_minutes for item in manual.priorities] == [15, 30, 30]  # M4
    assert manual.type("access").approval == "manager"
    assert [item.label.zh for item in manual.types] == [
        *("系统故障", "技术咨询", "权限申请", "数据支持", "设备维护"),  # M2
    ]
    escalation = manual.escalation
    assert (escalation.after_minutes, escalation.decide_minutes) == (120, 30)  # M5


@pytest.mark.parametrize(
    ("name", "said", "category", "wanted"),
    [
        ("process-manual", "incident", "network", "fault"),
        ("process-manual", "incident", "hardware", "equipment"),
        ("process-manual", "question", "hardware", "advice"),
        ("process-manual", "incident", "data", "data"),
        ("process-manual", "access", "account", "access"),
        ("work-order", "access", "account", "service_request"),
        ("record-sheet", "project", None, "question"),
        ("default", "requirement", None, "requirement"),
        ("default", None, None, None),
    ],
)
def test_a_profile_reads_the_types_of_the_shared_rules_in_its_own_words(
    name: str, said: str | None, category: str | None, wanted: str | None
) -> None:
    assert load(name).take_type(said, category) == wanted


def test_categories_are_the_documents() -> None:
    assert [item.label.zh for item in load("record-sheet").categories] == [
        *("硬件故障", "软件问题", "网络异常", "账号权限", "数据恢复", "技术咨询"),  # R3
    ]
    assert [item.label.zh for item in load("feedback-template").categories] == [
        *("硬件故障", "软件问题", "网络连接", "账户权限", "安全事件", "服务请求", "咨询培训"),  # F3
    ]
    assert load("record-sheet").take_category("security") == "software"


def test_the_matrix_gives_a_priority_for_every_impact_and_urgency() -> None:
    order = load("work-order")
    assert order.weigh("company", "stopped") == "urgent"
    assert order.weigh("person", "whenever") == "low"
    assert len(order.matrix) == len(order.impacts) * len(order.urgencies)


def test_the_work_order_shows_its_own_states_and_bars_what_its_moves_do_not_name() -> None:
    order = load("work-order")
    assert show_state(State.UNASSIGNED, order).zh == "待分配"  # W4
    assert tell_state(State.TO_CONFIRM, order).zh == "待确认"
    assert may_move(State.TO_CONFIRM, State.SOLVED, order)
    assert not may_move(State.CLOSED, State.TO_CONFIRM, order)
    assert may_move(State.NEW, State.TO_CONFIRM, order)  # not named: anywhere


def test_an_old_ticket_outlives_the_names_it_was_opened_with() -> None:
    order = load("work-order")
    assert order.type("long-gone").label.zh == "long-gone"
    assert order.priority("p9").response_minutes == order.priority("medium").response_minutes
    # What takes a key now is what its old tickets mean, as with a desk that changes its profile.
    manual = load("process-manual")
    assert manual.priority("high").label.zh == "重要"
    assert manual.type("incident").label.zh == "系统故障"
    assert load("feedback-template").category("data").label.zh == "服务请求"
    assert order.group_of("security", "network").key == "network"


def test_a_label_of_labelled_mails_means_the_type_the_profile_has_for_its_category(
    tmp_path: Path,
) -> None:
    file = tmp_path / "mails.yaml"
    file.write_text(
        "- {mail: 键盘坏了, category: hardware, type: incident}\n"
        "- {mail: OA 打不开, category: software, type: incident}\n"
        "- {mail: 坏了, type: incident}\n",
        "utf-8",
    )
    mails, faults = load_labelled(file, load("process-manual"))
    assert not faults
    assert [mail.type for mail in mails] == [("equipment",), ("fault",), ("fault",)]
