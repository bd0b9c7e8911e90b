"""What was learnt before, for a new request: offered where it fits for certain, else nothing."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from maildesk.desk.knowledge.learnt import Learnt, offer, recall
from maildesk.desk.request.similar import MOST

DATA = YAML(typ="safe").load(Path(__file__).with_name("offers.yaml").read_text("utf-8"))
ARTICLES = tuple(
    Learnt("article", place, key, title, category, symptom)
    for place, (key, (category, title, symptom)) in enumerate(DATA["articles"].items())
)
JAM = ARTICLES[0]


def measure(part: str) -> tuple[int, int, int]:
    """(right offers, wrong offers, articles that would have helped and were not offered)."""
    right = wrong = missed = 0
    for wanted, category, title, words in DATA[part]:
        offered = [item.number for item in offer(title, words, ARTICLES, category)]
        right += wanted in offered
        wrong += sum(key != wanted for key in offered)
        missed += wanted != "none" and wanted not in offered
    return right, wrong, missed


@pytest.mark.parametrize(("part", "recall"), [("tuned", 0.85), ("held", 0.7)])
def test_what_is_offered_fits_and_much_of_what_fits_is_offered(part: str, recall: float) -> None:
    right, wrong, missed = measure(part)
    sys.stdout.write(f"{part}: {right} right offers, {wrong} wrong, {missed} missed\n")
    assert right / (right + wrong) >= 0.95
    assert right / (right + missed) >= recall


def test_the_pairs_are_many_half_of_them_chinese_and_as_often_without_an_article() -> None:
    for part in ("tuned", "held"):
        rows = DATA[part]
        assert len(rows) >= 40
        chinese = [row for row in rows if not (row[2] + row[3]).isascii()]
        assert 0.4 < len(chinese) / len(rows) < 0.6
        for half in (chinese, [row for row in rows if row not in chinese]):
            assert 0.4 < sum(row[0] == "none" for row in half) / len(half) < 0.6
        assert {row[0] for row in rows} <= {*DATA["articles"], "none"}


def test_at_most_three_are_offered_the_best_first() -> None:
    alike = [replace(JAM, number=f"KB-{at}", title=f"打印机卡纸{'很多' * at}") for at in range(5)]
    found = offer("打印机卡纸", "", alike, "hardware")
    assert len(found) == MOST
    assert found[0].number == "KB-0"


def test_an_article_of_another_category_must_fit_better() -> None:
    loose = "打印机卡纸"
    assert offer(loose, "", (JAM,), "hardware") == (JAM,)
    assert offer(loose, "", (replace(JAM, category="software"),), "hardware") == ()
    assert offer(loose, "", (replace(JAM, category=""),), "hardware") != ()


LONGER = (
    ("打印机卡纸盒坏了", "打印机卡纸盒坏了，要换一个。"),
    ("申请打印机卡纸盒", "部门需要一个"),
    ("打印机卡纸传感器", ""),
    ("会议室投影仪没有信号线", "投影仪没有信号线，请送一条来。"),
    ("Outlook 收不到新邮件提醒", ""),
    ("VPN 证书过期提醒能关吗", ""),
)
ONWARD = (
    ("打印机卡纸三次了", ""),
    ("打印机卡纸取不出来", ""),
    ("打印机卡纸连着两天", ""),
    ("三楼打印机卡纸，请派人", ""),
    ("投影仪没有信号怎么办", "会议室投影仪无信号"),
    ("VPN 证书过期连不上", ""),
    ("打印机卡纸盒还没换", "今天又卡纸，打印机卡纸了"),
)
SHORT = tuple(
    Learnt("article", place, title, title, "")
    for place, title in enumerate(
        ("打印机卡纸", "会议室投影仪没有信号", "Outlook 收不到新邮件", "VPN 证书过期")
    )
)


@pytest.mark.parametrize(("title", "words"), LONGER)
def test_a_word_that_only_begins_with_the_faults_word_is_another_thing(
    title: str, words: str
) -> None:
    assert offer(title, words, SHORT, "hardware") == ()


@pytest.mark.parametrize(("title", "words"), ONWARD)
def test_a_sentence_may_go_on_right_behind_the_faults_word(title: str, words: str) -> None:
    assert len(offer(title, words, SHORT, "hardware")) == 1


def test_a_requester_is_offered_no_ticket_of_somebody_else() -> None:
    ticket = replace(JAM, kind="ticket", number="IT-20261120-0001")
    assert offer(JAM.title, JAM.symptom, (ticket,), "hardware") == ()


def test_an_engineer_gets_tickets_and_articles_apart() -> None:
    ticket = replace(JAM, kind="ticket", number="IT-20261120-0001", title="打印机又卡纸了")
    tickets, articles = recall("打印机卡纸", "", (*ARTICLES, ticket), "hardware")
    assert tickets == (ticket,)
    assert articles[0] == JAM


def test_nothing_known_helps_with_nothing() -> None:
    assert offer("打印机卡纸", "", (), "hardware") == ()
    assert recall("打印机卡纸", "", (), "hardware") == ((), ())
    assert offer("", "", ARTICLES, "hardware") == ()
