"""Which lines of a text are OpenPGP armor (RFC 9580 §6.2, §7), and which did a person write?

Nothing is decrypted or verified. PGP/MIME (RFC 3156) is `structure`'s question.
"""

from __future__ import annotations

import re

_BEGIN_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_BEGIN_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END_SIGNATURE = "-----END PGP SIGNATURE-----"
_BEGIN_MESSAGE = "-----BEGIN PGP MESSAGE-----"
_END_MESSAGE = "-----END PGP MESSAGE-----"
_KEY = re.compile(r"(?:Hash|Charset|NotDashEscaped|Version|Comment): ?\S?.{0,200}")
_BASE64 = re.compile(r"[A-Za-z0-9+/=]{1,200}")


def strip_armor(text: str) -> tuple[str, str]:
    """(the words, the armor lines) of a clear-signed text; (text, "") where none is whole.

    Words before and after the signed ones stay, dash escapes are undone (§7.2). A signed text that
    is quoted is history and none of this.
    """
    if _BEGIN_SIGNED not in text:
        return text, ""
    lines = text.split("\n")
    bare = [line.rstrip() for line in lines]
    if _BEGIN_SIGNED not in bare:
        return text, ""
    begin = bare.index(_BEGIN_SIGNED)
    try:
        middle = bare.index(_BEGIN_SIGNATURE, begin)
    except ValueError:
        return text, ""
    start = begin + 1
    while start < middle and _KEY.fullmatch(bare[start]):
        start += 1
    if start < middle and not bare[start]:
        start += 1
    try:
        end = bare.index(_END_SIGNATURE, middle) + 1
    except ValueError:
        end = _skip_armor(bare, middle + 1)  # cut off, or the end was lost
    signed = [line.removeprefix("- ") for line in lines[start:middle]]
    words = [*lines[:begin], *signed, *lines[end:]]
    armor = [*lines[begin:start], *lines[middle:end]]
    return "\n".join(words).strip("\n"), "\n".join(armor)


def is_sealed(text: str) -> bool:
    """Whether a text is nothing but an encrypted message, so that nobody here can read it."""
    text = text.strip()
    if not text.startswith(_BEGIN_MESSAGE):
        return False
    _, end, rest = text.partition(_END_MESSAGE)
    if not end:
        return True  # cut off
    return len(rest.strip()) < 400 and not rest.strip().startswith("-----BEGIN PGP SIGNED")


def _skip_armor(lines: list[str], place: int) -> int:
    while place < len(lines) and (
        not lines[place] or _KEY.fullmatch(lines[place]) or _BASE64.fullmatch(lines[place])
    ):
        place += 1
    return place
