"""An engineer's day: everything is counted, also what there is no room to name."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from builders import NOW

from maildesk.desk.staff.agenda import Task, plan_day
from maildesk.desk.ticket import State

SHANGHAI = ZoneInfo("Asia/Shanghai")


def task(number: int) -> Task:
    return Task(
        number=f"T{number}",
        title="打印机卡纸",
        state=State.IN_PROGRESS,
        requester="张敏",
        responded=NOW,
        response_due=None,
        eta=None,
        confirmed=None,
        updated=NOW,
    )


def test_more_tickets_than_a_letter_has_room_for_are_counted() -> None:
    [section] = plan_day([task(n) for n in range(55)], NOW, SHANGHAI, "zh-CN")
    assert section.count == 55
    assert len(section.items) + section.rest == 55
    assert section.rest > 0
    [few] = plan_day([task(1)], NOW, SHANGHAI, "zh-CN")
    assert (few.count, few.rest) == (1, 0)
