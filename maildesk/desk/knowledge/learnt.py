"""What was learnt before and fits a new request: solved tickets and articles.  (M11, F8, N6)

Engineers get what may help; a requester is offered an article only when it really fits: a wrong one
tells him that nobody read his mail. How candidates are found is the store's question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from maildesk.desk.request.similar import (
    FILLER,
    LONGEST,
    MOST,
    Candidate,
    compare_words,
    find_similar,
)
from maildesk.desk.rules.fold import fold_characters
from maildesk.desk.ticket import State

OFFERED = 0.78
"""How well an article must fit before its requester is offered it. Chosen on one half of
tests/desk/offers.yaml, where 0.76 is the least without a wrong offer, and held against the other:
18 right offers of 25, none wrong."""


# What a sentence may go on with after a word that ends there; anything else may belong to the word.
_ONWARD = re.compile(
    f"{FILLER.pattern}|怎么办?|怎样|如何|什么|为何|哪|咋|"
    "严重|频繁|厉害|故障|异常|错误|失败|报错|现象|情况|问题|坏|"
    "处理|解决|维修|修理|检查|需要|想|要|导致|造成|影响|"
    "[取拿拔抽扯打开关用进弄搞修]不|(?:恢复|打印|启动)不|[取拿拔]出|[连登点]|卡[死住得]|重[新置启复]|"
    "后|之后|以后|前|时(?![间长段])|次|[一二两三四五几多]|是|但|而|并|所以|因为|"
    "会(?!议)|能|可以|应该|必须|[这那此该其]|已|仍|老|总|常|用(?![户品途])|[用对从跟或及等]"
)
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
_RUN = re.compile(f"(?:{_HAN.pattern}){{2,}}")


@dataclass(frozen=True, slots=True)
class Learnt:
    """A solved ticket or a published article. `extract` is the solution's first lines, `symptom`
    what the request said; `id` is its row."""

    kind: Literal["ticket", "article"]
    id: int
    number: str
    title: str
    category: str
    symptom: str = ""
    extract: str = ""


def recall(
    title: str, words: str, known: Sequence[Learnt], category: str
) -> tuple[tuple[Learnt, ...], tuple[Learnt, ...]]:
    """For the engineer: at most three solved tickets and three articles, the most alike first."""
    return (
        _pick(title, words, [item for item in known if item.kind == "ticket"], category),
        _pick(title, words, [item for item in known if item.kind == "article"], category),
    )


def offer(title: str, words: str, known: Sequence[Learnt], category: str) -> tuple[Learnt, ...]:
    """Articles for the requester, the best first; () when none fits for certain."""
    articles = [item for item in known if item.kind == "article"]
    scored = sorted(
        ((rate_fit(title, words, item, category), -place) for place, item in enumerate(articles)),
        reverse=True,
    )
    return tuple(articles[-place] for score, place in scored[:MOST] if score >= OFFERED)


def rate_fit(title: str, words: str, article: Learnt, category: str) -> float:
    """How well an article answers a request, between 0 and 1."""
    if _is_of_longer_words(title, words, article):
        return 0.0
    fit = compare_words((title, words), (article.title, article.symptom))
    return fit if article.category in ("", category) else fit * 0.8


def _is_of_longer_words(title: str, words: str, article: Learnt) -> bool:
    """Whether a word of the article's title stands in the request only as part of a longer one,
    which is another thing: 卡纸 in 卡纸盒, 信号 in 信号线."""
    request = fold_characters(f"{title[:LONGEST]}\n{words[:LONGEST]}")
    known = fold_characters(f"{article.title[:LONGEST]}\n{article.symptom[:LONGEST]}")
    name = known.split("\n")[0]
    for run in _RUN.findall(_ONWARD.sub(" ", name)):
        ends = list(_list_ends(request, run[-2:]))
        if ends and not any(_is_ended(request, end, known) for end in ends):
            return True
    return False


def _list_ends(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at + len(word)
        at = text.find(word, at + 1)


def _is_ended(text: str, at: int, known: str) -> bool:
    """Whether a word ends there: no Han character follows, or what begins another word does."""
    following = text[at : at + 2]
    if not following or not _HAN.match(following) or _ONWARD.match(text, at):
        return True
    return len(following) == 2 and following in known


def _pick(title: str, words: str, items: Sequence[Learnt], category: str) -> tuple[Learnt, ...]:
    candidates = [
        Candidate(place, item.number, item.title, item.category, State.SOLVED)
        for place, item in enumerate(items)
    ]
    return tuple(items[found.id] for found in find_similar(title, words, candidates, category))
