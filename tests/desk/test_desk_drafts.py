"""Draft articles in the digests: whose, until which working day, and what is past it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, profile

from maildesk.desk.knowledge.drafts import Draft, find_last_day, plan_drafts, plan_late_drafts
from maildesk.desk.policy import Records

SHANGHAI = ZoneInfo("Asia/Shanghai")
DRAFT = Draft("KB-0001", "打印机卡纸怎么办", "IT-20261120-0001", "HW005", "刘洋", NOW)
MONDAY = NOW + timedelta(days=3)
TUESDAY = NOW + timedelta(days=4)


@pytest.mark.parametrize(
    ("ready", "days", "last"),
    [
        (NOW, 1, date(2026, 11, 23)),  # a Friday: Monday
        (NOW, 0, date(2026, 11, 20)),
        (NOW, 3, date(2026, 11, 25)),
        (datetime(2026, 9, 30, 2, tzinfo=SHANGHAI), 1, date(2026, 10, 8)),  # over the holidays
    ],
)
def test_days_are_the_desks_working_days(ready: datetime, days: int, last: date) -> None:
    own = replace(profile(), records=Records(knowledge_days=days))
    assert find_last_day(replace(DRAFT, ready=ready), own, SHANGHAI) == last


def test_an_author_is_told_until_when_and_then_that_it_is_late() -> None:
    section = plan_drafts((DRAFT,), profile(), MONDAY, SHANGHAI, "zh-CN")[0]
    assert section.title == "待发布的知识库草稿（回复 #发布 和编号）"
    assert section.items[0].number == "IT-20261120-0001"
    assert section.items[0].text == "KB-0001，请在11月23日 周一下班前发布"
    late = plan_drafts((DRAFT,), profile(), TUESDAY, SHANGHAI, "zh-CN")[0]
    assert late.items[0].text == "KB-0001，应在11月23日 周一前发布，已逾期"
    english = plan_drafts((replace(DRAFT, lacks=True),), profile(), MONDAY, SHANGHAI, "en")[0]
    assert english.items[0].text == (
        "KB-0001, to be published by Monday 23 Nov; it says no solution yet"
    )
    assert plan_drafts((), profile(), MONDAY, SHANGHAI, "en") == ()


def test_a_lead_sees_other_peoples_only_once_they_are_late() -> None:
    assert plan_late_drafts((DRAFT,), profile(), MONDAY, SHANGHAI, "zh-CN") == ()
    late = plan_late_drafts((DRAFT,), profile(), TUESDAY, SHANGHAI, "zh-CN")[0]
    assert late.items[0].text == "KB-0001，刘洋，应在11月23日 周一前发布"


def test_the_oldest_comes_first() -> None:
    newer = replace(DRAFT, number="KB-0002", ready=MONDAY)
    section = plan_drafts((newer, DRAFT), profile(), TUESDAY, SHANGHAI, "zh-CN")[0]
    assert [item.text[:7] for item in section.items] == ["KB-0001", "KB-0002"]
