"""Which score does a requester's answer give, and is it a confirmation as well?  (R9, M7, W8)

Scores are read where they are certain: 5, 4 分, 五星, ★★★★☆, 4/5, 满意 as the profile's scale has
it. A lone 1 or 2 may as well be a choice and is asked about. What a score does is others' question.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from maildesk.desk.aftercare.rating import complains
from maildesk.desk.aftercare.score_doubt import UNSEEN, is_hollow, may_go_on
from maildesk.desk.aftercare.score_remark import Read, weigh_clauses
from maildesk.desk.answers.answer import Answer, Reading, read_answer
from maildesk.desk.answers.sense import Sense
from maildesk.desk.answers.words import take_apart
from maildesk.desk.policy import Survey
from maildesk.desk.rules.fold import fold


@dataclass(frozen=True, slots=True)
class Score:
    """1 to 5. `rest` is what else was written, `shown` the words that were taken for the score.

    `named`: it was given by a word of the scale (满意); a "but" beside it speaks against a yes."""

    value: int
    rest: str
    shown: str
    named: bool = False


def read_score(words: str, survey: Survey, *, asked: bool = False) -> Score | None:
    """The score that short new words give; None: none is certain. Never raises.

    `asked`: they answer the letter that asks for nothing but a score, where a 1 is no choice.
    """
    text = UNSEEN.sub("", unicodedata.normalize("NFKC", words[:_READ])).strip()
    text = _SCALE.sub("", text)
    if not text or len(text) > _SHORT:
        return None
    found = _find_stars(text) or _find_figure(text) or _find_beside(text, asked=asked)
    return found or _find_name(text, survey) or (_find_leading(text) if asked else None)


def weigh(score: Score, rest: Reading | None, read: Read | None = None) -> Reading:
    """What an answer with a score amounts to; `rest` is what else was written, read alone, and
    `read` reads a part of it.

    A figure says how it went, so "but" beside a good one is a remark; that it does not work is not.
    Beside a low one every clause is looked at.
    """
    if rest is None:
        if score.value >= _WELL:
            return Reading(Answer.CONFIRMED, f"rated: {score.shown}")
        return Reading(Answer.AMBIGUOUS, f"rated {score.shown}, without a word on whether it works")
    if rest.answer is Answer.CONFIRMED:
        return Reading(Answer.CONFIRMED, f"{rest.why}; rated: {score.shown}")
    doubts = rest.answer is Answer.NOT_CONFIRMED
    if doubts and (_still_fails(score.rest) or (score.named and not complains(score.rest))):
        return rest
    if score.value < _WELL:
        said = weigh_clauses(score.rest, read or _read_plainly)
        if said is None:
            return Reading(Answer.WORDS, f"rated {score.shown}: {rest.why}")
        return Reading(said.answer, f"rated {score.shown}: {said.why}")
    if may_go_on(score.rest):
        return Reading(Answer.AMBIGUOUS, f"rated: {score.shown}, and perhaps it goes on")
    return Reading(Answer.CONFIRMED, f"rated: {score.shown}, and a remark")


def asks_more(rest: str) -> bool:
    """Whether a remark beside a yes wants an answer (N5: 是否还有其他疑问或需求)."""
    return _WANTS.search(fold(rest[:_READ])) is not None


_READ = 1_000
_SHORT = 300
_WELL = 3

_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "满": 5} | {
    name: value for value, name in enumerate(("one", "two", "three", "four", "five"), 1)
}
_ONE = r"(?P<score>[1-5]|[一二两三四五]|one|two|three|four|five)"
_SAID = r"(?:总体|综合|整体|服务)?(?:满意度|满意程度|评分|打分|得分|评价)"
_GIVE = rf"(?:(?:{_SAID}|打|给|评)[:：是为个]?\s*)?"
# 分 of minutes, branches and classes is no score; neither is a part of a larger number or a date.
_UNIT = (
    r"(?:分(?![钟之机公部支类享配开析店区行布段组成])|颗?星(?![期辰座])"
    r"|\s*(?:points?|stars?|-stars?)\b)"
)
_FIGURE = re.compile(
    rf"(?<![\d.第/月:])(?:{_GIVE}{_ONE}\s*{_UNIT}(?:好评)?|{_GIVE}满分"
    r"|(?:^|(?<=[,.;:，。；：!])|(?<=[.!]\s)"
    r"|(?<!d )(?<!ll )\b(?:give|rate)\s+(?:it|you|this)(?:\s+an?)?(?=\s))"
    r"\s*(?P<of>[1-5])\s*(?:/|out of|of)\s*5(?![\d/]|\.\d|\s*(?:号|日|月|台|个|人))"
    # Nobody promises a poor score.
    r"|\bI['’]d\s+(?:give|rate)\s+(?:it|you|this)(?:\s+an?)?\s+(?P<poor>[12])\s*(?:/|out of)\s*5"
    r"|\b(?:score|rating|rated)\s*[:：]?\s*(?P<rated>[1-5])\b(?![./:-]\d)"
    rf"|{_SAID}\s*(?:[:：]|为|是)?\s*(?P<told>[1-5])(?![\d./:-]|\s*[天个小台次点]))",
    re.IGNORECASE,
)
# "5分里给3分" names the scale first.
_SCALE = re.compile(
    r"(?:满分(?:是|为)?)?5分(?:里面?|制|中|满分)?[,，]?\s*(?=我?[只能]{0,2}[给打评]\s*[1-5]\s*分)"
)
_ALONE = re.compile(
    rf"(?:{_SAID}|score|rating)?[:：\s]*(?P<score>[3-5])[\s.。!！~]*", re.IGNORECASE
)
_HEAD = re.compile(r"(?P<score>[3-5])\s*[,，;；。!！]\s*(?=\D)")
# "5 天了才解决" counts days and gives no score.
_LEADING = re.compile(
    r"(?P<score>[1-5])(?=[\s,，;；。.!！:：~]|$)(?!\s*[.:：/-]\s*\d)(?!\s+\d)"
    r"(?!\s*(?:[号楼层天点个台月日周年次位人条项件]|小时|分钟"
    r"|(?:hours?|minutes?|days?|weeks?|months?|pcs?|people|times?|things?|of|am|pm|o['’]clock)\b))",
    re.IGNORECASE,
)
# "好了 5", "5 OK": no other figure, and nothing that it counts.
_BESIDE = re.compile(r"\D*(?P<score>[1-5])(?:[\s,，;；。!！~～)）]\D*)?")
_LABEL = re.compile(rf"^{_SAID}\s*(?:[:：]|为|是)\s*")
# What people say for a word of the scale, and which they mean: the first that it has.
_ALSO: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("很满意", "十分满意", "特别满意", "相当满意"), ("非常满意", "满意")),
    **dict.fromkeys(("不太满意", "不大满意", "不怎么满意", "不是很满意", "不够满意"), ("不满意",)),
}
_STARS = re.compile(r"(?P<full>[★⭐🌟]\ufe0f?){1,5}[☆]{0,4}")
_CLAUSE = re.compile(r"[,，。.;；!！~～、\n]+|(?=但是?|不过)")
_BUT = re.compile(r"^(?:但是?|不过|but\b)\s*", re.IGNORECASE)
_EDGE = re.compile(r"^[\s,，。.;；:：!！~～、]+|[\s,，;；:：、]+$")
_AROUND = " \t\n,，;；。.!！:：~～、()（）"
_TAIL = re.compile(r"^(?:吧|了|哈|哦)(?=[,，。.!！\s]|$)[\s,，。.!！]*")  # 2 分吧
_WANTS = re.compile(
    r"[?？]|什么时候|何时|另外|还有(?:个|一个)?(?:问题|事)|顺便|请问|麻烦(?:再|帮)|能不能|可不可以|能否|怎么|如何"
    r"|请(?:再|也)?帮|帮(?:忙|我们?)?(?:也|再)?[看换装查修弄开加调](?:一[下个]|下|个)"
    r"|也(?:坏|不[行能]|[连打登用开]不)"
    r"|\b(?:also|another|could you|can you|please|how do|by the way)\b"
)
_FAILS = re.compile(
    r"还是?(?:不行|不能|没好|没解决|有问题|连不|登不|打不|用不|报错)|没(?:有)?(?:完全|彻底)?(?:解决|修好|恢复|好$)"
    r"|未解决"
    r"|又(?:不行|坏|断|报错|出现)|依旧|仍然?|不行|不能用|用不了|连不上|打不开|登不上|登录不了|还在报错"
    r"|(?<!\bworks )(?<!\bworking )(?<!\bback )\bagain\b"
    r"|\b(?:still|not (?:fixed|working|solved|resolved)|doesn'?t work|does not work|broken)\b"
)


def _read_plainly(words: str) -> Reading:
    return read_answer(words, confirming=True)


def _still_fails(rest: str) -> bool:
    text = fold(rest)
    return _FAILS.search(text) is not None or (not complains(text) and _hinders(text))


def _hinders(text: str) -> bool:
    return (
        re.search(r"报错|失败|故障|死机|蓝屏|掉线|断网|崩溃|\b(?:error|fails?|crash\w*)\b", text)
        is not None
    )


def _find_stars(text: str) -> Score | None:
    found = _STARS.search(text)
    if found is None:
        return None
    value = sum(sign in "★⭐🌟" for sign in found[0])
    return Score(value, _cut(text, found), found[0])


def _find_figure(text: str) -> Score | None:
    every = list(_FIGURE.finditer(text))
    if len(every) > 1:
        return None  # which of them counts is not known
    found = every[0] if every else _ALONE.fullmatch(text) or _HEAD.match(text)
    if found is None or is_hollow(text[: found.start()], text[found.end() :]):
        return None
    groups = found.groupdict()
    named = (groups.get(name) for name in ("score", "of", "poor", "rated", "told"))
    figure = next(filter(None, named), "满")
    value = int(figure) if figure.isdigit() else _DIGITS[figure.lower()]
    return Score(value, _cut(text, found), found[0].strip(" ,;.!。"))


def _find_leading(text: str) -> Score | None:
    found = _LEADING.match(text)
    if found is None or is_hollow("", text[found.end() :]):
        return None
    return Score(int(found["score"]), _EDGE.sub("", text[found.end() :]), found["score"])


def _find_beside(text: str, *, asked: bool) -> Score | None:
    """A lone figure beside a yes or thanks, and nothing else."""
    found = _BESIDE.fullmatch(text)
    if found is None or (found["score"] in "12" and not asked):
        return None
    left, right = text[: found.start("score")], text[found.end("score") :]
    rest = _join(left.strip(_AROUND), right.strip(_AROUND))
    said = _read_plainly(rest).answer
    if said is not Answer.CONFIRMED and (said is not Answer.THANKS or _is_put_off(rest)):
        return None
    return Score(int(found["score"]), rest, found["score"])


def _is_put_off(rest: str) -> bool:
    """Whether it is only heard, or will be tried: 收到 5 rates nothing yet."""
    return any(token.sense in (Sense.NOTED, Sense.TRY) for token in take_apart(fold(rest)))


def _find_name(text: str, survey: Survey) -> Score | None:
    """A word of the profile's scale that the answer begins with, the longest first; or that is
    one of its clauses (好了，满意)."""
    scale = {
        fold(word): int(level.key)
        for level in survey.answers
        for word in (level.label.zh, level.label.en)
    }
    for said, meant in _ALSO.items():
        level = next((scale[word] for word in meant if word in scale), None)
        if level is not None:
            scale.setdefault(said, level)
    text = _LABEL.sub("", text)
    folded = fold(text)
    for word, value in sorted(scale.items(), key=lambda item: -len(item[0])):
        if folded.startswith(word) and not folded[len(word) : len(word) + 1].isalnum():
            if is_hollow("", text[len(word) :]):
                return None
            rest = _EDGE.sub("", text[len(word) :])
            return Score(value, rest, text[: len(word)], named=True)
    return _find_clause(text, scale)


def _find_clause(text: str, named: Mapping[str, int]) -> Score | None:
    clauses = [part.strip() for part in _CLAUSE.split(text) if part.strip()]
    bare = [fold(_BUT.sub("", part)) for part in clauses]
    found = [place for place, part in enumerate(bare) if part in named]
    if len(found) != 1:
        return None
    [place] = found
    left, right = " ".join(clauses[:place]), " ".join(clauses[place + 1 :])
    if is_hollow(left, right):
        return None
    return Score(named[bare[place]], _join(left, right), clauses[place], named=True)


def _cut(text: str, found: re.Match[str]) -> str:
    """What stood around the score: two thoughts, as they were two before."""
    left = _EDGE.sub("", text[: found.start()])
    right = _TAIL.sub("", _EDGE.sub("", text[found.end() :]))
    return _join(left, right)


def _join(left: str, right: str) -> str:
    if not left or not right:
        return left or right
    if left[-1] in ".。!！?？":
        return f"{left} {right}"
    return f"{left}，{right}" if right[0] > "\u2e7f" else f"{left}, {right}"
