"""How do the bytes of one known charset read, with what vendors added to it?

Python's codecs keep to the standards; Outlook, Notes and phones do not. A codec is tried as it is
first, since that is quick, and what it refuses is looked up where the vendors put it. Which charset
it is is `charset`'s question; what none of them knows is None or, in `read_damaged`, U+FFFD.
"""

from __future__ import annotations

import codecs
import re
import threading
from collections.abc import Callable

from maildesk.mail.characters.iso2022 import READERS

REPLACEMENT = "\ufffd"
_SURROGATE = re.compile("[\ud800-\udfff]")
_C1 = re.compile(rb"[\x80-\x9f]")
# Where an ISO text holds bytes of 80-9F, a Windows program wrote it, in its own page.
_WINDOWS = {
    "iso8859-2": "cp1250",
    "iso8859-4": "cp1257",
    "iso8859-7": "cp1253",
    "iso8859-10": "cp1257",
    "iso8859-13": "cp1257",
    "iso8859-14": "cp1252",
    "iso8859-15": "cp1252",
    "iso8859-16": "cp1250",
}
# Є І Ї Ґ stand where KOI8-R has pieces of boxes, which never touch a letter.
_UKRAINIAN = re.compile(
    rb"[\xc0-\xff][\xa4\xa6\xa7\xad\xb4\xb6\xb7\xbd]|[\xa4\xa6\xa7\xad\xb4\xb6\xb7\xbd][\xc0-\xff]"
)
_BIG5_SIGNS = str.maketrans("•､∼", "‧﹑～")

# Characters of one text that are looked up one by one; beyond, damage is only marked.
_MOST_REPAIRS = 100_000

Repair = Callable[[bytes, int], tuple[str, int] | None]
"""What vendors mean by the bytes at a place, and how many they are."""


class _Spent(ValueError):
    """More repairs than a text of this world needs."""


class _Budget(threading.local):
    left = 0


_budget = _Budget()


def read(data: bytes, codec: str) -> str | None:
    """The text, when every byte of it means something; never with lone surrogates."""
    try:
        text = _decode(data, codec, "strict")
        if not text.isascii():
            text.encode("utf-8")  # a few codecs make lone surrogates
    except (LookupError, ValueError):
        return None
    return text


def read_damaged(data: bytes, codec: str) -> str:
    """The text with U+FFFD for what means nothing. Never raises."""
    try:
        text = _decode(data, codec, "replace")
    except _Spent:
        text = data.decode(codec, "replace")
    except (LookupError, ValueError):
        text = data.decode("utf-8", "replace")
    return _SURROGATE.sub(REPLACEMENT, text)


def find_true(data: bytes, codec: str) -> str:
    """The code page really used where its bytes give it away, else the codec itself."""
    page = _WINDOWS.get(codec)
    if page is not None and _C1.search(data) is not None:
        return page
    if codec == "koi8-r" and _UKRAINIAN.search(data) is not None:
        return "koi8-u"
    return codec


def _decode(data: bytes, codec: str, errors: str) -> str:
    own = READERS.get(codec)
    if own is not None:
        text = own(data, read_damaged)
        if errors == "strict" and REPLACEMENT in text:
            raise ValueError("not every byte means something")
        return text
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        if codec in _REPAIRS:
            _budget.left = _MOST_REPAIRS
            text = data.decode(codec, f"maildesk.{codec}.{errors}")
        elif errors == "strict":
            raise
        else:
            text = data.decode(codec, errors)
    if codec == "gb18030":
        return text.replace("\ue5e5", "\u3000") if "\ue5e5" in text else text
    return text.translate(_BIG5_SIGNS) if codec == "big5hkscs" else text


def _repair_gb(data: bytes, place: int) -> tuple[str, int] | None:
    return ("€", 1) if data[place] == 0x80 else None


def _repair_big5(data: bytes, place: int) -> tuple[str, int] | None:
    return _try(data[place : place + 2], "cp950")


def _repair_shift_jis(data: bytes, place: int) -> tuple[str, int] | None:
    if data[place] == 0xA0:
        return "\u00a0", 1
    return _try(data[place : place + 2], "shift_jis_2004")


def _repair_euc_jp(data: bytes, place: int) -> tuple[str, int] | None:
    """NEC's and IBM's characters sit in rows of the plane that the standard leaves empty."""
    if data[place] == 0x8F:
        return _try(data[place : place + 3], "euc_jis_2004")
    row, cell = (data[place], data[place + 1]) if place + 1 < len(data) else (0, 0)
    if row < 0xA1 or not 0xA1 <= cell <= 0xFE:
        return None
    row -= 0xA1
    lead = (row >> 1) + (0x81 if row < 62 else 0xC1)
    trail = cell - 2 if row % 2 else cell - 0x61 + (cell >= 0xE0)
    if lead > 0xFF:
        return None
    found = _try(bytes((lead, trail)), "cp932")
    return found or _try(data[place : place + 2], "euc_jis_2004")


def _try(pair: bytes, codec: str) -> tuple[str, int] | None:
    try:
        return pair.decode(codec), len(pair)
    except UnicodeDecodeError:
        return None


_REPAIRS: dict[str, Repair] = {
    "gb18030": _repair_gb,
    "big5hkscs": _repair_big5,
    "cp932": _repair_shift_jis,
    "euc_jp": _repair_euc_jp,
}


def _register(codec: str, repair: Repair) -> None:
    def mend(error: UnicodeError, strict: bool) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        if _budget.left <= 0:
            raise _Spent
        _budget.left -= 1
        found = repair(error.object, error.start)
        if found is not None:
            return found[0], error.start + found[1]
        if strict:
            raise error
        return REPLACEMENT, error.end

    codecs.register_error(f"maildesk.{codec}.strict", lambda error: mend(error, True))
    codecs.register_error(f"maildesk.{codec}.replace", lambda error: mend(error, False))


for _codec, _repair in _REPAIRS.items():
    _register(_codec, _repair)
