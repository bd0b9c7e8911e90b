"""Scores named and not given, and yeses that may be none: nothing closes on a guess (F9)."""

from __future__ import annotations

import pytest
from builders import profile

from maildesk.desk.aftercare.score import read_score, weigh
from maildesk.desk.answers.answer import read_answer

FIVE = profile().survey


def judge(words: str) -> tuple[int | None, str]:
    score = read_score(words, FIVE)
    if score is None:
        return None, read_answer(words, confirming=True).answer.value
    rest = read_answer(score.rest, confirming=True) if score.rest else None
    return score.value, weigh(score, rest).answer.value


@pytest.mark.parametrize(
    "words",
    [
        *("给不了5分", "没有5分", "不值5分", "不打5分", "5分给不了", "别想要5分", "打不了五星"),
        *("I can't give 5 stars", "never 5 stars", "won't give you 5 stars"),
        *(
            "等修好了再给5分",
            "能修好就给五星",
            "我给你们打5分，如果能修好的话",
            "满意的话我会打5分",
        ),
        *("修好之后再打5分", "如果今天能解决就给5分", "只要恢复就给满分"),
        *("5 stars if you fix it", "I would give 5 stars once it works", "5 points once it works"),
        *("满意？", "满意吗", "5分？", "satisfied?"),
    ],
)
def test_a_score_that_is_refused_promised_or_asked_is_none_and_no_yes(words: str) -> None:
    score, answer = judge(words)
    assert score is None
    assert answer != "confirmed"


@pytest.mark.parametrize(
    "words",
    [
        *("5分！但是打印机还是卡纸", "3，打印机又卡了", "4分，早上又掉了一次", "5分，OA 依旧很慢"),
        *("4 stars, it still drops now and then", "5/5 but the jam came again today"),
    ],
)
def test_a_good_score_beside_what_seems_to_go_on_is_asked_about(words: str) -> None:
    score, answer = judge(words)
    assert score is not None
    assert answer in ("ambiguous", "not_confirmed")


@pytest.mark.parametrize(
    "words",
    [
        *("5分，如果能提前通知就更好了", "能用了，5分", "等了3天，5分", "处理得又快又好，5分"),
        *("5分，还是很满意的", "没问题了，5分", "没有问题了 5分", "再次感谢，5分", "不错，5分"),
        *("5分，再接再厉", "这次才10分钟就好了，5分", "好了，不用再看了，5分", "没想到这么快，5分"),
        *("5分，下次还是找你们", "不好意思才回复，5分", "当天就解决了，给5分", "可以给5分"),
        *("5 stars, will recommend", "thanks again, 5 stars", "Not bad, 5 stars"),
        *("no problem, 5 stars", "no problems any more 5 stars"),
    ],
)
def test_praise_in_many_words_is_no_doubt(words: str) -> None:
    assert judge(words) == (5, "confirmed")


@pytest.mark.parametrize("words", ["\u202e5分\u202c", "5\u200b分", "\ufeff５分", "打\u20605分"])
def test_unseen_signs_neither_hide_a_score_nor_stay_beside_it(words: str) -> None:
    score = read_score(words, FIVE)
    assert score is not None
    assert (score.value, score.rest) == (5, "")


def test_hidden_joints_in_a_word_of_the_scale_leave_no_half_of_it() -> None:
    score = read_score("满\u200d意", FIVE)
    assert score is not None
    assert (score.value, score.shown) == (4, "满意")


@pytest.mark.parametrize(
    "words",
    [
        *("5 天了才解决", "4 点再打给我", "2 天了还没人来", "5 号打印机还没好", "3 楼的还没好"),
        *("2 个问题没解决", "5 minutes later it broke again", "3 PCs still fail", "4 of us wait"),
    ],
)
def test_what_is_counted_is_no_score_even_where_one_was_asked_for(words: str) -> None:
    assert read_score(words, FIVE, asked=True) is None


@pytest.mark.parametrize("words", ["5", "1", "5 很快", "4，不错", "3. 一般吧", "2 slow"])
def test_a_figure_is_the_score_where_one_was_asked_for(words: str) -> None:
    score = read_score(words, FIVE, asked=True)
    assert score is not None
    assert score.value == int(words[0])
