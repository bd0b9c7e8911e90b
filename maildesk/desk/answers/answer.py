"""What does a requester's short answer say: solved, not solved, thanks, or hurry up?

`CONFIRMED` only when nothing but a confirmation was written: greetings, thanks and subjects are
taken away, and any negation, question or "but" that is left speaks against it. A ticket closed
wrongly is worse than a question asked once. `is_new_problem` says whether words written into an old
ticket belong to it. What follows from an answer is the caller's decision.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from maildesk.desk.answers.sense import Sense, Token
from maildesk.desk.answers.words import take_apart
from maildesk.desk.rules.fold import fold
from maildesk.desk.ticket import State


class Answer(StrEnum):
    """What new words amount to."""

    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    THANKS = "thanks"  # belongs on the timeline, nowhere else
    CHASING = "chasing"
    AMBIGUOUS = "ambiguous"  # worth one question
    WORDS = "words"  # something is really said


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, and which words made it one."""

    answer: Answer
    why: str


@dataclass(frozen=True, slots=True)
class Continuation:
    """Whether the words open a new, linked ticket (`new`), and why."""

    new: bool
    why: str


def read_answer(
    words: str,
    *,
    confirming: bool,
    thanks_confirms: bool = False,
    has_attachment: bool = False,
    names: Collection[str] = (),
    title: str = "",
) -> Reading:
    """Read the new words of a requester's mail. Linear in their length, never raises.

    `confirming`: we asked whether it is solved, or it lately was. `names` are those of the sender
    and of whom they may greet; together with the ticket's `title` they make no answer longer.
    """
    text = fold(words[:_READ])
    said = _Said(
        text=text,
        tokens=take_apart(text, names, (title,)),
        confirming=confirming,
        thanks_confirms=thanks_confirms,
        has_attachment=has_attachment,
        is_long=len(words) > _READ or _measure(text) > _SHORT,
    )
    for ask in _QUESTIONS:
        found = ask(said)
        if found is not None:
            return found
    return Reading(Answer.WORDS, said.explain("more than an answer", Sense.UNKNOWN))


def is_new_problem(
    *,
    state: State,
    closed_days: int | None,
    old_category: str | None,
    new_category: str | None,
    words: str,
    reading: Reading,
) -> Continuation:
    """Whether words written into a ticket are a problem of their own (WORDS.md).

    In doubt they stay: splitting is one line for an engineer, joining is not.
    `closed_days`: whole working days since it was solved or closed, None while it is open.
    `new_category`: what the rules say of the new words alone, None when no rule spoke.
    """
    if reading.answer in (Answer.THANKS, Answer.CONFIRMED):
        return Continuation(False, f"{reading.answer.value} never opens a ticket")
    if closed_days is not None and closed_days > LONGEST_REOPENING:
        return Continuation(True, f"closed {closed_days} working days ago")
    if closed_days is None and state not in _ENDING:
        return Continuation(False, "the ticket is still worked on")
    if reading.answer is not Answer.WORDS and reading.answer is not Answer.NOT_CONFIRMED:
        return Continuation(False, f"{reading.answer.value} is about this ticket")
    if new_category is None or old_category is None or new_category == old_category:
        return Continuation(False, "no rule says that it is about something else")
    same = _SAME.search(fold(words[:_READ]))
    if same is not None:
        return Continuation(False, f"“{same[0]}” says that it is the same problem")
    return Continuation(True, f"about {new_category}, not about {old_category}")


LONGEST_REOPENING = 5  # working days
_ENDING = frozenset((State.TO_CONFIRM, State.SOLVED, State.CLOSED))
_SAME = re.compile(
    r"还是|还没|还不|还在|又|仍|依旧|依然|照旧|再次|没好|没解决|没有解决|同样的?问题|老问题|"
    r"\b(?:still|again|same|not (?:fixed|resolved|solved)|came back|persists?)\b"
)
_READ = 2_000  # characters; nobody confirms with more
_SHORT = 120  # Han characters, or half as many Latin words
_ASIDE = 40  # characters a question after progress may say beside it


@dataclass(frozen=True, slots=True)
class _Said:
    """The words taken apart, and the situation they were written in."""

    text: str
    tokens: tuple[Token, ...]
    confirming: bool
    thanks_confirms: bool
    has_attachment: bool
    is_long: bool

    def has(self, *senses: Sense) -> bool:
        return any(token.sense in senses for token in self.tokens)

    def has_only(self, senses: frozenset[Sense]) -> bool:
        return not self.is_long and all(token.sense in senses for token in self.tokens)

    def count_unknown(self) -> int:
        return sum(len(token.text) for token in self.tokens if token.sense is Sense.UNKNOWN)

    def explain(self, what: str, *senses: Sense) -> str:
        found = dict.fromkeys(token.text for token in self.tokens if token.sense in senses)
        return f"{what}: {', '.join(list(found)[:5])[:120]}" if found else what


_AROUND = frozenset((Sense.POLITE, Sense.THANKS, Sense.ACK, Sense.NOTED, Sense.PRAISE))
_COVERED = _AROUND | {Sense.FILLER, Sense.THING, Sense.YES, Sense.AGAIN}
_SOLVED = frozenset((Sense.SOLVED, Sense.SETTLED))
_AGAINST = (Sense.BAD, Sense.BUT, Sense.PARTIAL, Sense.UNDONE)
_HURRY = _COVERED | {Sense.TOPIC, Sense.URGE, Sense.PLEA, Sense.QUESTION, Sense.ASKS, Sense.UNDONE}


def _is_hardly_anything(said: _Said) -> Reading | None:
    """Nothing, a lone sign or a lone figure: too little to decide anything on."""
    if said.has_attachment and (not said.tokens or said.has_only(frozenset((Sense.QUESTION,)))):
        return Reading(Answer.WORDS, "an attachment and no words")
    if not said.tokens:
        return _ask(said, "no words at all")
    if all(token.text == "?" for token in said.tokens):
        if said.confirming:
            return Reading(Answer.AMBIGUOUS, "nothing but a question mark")
        return Reading(Answer.CHASING, "nothing but a question mark")
    if not said.has_attachment and _LONE.fullmatch(said.text):
        return _ask(said, f"nothing but {said.text}")
    return None


# 100分, 4.5 and 9/10 are scores of no scale of ours.
_LONE = re.compile(
    r"[\W_]*(?:(?:\d{1,2}|100)(?:\.\d)?分?|\d{1,2}/\d{1,2}分?|[一二三四五]星|[a-z])[\W_]*"
)


def _ask(said: _Said, why: str) -> Reading:
    """Unclear to us. In the middle of the work it may well answer the engineer's question."""
    return Reading(Answer.AMBIGUOUS if said.confirming else Answer.WORDS, why)


def _names_another(said: _Said) -> Reading | None:
    """好了，另外…: what comes after is no word about this ticket's problem."""
    place = next((i for i, token in enumerate(said.tokens) if token.sense is Sense.ANOTHER), None)
    if place is None:
        return None
    before = {token.sense for token in said.tokens[:place]}
    if not before & _SOLVED or before & {*_AGAINST, Sense.NOT, Sense.QUESTION}:
        return None
    return Reading(Answer.WORDS, said.explain("something else follows", Sense.ANOTHER))


def _speaks_against(said: _Said) -> Reading | None:
    """Any doubt where a confirmation was asked for; of a long text only plain complaints."""
    if not said.confirming:
        return None
    plain = (Sense.BAD, Sense.UNDONE) if said.is_long else (*_AGAINST, Sense.NOT)
    if said.has(*plain):
        return Reading(Answer.NOT_CONFIRMED, said.explain("speaks against it", *plain))
    if said.is_long:
        return None
    if said.has(Sense.AGAIN) and not said.has(*_SOLVED):
        return Reading(Answer.NOT_CONFIRMED, said.explain("speaks against it", Sense.AGAIN))
    if said.has(Sense.QUESTION) and said.has(*_SOLVED):
        return Reading(Answer.NOT_CONFIRMED, said.explain("a question", Sense.QUESTION))
    return None


def _chases(said: _Said) -> Reading | None:
    """Asks how far it is, or to hurry, and says little else."""
    if said.has_attachment or said.is_long:
        return None
    asks = (Sense.UNDONE, Sense.ASKS)
    told = said.has(Sense.BAD, Sense.BUT, Sense.PARTIAL, Sense.NOT)
    unknown = said.count_unknown()
    if said.has(*asks) and unknown <= (0 if told else _ASIDE):
        return Reading(Answer.CHASING, said.explain("asks how far it is", *asks))
    if said.has(Sense.TOPIC, Sense.URGE) and said.has_only(_HURRY):
        return Reading(Answer.CHASING, said.explain("asks to hurry", Sense.TOPIC, Sense.URGE))
    if said.has(Sense.SOLVED) and said.has(Sense.QUESTION) and said.has_only(_HURRY | _SOLVED):
        return Reading(Answer.CHASING, said.explain("asks whether it is done", Sense.SOLVED))
    return None


def _confirms(said: _Said) -> Reading | None:
    """Nothing but a confirmation, and what politeness puts around it."""
    counted = _SOLVED if said.confirming else frozenset((Sense.SOLVED,))
    if said.has(*counted) and said.has_only(_COVERED | _SOLVED):
        return Reading(Answer.CONFIRMED, said.explain("nothing but a confirmation", *counted))
    if not said.confirming or not said.thanks_confirms or said.has_attachment:
        return None
    if said.has(Sense.THANKS) and said.has_only(_AROUND - {Sense.NOTED} | {Sense.FILLER}):
        return Reading(Answer.CONFIRMED, said.explain("thanks confirm here", Sense.THANKS))
    return None


def _is_unsure(said: _Said) -> Reading | None:
    """应该好了, yes, 好了 2: perhaps a confirmation."""
    unsure = (Sense.YES, Sense.HEDGE)
    bare = tuple(token for token in said.tokens if not _COUNT.fullmatch(token.text))
    if said.confirming and len(bare) < len(said.tokens):
        plain = replace(said, tokens=bare)
        if plain.has(*_SOLVED, *_KIND) and plain.has_only(_COVERED | _SOLVED | {*_KIND}):
            return _ask(said, "a figure beside it")
    if said.has(*unsure) and said.has_only(_COVERED | _SOLVED | {Sense.HEDGE}):
        return _ask(said, said.explain("not sure", *unsure))
    return None


_COUNT = re.compile(r"\d{1,2}")
_KIND = (Sense.YES, Sense.HEDGE, Sense.THANKS, Sense.ACK, Sense.NOTED, Sense.PRAISE, Sense.TRY)


def _thanks(said: _Said) -> Reading | None:
    """Heard, liked, will be tried: nothing anybody has to do something about."""
    thanks = (Sense.THANKS, Sense.ACK, Sense.NOTED, Sense.PRAISE, Sense.TRY)
    if said.has_attachment or not said.has(*thanks):
        return None
    if said.has_only(_AROUND | {Sense.TRY, Sense.FILLER, Sense.AGAIN}):
        return Reading(Answer.THANKS, said.explain("thanks or an acknowledgement", *thanks))
    return None


_QUESTIONS: tuple[Callable[[_Said], Reading | None], ...] = (
    _is_hardly_anything,
    _names_another,
    _speaks_against,
    _chases,
    _confirms,
    _is_unsure,
    _thanks,
)


def _measure(text: str) -> int:
    """The length of a text as a reader feels it: a Latin word weighs two Han characters."""
    return len(_HAN.findall(text)) + 2 * len(_LATIN.findall(text))


_HAN = re.compile("[\u2e80-\u9fff]")
_LATIN = re.compile(r"[a-z0-9']+")
