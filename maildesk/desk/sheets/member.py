"""What is a file called inside an archive?  A name every system takes, Windows first.

Names come from mails: no folder, no device, no drive, nothing unseen, and no two alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

_LONGEST = 80  # characters: the folder it is unpacked into needs room in Windows' 260 as well
_LONGEST_BYTES = 180
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
# Devices of Windows are files in every folder, whatever ending stands behind them.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.I)
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def name_member(name: str, taken: Container[str] = frozenset(), *, usual: str = "file") -> str:
    """The name for an archive; `taken` are those there are, in lower case. `usual`: when nothing
    of the name is left."""
    text = "".join(sign for sign in name if unicodedata.category(sign) not in _UNSEEN)
    text = unicodedata.normalize("NFC", text)  # what stood apart may join now
    text = _FORBIDDEN.sub("_", text)
    text = _trim(" ".join(text.split()))
    if _DEVICES.match(text.replace(" ", "")):
        text = f"_{text}"
    stem, ending = _split(text or usual)
    found, count = _fit(stem, ending), 1
    while found.casefold() in taken:
        count += 1
        found = _fit(stem, ending, f" ({count})")
    return found


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 12:
        return name, ""
    return stem, dot + ending


def _fit(stem: str, ending: str, mark: str = "") -> str:
    """Within the lengths; the ending stays, since it says what the file is."""
    while len(stem) + len(mark) + len(ending) > _LONGEST or (
        len(f"{stem}{mark}{ending}".encode()) > _LONGEST_BYTES
    ):
        stem = stem[:-1]
    return f"{_trim(stem) or '_'}{mark}{ending}"


def _trim(text: str) -> str:
    """No dot or blank at an end: Windows drops those behind, others hide what begins with one."""
    return text.strip(" .\u3000")
