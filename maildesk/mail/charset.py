"""Which characters do these bytes mean? The ladder for labels that lie (R: correct Chinese).

Strict UTF-8, then the declared charset widened to the superset people really send, then the
mailbox's prior, then a statistical guess. Never raises and never returns lone surrogates; every
doubt becomes a short defect. Knows nothing of headers or MIME parts.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

REPLACEMENT = "\ufffd"

# What senders write -> the superset they mean (WHATWG does the same for browsers).
_WIDER = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "ms936": "gb18030",
    "windows-936": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "gb2312-80": "gb18030",
    "gb-2312": "gb18030",
    "gb_2312": "gb18030",
    "x-gb": "gb18030",
    "chinese": "gb18030",
    "euc-cn": "gb18030",
    "euccn": "gb18030",
    "x-euc-cn": "gb18030",
    "hz-gb-2312": "hz",
    "hzgb2312": "hz",
    "big5": "big5hkscs",
    "big-5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cp950": "big5hkscs",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "l1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "cp1255",
    "iso-8859-8": "cp1255",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "korean": "cp949",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-utf-8": "utf-8",
    "unicode": "utf-16",
}
# Labels that say nothing: treated as no label at all.
_SILENT = {"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "unknown", "default", "8bit"}
# Python calls these text encodings; none of them is a charset of mail, and idna is not linear.
_NOT_CHARSETS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs"}
_EAST_ASIAN = {"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp"}
_SEVEN_BIT = {"utf-7", "hz"}
_WIDE_UNITS = ("utf-16", "utf-32")
_DAMAGE = re.compile(f"{REPLACEMENT}+")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text without lone surrogates, and what was wrong with its label or bytes, if anything."""

    text: str
    defect: str | None = None


def decode(data: bytes, label: str | None, *, prior: str = "gb18030") -> Decoded:
    """Bytes to text by the ladder; `label` is the declared charset as written, or None.

    `prior` is the charset this mailbox most often gets without a label. Never raises.
    """
    declared, fault = _resolve(label)
    if declared is not None and _escapes(declared):
        text = _strict(data, declared)
        if text is not None:
            return Decoded(text)
        fault = fault or f"charset: bytes are not {_show(label)}"
    if data.isascii():
        text = data.decode("ascii")
        if label is None and "\x1b$" in text:
            text = _strict(data, "iso2022_jp_ext") or text
        return Decoded(text, fault)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _strict(data, "utf-16")
        if text is not None:
            return Decoded(text, fault)
    try:
        text = str(data, "utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8")
    except UnicodeDecodeError:
        return _descend(data, label, declared, fault, prior)
    if declared in _EAST_ASIAN and max(text) < "\u0800":
        # Two-byte UTF-8 is also what many GBK words look like (印, 通): here the label decides.
        claimed = _strict(data, declared)
        if claimed is not None:
            return Decoded(claimed)
    if fault is None and declared != "utf-8" and label and label.strip():
        fault = _say(label, "utf-8")
    return Decoded(text, fault)


def widen(label: str | None) -> str | None:
    """The Python codec we use for a label, or None when the label names no charset."""
    return _resolve(label)[0]


def _descend(
    data: bytes, label: str | None, declared: str | None, fault: str | None, prior: str
) -> Decoded:
    """The rungs below strict UTF-8: the declared charset, slight damage, the prior, a guess."""
    if declared == "cp1252" and _looks_chinese(data):
        return Decoded(_replace(data, "gb18030"), _say(label, "gb18030"))
    if declared is not None and declared != "utf-8":
        text = _strict(data, declared)
        if text is not None:
            return Decoded(text, fault or _judge_label(data, label, declared))
    fallback = widen(prior) or "gb18030"
    said = fault or _say(label, fallback)
    damaged = f"charset: some bytes are not {_show(label) if declared else 'utf-8'}"
    rungs = (
        (_nearly(data, declared or "utf-8"), fault or damaged),
        (_nearly(data, "utf-8"), fault or "charset: some bytes are not utf-8"),
        (_strict(data, fallback), said),
        (_nearly(data, fallback) if len(data) >= 8 else None, said),
    )
    for text, defect in rungs:
        if text is not None:
            return Decoded(text, defect)
    guessed = _guess(data)
    if guessed is not None:
        return Decoded(guessed[0], fault or _say(label, guessed[1]))
    codec = declared or fallback
    return Decoded(_replace(data, codec), f"charset: undecodable bytes, {_show(codec)} tried")


@lru_cache(maxsize=512)
def _resolve(label: str | None) -> tuple[str | None, str | None]:
    """A label -> (codec, defect)."""
    if label is None:
        return None, None
    name = label.strip().strip("\"'").lower()[:64]
    if name in _SILENT:
        return None, None
    name = _WIDER.get(name, name)
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None, f"charset: {_show(label)} is unknown"
    try:
        b"a".decode(known)
    except LookupError:  # hex, zlib, rot13 and the like turn bytes into bytes
        return None, f"charset: {_show(label)} is not a charset"
    except ValueError:
        pass  # one byte is no character of UTF-16
    if known in _NOT_CHARSETS or known.startswith(("unicode", "raw-unicode")):
        return None, f"charset: {_show(label)} is not a charset"
    if known == "ascii":
        return None, None
    return _WIDER.get(known.replace("_", "-"), known), None


def _escapes(codec: str) -> bool:
    """Charsets whose text looks like ASCII or holds NULs: UTF-8 must not be tried first."""
    return codec in _SEVEN_BIT or codec.startswith(("iso2022", "iso-2022", *_WIDE_UNITS))


def _strict(data: bytes, codec: str) -> str | None:
    try:
        text = data.decode(codec)
        text.encode("utf-8")  # a few codecs make lone surrogates
    except (LookupError, ValueError):
        return None
    return text


def _replace(data: bytes, codec: str) -> str:
    try:
        text = data.decode(codec, "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    return _SURROGATE.sub(REPLACEMENT, text)


def _nearly(data: bytes, codec: str) -> str | None:
    """Text with a few damaged characters (a cut or flipped byte), else None.

    Foreign bytes fail all over; damage is rare: one bad place in twenty non-ASCII characters.
    """
    text = _replace(data, codec)
    bad = len(_DAMAGE.findall(text))
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return text if bad * 20 <= foreign or (bad == 1 and foreign >= 8) else None


def _looks_chinese(data: bytes) -> bool:
    """Whether all high bytes pair up into common hanzi: Western text never does for long."""
    try:
        text = data.decode("gb2312")
    except UnicodeDecodeError:
        return False
    high = [char for char in text[:4000] if ord(char) > 127]
    hanzi = sum("\u4e00" <= char <= "\u9fff" for char in high)
    return hanzi >= 4 and hanzi * 10 >= len(high) * 6


def _guess(data: bytes) -> tuple[str, str] | None:
    import chardet  # heavy, and the last rung is rarely reached

    found = chardet.detect(data[:20_000])
    name = found.get("encoding")
    codec = widen(name) if name and (found.get("confidence") or 0) > 0.4 else None
    text = _strict(data, codec) if codec else None
    return (text, codec) if codec and text is not None else None


def _judge_label(data: bytes, label: str | None, codec: str) -> str | None:
    """A defect when the label is narrower than the bytes (gb2312 with GBK characters)."""
    name = (label or "").strip().strip("\"'").lower()
    if codec == "gb18030" and "2312" in name and _strict(data, "gb2312") is None:
        return _say(label, codec)
    if codec == "cp1252" and name != "windows-1252" and re.search(rb"[\x80-\x9f]", data):
        return _say(label, codec)
    return None


def _say(label: str | None, codec: str) -> str:
    what = f"{_show(label)} label" if label and label.strip() else "no label"
    return f"charset: {what}, decoded as {codec}"


def _show(label: str | None) -> str:
    """A label fit for a defect: short and printable."""
    clean = "".join(char if " " < char < "\x7f" else "?" for char in (label or "").strip()[:40])
    return clean.strip("\"'").lower() or "empty"
