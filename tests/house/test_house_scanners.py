"""What only opens a link decides nothing: scanners, previews, forms of strangers (DESIGN §1.6).

Letters of the running daemon, its own pages, and its whole database compared before and after; and
then a person presses the button, so that a page that does nothing at all would be seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from month import BEGIN, END
from scanners import PREFETCH, Scanner, dump, list_addresses
from servers.dovecot import Dovecot
from theatre import Theatre, open_folder, open_theatre

from maildesk.config.mailscript import Scripted

pytestmark = pytest.mark.servers

ASKER = "u0@desk.test"
HOUR = timedelta(hours=1)


@pytest.fixture
def theatre(tmp_path: Path, dovecot: Dovecot) -> Iterator[Theatre]:
    with open_folder(tmp_path) as folder, open_theatre(folder, dovecot) as made:
        yield made


def _ask(theatre: Theatre, at: datetime, words: str = "打印机卡纸，型号 M428，报错 E6。") -> None:
    theatre.play(at, [Scripted(at, "test", ASKER, subject="打印机卡纸", body=words)])


def _answer(theatre: Theatre, at: datetime, reader: str, letter: str, words: str) -> None:
    item = Scripted(at, "test", reader, body=words, letter=letter)
    assert theatre.play(at, [item]) == [item]


def _list_links(theatre: Theatre, *kinds: str) -> list[str]:
    base = theatre.home.base_url
    letters = [item.parsed for item in theatre.arrived if item.kind in kinds]
    return list(dict.fromkeys(link for mail in letters for link in list_addresses(mail, base)))


def _scan(theatre: Theatre, *kinds: str) -> list[str]:
    """Open everything those letters show, in every way; nothing changes. Returns the links."""
    links = _list_links(theatre, *kinds)
    assert links, kinds
    scanner, before = Scanner(theatre.home.base_url), dump(theatre.store.engine)
    for link in links:
        for _, visit, status in scanner.open_all([link]):
            assert status < 500, (link, visit, status)
            if visit == "plain":
                assert status == 200, link
            if visit.startswith("post") or visit in ("empty post", "json", "text", "multipart"):
                assert 400 <= status < 500, (link, visit, status)
        assert dump(theatre.store.engine) == before, link
    scanner.close()
    theatre.play(theatre.now + timedelta(seconds=1), [])
    assert dump(theatre.store.engine)["outbox"] == before["outbox"]
    return links


def _press(theatre: Theatre, link: str, **fields: str) -> None:
    before, scanner = dump(theatre.store.engine), Scanner(theatre.home.base_url)
    assert scanner.press(link, **fields) == 303
    scanner.close()
    assert dump(theatre.store.engine) != before


def _engineer(theatre: Theatre) -> str:
    return next(item.mail.recipient for item in theatre.arrived if item.kind == "dispatch")


def test_the_links_of_a_dispatch_take_no_ticket_by_being_opened(theatre: Theatre) -> None:
    _ask(theatre, BEGIN + HOUR)
    links = _scan(theatre, "dispatch")
    acts = [link for link in links if "/t/" in link]
    assert len(acts) == 4
    _press(theatre, acts[0], choice="start")


def test_a_solved_letter_and_its_reminder_confirm_nothing_by_being_opened(
    theatre: Theatre,
) -> None:
    _ask(theatre, BEGIN + HOUR)
    words = "#已解决\n已更换搓纸轮，请再试一次。"
    _answer(theatre, BEGIN + 2 * HOUR, _engineer(theatre), "dispatch", words)
    _scan(theatre, "ack", "solved")
    while not _list_links(theatre, "reminder") and theatre.now < END:
        due = theatre.find_next()
        assert due is not None
        theatre.play(due, [])
    (link, *_) = [link for link in _scan(theatre, "reminder") if "/t/" in link]
    _press(theatre, link, choice="confirmed")
    # What is confirmed is not taken back by being opened either.
    _scan(theatre, "solved", "reminder")


def test_an_article_and_the_letter_that_asks_for_a_score_count_nobody_who_looks(
    theatre: Theatre,
) -> None:
    _ask(theatre, BEGIN + HOUR)
    who = _engineer(theatre)
    _answer(theatre, BEGIN + 2 * HOUR, who, "dispatch", "#已解决\n已更换搓纸轮，请再试一次。")
    _answer(theatre, BEGIN + 3 * HOUR, who, "dispatch", "#知识库 打印机卡纸报错 E6 怎么办")
    _answer(theatre, BEGIN + 3 * HOUR + HOUR / 2, who, "dispatch", "#发布")
    _answer(theatre, BEGIN + 4 * HOUR, ASKER, "solved", "好了")
    _ask(theatre, BEGIN + 5 * HOUR)
    articles = [link for link in _scan(theatre, "ack", "survey") if "/k/" in link]
    assert articles
    scanner = Scanner(theatre.home.base_url)
    turned = articles[0][:-9] + articles[0][-9:].swapcase()
    for changed in (turned, articles[0].replace("/k/", "/t/")):
        assert scanner.open(changed, PREFETCH)[0] == 404
    scanner.close()


def _count_ratings(theatre: Theatre) -> int:
    return theatre.home.count("SELECT count(*) FROM ratings")


def test_a_form_pressed_by_many_hands_or_with_odd_marks_is_one_answer(theatre: Theatre) -> None:
    """Others' tokens, marks beyond every scale, and the same form eight times at once."""
    _ask(theatre, BEGIN + HOUR)
    words = "#已解决\n已更换搓纸轮，请再试一次。"
    _answer(theatre, BEGIN + 2 * HOUR, _engineer(theatre), "dispatch", words)
    (link,) = [link for link in _list_links(theatre, "solved") if "/t/" in link]
    (start, *_) = [link for link in _list_links(theatre, "dispatch") if "/t/" in link]
    scanner, before = Scanner(theatre.home.base_url), dump(theatre.store.engine)
    token = start.rpartition("/")[2]
    for fields in (
        {"token": token, "choice": "confirmed", "score": "5"},  # another link's token
        {"choice": "start"},  # what only an engineer may do
        {"choice": "confirmed", "score": "5", "further": "好" * 20_000},
        {"choice": "broken", "words": "坏" * 20_000},
    ):
        assert 400 <= scanner.press(link, **fields) < 500, fields
        assert dump(theatre.store.engine) == before, fields

    def press(_: int) -> int:
        own = Scanner(theatre.home.base_url)
        try:
            return own.press(link, choice="confirmed", score="4")
        finally:
            own.close()

    with ThreadPoolExecutor(8) as hands:
        assert set(hands.map(press, range(8))) == {303}
    assert _count_ratings(theatre) == 1
    assert theatre.home.count("SELECT count(*) FROM events WHERE kind = 'confirmed'") == 1
    for odd in ("6", "0", "-1", "1e9", "５", "5;DROP", "\u202e5", "9" * 400):
        status = scanner.press(
            link, choice="confirmed", score=odd, mark_speed=odd, mark_nothing="5"
        )
        assert status < 500, odd
    scanner.close()
    known = theatre.home.rows("SELECT score FROM ratings WHERE score IS NOT NULL")
    assert {int(row[0]) for row in known} <= {1, 2, 3, 4, 5}
    marks = theatre.home.rows("SELECT answers FROM ratings")
    assert not [row for row in marks if "nothing" in str(row[0])]
