"""Which tickets are one outage, and under which main ticket a new one belongs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, profile

from maildesk.desk.outages.alike import TAG, find_main, list_alike, suspect
from maildesk.desk.policy import Alike
from maildesk.desk.request.similar import Candidate
from maildesk.desk.ticket import KnownTicket, State


def candidate(place: int, title: str = "VPN 连不上", **given: object) -> Candidate:
    values = {
        "category": "network",
        "state": State.IN_PROGRESS,
        "opened": NOW - timedelta(minutes=10 * (5 - place)),
        "requester": f"user{place}@corp.test",
        **given,
    }
    return Candidate(place, f"IT-{place}", title, **values)  # type: ignore[arg-type]


def main_ticket(**given: object) -> KnownTicket:
    values = {
        "id": 1,
        "number": "IT-1",
        "state": State.IN_PROGRESS,
        "title": "VPN 连不上",
        "insiders": frozenset(),
        "category": "network",
        "priority": "medium",
        "tags": (TAG,),
        **given,
    }
    return KnownTicket(**values)  # type: ignore[arg-type]


TWO = (candidate(2), candidate(1, "VPN连接不上了"))


def ask(recent: tuple[Candidate, ...], *, requester: str = "new@corp.test") -> list[int]:
    """The alike ones the lead would be shown; none when he is not asked."""
    found = suspect("VPN 无法连接", "", "network", {requester}, recent, profile(), NOW)
    return [item.id for item in found.all] if found else []


def test_three_of_three_people_within_the_hour_are_suspicious() -> None:
    assert ask(TWO) == [1, 2]


@pytest.mark.parametrize(
    "recent",
    [
        TWO[:1],
        (TWO[0], replace(TWO[1], requester=TWO[0].requester)),
        (TWO[0], replace(TWO[1], category="software")),
        (TWO[0], replace(TWO[1], title="打印机卡纸")),
        (TWO[0], replace(TWO[1], opened=NOW - timedelta(minutes=61))),
        (TWO[0], replace(TWO[1], parent=9)),
        (TWO[0], replace(TWO[1], tags=(TAG,))),
    ],
    ids=["two", "one person", "category", "title", "time", "hangs", "is main"],
)
def test_fewer_are_not(recent: tuple[Candidate, ...]) -> None:
    assert ask(recent) == []


def test_ones_own_earlier_mail_does_not_count() -> None:
    assert ask(TWO, requester=TWO[0].requester) == []


def test_how_many_and_how_near_the_profile_says() -> None:
    own = replace(profile(), alike=Alike(tickets=2, minutes=15))
    near = (replace(TWO[0], opened=NOW - timedelta(minutes=14)),)
    far = (replace(TWO[0], opened=NOW - timedelta(minutes=16)),)
    assert suspect("VPN 连不上", "", "network", {"n"}, near, own, NOW) is not None
    assert suspect("VPN 连不上", "", "network", {"n"}, far, own, NOW) is None


def test_alike_ones_are_listed_from_the_firsts_time_on_the_oldest_first() -> None:
    first = candidate(1)
    later = candidate(4, opened=NOW + timedelta(hours=2))
    before = candidate(2, opened=NOW - timedelta(days=1))
    other = candidate(3, "会议室无线网慢")
    found = list_alike(first, (later, before, other, first), profile())
    assert [item.id for item in found] == [4]


def put(main: KnownTicket, **given: str) -> tuple[bool, str]:
    said = {"title": "VPN 连不上了", "words": "", "category": "network", "priority": "medium"}
    said |= given
    found = find_main(**said, mains=(main,), recent=(), profile=profile())
    return found.main is not None, found.why


def test_an_alike_mail_goes_under_the_main_ticket() -> None:
    assert put(main_ticket()) == (True, "like IT-1, in the outage IT-1")


@pytest.mark.parametrize(
    ("main", "given", "why"),
    [
        ({"state": State.TO_CONFIRM}, {}, "is over"),
        ({"state": State.CLOSED}, {}, "is over"),
        ({"tags": ()}, {}, "is over"),
        ({}, {"category": "software"}, "about software"),
        ({}, {"priority": "urgent"}, "more urgent"),
        ({}, {"title": "会议室无线网慢"}, "not like"),
    ],
)
def test_in_doubt_it_stays_alone_and_says_why(
    main: dict[str, object], given: dict[str, str], why: str
) -> None:
    found, said = put(main_ticket(**main), **given)
    assert not found
    assert why in said


def test_one_already_under_it_may_be_what_it_is_like() -> None:
    main = main_ticket(title="网关故障")
    recent = (candidate(7, "VPN 无法连接", parent=1), candidate(8, "VPN 无法连接", parent=2))
    said = ("VPN 连不上了", "", "network", "medium")
    found = find_main(*said, mains=(main,), recent=recent, profile=profile())
    assert found.main is main
    assert "IT-7" in found.why
