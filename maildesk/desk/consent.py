"""Yes or no?  What somebody who was asked for his approval answers, in Chinese or English.

A security decision hangs on it, so only an answer that says yes or no and is no question counts;
whatever else is said with a yes is its condition, with a no its reason. In doubt it is unclear, and
he is asked once. Who may answer at all is `approval`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from maildesk.desk.fold import fold, fold_characters
from maildesk.desk.orders.pleasantry import is_closing, is_greeting, says_nothing


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Consent:
    """`rest` is what was said beside it: the condition of a yes, the reason of a no."""

    answer: Answer
    rest: str = ""
    why: str = ""


def read_consent(words: str, names: Collection[str] = ()) -> Consent:
    """Read the new words of an answer. Never raises; linear in their length.

    `names` are those of its author and of whom he may greet: alone on a line they say nothing.
    """
    own = {fold(name) for name in names if name}
    lines = (line.strip() for line in words[:_READ].splitlines())
    said = [line for line in lines if line and fold(line).strip(_AROUND) not in own]
    while said and _is_polite(said[0]):
        said.pop(0)
    while said and is_closing(said[-1]):
        said.pop()
    if not said:
        return Consent(Answer.UNCLEAR, why="nothing is said")
    first = said[0]
    found = _read_start(first) or _read_behind(first)
    if found is None:
        return Consent(Answer.UNCLEAR, why="it begins with neither yes nor no")
    answer, rest = found
    rest = "\n".join(filter(None, (rest.strip(_AROUND), *said[1:])))
    folded = fold(rest).strip(_AROUND)
    if _POLITE.fullmatch(folded):
        rest = folded = ""
    if _ASKS.search(fold(first)) or "?" in folded:
        return Consent(Answer.UNCLEAR, rest, "it is a question")
    if answer is Answer.YES and _TURNS.search(folded):
        return Consent(Answer.UNCLEAR, rest, "it says yes, and takes it back")
    if answer is Answer.NO and _YIELDS.search(folded):
        return Consent(Answer.UNCLEAR, rest, "it says no, and yes as well")
    return Consent(answer, rest, f"it says “{first[:40]}”")


_READ = 4_000
_AROUND = " \t\u3000,，.。;；:：!！~～、-—–=()（）“”\"'*_>#＃"

_WHO = r"(?:我们?|本人|部门|此事|该申请)?(?:这边|本人)?\s*(?:已|都|完全)?"
# No problem, no objection: they say yes and begin with no.
_NO_BUT_YES = r"no objections?(?![a-z])|no problem(?![a-z])|没有?(?:问题|意见|异议)|无异议|无意见"
_NO = (
    r"不予?同意(?!见)|暂不同意|先不同意|不予?批准|暂不批准|(?:审批|审核)?(?:不予?|未)通过|驳回|拒绝|否决|"
    r"不批|不准|不可以|不行|不需要|没有?必要|不要开|不给|不开通|"
    r"(?:not approved?|do not approve|don't approve|disapproved?|rejected?|declined?|denied|deny|"
    r"i (?:do not|don't|cannot|can't) (?:agree|approve)|not agreed|disagree|no way|nope|no)"
    r"(?![a-z])"
)
_YES = (
    r"同意(?!书|与否|还是|的话|了吗)|批准(?!书|与否|还是|后|前)|准予|准许|准了|(?:审批|审核)通过|"
    # In other words these are parts of longer ones (行政部), so nothing may follow.
    r"(?:可以(?:开通|办理|授权|处理|执行|开|给)?|通过|行)[的了吧啊]*(?=$|[\s,.;:!~、。(\-])|"
    r"(?:ok|okay|(?:i |we )?(?:agree|approve)d?|approval granted|granted|go ahead|yes|yep|sure|"
    r"fine with me|looks good|lgtm)(?![a-z])"
)
_STARTS = tuple(
    (re.compile(pattern), answer)
    for pattern, answer in (
        (_WHO + f"(?:{_NO_BUT_YES})", Answer.YES),
        (_WHO + f"(?:{_NO})", Answer.NO),
        (_WHO + f"(?:{_YES})", Answer.YES),
    )
)
# What may stand before it on its line: who is greeted, that it was read.
_BEFORE = re.compile(
    r"(?:[^\s,:.!]{1,12}(?:经理|主管|老师|总|工|您好|你好|好)|(?:hi|hello|dear)[ a-z]{0,20}|"
    r"it ?服务台|收到|已阅|已知悉|知悉|了解|谢谢|辛苦了?|thanks|thank you|received|noted)"
    r"[\s,:.!。]{1,4}"
)
_POLITE = re.compile(
    r"(?:请?(?:尽快|抓紧)?(?:办理|开通|处理)?吧?|谢谢|多谢|辛苦了?|感谢|thanks?|"
    r"thank you|many thanks|please (?:go ahead|proceed)|regards|[您你大家啦的了,.!。、 ])*"
)
_ASKS = re.compile(r"\?|吗(?:$|[\s,。.!])|是不是|可不可以|能不能|要不要|行不行")
# A yes that is none: 同意不了, 可以再考虑, approved but not yet.
_TURNS = re.compile(
    r"^(?:不了|不|再(?:说|议|考虑|等)|考虑|之前)|不同意|不批准|不行|先别|先不|暂缓|等我|待定|"
    r"\bnot (?:now|yet|approved?|agree)|\bon hold\b|\bwait\b|(?:do not|don't) (?:approve|agree)"
)
_YIELDS = re.compile(r"(?:^|[,.;。\s])(?:同意|批准|可以开|approved?)(?![a-z])")


def _is_polite(line: str) -> bool:
    """A line that only addresses somebody. “同意，” looks like a name that is greeted."""
    answers = _read_start(line) or _read_behind(line)
    return answers is None and (says_nothing(line) or is_greeting(line))


def _read_start(line: str) -> tuple[Answer, str] | None:
    text = line.lstrip(_AROUND)
    folded = fold_characters(text)
    if len(folded) != len(text):  # widths changed: what is left is told as it was read
        text = folded
    for pattern, answer in _STARTS:
        match = pattern.match(folded)
        if match is not None:
            return answer, text[match.end() :]
    return None


def _read_behind(line: str) -> tuple[Answer, str] | None:
    """张经理好，同意 · 收到，批准: what stands before the word is only polite."""
    folded = fold_characters(line)
    text = line if len(folded) == len(line) else folded
    place = 0
    for _ in range(3):
        match = _BEFORE.match(folded, place)
        if match is None:
            break
        place = match.end()
    return _read_start(text[place:]) if place else None
