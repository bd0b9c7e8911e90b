"""Which score an answer gives, and whether it is a confirmation as well (R9, M7, W8)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.aftercare.score import asks_more, read_score, weigh
from maildesk.desk.answers.answer import Answer, read_answer
from maildesk.desk.label import Label
from maildesk.desk.policy import Level, Survey

FIVE = Survey(
    answers=(
        Level("5", Label("非常满意", "Very satisfied")),
        Level("4", Label("满意", "Satisfied")),
        Level("3", Label("一般", "Neutral")),
        Level("2", Label("不满意", "Dissatisfied")),
        Level("1", Label("非常不满意", "Very dissatisfied")),
    )
)
THREE = Survey(
    scale="three",
    answers=(
        Level("5", Label("满意", "Satisfied")),
        Level("4", Label("基本满意", "Mostly satisfied")),
        Level("2", Label("需进一步优化", "Could be better")),
    ),
)


def judge(words: str, survey: Survey = FIVE) -> tuple[int | None, str]:
    score = read_score(words, survey)
    if score is None:
        return None, read_answer(words, confirming=True).answer.value
    rest = read_answer(score.rest, confirming=True) if score.rest else None
    return score.value, weigh(score, rest).answer.value


@pytest.mark.parametrize(
    ("score", "words"),
    [
        *(
            (5, words)
            for words in ("5", "5分", "５ 分", "五分", "五星", "5星", "★★★★★", "5/5", "满分")
        ),
        *(
            (5, words)
            for words in (
                "五星好评",
                "打5分",
                "评价：5分",
                "5，谢谢",
                "好了，5分",
                "好了 5 分 谢谢",
            )
        ),
        *((5, words) for words in ("5 stars", "five stars", "5 out of 5", "5/5 great", "非常满意")),
        *(
            (5, words)
            for words in ("Very satisfied", "非常满意，谢谢", "5分!打印机好了", "5 分。很及时")
        ),
        *(
            (4, words)
            for words in ("4", "4分", "四星", "⭐⭐⭐⭐", "4/5", "4 out of 5", "满意", "Satisfied")
        ),
        *((4, words) for words in ("4 分，处理很快，但没提前通知", "satisfied, thanks", "评分：4")),
        *(
            (4, words)
            for words in ("4, quick but no notice", "4 分，就是等得久了点", "已经可以用了，4分")
        ),
        *((3, words) for words in ("3", "3分", "三星", "★★★☆☆", "一般", "一般，有点慢", "Neutral")),
        (2, "好了，2分"),
        *(
            (5, words)
            for words in (
                *("好了 5", "好了5", "好了，5", "好了。5", "好了\n5", "好了（5），谢谢"),
                *("好了，5，谢谢", "5 好了", "5\n好了", "5 OK", "OK 5", "谢谢 5", "辛苦了，5!"),
                *("满意，5", "Fixed 5", "5 thanks", "it works now, 5"),
            )
        ),
        (3, "好了 3"),
    ],
)  # fmt: skip
def test_a_score_confirms_and_a_remark_is_none_the_less_one(score: int, words: str) -> None:
    assert judge(words) == (score, Answer.CONFIRMED.value)


@pytest.mark.parametrize(
    ("score", "words", "answer"),
    [
        (4, "4分，还是连不上", "not_confirmed"),
        (5, "5分，但是又掉线了", "not_confirmed"),
        (4, "满意，但是还没好", "not_confirmed"),
        (4, "满意，但是…", "not_confirmed"),
        (1, "1分，根本没解决", "not_confirmed"),
        (4, "4 stars but it still fails", "not_confirmed"),
        (2, "2分", "ambiguous"),
        (1, "1 星", "ambiguous"),
        (2, "不满意", "ambiguous"),
        (2, "不太满意", "ambiguous"),
        (2, "不是很满意", "ambiguous"),
        (5, "很满意，刘工很耐心", "confirmed"),
        (4, "评价：满意", "confirmed"),
        (5, "满意度：5", "confirmed"),
        (4, "好了，满意度4", "confirmed"),
        (1, "非常不满意", "ambiguous"),
        (2, "2分，太慢了", "ambiguous"),
        (1, "1 star, nobody called me", "ambiguous"),
    ],
)
def test_a_low_score_alone_is_no_yes_and_what_still_fails_is_a_no(
    score: int, words: str, answer: str
) -> None:
    assert judge(words) == (score, answer)


@pytest.mark.parametrize(
    ("score", "words"),
    [
        *((2, f"{yes}，2 分，{why}") for yes in ("好了", "可以用了") for why in (
            "太慢了", "来得有点晚", "等了两天才有人来", "没人接电话", "没有提前通知", "催了三次",
        )),
        *((2, words) for words in (
            "好了但是太慢了 2分", "修好了 ⭐⭐ 太拖拉", "已解决，评分2，处理太慢",
            "修了三次才修好，2分",
            "弄好了，就是拖了三天，2分吧", "服务差，但问题解决了，2分", "好了，但不满意",
            "好了2分太慢",
        )),
        *((1, words) for words in (
            "好了但是态度很差 1分", "拖了一个星期终于好了，1分",
            "问题解决了，不过服务态度太差，1星",
            "问题解决了，非常不满意，拖了一周", "好了，给1分，工程师态度不好", "好了，1分，差评",
        )),
        *((2, words) for words in (
            "works now, 2/5, took ages", "It works now. 2/5. Very slow response.",
            "It's fixed. I'd give it 2/5, waited two days.", "Working again, score 2, too slow",
            "2/5, works now but took forever", "Fixed, but it took three days. 2 stars.",
        )),
        *((1, words) for words in (
            "It took a week but works now, 1/5", "works, 1 star - rude on the phone",
        )),
        *((3, words) for words in (
            "解决了，3星，来得有点晚", "好了，5分里给3分",
            "All good now, rating: 3, had to chase twice",
        )),
        (5, "好了谢谢，给5分"),
    ],
)  # fmt: skip
def test_a_yes_with_a_complaint_about_the_service_stays_a_yes(score: int, words: str) -> None:
    assert judge(words) == (score, Answer.CONFIRMED.value)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "好了，2分，网速太慢",
            "好了，2分，但是打印还是很慢",
            "好了，1分，你们什么时候才能彻底弄好",
        ),
        *("好了，2分，还有一台", "works now, 2/5, printing is slow", "谢谢，2分，太慢了"),
    ],
)
def test_a_yes_with_a_complaint_about_the_thing_itself_is_asked_about(words: str) -> None:
    assert judge(words)[1] == Answer.AMBIGUOUS.value


@pytest.mark.parametrize(
    "words",
    [
        *("没好，1分", "没解决，给1分，态度还差", "好了，2分，又断了", "好了，2分，偶尔还会掉线"),
        *("not fixed, 1/5", "works now, 2/5, but it is still slow", "好了，3分，没彻底解决"),
    ],
)
def test_what_still_fails_is_a_no_whatever_else_is_said(words: str) -> None:
    assert judge(words)[1] == Answer.NOT_CONFIRMED.value


@pytest.mark.parametrize(
    "words",
    [
        "I'd give you 5/5 but nobody came",
        "I would give it 5/5 if it worked",
        "打分10，好了",
        "得分 3 次",
    ],
)
def test_a_figure_that_is_not_given_is_none(words: str) -> None:
    assert read_score(words, FIVE) is None


@pytest.mark.parametrize(
    "words",
    [
        *(
            "1",
            "2",
            "等了5分钟还没好",
            "3月5日再看",
            "第5分公司的电脑",
            "11月5分",
            "5号打印机还是不行",
        ),
        *("3 台电脑都好了", "4个人都可以了", "版本3.5", "1) 好了 2) 5分 3) 4分", "好了", "谢谢"),
        *("not satisfied", "4 of us still cannot log in", "room 5", "5点再试", ""),
        *("please call me at 5", "分机 8005", "IT-20261120-0005", "更新到 4/5 了", "5 个工作日"),
    ],
)
def test_what_is_no_score_gives_none(words: str) -> None:
    assert read_score(words, FIVE) is None


@pytest.mark.parametrize(
    ("words", "score"),
    [("满意", 5), ("很满意", 5), ("基本满意", 4), ("需进一步优化", 2), ("Mostly satisfied", 4)],
)
def test_the_three_way_scale_has_its_own_words(words: str, score: int) -> None:
    assert judge(words, THREE)[0] == score


@pytest.mark.parametrize(
    "words",
    [
        "另外能不能看下显示器",
        "还有个问题",
        "怎么设置？",
        "鼠标也坏了，帮换一个",
        "显示器也不行",
        "also, can you look",
    ],
)
def test_a_remark_that_wants_an_answer_is_known(words: str) -> None:
    assert asks_more(words)
    assert not asks_more("处理很快，谢谢你们帮忙")
    assert not asks_more("态度也不错，谢谢帮我修好了")


@given(st.text(max_size=300))
def test_any_words_are_read_and_no_score_is_outside_its_scale(words: str) -> None:
    score = read_score(words, FIVE)
    assert score is None or 1 <= score.value <= 5


@given(st.integers(1, 5), st.sampled_from(("分", "星", " 分", "颗星")))
def test_a_figure_with_its_unit_is_that_score(value: int, unit: str) -> None:
    found = read_score(f"{value}{unit}", FIVE)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("好了，满意", (4, "confirmed")),
        ("已解决，非常满意！", (5, "confirmed")),
        ("好了。满意。谢谢", (4, "confirmed")),
        ("Fixed, very satisfied", (5, "confirmed")),
        ("还没好，不满意", (2, "not_confirmed")),
        ("好了，不太满意", (2, "confirmed")),
    ],
)
def test_a_word_of_the_scale_counts_as_a_clause_of_its_own(
    words: str, said: tuple[int | None, str]
) -> None:
    assert judge(words) == said


@pytest.mark.parametrize(
    ("words", "score", "rest"),
    [("1", 1, ""), ("2，等了三天", 2, "等了三天"), ("5 分", 5, ""), ("5. thanks", 5, "thanks")],
)
def test_a_lone_figure_is_a_score_where_nothing_else_was_asked(
    words: str, score: int, rest: str
) -> None:
    found = read_score(words, FIVE, asked=True)
    assert found is not None
    assert (found.value, found.rest) == (score, rest)


@pytest.mark.parametrize("words", ["1/2 的人好了", "2 3", "1.5 小时", "12"])
def test_a_part_of_another_figure_is_none_even_there(words: str) -> None:
    assert read_score(words, FIVE, asked=True) is None


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        *((words, "ambiguous") for words in ("好了 2", "好了，1", "收到 5", "我试试 3", "好了 10")),
        *((words, "not_confirmed") for words in ("还没好 5", "不行，1", "5 没好", "好了，不过 5")),
        *((words, "words") for words in ("好了 5 个", "5 楼好了", "好了5次了", "明天试 5")),
    ],
)
def test_a_lone_figure_rates_only_beside_nothing_but_a_yes(words: str, answer: str) -> None:
    assert judge(words) == (None, answer)
