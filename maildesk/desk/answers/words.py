"""The words of short answers, each with the sense it has there: 好了, 还没好, any update, btw.

A text is taken apart from left to right, the longest known word first, so that 没问题了 is never
没 and never 问题. What no word covers is `UNKNOWN`. What a whole answer means is `answer`'s
question; nothing here is a classification of problems (those words are rules, in YAML).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache
from itertools import product

import ahocorasick_rs

from maildesk.desk.answers.chinese import CHINESE
from maildesk.desk.answers.chinese import PARTS as CHINESE_PARTS
from maildesk.desk.answers.english import ENGLISH
from maildesk.desk.answers.english import PARTS as ENGLISH_PARTS
from maildesk.desk.answers.sense import Sense, Token
from maildesk.desk.rules.fold import fold
from maildesk.desk.rules.words import is_latin


def take_apart(
    text: str, names: Collection[str] = (), things: Collection[str] = ()
) -> tuple[Token, ...]:
    """The words of a folded text in order; punctuation and blanks are left out.

    An unknown word that stands in `names` is a greeting or signature, in `things` a subject.
    """
    people, subjects = _Known(names), _Known(things)
    tokens: list[Token] = []
    done = 0
    for start, end, sense in _find_words(text):
        glued = is_han(text[start])
        tokens += _name_unknown(text[done:start], people, subjects, glued)
        tokens.append(Token(sense, text[start:end]))
        done = end
    tokens += _name_unknown(text[done:], people, subjects, False)
    return tuple(tokens)


class _Known:
    """Texts that hold words: Latin ones as whole words, Chinese has no blanks to tell them by."""

    __slots__ = ("_text", "_words")

    def __init__(self, texts: Collection[str]) -> None:
        self._text = " ".join(map(fold, texts))
        self._words = frozenset(_LATIN.findall(self._text))

    def __contains__(self, word: str) -> bool:
        return word in (self._text if is_han(word[0]) else self._words)


_LATIN = re.compile(r"[^\W_\u2e80-\u9fff]+(?:'[^\W_\u2e80-\u9fff]+)?")


def is_han(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff"


def _find_words(text: str) -> Iterator[tuple[int, int, Sense]]:
    """Leftmost words, of several at one place the longest; Latin ones only at word boundaries."""
    automaton, senses = load_lexicon()
    longest: dict[int, tuple[int, Sense]] = {}
    for index, start, end in automaton.find_matches_as_indexes(text, overlapping=True):
        if end <= longest.get(start, (0, None))[0]:
            continue
        if start and is_latin(text[start]) and is_latin(text[start - 1]):
            continue
        if end < len(text) and is_latin(text[end - 1]) and is_latin(text[end]):
            continue
        longest[start] = (end, senses[index])
    done = 0
    for start in sorted(longest):
        if start >= done:
            done, sense = longest[start]
            yield start, done, sense


def _name_unknown(gap: str, people: _Known, subjects: _Known, glued: bool) -> Iterator[Token]:
    """What no word covers. A Latin word right before a Han one is a product: SAP可以登录了."""
    words = _split(gap)
    for place, word in enumerate(words):
        last = place == len(words) - 1 and gap.endswith(word)
        if word in people:
            yield Token(Sense.POLITE, word)
        elif word in subjects or (glued and last and word.isascii() and word.isalnum()):
            yield Token(Sense.THING, word)
        else:
            yield Token(Sense.UNKNOWN, word)


def _split(gap: str) -> list[str]:
    return "".join(" " if mark in _MARKS else mark for mark in gap).split()


_MARKS = frozenset(
    ",.;:!~、。…-—_()[]{}<>《》【】「」“”\"'*^=|/\\·•→♥❤\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)
_PARTS = {**CHINESE_PARTS, **ENGLISH_PARTS}


@cache
def list_words(*senses: Sense) -> list[str]:
    """All words that have one of these senses, folded."""
    return [word for word, sense in _fold_lexicon().items() if sense in senses]


@cache
def load_lexicon() -> tuple[ahocorasick_rs.AhoCorasick, list[Sense]]:
    """All words in one automaton, and the sense of each; whoever starts early spares the first
    answer the making."""
    lexicon = _fold_lexicon()
    return ahocorasick_rs.AhoCorasick(list(lexicon)), list(lexicon.values())


def _fold_lexicon() -> dict[str, Sense]:
    """Every word once; a word under several senses has the first of them. 8 MB: not kept."""
    words: dict[str, Sense] = {}
    for sense in Sense:
        for pattern in (*CHINESE.get(sense, ()), *ENGLISH.get(sense, ())):
            for word in _spread(pattern):
                words.setdefault(word, sense)
                if "'" in word:  # phones and haste leave the apostrophe out
                    words.setdefault(word.replace("'", ""), sense)
    words.pop("", None)
    return words


def _spread(pattern: str) -> Iterator[str]:
    """`能|可以 + 用|登录 + 了` is four words; `_` is a blank, alternatives may be empty."""
    for name, words in _PARTS.items():
        pattern = pattern.replace(f"{{{name}}}", words)
    # Folded in parts, before there are ten thousands of words.
    parts = [fold(part).replace("_", " ").split("|") for part in pattern.split(" + ")]
    for choice in product(*parts):
        yield "".join(choice).strip()
