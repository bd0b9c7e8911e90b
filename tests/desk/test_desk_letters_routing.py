"""Letters about who works on what: what leads and engineers read first, and what an answer does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from builders import wording

from maildesk.desk.arrival.number import find_numbers
from maildesk.desk.letters.routing_values import ROUTING_SAMPLES
from maildesk.desk.letters.wording import Words
from maildesk.desk.staff.marker import MARKER

LANGUAGES = ("zh-CN", "en")
NUMBER = "IT-20261120-0001"


def write(event: str, language: str = "zh-CN", nth: int = 0, **changes: Any) -> Words:
    values: Any = ROUTING_SAMPLES[event][nth]
    return wording().render(event, language, replace(values, **changes))


@pytest.mark.parametrize("event", ROUTING_SAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_says_first_where_an_answer_goes_and_ends_with_its_token(
    event: str, language: str
) -> None:
    internal = {
        "zh-CN": "〔内部通知：您的回复不会发给用户〕",
        "en": "(Internal notice: your answer",
    }
    lines = write(event, language).text.strip().split("\n")
    assert lines[0].startswith(internal[language])
    assert lines[-1] == "〔n15-f9o-k7q4m2xdpa2c〕"
    mine = write("silent", language, 1, marker=MARKER).text.split("\n")
    assert mine[0] == MARKER
    assert "张敏" in mine[1]


@pytest.mark.parametrize("event", ROUTING_SAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_of_ours_is_an_order_and_one_number_stands_in_a_subject(
    event: str, language: str
) -> None:
    for nth in range(len(ROUTING_SAMPLES[event])):
        words = write(event, language, nth, title="又断了 IT-20261101-0003")
        assert not [line for line in words.text.split("\n") if line.lstrip()[:1] in tuple("#＃")]
        number = getattr(ROUTING_SAMPLES[event][nth], "number", "")
        assert find_numbers(words.subject) == ((number,) if number else ())


SUBJECTS = [
    ("absent", 0, "【待转派】高｜打印机卡纸｜刘洋不在", "[To hand on] 高 | 打印机卡纸 | 刘洋"),
    ("absent", 2, "【待转派 2 件】刘洋不在，有紧急工单", "[To hand on: 2] 刘洋 is away, one"),
    ("urgent", 0, "【紧急】全公司断网｜财务部张敏", "[Urgent] 全公司断网 | 张敏, 财务部"),
    ("silent", 0, "【请更新进展】紧急｜全公司断网，已 31分", "[News wanted] 紧急 | 全公司断网"),
]


@pytest.mark.parametrize(("event", "nth", "chinese", "english"), SUBJECTS)
def test_a_phone_shows_the_state_first(event: str, nth: int, chinese: str, english: str) -> None:
    assert write(event, nth=nth).subject.startswith(chinese)
    assert write(event, "en", nth).subject.startswith(english)


def test_who_is_away_is_told_with_his_last_day_or_the_hour_he_is_back() -> None:
    assert "据自动回复，刘洋不在岗（至11月30日 周一，含当天）。" in write("absent").text
    assert "据自动回复，刘洋今天 16:00 才回来。" in write("absent", nth=1).text
    assert "刘洋 is away up to and including Monday 30 Nov." in write("absent", "en").text
    assert "刘洋 is away until 16:00 today." in write("absent", "en", 1).text


def test_what_became_urgent_is_told_as_that() -> None:
    assert "刚受理一张紧急工单，应急响应已启动，由陈静（网络组，分机 8002）处理。" in (
        write("urgent").text
    )
    assert "以下工单已升为紧急（刘洋），应急响应已启动" in write("urgent", nth=1).text
    assert "还没有人处理，请马上安排：回复本邮件，写一行 #转派 姓名" in write("urgent", nth=2).text
    assert "热线" not in write("urgent", nth=2).text


def test_a_latin_department_and_name_stand_apart() -> None:
    assert (
        "｜Finance Alice Chen ["
        in write("urgent", department="Finance", requester="Alice Chen").subject
    )
    assert "提报人：财务部 Alice Chen" in write("urgent", requester="Alice Chen").text
    assert "提报人：财务部张敏" in write("urgent").text
