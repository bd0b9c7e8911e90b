"""SIGKILL in the middle of a closing, by page, by mail, by itself: nothing twice, nothing lost."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from company import Company
from servers import wait_until
from servers.dovecot import Dovecot
from servers.postfix import Postfix
from servers.postgres import Postgres
from test_house_aftercare import DAY, EVERY_DAY, let_fall_due
from test_house_closing import send, solve

from maildesk.journal import Step

pytestmark = pytest.mark.servers

COUNTED = "SELECT count(*) FROM events WHERE kind = '{}'"


@pytest.fixture(params=["sqlite", "postgres"])
def desk(
    request: pytest.FixtureRequest, tmp_path: Path, dovecot: Dovecot, postfix: Postfix
) -> Iterator[Company]:
    """A desk with pages that closes what nobody confirms; its daemon is running."""
    database = None
    if request.param == "postgres":
        postgres: Postgres = request.getfixturevalue("postgres")
        database = postgres.fresh_database(request.getfixturevalue("postgres_template"))
    found = Company(
        tmp_path / "home",
        dovecot,
        postfix,
        "process-manual",
        replaced=EVERY_DAY,
        web=True,
        database=database,
    )
    found.home.start()
    yield found
    found.home.stop()


def restart(desk: Company, kill_at: str = "") -> None:
    desk.home.stop()
    desk.home.log.unlink(missing_ok=True)
    desk.home.start(kill_at=kill_at, wait=not kill_at)


def is_closed_once(desk: Company) -> bool:
    """By somebody's word or without it: one end, and at most one rating that counts."""
    events = {kind: desk.home.count(COUNTED.format(kind)) for kind in ("confirmed", "closed")}
    assert max(events.values()) <= 1, events
    assert desk.home.count("SELECT count(*) FROM ratings") <= 1
    return desk.field("state") == "closed"


def test_confirmed_and_rated_on_the_page(desk: Company) -> None:
    link = solve(desk)
    for step in (Step.APPLIED, Step.COMMITTED):
        restart(desk, f"{step}:1")
        desk.home.wait_for_log("watching")
        with pytest.raises((urllib.error.URLError, ConnectionError)):
            send(link, choice="confirmed", score="5", words="处理很快")
        desk.home.wait_killed()
        assert is_closed_once(desk) is (step is Step.COMMITTED)
    restart(desk)
    assert "已评价" in send(link, choice="confirmed", score="5", words="处理很快")
    assert is_closed_once(desk)
    assert desk.home.rows("SELECT score, words FROM ratings") == [(5, "处理很快")]


def test_confirmed_and_rated_by_mail(desk: Company) -> None:
    solve(desk)
    solved = desk.wait_letter("zhang", "【请确认】打印机卡纸")
    desk.home.stop()
    desk.answer("zhang", solved, "好了 5")
    for step in (Step.APPLIED, Step.COMMITTED, Step.FILED):  # a third time it were set aside
        restart(desk, f"{step}:1")
        desk.home.wait_killed()
        assert is_closed_once(desk) is (step is not Step.APPLIED)
    restart(desk)
    filed = "SELECT count(*) FROM sightings WHERE state != 'filed'"
    assert wait_until(lambda: desk.home.count(filed) == 0, 25, 0.1)
    assert is_closed_once(desk)
    assert desk.home.rows("SELECT score, source FROM ratings") == [(5, "mail")]


def test_closed_without_an_answer(desk: Company) -> None:
    solve(desk)
    let_fall_due(desk, "confirm_reminder")
    for kind in ("confirm_reminder", "confirm_closing"):
        desk.change(f"UPDATE tickets SET solved_at = solved_at - {3 * DAY}")
        desk.change(f"UPDATE events SET at = at - {3 * DAY} WHERE kind = 'reminded'")
        if kind == "confirm_closing":
            restart(desk, f"{Step.LEASED}:1")
        let_fall_due(desk, kind)
        if kind == "confirm_reminder":
            desk.wait_letter("zhang", "【请确认】打印机卡纸，好了吗？")
    desk.home.wait_killed()
    assert is_closed_once(desk)
    restart(desk)
    desk.wait_letter("zhang", "【已结单】打印机卡纸")
    assert is_closed_once(desk)
    ends = [item for item in desk["zhang"].read() if item.subject.startswith("【已结单】")]
    assert len(ends) == 1
    assert desk.field("closed_by") == "policy"
