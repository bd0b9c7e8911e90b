"""Times as engineers write them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import holidays
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.letters.moments import say
from maildesk.desk.orders.moment import read_moment
from maildesk.desk.profile import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
DAY = ((time(9), time(12)), (time(13, 30), time(18)))
OFFICE = Calendar("office", week=(DAY,) * 5 + ((), ()), holidays=holidays())
EARLY = Calendar("early", week=(((time(8), time(11, 30)), (time(13), time(17))),) * 5 + ((), ()))
ALWAYS = Calendar("always", always=True)
NEVER = Calendar("never", week=((),) * 7)
NOW = datetime(2026, 11, 19, 15, 0, tzinfo=SHANGHAI)  # a Thursday


def read(
    text: str, now: datetime = NOW, calendar: Calendar = OFFICE, *, past: bool = False
) -> str | None:
    """The moment in the desk's zone, as short as a test likes it."""
    found = read_moment(text, now, SHANGHAI, calendar, past=past)
    return found.astimezone(SHANGHAI).strftime("%m-%d %H:%M") if found else None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        # Clocks.
        ("16:00", "11-19 16:00"),
        ("16：00", "11-19 16:00"),
        ("１６：００", "11-19 16:00"),
        ("16点", "11-19 16:00"),
        ("16点30分", "11-19 16:30"),
        ("十六点零五分", "11-19 16:05"),
        ("4点半", "11-19 16:30"),
        ("4:30", "11-19 16:30"),
        ("04:30", "11-20 04:30"),
        ("下午4点半", "11-19 16:30"),
        ("下午四点一刻", "11-19 16:15"),
        ("晚上8点", "11-19 20:00"),
        ("4pm", "11-19 16:00"),
        ("4.30 p.m.", "11-19 16:30"),
        ("by 5pm", "11-19 17:00"),
        ("5 o'clock", "11-19 17:00"),
        ("24:00", "11-20 00:00"),
        ("约16:00恢复", "11-19 16:00"),
        ("最晚 17:30 前", "11-19 17:30"),
        # A clock that is over today is one of the next working day.
        ("14:00", "11-20 14:00"),
        ("上午9点", "11-20 09:00"),
        ("上午", "11-20 12:00"),
        # Days.
        ("今天", "11-19 18:00"),
        ("今天16:00", "11-19 16:00"),
        ("今天下班前", "11-19 18:00"),
        ("今晚", "11-19 21:00"),
        ("明天", "11-20 18:00"),
        ("明天上午", "11-20 12:00"),
        ("明早9点", "11-20 09:00"),
        ("后天下午", "11-21 18:00"),
        ("tomorrow", "11-20 18:00"),
        ("tomorrow morning", "11-20 12:00"),
        ("tomorrow at 9am", "11-20 09:00"),
        ("the day after tomorrow", "11-21 18:00"),
        ("end of day", "11-19 18:00"),
        ("EOD", "11-19 18:00"),
        ("end of tomorrow", "11-20 18:00"),
        ("tonight", "11-19 21:00"),
        # Weekdays.
        ("周一", "11-23 18:00"),
        ("星期一上午", "11-23 12:00"),
        ("周四", "11-19 18:00"),
        ("周四10点", "11-26 10:00"),
        ("周五下班前", "11-20 18:00"),
        ("周日", "11-22 18:00"),
        ("下周三上午10点", "11-25 10:00"),
        ("本周五", "11-20 18:00"),
        ("下周", "11-27 18:00"),
        ("本周内", "11-20 18:00"),
        ("Monday", "11-23 18:00"),
        ("next Wed 10:00", "11-25 10:00"),
        ("this Friday", "11-20 18:00"),
        ("next week", "11-27 18:00"),
        # Dates.
        ("11月25日", "11-25 18:00"),
        ("11月25日（周三）9:30", "11-25 09:30"),
        ("周三（11月25日）9:30", "11-25 09:30"),
        ("十一月二十五日", "11-25 18:00"),
        ("25号", "11-25 18:00"),
        ("25号之前", "11-25 18:00"),
        ("15号", "12-15 18:00"),
        ("月底前", "11-30 18:00"),
        ("11-25 15:00", "11-25 15:00"),
        ("11/25", "11-25 18:00"),
        ("2026-11-25", "11-25 18:00"),
        ("2026-11-25T15:00", "11-25 15:00"),
        ("2026年11月25日下午3点", "11-25 15:00"),
        ("25 Nov", "11-25 18:00"),
        ("November 25th, 2026", "11-25 18:00"),
        ("1月5日", "01-05 18:00"),
        # Lengths of time.
        ("30分钟后", "11-19 15:30"),
        ("半小时内", "11-19 15:30"),
        ("2小时内", "11-19 17:00"),
        ("两个小时", "11-19 17:00"),
        ("一个半小时", "11-19 16:30"),
        ("1.5小时", "11-19 16:30"),
        ("1小时30分钟", "11-19 16:30"),
        ("in 2 hours", "11-19 17:00"),
        ("half an hour", "11-19 15:30"),
        ("within 30 minutes", "11-19 15:30"),
        ("1个工作日内", "11-20 18:00"),
        ("2个工作日", "11-23 18:00"),
        ("2 working days", "11-23 18:00"),
        ("3天内", "11-22 18:00"),
        ("in 4 days", "11-23 18:00"),
    ],
)
def test_a_time_to_come_is_understood(text: str, moment: str) -> None:
    assert read(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "1600",
            "9",
            "尽快",
            "等备件",
            "明年",
            "周末",
            "半天",
            "99:99",
            "12:60",
            "2月30日",
        ),
        *(
            "14:00-16:00",
            "下午2-4点",
            "明天后天",
            "16:00 17:00",
            "11月25日（周四）",
            "25:00",
            "11月",
        ),
        *(
            "昨天",
            "今天9:00",
            "上周五",
            "1小时前",
            "5 min ago",
            "现在",
            "now",
            "本周一",
            "11月18日",
        ),
        *("2025-11-25", "2026-11-19 14:00", "8月1日", "500天后", "9999个工作日", "2099-01-01"),
        *("晚上1点", "13am", "soon", "a", "x" * 5000, "1" * 5000, "明天\u3000上午\U0001f600"),
    ],
)
def test_what_is_unclear_or_over_is_no_time_to_come(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("14:20", "11-19 14:20"),
        ("2点20", "11-19 14:20"),
        ("电话 14:20", "11-19 14:20"),
        ("at 2:20pm", "11-19 14:20"),
        ("15:05", "11-19 15:00"),  # a clock that is fast
        ("16:05", "11-18 16:05"),
        ("上午", "11-19 12:00"),
        ("下午", "11-19 15:00"),
        ("今天", "11-19 15:00"),
        ("昨天", "11-18 18:00"),
        ("昨天 16:00", "11-18 16:00"),
        ("yesterday 4pm", "11-18 16:00"),
        ("前天上午", "11-17 12:00"),
        ("周一10点", "11-16 10:00"),
        ("周五", "11-13 18:00"),
        ("上周五", "11-13 18:00"),
        ("11月18日 9:00", "11-18 09:00"),
        ("10分钟前", "11-19 14:50"),
        ("半小时前", "11-19 14:30"),
        ("5 min ago", "11-19 14:55"),
        ("2天前", "11-17 15:00"),
        ("刚才", "11-19 15:00"),
        ("just now", "11-19 15:00"),
    ],
)
def test_a_time_gone_by_is_the_latest_such(text: str, moment: str) -> None:
    assert read(text, past=True) == moment


@pytest.mark.parametrize(
    "text",
    [
        "明天",
        "今天16:05",
        "11月1日",
        "8天前",
        "2小时内",
        "上周一",
        "下周",
        "2026-11-20",
        "刚才 9:00",
    ],
)
def test_what_lies_ahead_or_long_ago_is_no_time_gone_by(text: str) -> None:
    assert read(text, past=True) is None


def test_a_clock_without_day_skips_days_on_which_nobody_works() -> None:
    friday = datetime(2026, 11, 20, 17, 0, tzinfo=SHANGHAI)
    assert read("16:00", friday) == "11-23 16:00"
    before_holidays = datetime(2026, 9, 30, 17, 0, tzinfo=SHANGHAI)
    assert read("16:00", before_holidays) == "10-08 16:00"
    assert read("1个工作日内", before_holidays) == "10-08 18:00"
    assert read("下班前", friday.replace(hour=19)) == "11-23 18:00"
    assert read("16:00", friday, ALWAYS) == "11-21 16:00"
    assert read("16:00", friday, NEVER) == "11-21 16:00"


def test_the_desks_hours_say_when_mornings_and_days_end() -> None:
    assert read("明天上午", calendar=EARLY) == "11-20 11:30"
    assert read("明天", calendar=EARLY) == "11-20 17:00"
    assert read("本周内", calendar=EARLY) == "11-20 17:00"
    for calendar in (ALWAYS, NEVER):
        assert read("明天上午", calendar=calendar) == "11-20 12:00"
        assert read("明天", calendar=calendar) == "11-20 18:00"
    assert read("1个工作日内", calendar=ALWAYS) == "11-20 18:00"
    assert read("1个工作日内", calendar=NEVER) is None


def test_a_day_is_a_day_in_the_desks_zone() -> None:
    late = datetime(2026, 11, 19, 16, 30, tzinfo=UTC)  # past midnight in Shanghai
    found = read_moment("明天10点", late, SHANGHAI, OFFICE)
    assert found == datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
    assert found is not None
    assert found.tzinfo is UTC


@given(
    st.integers(min_value=0, max_value=700 * 24 * 60),
    st.integers(min_value=1, max_value=5 * 24 * 60),
    st.sampled_from(["zh-CN", "en"]),
)
def test_a_moment_is_read_back_as_we_say_it(start: int, minutes: int, language: str) -> None:
    now = datetime(2026, 1, 1, tzinfo=SHANGHAI) + timedelta(minutes=start)
    moment = now + timedelta(minutes=minutes)
    said = say(moment, now, SHANGHAI, language)
    if 1 <= moment.hour <= 6:  # "4:30" alone is the afternoon
        return
    assert read_moment(said, now, SHANGHAI, OFFICE) == moment


WORDS = st.sampled_from(
    [
        *(
            "今天",
            "明天",
            "后天",
            "昨天",
            "上午",
            "下午",
            "晚上",
            "周一",
            "下周三",
            "上周五",
            "月底",
        ),
        *(
            "下班前",
            "11月25日",
            "25号",
            "2026-11-25",
            "11/25",
            "16:00",
            "4点半",
            "16点零5分",
            "24:00",
        ),
        *(
            "30分钟",
            "一个半小时",
            "3天",
            "1个工作日",
            "9999周",
            "前",
            "后",
            "内",
            "刚才",
            "半",
            "一",
        ),
        *(
            "tomorrow",
            "Monday",
            "next",
            "last",
            "in",
            "2",
            "hours",
            "ago",
            "pm",
            "am",
            "EOD",
            "half an ",
        ),
        *("十", "零", ":", "-", "月", "日", "周", "点", "分", "hour", "1.5", "week", "end of"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=100),
    st.lists(WORDS, max_size=6).map(" ".join),
    st.lists(WORDS, max_size=6).map("".join),
)
NOWS = st.integers(min_value=0, max_value=20 * 365 * 24 * 60).map(
    lambda minutes: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(TEXTS, NOWS, st.sampled_from([SHANGHAI, NEW_YORK]), st.sampled_from([OFFICE, ALWAYS, NEVER]))
def test_a_moment_never_lies_on_the_wrong_side_of_now(
    text: str, now: datetime, zone: ZoneInfo, calendar: Calendar
) -> None:
    ahead = read_moment(text, now, zone, calendar)
    assert ahead is None or now < ahead <= now + timedelta(days=400)
    gone = read_moment(text, now, zone, calendar, past=True)
    assert gone is None or now - timedelta(days=7) <= gone <= now
