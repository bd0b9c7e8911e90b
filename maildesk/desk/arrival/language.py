"""Which language a text is in, by its scripts alone: no model, no guessing between Latin tongues.

Not for translation; only to answer people in words they read.
"""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_KANA = re.compile(r"[\u3040-\u30ff]+")
_HANGUL = re.compile(r"[\uac00-\ud7af]+")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
# Enough to judge; the rest of a long mail says nothing new.
_SAMPLE = 2000


def detect(text: str) -> str | None:
    """`zh-CN`, `en`, `ja`, `ko`, or None when the text is too short to be clear.

    A Han character weighs as a Latin word does; product names inside Chinese stay Chinese.
    """
    sample = text[:_SAMPLE]
    han, kana, hangul = (sum(map(len, runs.findall(sample))) for runs in (_HAN, _KANA, _HANGUL))
    latin = len(_LATIN_WORD.findall(sample))
    if kana > han // 5 and kana >= 2:
        return "ja"
    if hangul >= 2 and hangul > han:
        return "ko"
    if han >= 2 and han * 2 >= latin:
        return "zh-CN"
    if latin >= 2 and latin > han:
        return "en"
    return None


def choose(person: str | None, texts: tuple[str, ...], desk: str) -> str:
    """The person's own language, else the first clear one of the texts, else the desk's."""
    if person:
        return person
    for text in texts:
        found = detect(text)
        if found:
            return found
    return desk
