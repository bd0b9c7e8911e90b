"""How urgent a requester calls it, and by when he wants it."""

from __future__ import annotations

from datetime import datetime
from time import process_time
from zoneinfo import ZoneInfo

import pytest
from builders import NOW, profile
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.label import Label
from maildesk.desk.policy import Level
from maildesk.desk.request.fields import read_fields
from maildesk.desk.request.wishes import (
    _CHINESE_END,
    _CHINESE_WISH,
    _GRAVE,
    _SIGNS,
    _SLIGHT,
    Severity,
    read_severity,
    read_wish,
)

ZONE = ZoneInfo("Asia/Shanghai")
LEVELS = (
    Level("severe", Label("严重", "Severe")),
    Level("normal", Label("一般", "Normal")),
    Level("slight", Label("轻微", "Slight")),
)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("严重程度：严重", "severe"),
        ("严重程度：一般", "normal"),
        ("严重程度：轻微", "slight"),
        ("Severity: Slight", "slight"),
        ("Severity: critical", "severe"),
        ("紧急程度：高", "severe"),
        ("紧急程度：不急", "slight"),
        ("Urgency: low", "slight"),
        ("紧急!!!", "severe"),
        ("很急，等着用", "severe"),
        ("十万火急", "severe"),
        ("急！快来", "severe"),
        ("【紧急】打印机", "severe"),
        ("This is urgent", "severe"),
        ("please fix it ASAP", "severe"),
        ("不急，有空看下就行", "slight"),
        ("不是很急", "slight"),
        ("not urgent at all", "slight"),
        ("No rush.", "slight"),
        ("紧急联系人名单打不开", None),
        ("应急灯坏了", None),
        ("打印机一般早上会卡纸", None),
        ("三楼的打印机又卡纸了", None),
    ],
)
def test_what_the_requester_calls_it_is_one_of_the_profiles_severities(
    words: str, key: str | None
) -> None:
    found = read_severity("", words, read_fields(words), LEVELS)
    assert (found.key if found else None) == key


def test_a_profile_without_severities_keeps_the_words() -> None:
    assert read_severity("很急", "", {}, ()) == Severity("", "很急")


@pytest.mark.parametrize(
    ("words", "expected"),
    [  # NOW is Friday, 20 November, 10:00
        ("期望完成时间：周五下班前", "11-20 18:00"),
        ("希望完成时间：明天上午", "11-21 12:00"),
        ("要求完成时间：2026-11-25", "11-25 18:00"),
        ("希望完成时间：11月30日前", "11-30 18:00"),
        ("Needed by: Friday noon", "11-20 12:00"),
        ("deadline: next Monday 10:00", "11-23 10:00"),
        ("希望能在下周一之前修好", "11-23 18:00"),
        ("麻烦明天中午前帮我装好", "11-21 12:00"),
        ("请务必在下班前解决", "11-20 18:00"),
        ("今天下午三点前要用", "11-20 15:00"),
        ("周三前完成即可", "11-25 18:00"),
        ("I need it by Friday noon, thanks", "11-20 12:00"),
        ("Please fix it before 5pm today.", "11-20 17:00"),
        ("we need this done by tomorrow morning please", "11-21 12:00"),
    ],
)
def test_a_wished_for_time_is_understood_as_a_moment(words: str, expected: str) -> None:
    found = _read(words)
    assert found is not None
    assert found[1] is not None
    assert found[1].astimezone(ZONE).strftime("%m-%d %H:%M") == expected


@pytest.mark.parametrize(
    "words",
    [
        "It worked before noon",
        "之前处理过一次",
        "两天前处理过",
        "我以前装好过",
        "by the way, it is slow",
    ],
)
def test_what_happened_before_is_no_wish(words: str) -> None:
    assert _read(words) is None


def test_a_wish_that_names_no_moment_is_kept_as_written() -> None:
    assert _read("期望完成时间：越快越好") == ("越快越好", None)


def _read(words: str) -> tuple[str, datetime | None] | None:
    found = read_wish(words, read_fields(words), NOW, ZONE, profile().calendar("work"))
    return (found.words, found.at) if found else None


@pytest.mark.parametrize("blank", ["\n", " ", "\t", "\n "])
def test_thousands_of_blank_lines_are_read_at_once(blank: str) -> None:
    begun = process_time()
    assert read_severity("", f"急死了{blank * 2000}【 急 】", {}, LEVELS) is None
    assert process_time() - begun < 1


@given(st.one_of(st.from_regex(_SLIGHT), st.from_regex(_GRAVE)))
def test_no_degree_stands_in_words_without_its_signs(words: str) -> None:
    assert any(sign in words for sign in _SIGNS)


@given(st.from_regex(_CHINESE_WISH))
def test_no_wish_stands_in_words_without_its_end(words: str) -> None:
    assert _CHINESE_END.search(words)
