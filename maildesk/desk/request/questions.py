"""What must a requester be asked, because his mail does not tell it (R13, F2, W6)?

At most two questions of the profile: those a rule names first, then those of the request's type.
What a field, a word or a picture tells already is not asked. Also which answer fills which field.
How the questions are worded and sent is the profile's and the letters' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from maildesk.desk.decision import Finding
from maildesk.desk.orders.pleasantry import is_closing, is_greeting
from maildesk.desk.policy import Question
from maildesk.desk.profile import Profile
from maildesk.desk.request.fields import drop_particulars, read_fields
from maildesk.desk.request.registration import stands
from maildesk.desk.rules.fold import HAN, fold, fold_characters
from maildesk.desk.rules.rule import Judgement

MOST = 2
"""More questions than two are a form, and nobody fills in a form by mail (WORDS.md)."""

ASKED = "asked"
"""The ticket's field that keeps which questions were asked: it is asked once, ever."""

LONGEST_ANSWER = 500

_LONGEST_VAGUE = 8
"""Han characters, two for a Latin word. Longer than that, people say what the matter is."""
_LONGEST_POLITE = 400
"""Characters: nobody is that polite without saying anything."""
_READ = 4_000


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a mail is taken for vague, and the keys of the questions a rule wants asked."""

    why: str
    keys: tuple[str, ...] = ()


def find_doubt(title: str, words: str, judgement: Judgement) -> Doubt | None:
    """Whether the mail says too little: a rule says so, or hardly anything is said and no rule
    knows whether something is broken, wanted or asked."""
    if judgement.ask:
        return Doubt("a rule asks", judgement.ask)
    if len(words) > _LONGEST_POLITE:
        return None
    said = measure(title, drop_particulars(words))
    if not said:
        return Doubt("nothing is said beside politeness")
    if said > _LONGEST_VAGUE or any(rule.set.type for rule in judgement.counted):
        return None
    return Doubt("a few words, and no rule knows what is the matter")


def measure(title: str, words: str) -> int:
    """How much is said beside greetings and politeness; what stands twice counts once, and nothing
    is counted beyond what makes a mail clear."""
    said: set[str] = set()
    amount = 0
    for line in (title, *words[:_READ].splitlines()):
        for part in _CLAUSE.split(line):
            if part and not is_greeting(part) and not is_closing(part):
                plain = _POLITE.sub("", fold_characters(part)).strip()
                if plain not in said:
                    said.add(plain)
                    amount += len(_HAN.findall(plain)) + 2 * len(_LATIN.findall(plain))
                    if amount > _LONGEST_VAGUE:
                        return amount
    return amount


def choose_questions(
    doubt: Doubt | None,
    profile: Profile,
    kind: str,
    fields: Mapping[str, str],
    text: str,
    hindrance: str | None,
) -> tuple[tuple[Question, ...], tuple[Finding, ...]]:
    """The questions to ask, and why these or none. `kind` is the request's type.

    `text` is all the requester wrote; `hindrance` is why nobody is to be asked at all, if so.
    """
    if doubt is None:
        return (), ()
    if hindrance is not None:
        return (), (Finding("question", "none", f"{doubt.why}; {hindrance}"),)
    own = profile.type(kind).questions
    others = {key for item in profile.types for key in item.questions} - set(own)
    wanted = [key for key in doubt.keys if key not in others]
    told: list[str] = []
    chosen: list[Question] = []
    folded = fold(text[:_READ])
    for key in dict.fromkeys((*wanted, *own)):
        question = profile.question(key)
        if question is None:
            continue
        known = _find_known(question, fields, folded)
        if known is not None:
            told.append(f"{key} is known: {known}")
        elif not any(field_of(item) == field_of(question) for item in chosen):
            chosen.append(question)
    asked = tuple(chosen[:MOST])
    why = "; ".join((doubt.why, *told))
    if not asked:
        return (), (Finding("question", "none", f"{why}; nothing is left to ask"),)
    return asked, (Finding("question", ", ".join(item.key for item in asked), why),)


def field_of(question: Question) -> str:
    """The ticket's field that its answer fills."""
    return question.field or question.key


def list_open(profile: Profile, fields: Mapping[str, str]) -> tuple[Question, ...]:
    """What a ticket's requester was asked and has not answered, in the order asked."""
    keys = fields.get(ASKED, "").split(",")
    questions = (profile.question(key) for key in keys if key)
    return tuple(item for item in questions if item is not None and not fields.get(field_of(item)))


def read_answers(words: str, questions: Sequence[Question], *, free: bool = True) -> dict[str, str]:
    """Which field which words of an answer fill; the mail itself keeps them whole.

    By label, else by number (“1. 蓝屏 2. 就我这台”) or line by line in the order asked, else all of
    it answers the first question. Without `free` only labels and numbers count: it says something
    else besides, or nothing at all (怎么还没好).
    """
    found = read_fields(words)
    left = [item for item in questions if field_of(item) not in found]
    plain = [line for line in _list_lines(words) if not read_fields(line)]
    if not left or not plain:
        return found
    numbered = _read_numbers("\n".join(plain), len(questions))
    if numbered:
        for number, text in numbered.items():
            found.setdefault(field_of(questions[number - 1]), text[:LONGEST_ANSWER])
    elif not free:
        pass
    elif len(left) > 1 and len(plain) == len(left):
        for item, line in zip(left, plain, strict=True):
            found[field_of(item)] = line[:LONGEST_ANSWER]
    else:
        found[field_of(left[0])] = " ".join(plain)[:LONGEST_ANSWER]
    return found


def _find_known(question: Question, fields: Mapping[str, str], folded: str) -> str | None:
    if fields.get(field_of(question)):
        return f"the mail states its {field_of(question)}"
    for word in question.known:
        if stands(fold(word), folded):
            return f"“{word}” stands in it"
    return None


def _list_lines(words: str) -> Iterator[str]:
    for line in map(str.strip, words[:_READ].splitlines()):
        if line and not is_greeting(line) and not is_closing(line):
            yield line


def _read_numbers(text: str, most: int) -> dict[int, str]:
    """What stands behind each number, if they count from one on and not beyond the questions."""
    marks = list(_NUMBER.finditer(text))
    numbers = [_VALUES[mark["number"] or mark["circled"]] for mark in marks]
    if not marks or numbers != sorted(set(numbers)) or numbers[-1] > most:
        return {}
    if text[: marks[0].start()].strip(_EDGES) and numbers[0] != 1:
        return {}
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    said = {
        number: " ".join(text[mark.end() : end].split()).strip(_EDGES)
        for number, mark, end in zip(numbers, marks, ends, strict=True)
    }
    return {number: words for number, words in said.items() if words}


_CLAUSE = re.compile(r"\s*[,，。;；!！?？~、…]+\s*|\.(?:\s|$)\s*")
_HAN = re.compile(f"[{HAN}]")
_LATIN = re.compile(r"[a-z0-9][a-z0-9'.-]*")
_POLITE = re.compile(
    r"麻烦|拜托|烦请|帮忙|帮我|请问|请|看一?下|看看|处理一?下|一下|谢谢|感谢|尽快|快来|快点|急|您好|你好|"
    r"过来|谁能|来人|派人|"
    r"\b(?:please|pls|help(?: me)?|thanks?|thank you|asap|urgent|could you|can you|hi|hello|dear|"
    r"all|team|take a look|look at|check|it|is|the|my|a|an|i|have)\b"
)
_VALUES = {
    sign: place
    for signs in ("123456789", "①②③④⑤⑥⑦⑧⑨", "一二三")
    for place, sign in enumerate(signs, start=1)
}
# A number before a point and a digit is a version or a time.
_NUMBER = re.compile(
    r"(?:(?:^|(?<=[\s;；。,，]))[(（]?(?P<number>[1-9]|[一二三](?=[、.．)）]))"
    r"(?:[.．](?!\d)|[、:：)）])|(?P<circled>[①-⑨]))\s*",
    re.MULTILINE,
)
_EDGES = " \t\n,，;；。"
