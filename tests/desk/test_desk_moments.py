"""Moments and spans in people's words."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from maildesk.desk.letters.moments import say, say_span

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=SHANGHAI)  # a Friday


@pytest.mark.parametrize(
    ("moment", "zh", "en"),
    [
        ((2026, 11, 20, 16, 30), "今天 16:30", "16:30 today"),
        ((2026, 11, 20, 9, 5), "今天 9:05", "9:05 today"),
        ((2026, 11, 21, 9, 0), "明天 9:00", "9:00 tomorrow"),
        ((2026, 11, 19, 18, 0), "昨天 18:00", "18:00 yesterday"),
        ((2026, 11, 22, 0, 0), "周日（11月22日）0:00", "0:00 on Sunday 22 Nov"),
        ((2026, 11, 23, 9, 30), "周一（11月23日）9:30", "9:30 on Monday 23 Nov"),
        ((2026, 11, 26, 9, 30), "周四（11月26日）9:30", "9:30 on Thursday 26 Nov"),
        ((2026, 11, 27, 9, 30), "11月27日 周五 9:30", "9:30 on Friday 27 Nov"),
        ((2026, 11, 17, 9, 30), "11月17日 周二 9:30", "9:30 on Tuesday 17 Nov"),
        ((2027, 1, 4, 9, 0), "2027年1月4日 周一 9:00", "9:00 on Monday 4 Jan 2027"),
    ],
)
def test_a_moment_is_said_as_a_person_would(
    moment: tuple[int, int, int, int, int], zh: str, en: str
) -> None:
    aware = datetime(*moment, tzinfo=SHANGHAI)
    assert say(aware, NOW, SHANGHAI, "zh-CN") == zh
    assert say(aware, NOW, SHANGHAI, "en") == en
    assert say(aware, NOW, SHANGHAI, "fr") == en


def test_today_is_the_readers_today() -> None:
    late = datetime(2026, 11, 20, 16, 30, tzinfo=ZoneInfo("UTC"))
    assert say(late, NOW, SHANGHAI, "zh-CN") == "明天 0:30"


def test_the_coming_week_may_lie_in_the_next_year() -> None:
    now = datetime(2026, 12, 30, 9, 0, tzinfo=SHANGHAI)
    moment = datetime(2027, 1, 4, 9, 0, tzinfo=SHANGHAI)
    assert say(moment, now, SHANGHAI, "zh-TW") == "周一（2027年1月4日）9:00"


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (-3, "0分钟", "0 min"),
        (0, "0分钟", "0 min"),
        (30, "30分钟", "30 min"),
        (60, "1小时", "1 h"),
        (125, "2小时5分钟", "2 h 5 min"),
        (24 * 60, "1天", "1 d"),
        (27 * 60 + 5, "1天3小时", "1 d 3 h"),
    ],
)
def test_a_span_names_its_two_largest_units(minutes: int, zh: str, en: str) -> None:
    assert say_span(minutes, "zh-CN") == zh
    assert say_span(minutes, "en") == en


def test_a_subject_says_a_span_briefly() -> None:
    assert say_span(30, "zh-CN", brief=True) == "30分"
    assert say_span(125, "zh-CN", brief=True) == "2小时5分"
    assert say_span(125, "en", brief=True) == "2 h 5 min"
