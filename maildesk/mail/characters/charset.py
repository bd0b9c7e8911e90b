"""Which characters do these bytes mean? The ladder for labels that lie (R: correct Chinese).

Strict UTF-8, then the declared charset widened to the superset people really send, then what makes
likely words of the bytes: a charset named elsewhere in the mail, the mailbox's prior, any other.
Never raises and never returns lone surrogates; every doubt becomes a short defect. Knows nothing of
headers or MIME parts.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from maildesk.mail.characters.codepage import REPLACEMENT, find_true, read, read_damaged
from maildesk.mail.characters.label import is_narrow, resolve, show

_EAST_ASIAN = frozenset(("gb18030", "big5hkscs", "cp932", "cp949", "euc_jp"))
_ESCAPING = frozenset(("utf-7", "hz", "iso2022_jp", "iso2022_kr", "iso2022_cn"))
_WIDE = ("utf-16", "utf-32")
_WIDE_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MOST_LINES = 20_000  # of a text whose lines are looked at one by one
_DAMAGE = re.compile(f"{REPLACEMENT}+")
_RUN = re.compile(rb"[\x80-\xff]{3}")
_C1 = re.compile(rb"[\x80-\x9f]")
_RARE = re.compile("[\u0180-\u036f\u0460-\u058f\u0700-\u07ff]")
_ESCAPE = re.compile(r"\x1b(?:\$|\([IJ])")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without lone surrogates, and what was wrong with its label or bytes, if anything."""

    text: str
    defect: str | None = None


def decode(data: bytes, label: str | None, *, prior: str = "gb18030") -> Decoded:
    """Bytes to text by the ladder; `label` is the declared charset as written, or None.

    `prior` names charsets for bytes without a true label, divided by blanks: last the one this
    mailbox most often gets, before it those the same mail names elsewhere. Never raises.
    """
    meaning = resolve(label)
    declared, fault = meaning.codec, meaning.defect
    if declared is not None and (declared in _ESCAPING or declared.startswith(_WIDE)):
        text = _read_escaping(data, declared)
        if text is not None:
            return Decoded(text, fault)
        fault = fault or f"charset: bytes are not {show(label)}"
    if data.isascii():
        return _read_ascii(data, label, declared, fault)
    if data.startswith(_WIDE_BOMS) or _is_wide(data):
        text = _read_wide(data, "utf-16")
        if text is not None:
            return Decoded(text, fault or _say(label, "utf-16"))
    try:
        text = str(data, "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8")
    except UnicodeDecodeError:
        return _descend(data, label, declared, fault, prior)
    if text and max(text) < "\u0800":
        # Two-byte UTF-8 is also what many GBK words look like (印, 通).
        accident = _read_by_accident(data, text, declared, prior)
        if accident is not None:
            return Decoded(accident[0], None if declared else fault or _say(label, accident[1]))
    if fault is None and declared != "utf-8" and label and label.strip():
        fault = _say(label, "utf-8")
    return Decoded(text, fault)


def widen(label: str | None) -> str | None:
    """The codec we use for a label, or None when the label names no charset."""
    return resolve(label).codec


def _read_by_accident(
    data: bytes, text: str, declared: str | None, prior: str
) -> tuple[str, str] | None:
    """What is UTF-8 by accident only: by its label, or as letters no language puts together."""
    if declared is not None:
        claimed = read(data, declared) if declared in (*_EAST_ASIAN, "cp874") else None
        return (claimed, declared) if claimed is not None else None
    if _RARE.search(text) is None:
        return None
    from maildesk.mail.characters.judge import rate

    hints, fallback = _read_prior(prior)
    for codec in (*hints, fallback):
        found = read(data, codec) if codec in _EAST_ASIAN and rate(data, codec) >= 0.5 else None
        if found is not None:
            return found, codec
    return None


def _descend(
    data: bytes, label: str | None, declared: str | None, fault: str | None, prior: str
) -> Decoded:
    """The rungs below strict UTF-8: the declared charset, slight damage, what is likely."""
    if declared is not None and declared != "utf-8":
        found = _believe(data, label, declared, fault)
        if found is not None:
            return found
    damaged = f"charset: some bytes are not {show(label) if declared else 'utf-8'}"
    rungs = (
        (_nearly(data, declared or "utf-8"), fault or damaged),
        (_nearly(data, "utf-8"), fault or "charset: some bytes are not utf-8"),
    )
    for text, defect in rungs:
        if text is not None:
            return Decoded(text, defect)
    hints, fallback = _read_prior(prior)
    if declared is not None and declared not in _ESCAPING and not declared.startswith("utf"):
        hints = (declared, *hints)
    mixed = _read_mixed(data, hints, fallback)
    if mixed is not None:
        return Decoded(mixed[0], fault or f"charset: utf-8 and {mixed[1]} mixed")
    return _guess(data, label, declared, fault, hints, fallback)


def _believe(data: bytes, label: str | None, declared: str, fault: str | None) -> Decoded | None:
    """The declared charset, where all bytes mean something in it, and not by accident."""
    true = find_true(data, declared)
    text = read(data, true)
    if text is None:
        return None
    other = _find_liar(data, true)
    if other is not None:
        return Decoded(read_damaged(data, other), fault or _say(label, other))
    if fault is None and (true != declared or _is_too_narrow(data, label, declared)):
        fault = _say(label, true)
    return Decoded(text, fault)


def _find_liar(data: bytes, codec: str) -> str | None:
    """Another charset the bytes are beyond doubt in. Only where the label's own makes no words."""
    if codec == "cp1252":
        if _RUN.search(data) is None:
            return None  # what Western texts look like
    elif codec == "gb18030":
        if _reads(data, "gb2312"):
            return None
    elif codec not in ("iso8859-5", "iso8859-6", "big5hkscs"):
        return None
    from maildesk.mail.characters.judge import judge, rate

    wide = codec in _EAST_ASIAN
    verdict = judge(data) if rate(data, codec) < (0.3 if wide else 0.4) else None
    if verdict is None or verdict.codec == codec:
        return None
    high = len(data) - len(data.decode("ascii", "ignore"))
    if wide:  # rare hanzi are names, and no proof of anything
        sure = high >= 20 and verdict.score >= 0.8 and verdict.codec in _EAST_ASIAN
    else:
        sure = high >= 4 and verdict.score >= 0.65
    return verdict.codec if sure else None


def _guess(
    data: bytes,
    label: str | None,
    declared: str | None,
    fault: str | None,
    hints: tuple[str, ...],
    fallback: str,
) -> Decoded:
    from maildesk.mail.characters.judge import judge

    verdict = judge(data, hints, fallback)
    if verdict is not None:
        codec = _name_koi8(data, verdict.codec)
        return Decoded(read_damaged(data, codec), fault or _say(label, codec))
    for rung in (*hints, fallback, "cp1252"):
        text = read(data, rung)
        if text is not None:
            return Decoded(text, fault or _say(label, rung))
    codec = declared or fallback
    return Decoded(read_damaged(data, codec), f"charset: undecodable bytes, {show(codec)} tried")


def _read_mixed(data: bytes, hints: tuple[str, ...], fallback: str) -> tuple[str, str] | None:
    """A text some of whose lines are UTF-8: a list's footer below, or a quote pasted in."""
    if data.count(b"\n") > _MOST_LINES:
        return None
    lines = data.splitlines(keepends=True)
    foreign = [line for line in lines if not line.isascii() and not _reads(line, "utf-8")]
    known = sum(not line.isascii() for line in lines) - len(foreign)
    if not known or len(lines) < 2:
        return None
    from maildesk.mail.characters.judge import judge, rate

    verdict = judge(b"".join(foreign), hints, fallback)
    if verdict is None or (verdict.codec in _EAST_ASIAN and rate(data, verdict.codec) >= 0.5):
        return None  # short words of GBK are UTF-8 by accident
    texts = (
        line.decode() if _reads(line, "utf-8") else read_damaged(line, verdict.codec)
        for line in lines
    )
    return "".join(texts), verdict.codec


def _read_ascii(data: bytes, label: str | None, declared: str | None, fault: str | None) -> Decoded:
    text = data.decode("ascii")
    hidden = "iso2022_jp" if "\x1b" in text and _ESCAPE.search(text) else None
    if declared == "gb18030" and "~{" in text and "~}" in text:
        hidden = "hz"
    if hidden is not None:
        found = read(data, hidden)
        if found is not None and not found.isascii():
            return Decoded(found, fault or (_say(label, hidden) if label else None))
    if "\x00" in text and _is_wide(data):
        wide = _read_wide(data, "utf-16")
        if wide is not None:
            return Decoded(wide, fault or _say(label, "utf-16"))
    return Decoded(text, fault)


def _read_escaping(data: bytes, codec: str) -> str | None:
    """Charsets whose text looks like ASCII or holds NULs: UTF-8 must not be tried first."""
    if codec.startswith(_WIDE):
        return _read_wide(data, codec)
    if codec != "utf-7":
        return read(data, codec) if data.isascii() or codec == "iso2022_jp" else None
    return read(data, codec)


def _read_wide(data: bytes, codec: str) -> str | None:
    """UTF-16 and UTF-32, in the order their bytes show rather than the one they are said to have.

    Text of a byte a character under such a label is a program's mistake, and common.
    """
    if data.startswith((*_WIDE_BOMS, codecs.BOM_UTF32_BE)):
        wide = data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE))
        text = read(data, "utf-32" if wide else "utf-16")
        return text if text is not None else read(data, codec)
    if b"\x00" not in data[:4000] and _reads(data, "utf-8"):
        return None
    if codec.startswith("utf-32"):
        return read(data, codec if codec != "utf-32" else "utf-32-be") or read(data, "utf-32-le")
    data = data[: len(data) - len(data) % 2]
    high, low = data[0:4000:2], data[1:4000:2]
    first = codec if codec != "utf-16" else "utf-16-be"
    if high.count(0) * 2 < low.count(0):
        first = "utf-16-le"
    elif low.count(0) * 2 < high.count(0):
        first = "utf-16-be"
    text = read(data, first)
    if text is None:
        text = read(data, "utf-16-le" if "be" in first else "utf-16-be")
    if text is not None and b"\x00" not in data and not _is_eastern(text):
        return None
    return text


def _is_eastern(text: str) -> bool:
    """Whether it is hanzi, kana or hangul throughout, as UTF-16 without a NUL is if at all."""
    head = text[:2000]
    found = sum("\u3000" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3" for char in head)
    return found * 10 >= len(head) * 8


def _is_wide(data: bytes) -> bool:
    """Whether every second byte is NUL, or nearly, as in UTF-16 of Western text."""
    if b"\x00" not in data[:4] or len(data) < 4:
        return False
    high, low = data[0:2000:2], data[1:2000:2]
    most, least = max(high.count(0), low.count(0)), min(high.count(0), low.count(0))
    return most * 10 >= len(low) * 7 and least * 20 <= most


def _nearly(data: bytes, codec: str) -> str | None:
    """Text with a few damaged characters (a cut or flipped byte), else None.

    Foreign bytes fail all over; damage is rare: one bad place in twenty non-ASCII characters.
    """
    text = read_damaged(data, codec)
    bad = len(_DAMAGE.findall(text))
    good = len(text) - len(text.encode("ascii", "ignore")) - text.count(REPLACEMENT)
    return text if bad * 20 <= good or (bad == 1 and good >= 8) else None


def _read_prior(prior: str) -> tuple[tuple[str, ...], str]:
    """`hint hint prior` as codecs; hints that are UTF-8 or ASCII say nothing here."""
    *hints, last = prior.split() or ("gb18030",)
    named = (resolve(hint).codec for hint in hints)
    useful = dict.fromkeys(hint for hint in named if hint and not hint.startswith("utf"))
    return tuple(useful), resolve(last).codec or "gb18030"


def _reads(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _name_koi8(data: bytes, codec: str) -> str:
    """KOI8-R unless the letters Ukrainian has alone are there."""
    return find_true(data, "koi8-r") if codec == "koi8-u" else codec


def _is_too_narrow(data: bytes, label: str | None, codec: str) -> bool:
    """Whether the label is narrower than the bytes (gb2312 with GBK characters)."""
    if codec == "gb18030":
        return is_narrow(label) and not _reads(data, "gb2312")
    if codec in ("cp1252", "cp1254", "cp1255"):
        return "125" not in (label or "") and _C1.search(data) is not None
    return False


def _say(label: str | None, codec: str) -> str:
    what = f"{show(label)} label" if label and label.strip() else "no label"
    return f"charset: {what}, decoded as {codec}"
