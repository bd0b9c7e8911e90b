"""Open tickets like a new one: pairs of titles an engineer has judged, and the order of answers."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from maildesk.desk.request.similar import MOST, Candidate, find_similar
from maildesk.desk.ticket import State

PAIRS = YAML(typ="safe").load(Path(__file__).with_name("similar.yaml").read_text("utf-8"))


def candidate(title: str, place: int = 1, category: str = "hardware") -> Candidate:
    return Candidate(place, f"IT-{place}", title, category, State.IN_PROGRESS, "刘洋")


@pytest.mark.parametrize(
    ("part", "precision", "recall"), [("tuned", 0.95, 0.8), ("held", 0.85, 0.9)]
)
def test_titles_are_judged_nearly_as_an_engineer_would(
    part: str, precision: float, recall: float
) -> None:
    right = wrong = missed = 0
    for like, category, title, words, other in PAIRS[part]:
        open_one = candidate(other, category="hardware" if category == "same" else "software")
        found = bool(find_similar(title, words, (open_one,), "hardware"))
        right += found and like == "yes"
        wrong += found and like == "no"
        missed += not found and like == "yes"
    assert right / (right + wrong) >= precision
    assert right / (right + missed) >= recall


def test_the_table_says_yes_or_no() -> None:
    rows = [*PAIRS["tuned"], *PAIRS["held"]]
    assert len(rows) >= 80
    assert {(row[0], row[1]) for row in rows} == set(product(("yes", "no"), ("same", "other")))


def test_at_most_three_come_the_most_alike_first() -> None:
    titles = (
        "显示器不亮",
        "三楼打印机老是卡纸",
        "打印机卡纸",
        "财务室的打印机卡纸",
        "打印机卡纸！",
    )
    candidates = tuple(candidate(title, place) for place, title in enumerate(titles))
    found = find_similar("RE: 打印机又卡纸了", "", candidates, "hardware")
    assert len(found) == MOST
    assert [item.title for item in found[:2]] == ["打印机卡纸", "打印机卡纸！"]


def test_a_number_or_prefix_before_the_title_changes_nothing() -> None:
    for title in ("回复：【已受理】打印机卡纸 [IT-20261120-0001]", "Fwd: 打印機卡紙", "打印机卡纸"):
        assert find_similar(title, "", (candidate("打印机卡纸"),), "hardware"), title


def test_titles_that_say_nothing_are_like_nothing() -> None:
    for title, other in product(
        ("", "求助", "！！！", "急", "help", "[IT-20261120-0001]"), repeat=2
    ):
        assert find_similar(title, "", (candidate(other),), "hardware") == (), (title, other)


def test_one_name_in_a_long_mail_is_not_enough() -> None:
    words = "你好，我的键盘坏了。另外 VPN 和 ERP 都正常。"
    assert find_similar("求助", words, (candidate("VPN"), candidate("ERP")), "hardware") == ()


@given(st.text(), st.text(), st.lists(st.text(), max_size=5), st.sampled_from(["hardware", "x"]))
def test_any_text_is_compared(title: str, words: str, others: list[str], category: str) -> None:
    candidates = tuple(candidate(other, place) for place, other in enumerate(others))
    found = find_similar(title, words, candidates, category)
    assert len(found) <= MOST
    assert set(found) <= set(candidates)
