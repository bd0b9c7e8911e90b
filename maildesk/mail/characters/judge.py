"""Bytes without a trustworthy label: which charset makes likely words of them?

Every candidate reads a sample; `tongue` says how likely the result is in its language. A charset
named elsewhere in the mail counts more, then the mailbox's own. The caller decodes; this only names
a codec, or None where nothing is likely.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from maildesk.mail.characters.codepage import REPLACEMENT
from maildesk.mail.characters.label import resolve
from maildesk.mail.characters.tongue import MEASURES, measure_letters

_SAMPLE = 4096
_LOOKED_AT = 200_000  # bytes in which the sample is looked for
_HINT = 0.35
_PRIOR = 0.3
_PRIOR_OF_LONG = 0.15
_LIKELY = 0.45
_CLOSE = 0.04
# What one charset's label says of the others of its language.
_RELATED = {
    "iso2022_jp": ("cp932", "euc_jp"),
    "cp932": ("cp932", "euc_jp"),
    "euc_jp": ("euc_jp", "cp932"),
    "iso2022_kr": ("cp949",),
    "iso2022_cn": ("gb18030",),
    "hz": ("gb18030",),
    "koi8-r": ("koi8-u", "cp1251"),
    "koi8-u": ("koi8-u", "cp1251"),
    "cp1251": ("cp1251", "koi8-u"),
    "iso8859-5": ("iso8859-5", "cp1251", "koi8-u"),
    "iso8859-15": ("cp1252",),
    "iso8859-2": ("iso8859-2", "cp1250"),
    "cp1250": ("cp1250", "iso8859-2"),
    "iso8859-7": ("cp1253",),
    "iso8859-6": ("cp1256",),
}
_UNLIKELY = {
    "cp1252": -0.05,
    "cp850": 0.15,
    "mac-roman": 0.15,
    "cp866": 0.05,
    "iso8859-5": 0.1,
    "iso8859-2": 0.02,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The likeliest codec and how likely it is; above 1 where a hint agrees."""

    codec: str
    score: float


def judge(data: bytes, hints: tuple[str, ...] = (), prior: str | None = None) -> Verdict | None:
    """The likeliest charset of 8-bit text that is no UTF-8. Linear, and bounded by a sample."""
    sample, whole = _sample(data)
    if not sample:
        return None
    # The longer a text, the more its own words tell.
    bonus = {prior: _PRIOR if len(sample) <= 8 else _PRIOR_OF_LONG} if prior else {}
    for hint in hints:
        for codec in _RELATED.get(hint, (hint,)):
            bonus[codec] = max(bonus.get(codec, 0.0), _HINT if codec == hint else _HINT - 0.1)
    found = []
    for codec in dict.fromkeys((*MEASURES, *bonus)):
        score = _score(sample, codec, whole)
        if score > 0:
            extra = bonus.get(codec, 0.0) * min(1.0, score * 4)
            found.append(Verdict(codec, score + extra - _UNLIKELY.get(codec, 0.0)))
    found.sort(key=lambda verdict: -verdict.score)
    found = [verdict for verdict in found if verdict.score >= _LIKELY]
    if not found:
        return None
    close = [verdict for verdict in found if found[0].score - verdict.score < _CLOSE]
    return _ask_chardet(sample, close) if len(close) > 1 else found[0]


def rate(data: bytes, codec: str) -> float:
    """How likely a text is in one charset alone, from 0 to 1."""
    sample, whole = _sample(data)
    return _score(sample, codec, whole) if sample else 0.0


def _sample(data: bytes) -> tuple[bytes, bool]:
    """The words that hold bytes beyond ASCII, and whether the sample ends where one ends."""
    words = [word for word in data[:_LOOKED_AT].split() if not word.isascii()]
    if not words:
        words = [word for word in data.split() if not word.isascii()]
    sample = b" ".join(words)
    return sample[:_SAMPLE], len(sample) <= _SAMPLE and len(data) <= _LOOKED_AT


def _score(sample: bytes, codec: str, whole: bool) -> float:
    text = _read(sample, codec, whole)
    if text is None:
        return 0.0
    high = len(text) - len(text.encode("ascii", "ignore"))
    bad = text.count(REPLACEMENT)
    if bad and (bad * 20 > high or high < 8):
        return 0.0
    return max(measure(text) for measure in MEASURES.get(codec, (measure_letters,)))


def _read(sample: bytes, codec: str, whole: bool) -> str | None:
    try:
        # An incremental decoder forgives what the end of the sample cuts in two.
        return codecs.getincrementaldecoder(codec)("replace").decode(sample, whole)
    except (LookupError, ValueError):
        return None


def _ask_chardet(sample: bytes, close: list[Verdict]) -> Verdict:
    """Between charsets equally likely by their letters a model of the languages decides."""
    texts = {_read(sample, verdict.codec, False) for verdict in close}
    if len(texts) == 1:
        return close[0]
    import chardet  # heavy, and rarely asked

    names = {verdict.codec.replace("_", "-"): verdict for verdict in close}
    first = next(iter(names))
    found = chardet.detect(sample, include_encodings=names, no_match_encoding=first)["encoding"]
    meant = resolve(found).codec
    return next((verdict for verdict in close if verdict.codec == meant), close[0])
