"""Orders beside `#代提`: what a ticket can take before it exists, and what its author is told."""

from __future__ import annotations

import pytest
from builders import profile

from maildesk.desk.arrival.directory import Directory
from maildesk.desk.orders.script import read_script
from maildesk.desk.orders.table import Order
from maildesk.desk.person import Person, Role
from maildesk.desk.request.entering import enter
from maildesk.desk.request.triage import Triage

JUDGED = Triage("service", "medium", "incident", "desk", None, ())
LIU = Person("刘洋", ("liu@corp.test",), role=Role.ENGINEER)
DIRECTORY = Directory((LIU,))


@pytest.mark.parametrize(
    ("text", "category", "priority", "group", "assignee"),
    [
        ("#代提 张敏", "service", "medium", "desk", None),
        ("#代提 张敏\n#优先级 高", "service", "high", "desk", None),
        ("#onbehalf Zhang Min\n#category Network", "network", "medium", "network", None),
        ("#代提 张敏\n#转派 刘洋", "service", "medium", "desk", "liu@corp.test"),
        ("#代提 张敏\n#转派 网络组", "service", "medium", "network", None),
    ],
)
def test_orders_overrule_the_rules(
    text: str, category: str, priority: str, group: str, assignee: str | None
) -> None:
    entry = enter(JUDGED, read_script(f"{text}\n\n打印机卡纸"), profile(), DIRECTORY)
    found = entry.triage
    assert (found.category, found.priority, found.group) == (category, priority, group)
    assert found.assignee == assignee
    assert entry.left == ()


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("#已解决", Order.SOLVED),
        ("#优先级 十万火急", Order.PRIORITY),
        ("#分类 天气", Order.CATEGORY),
        ("#转派 张三丰", Order.ASSIGN),
    ],
)
def test_what_cannot_be_followed_is_named_and_changes_nothing(line: str, order: Order) -> None:
    entry = enter(JUDGED, read_script(f"#代提 张敏\n{line}\n\n打印机卡纸"), profile(), DIRECTORY)
    assert entry.triage == JUDGED
    assert [item.order for item in entry.left] == [order]


def test_without_orders_the_rules_have_their_way() -> None:
    assert enter(JUDGED, None, profile(), DIRECTORY).triage == JUDGED
