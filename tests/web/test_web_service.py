"""What a desk promises, published for anybody (N7, N11)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import NOW
from builders import desk as desk_config
from frontdesk import BASE, FrontDesk, site
from months import MONTH, NOVEMBER, ZONE, at, sum_up
from starlette.testclient import TestClient

from maildesk.desk.pages.service_page import Kept, describe_service
from maildesk.desk.reports.figures import Figures
from maildesk.desk.reports.period import find_before
from maildesk.errors import Transient
from maildesk.web.app import build_app


def test_the_limits_of_each_priority_are_published_in_both_languages() -> None:
    desk = desk_config()
    chinese = describe_service(desk, "zh-CN", NOW)
    assert [(item.name, item.response, item.always) for item in chinese.promises] == [
        ("紧急", 30, True),
        ("高", 120, False),
        ("中", 240, False),
        ("低", 480, False),
    ]
    assert chinese.hours == ("周一至周五 09:00–12:00、13:30–18:00",)
    assert any("行政" in item.answer for item in chinese.elsewhere)
    english = describe_service(desk, "en", NOW)
    assert english.hours == ("Mon to Fri 09:00–12:00, 13:30–18:00",)
    assert all(word.isascii() for item in english.elsewhere for word in item.words)


def test_a_desk_that_never_closes_names_no_hours() -> None:
    desk = desk_config()
    always = tuple(item for item in desk.profile.calendars if item.always)
    ranks = tuple(replace(item, calendar="always") for item in desk.profile.priorities)
    profile = replace(desk.profile, calendars=always, priorities=ranks)
    assert describe_service(replace(desk, profile=profile), "en", NOW).hours == ()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_is_not_promised_is_left_open(language: str) -> None:
    desk = desk_config()
    open_ended = tuple(replace(item, solution_minutes=None) for item in desk.profile.priorities)
    profile = replace(desk.profile, priorities=open_ended)
    page = describe_service(replace(desk, profile=profile), language, NOW)
    assert [item.solution for item in page.promises] == [None] * 4


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "首次响应"), ("en", "First response")])
def test_anybody_may_read_it_and_nothing_can_be_sent_to_it(language: str, said: str) -> None:
    with TestClient(build_app(site(), FrontDesk()), base_url=BASE) as client:
        at = f"{site().path}/service"
        page = client.get(at, headers={"Accept-Language": language})
        assert page.status_code == 200
        assert said in page.text
        assert client.get(f"{at}/{next(iter(site().desks)).id}").status_code == 200
        assert client.get(f"{at}/nowhere").status_code == 404
        assert client.post(at).status_code == 405


def months() -> tuple[Figures, Figures]:
    """October, and November as it was worked out by hand."""
    october = find_before(NOVEMBER, desk_config().profile, ZONE)
    return sum_up(MONTH, october), sum_up(MONTH)


def test_how_well_the_limits_were_kept_is_published_by_priority_and_month() -> None:
    record = describe_service(desk_config(), "zh-CN", NOW, months()).record
    assert record is not None
    assert record.months == ("10月", "11月")
    assert record.until == at("12-01 00:00")
    urgent, high, medium, low = record.kept
    assert urgent == Kept("紧急", ("–", "0%"), ("–", "100%"))
    assert high == Kept("高", ("–", "100%"), ("–", "100%"))
    # One was answered in October, and one forgotten.
    assert medium == Kept("中", ("50%", "90%"), ("–", "77.8%"))
    assert low.response == ("–", "100%")
    english = describe_service(desk_config(), "en", NOW, months()).record
    assert english is not None
    assert english.months == ("Oct", "Nov")


def test_a_desk_that_has_just_begun_publishes_no_record() -> None:
    nothing = sum_up(())
    assert describe_service(desk_config(), "en", NOW, (nothing, nothing)).record is None
    assert describe_service(desk_config(), "en", NOW).record is None


def test_no_record_is_shown_of_a_solution_that_is_not_promised() -> None:
    desk = desk_config()
    open_ended = tuple(replace(item, solution_minutes=None) for item in desk.profile.priorities)
    profile = replace(desk.profile, priorities=open_ended)
    record = describe_service(replace(desk, profile=profile), "en", NOW, months()).record
    assert record is not None
    assert {item.solution for item in record.kept} == {()}


@pytest.mark.parametrize(
    ("language", "said"), [("zh-CN", "达标情况"), ("en", "How well we kept it")]
)
def test_the_page_shows_the_record_and_does_without_when_the_database_is_away(
    language: str, said: str
) -> None:
    def fail(_: object) -> tuple[Figures, ...]:
        raise Transient("database: away")

    for look_back, there in ((lambda _: months(), True), (fail, False)):
        made = replace(site(), look_back=look_back)
        with TestClient(build_app(made, FrontDesk()), base_url=BASE) as client:
            page = client.get(f"{made.path}/service", headers={"Accept-Language": language})
        assert page.status_code == 200
        assert (said in page.text) is there
        assert ("77.8%" in page.text) is there
