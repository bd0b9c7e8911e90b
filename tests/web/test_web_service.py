"""What a desk promises, published for anybody (N7, N11)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import NOW
from builders import desk as desk_config
from frontdesk import BASE, FrontDesk, site
from starlette.testclient import TestClient

from maildesk.desk.service_page import describe_service
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
        assert client.get(f"{at}/{site().desks[0].id}").status_code == 200
        assert client.get(f"{at}/nowhere").status_code == 404
        assert client.post(at).status_code == 405
