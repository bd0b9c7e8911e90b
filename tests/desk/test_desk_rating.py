"""Which ratings somebody must follow up (M8), and which words are a complaint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.aftercare.rating import Rating, complains, is_low
from maildesk.desk.policy import Survey

SURVEY = Survey()
SCORES = st.integers(1, 5)


@given(SCORES | st.none(), st.dictionaries(st.sampled_from(("speed", "attitude")), SCORES))
def test_any_score_below_four_is_low_and_no_other(
    score: int | None, answers: dict[str, int]
) -> None:
    given_ = [*answers.values(), *([score] if score is not None else [])]
    assert is_low(Rating(score, answers), SURVEY) is any(value < 4 for value in given_)


@pytest.mark.parametrize(
    "words",
    [
        *(
            "太慢了",
            "态度不好",
            "等了三天才有人来",
            "很失望",
            "不太满意",
            "没人管",
            "催了好几次",
            "差评",
        ),
        *("Too slow.", "I am disappointed", "we waited for days", "unprofessional", "poor service"),
    ],
)
def test_a_complaint_is_followed_up_whatever_the_score(words: str) -> None:
    assert complains(words)
    assert is_low(Rating(5, words=words), SURVEY)


@pytest.mark.parametrize(
    "words",
    [
        *("", "处理很快，谢谢", "很满意", "一点也不慢", "希望下次提前通知", "服务态度很好", "不错"),
        *("Great, thanks!", "not bad", "quick and friendly", "could you also document it?"),
    ],
)
def test_praise_and_wishes_are_none(words: str) -> None:
    assert not complains(words)


@given(st.text(max_size=400))
def test_any_words_are_read(words: str) -> None:
    assert complains(words) in (True, False)
