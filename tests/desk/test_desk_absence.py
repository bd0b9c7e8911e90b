"""What an out-of-office notice says: until when its author is away, or that he is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, profile
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.calendar.absence import LONGEST, Away, find_away, read_absence
from maildesk.desk.calendar.dates_said import find_days
from maildesk.desk.calendar.quiet import choose_calendar
from maildesk.desk.person import Person

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = choose_calendar(profile())
NEXT_WORKING_DAY = "11-23"  # NOW is Friday, 20 November 2026


def read(text: str, subject: str = "自动回复: 打印机卡纸", now: datetime = NOW) -> datetime | None:
    return read_absence(subject, text, now, SHANGHAI, CALENDAR).until


# Text, and the last day away; "11-20 16:50" is a moment of that day.
SAID = [
    ("周末休息。本周五起休假，12月1日返岗。", "11-30"),
    ("不在公司，休假中，周末休息，已安排王强值班", NEXT_WORKING_DAY),
    ("出差回来后统一回复", NEXT_WORKING_DAY),
    ("I will be back from vacation on 1 December", "11-30"),
    # Chinese: an end, a return, or both
    ("我正在休假，至11月30日，12月1日返岗。", "11-30"),
    ("休假至11月30日", "11-30"),
    ("您好，我休假到11月30日，期间如有急事请联系王强 8001。", "11-30"),
    ("本人因年假不在公司，12月1日上班后尽快回复您。", "11-30"),
    ("我于11月23日至11月27日出差，期间邮件回复可能不及时。", "11-27"),
    ("11月23日-11月27日外出培训，紧急事项请拨 8000。", "11-27"),
    ("出差时间：11月23日～27日", "11-27"),
    ("11月23-27日休年假", "11-27"),
    ("休假时间：2026年11月23日至2026年12月4日。", "12-04"),
    ("休假 2026-11-23 ~ 2026-12-04", "12-04"),
    ("2026/11/23到2026/12/4 年假", "12-04"),
    ("2026.11.23—2026.12.04休假中", "12-04"),
    ("我在休产假，预计明年1月4日回来上班。", "2027-01-03"),
    ("请假中，下周一回来。", "11-22"),
    ("外出，周三返回。", "11-24"),
    ("本周都在外地出差。", "11-22"),
    ("下周休假，有事找陈静。", "11-29"),
    ("我在出差，下周三（11月25日）回公司。", "11-24"),
    ("今天请假，急事请打电话。", "11-20"),
    ("明天休假一天。", "11-21"),
    ("我今天外出，明天返岗。", "11-20"),
    ("外出开会，16:50返回", "11-20 16:50"),
    ("我外出了，下午4点半回来。", "11-20 16:30"),
    ("休假中，返岗时间：12月1日", "11-30"),
    ("返岗日期为12月1日，休假期间请联系刘洋", "11-30"),
    ("休年假至月底", "11-30"),
    ("出差到12月底", "12-31"),
    ("休假三天", "11-22"),
    ("请病假两周，回来再回复您", "12-03"),
    ("十二月一日返岗，目前休假", "11-30"),
    ("國慶休假中，12月1日返崗", "11-30"),
    ("我12月1日之前都不在办公室", "11-30"),
    ("从11月23日起休假，12月7日恢复上班", "12-06"),
    ("我已于近日离职，工作由王强接手。", "60 days"),
    ("11月1日开始休假，11月30日结束", "11-30"),
    ("外出培训（11.23-11.27）", "11-27"),
    ("自11月16日至12月10日休假，工单请发 it@corp.test，电话 010-8888-1212", "12-10"),
    ("截至12月2日（周三）在外出差", "12-02"),
    # Chinese: no day
    ("您好，我正在休假，回来后尽快回复您。", NEXT_WORKING_DAY),
    ("我现在不在办公室，稍后回复。", NEXT_WORKING_DAY),
    ("出差中，信号不好，请拨 13800138000。", NEXT_WORKING_DAY),
    # English
    ("I am out of the office, back on Monday 30 November.", "11-29"),
    ("I'm on annual leave until 30 November and will reply on my return.", "11-30"),
    ("I am away until 5 Jan.", "2027-01-05"),
    ("I will be out of the office from 23 to 27 November.", "11-27"),
    ("Out of office Nov 23 - Nov 27. For urgent matters call 8000.", "11-27"),
    ("I am out of the office from 23 November through 4 December 2026.", "12-04"),
    ("I'm on vacation, returning December 1st.", "11-30"),
    ("On leave. I will be back in the office on Dec 1, 2026.", "11-30"),
    ("I'm travelling this week and will return on Tuesday, 1 December 2026.", "11-30"),
    ("Currently away, back tomorrow.", "11-20"),
    ("I am out today.", "11-20"),
    ("Out of the office until next Monday", "11-23"),
    ("I'm on leave, back next week.", "11-22"),
    ("I'm off next week.", "11-29"),
    ("I am on sick leave for two weeks.", "12-03"),
    ("Out of the office, back at 3pm", "11-20 15:00"),
    ("I am away from my desk and will be back at 16:45.", "11-20 16:45"),
    ("Out of the office, back on Monday 30 November at 3pm", "11-29"),
    ("I'm out of the office and return after 27 November.", "11-27"),
    ("On parental leave from 2026-11-02 to 2026-12-31.", "12-31"),
    ("I no longer work for Corp.", "60 days"),
    ("Out until 1/12", "2026-12-01"),
    ("I am on PTO through Friday, 27 November.", "11-27"),
    ("Leave: 24-27 November, business trip to Shenzhen.", "11-27"),
    ("I'm on holiday until the 4th of December", "12-04"),
    # English: no day
    ("I am currently out of the office with limited access to e-mail.", NEXT_WORKING_DAY),
    ("Thank you for your mail. I am on a business trip.", NEXT_WORKING_DAY),
    ("Gone fishing until the 30th.", "11-30"),
    ("Back on Tuesday!", "11-23"),
    ("Hiking in the Azores. Back on the 1st!", "11-30"),
    ("I'm hiking until Monday with no signal.", "11-23"),
    ("I am out of the office until 30.11.2026.", "11-30"),
    ("Li Lei is out of the office (returning 30/11/2026)", "11-29"),
    ("I'm out of the office, returning 11/30/2026.", "11-29"),
    # Others
    ("本週因參加展覽不在辦公室，將於 11/30 回覆您的來信。", "11-29"),
    ("Ich bin bis einschließlich 27.11.2026 außer Haus.", "11-27"),
    ("ただいま休暇中です。11月30日以降にお返事いたします。", "11-29"),
    ("Я в отпуске до 30 ноября.", NEXT_WORKING_DAY),
    ("Ich bin bis 30.11. im Urlaub.", "11-30"),
    ("Je suis absent jusqu'au 30/11.", "11-30"),
]


@pytest.mark.parametrize(("text", "last"), SAID, ids=[text for text, _ in SAID])
def test_the_end_of_an_absence_is_read_as_people_write_it(text: str, last: str) -> None:
    found = read_absence("自动回复: 打印机卡纸", text, NOW, SHANGHAI, CALENDAR)
    if last == "60 days":
        assert found.until == NOW + LONGEST
        return
    day, _, clock = last.partition(" ")
    year = "" if len(day) == 10 else "2026-"
    moment = datetime.fromisoformat(f"{year}{day} {clock or '00:00'}").replace(tzinfo=SHANGHAI)
    assert found.until == (moment if clock else moment + timedelta(days=1)), found.why


AHEAD = [
    ("年假 12月1日至12月5日", "12-01", "12-05"),
    ("我于11月23日至11月27日出差，期间邮件回复可能不及时。", "11-23", "11-27"),
    ("11月23-27日休年假", "11-23", "11-27"),
    ("休假时间：2026年11月23日至2026年12月4日。", "11-23", "12-04"),
    ("外出培训（11.23-11.27）", "11-23", "11-27"),
    ("从11月23日起休假，12月7日恢复上班", "11-23", "12-06"),
    ("12月1日起休假三天", "12-01", "12-03"),
    ("我将于12月3日开始休假，急事请找陈静。", "12-03", "12-04"),
    ("明天休假一天。", "11-21", "11-21"),
    ("下周休假，有事找陈静。", "11-23", "11-29"),
    ("11月2日至6日出差；12月1日至4日年假", "12-01", "12-04"),
    ("I will be out of the office from 23 to 27 November.", "11-23", "11-27"),
    ("Out of office Nov 23 - Nov 27. For urgent matters call 8000.", "11-23", "11-27"),
    ("I'm off next week.", "11-23", "11-29"),
    ("I'm off next week, back on 30 November.", "11-23", "11-29"),
    ("On leave starting 1 December.", "12-01", "12-02"),
]


@pytest.mark.parametrize(("text", "first", "last"), AHEAD)
def test_an_absence_ahead_counts_from_its_first_day(text: str, first: str, last: str) -> None:
    found = read_absence("自动回复: 打印机卡纸", text, NOW, SHANGHAI, CALENDAR)
    since = datetime.fromisoformat(f"2026-{first}").replace(tzinfo=SHANGHAI)
    until = datetime.fromisoformat(f"2026-{last}").replace(tzinfo=SHANGHAI) + timedelta(days=1)
    assert (found.since, found.until) == (since, until), found.why


BEGUN = [
    "我正在休假，至11月30日，12月1日返岗。",
    "本周五起休假，12月1日返岗。",
    "从11月16日起休假，12月1日参加培训",
    "自11月16日至12月10日休假，工单请发 it@corp.test",
    "目前不在办公室，11月23日至27日出差",
    "今天请假，11月23日至24日外出培训",
    "休假三天",
    "休假中，返岗时间：12月1日",
    "Back on the 1st! Hiking in the Azores.",
    "I am currently away; from 23 to 27 November in Shenzhen.",
    "I'm travelling this week and will return on Tuesday, 1 December 2026.",
]


@pytest.mark.parametrize("text", BEGUN)
def test_an_absence_that_has_begun_counts_at_once(text: str) -> None:
    found = read_absence("自动回复: 打印机卡纸", text, NOW, SHANGHAI, CALENDAR)
    assert found.until is not None
    assert found.since is None


def test_an_absence_too_far_ahead_is_none_yet() -> None:
    found = read_absence("自动回复", "2027年3月1日至3月5日休假", NOW, SHANGHAI, CALENDAR)
    assert found.until is None
    assert "more than 60 days ahead" in found.why


NOT_AWAY = [
    # A receipt that goes out all year round, denials, and those who are back.
    "您的邮件已收到，我会尽快回复。周末休息，急事请打电话。",
    "邮件已收到，节假日休息，请拨打 8000",
    "您好，邮件已收到。我不在休假，会尽快回复。",
    "本人没有出差，请直接联系",
    "您的邮件已收到。休假申请请走OA流程。",
    "已离职的同事请联系HR",
    "离职手续请联系人事部",
    "Thank you. I am not on vacation; I will answer soon.",
    "您好，您的邮件我已收到，会尽快回复。谢谢！",
    "邮件已收到，我会在24小时内回复您。",
    "Thank you for your e-mail. We have received your request and will answer soon.",
    "感谢来信！本邮箱由系统自动回复，请勿直接回复。",
    "如不在请联系王强。您的来信已收到。",
    "The museum office is closed on Fridays.",
    "Greetings, this message has been generated in response to the creation of ticket #8812.",
    "We will get back to you within two working days.",
    "I have received your message of 20 November and will get back to you by 1 December.",
]


@pytest.mark.parametrize("text", NOT_AWAY)
def test_a_mere_receipt_keeps_nobody_from_working(text: str) -> None:
    found = read_absence("自动回复: 打印机卡纸", text, NOW, SHANGHAI, CALENDAR)
    assert found.until is None
    assert found.why == "it says nothing of an absence"


RETURNED = [
    "休假已结束，现已返岗，邮件会逐一回复。",
    "我已休假归来，邮件较多，请耐心等待",
    "I am back from vacation and working through my mail.",
    "Back from leave, slow replies",
]


@pytest.mark.parametrize("text", RETURNED)
def test_who_says_that_he_is_back_is_back(text: str) -> None:
    found = read_absence("自动回复", text, NOW, SHANGHAI, CALENDAR)
    assert found.until is None
    assert "he is back" in found.why


PASSED = [
    "休假至11月18日",
    "Out of office until 18 November",
    "11月2日-11月6日出差",
    "外出，9:30返回",
]


@pytest.mark.parametrize("text", PASSED)
def test_a_notice_nobody_switched_off_counts_no_more(text: str) -> None:
    found = read_absence("自动回复", text, NOW, SHANGHAI, CALENDAR)
    assert found.until is None
    assert found.why.endswith("has passed")


def test_the_subject_says_it_as_well() -> None:
    assert read("您好", subject="自动回复: 休假中，12月1日返岗") == read("休假至11月30日")
    assert read("", subject="Out of Office: back on 1 December") == read("休假至11月30日")
    assert read("请联系王强", subject="Automatic reply: OOO until 30 Nov") == read("休假至11月30日")


def test_over_a_holiday_the_next_working_day_is_after_it() -> None:
    eve = datetime(2026, 9, 30, 2, tzinfo=UTC)  # the day before the National Day
    assert read("我正在休假", now=eve) == datetime(2026, 10, 9, tzinfo=SHANGHAI)


def test_in_december_january_is_next_years_and_in_january_december_last_years() -> None:
    assert read("休假至1月5日", now=datetime(2026, 12, 24, tzinfo=UTC)) == datetime(
        2027, 1, 6, tzinfo=SHANGHAI
    )
    assert read("休假至12月31日", now=datetime(2027, 1, 4, tzinfo=UTC)) is None


@given(
    st.lists(st.sampled_from([*(text for text, _ in SAID), *NOT_AWAY, *PASSED]), max_size=3),
    st.text(max_size=60),
    st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 30)),  # noqa: DTZ001
)
def test_no_end_lies_before_now_or_further_than_60_days(
    texts: list[str], noise: str, moment: datetime
) -> None:
    now = moment.replace(tzinfo=UTC)
    until = read(noise.join(texts) + noise, subject=noise, now=now)
    assert until is None or now < until <= now + LONGEST


def test_every_day_found_stands_where_it_says() -> None:
    text = "11月23日至12月1日(周二), 7日, next week"
    found = find_days(text, date(2026, 11, 20))
    assert [text[day.start : day.end].strip() for day in found] == [
        "11月23日", "12月1日(周二)", "7日", "next week",
    ]  # fmt: skip
    assert [day.last for day in found] == [
        date(2026, 11, 23), date(2026, 12, 1), date(2026, 12, 7), date(2026, 11, 29),
    ]  # fmt: skip


def test_leave_by_plan_and_by_notice_the_longer_one_counts() -> None:
    liu = Person("刘洋", ("liu@corp.test", "yang@corp.test"))
    planned = replace(liu, away=((date(2026, 11, 19), date(2026, 11, 20)),))
    midnight = datetime(2026, 11, 21, tzinfo=SHANGHAI)
    later = midnight + timedelta(days=3)
    assert find_away(liu, {}, NOW, SHANGHAI) is None
    assert find_away(liu, {"liu@corp.test": NOW}, NOW, SHANGHAI) is None
    assert find_away(planned, {}, NOW, SHANGHAI) == Away(midnight, True)
    assert find_away(planned, {"yang@corp.test": later}, NOW, SHANGHAI) == Away(later, False)
    assert find_away(planned, {}, midnight, SHANGHAI) is None
