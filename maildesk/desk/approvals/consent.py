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

from maildesk.desk.orders.pleasantry import is_closing, is_greeting, says_nothing
from maildesk.desk.rules.fold import fold, fold_characters


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
    direct = fold_characters(rest)
    rest = "\n".join(filter(None, (rest.strip(_AROUND), *said[1:])))
    folded = fold(rest).strip(_AROUND)
    if _POLITE.fullmatch(folded):
        rest = folded = ""
    if _ASKS.search(fold(first)) or "?" in folded or _WONDERS.match(folded):
        return Consent(Answer.UNCLEAR, rest, "it is a question")
    if answer is Answer.YES and _is_for_others(direct, folded):
        return Consent(Answer.UNCLEAR, rest, "it says yes of something else, or after others")
    if answer is Answer.YES and (_TURNS.search(folded) or _DEFERS.search(folded.split("\n")[0])):
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
    r"(?:坚决|绝对?|暂时|并|恕|实在)?(?:不能|无法|没法|难以|不会)(?:同意|批准|批)|不太同意|"
    r"(?:坚决|绝对?|暂时|并|个人)不(?:同意(?!见)|批准)|"
    r"不予?同意(?!见)|暂不同意|先不同意|不予?批准|暂不批准|(?:审批|审核)?(?:不予?|未)通过|驳回|拒绝|否决|"
    r"不批|不准|不可以|不行|不需要|没有?必要|不要开|不给|不开通|"
    r"(?:not approved?|(?:i |we )?(?:disapproved?|reject(?:ed)?|declined?|denied|deny|disagree)|"
    r"(?:i |we )?(?:do not|don't|can ?not|can't|won't|will not|(?:am|are) not able to) "
    r"(?:agree|approve)|not agreed|no way|nope|no)"
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
    r"it ?服务台|好的?|是的?|对的?|嗯+|我?(?:看|阅)过了|收到|已阅|已知悉|知悉|了解|谢谢|辛苦了?|"
    r"thanks|thank you|received|noted)"
    r"[\s,:.!。]{1,4}"
)
_POLITE = re.compile(
    r"(?:请?(?:尽快|抓紧)?(?:办理|开通|处理)?吧?|谢谢|多谢|辛苦了?|感谢|thanks?|"
    r"thank you|many thanks|please (?:go ahead|proceed)|regards|[您你大家啦的了,.!。、 ])*"
)
_ASKS = re.compile(r"\?|吗(?:$|[\s,。.!])|是不是|可不可以|能不能|要不要|行不行")
# A yes that is none: 同意不了, 可以再考虑, approved but not yet.
_TURNS = re.compile(
    r"^(?:(?:但是?|不过|but)$|不了|不|再(?:说|议|考虑|等)|考虑|之前)|不同意|不批准|不行|先别|先不|暂缓|等我|待定|"
    r"\bnot (?:now|yet|approved?|agree)|\bon hold\b|\bwait\b|(?:do not|don't) (?:approve|agree)"
)
# A yes to a no, or one that is only spoken of: 同意驳回, 同意权在李总, 批准人, agree to decline.
_OTHERWISE = re.compile(
    r"了?(?:没|么|嘛|否|呢|个[鬼屁头]|才怪|权|书|人|函|单|是|要|需|须|得|谁|什么|哪|取消|撤)|"
    r"(?:[他她你您]们?|[^\s,.;:]{1,4}[总工])的"
)
_NEGATED = re.compile(
    r"驳回|拒绝|否决|撤回|(?:不要|别|勿)(?:再|先|给[他她])?(?:开通?|办理?|授权|执行|处理)(?=$|[\s,.;!。])|"
    r"\b(?:reject|declin|deny|denied|denial|refus|disapprov|revok|withdr)|"
    r"\b(?:can't|can ?not|won't|will not|unable to) (?:approve|agree)|^but no\b|^not?$"
)
# Somebody else must say yes before: 但需要总监先批, 李总签字才行.
_AFTER_OTHERS = re.compile(
    r"(?:要|需|须|得|等|由|请)[^,.;。\n]{0,8}?(?:批准|审批|[先再]批|批了|签字|同意|点头)|"
    r"\b(?:needs?|after|once|if|unless|until) [^,.;\n]{0,30}\b(?:approv|agree|sign)"
)
_WONDERS = re.compile(r"(?:but |and )?(?:who|why|what|which|how)\b|(?:是谁|为什么|为何|怎么|什么)")
_DEFERS = re.compile(
    r"我(?:先|再|得|要|去|来)*(?:看|问|想|考虑|了解|确认|核实|查|研究)|先(?:看看|问问|想想|考虑|了解)|"
    r"\blet me\b|\bi(?:'ll| will) (?:think|check|ask|see|look|get back|consider)|"
    r"^i (?:saw|see|read|got|received)\b"
)
_YIELDS = re.compile(r"(?:^|[,.;。\s])(?:同意|批准|可以开|approved?)(?![a-z])")


def _is_for_others(direct: str, folded: str) -> bool:
    """Whether the yes is to a no, hangs on another's, or is a part of a longer word.

    `direct` is what follows it on its line, with what stands between; `folded` all that is said.
    """
    return bool(_OTHERWISE.match(direct) or _NEGATED.search(folded) or _AFTER_OTHERS.search(folded))


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
