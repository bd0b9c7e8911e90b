"""What must nobody read who does not need it: found in a text, and replaced by a readable mask.

Resident ID numbers, bank cards, home addresses and passwords (R17, N9). Each kind is found by a
module of its own (`privacy_numbers`, `privacy_addresses`, `privacy_passwords`); here stands what a
mask looks like and which kinds a desk hides. Where texts are masked is `shield`'s question.

Everything is linear in the text: no pattern here or there can be made to go back over it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from unicodedata import normalize

import re2

from maildesk.desk.privacy.addresses import find_addresses
from maildesk.desk.privacy.numbers import UNSEEN, find_cards, find_ids
from maildesk.desk.privacy.passwords import find_passwords


class Secret(StrEnum):
    """The four kinds, as the configuration writes them."""

    ID = "id"
    CARD = "card"
    ADDRESS = "address"
    PASSWORD = "password"


ALL = frozenset(Secret)


@dataclass(frozen=True, slots=True)
class Privacy:
    """What a desk hides; `staff_may_send` stays in an engineer's own words to the requester."""

    hide: frozenset[Secret] = ALL
    staff_may_send: frozenset[Secret] = field(default=frozenset({Secret.PASSWORD}))


USUAL = Privacy()


def mask(text: str, kinds: frozenset[Secret] = ALL) -> str:
    """The text with everything of these kinds replaced; all other characters stay as they are.

    A masked text stays as it is. A mask speaks Chinese in a text that holds Chinese: it is written
    once and read by everybody, so it follows the words around it, not a reader. Of ID numbers and
    cards the last four digits stay, enough to ask "the one that ends in …?"; nothing of the others.
    """
    if not kinds or not may_hold(text):
        return text
    # A mask may bring a word nearer to a number that stood too far from it: until nothing is left.
    while (masked := _mask_once(text, kinds)) is not None:
        text = masked
    return text


def may_hold(text: str) -> bool:
    """False: there is surely nothing to mask; as fast as one look at the text."""
    return _HINT.search(text) is not None


def _mask_once(text: str, kinds: frozenset[Secret]) -> str | None:
    """None: there is nothing to hide."""
    found = sorted(_find(_fold(text), kinds))
    if not found:
        return None
    marks = _CHINESE if _HAN.search(text) else _ENGLISH
    parts, at = [], 0
    for start, end, kind in _join(found):
        tail = "".join(filter(str.isalnum, normalize("NFKC", text[start:end])))[-4:]
        # As many lines as before: staff's words are put together line by line.
        breaks = "\n" * text.count("\n", start, end)
        parts += [text[at:start], marks[kind].format(tail=tail), breaks]
        at = end
    return "".join((*parts, text[at:]))


def _find(folded: str, kinds: frozenset[Secret]) -> Iterable[tuple[int, int, Secret]]:
    for kind, find in _FINDERS.items():
        if kind in kinds:
            for start, end in find(folded):
                # What is hidden already is nobody's find, or masking would never end.
                masked = folded.find(HIDDEN, start, end)
                if (stop := end if masked < 0 else masked) > start:
                    yield start, stop, kind


def _join(found: Iterable[tuple[int, int, Secret]]) -> list[tuple[int, int, Secret]]:
    """Overlapping finds are one: what either hides is hidden, under the first one's name."""
    joined: list[tuple[int, int, Secret]] = []
    for start, end, kind in found:
        if joined and start < joined[-1][1]:
            before = joined[-1]
            joined[-1] = (before[0], max(end, before[1]), before[2])
        else:
            joined.append((start, end, kind))
    return joined


_FINDERS: Mapping[Secret, Callable[[str], Iterable[tuple[int, int]]]] = {
    Secret.PASSWORD: find_passwords,
    Secret.ID: find_ids,
    Secret.CARD: find_cards,
    Secret.ADDRESS: find_addresses,
}
_CHINESE: Mapping[Secret, str] = {
    Secret.ID: "［身份证号已隐去…{tail}］",
    Secret.CARD: "［银行卡号已隐去…{tail}］",
    Secret.ADDRESS: "［家庭住址已隐去］",
    Secret.PASSWORD: "［密码已隐去］",
}
_ENGLISH: Mapping[Secret, str] = {
    Secret.ID: "[ID number hidden …{tail}]",
    Secret.CARD: "[card number hidden …{tail}]",
    Secret.ADDRESS: "[home address hidden]",
    Secret.PASSWORD: "[password hidden]",
}
_MASKS = re.compile(
    r"［(?:身份证号|银行卡号)已隐去…[0-9A-Za-z]{1,4}］|［(?:家庭住址|密码)已隐去］"
    r"|\[(?:ID|card) number hidden …[0-9A-Za-z]{1,4}\]|\[(?:home address|password) hidden\]"
)
HIDDEN = "\ue000"
"""What stands for each character of a mask while a text is searched; no finder takes it."""

_HAN = re.compile("[\u3400-\u9fff]")
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ\u00a0\u3000]")
_NARROW = {wide: wide - 0xFEE0 for wide in range(0xFF10, 0xFF5B)} | {0xA0: 32, 0x3000: 32}
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}

# What every find needs one of: most mails have none, and cost no more than this.
_HINT = re2.compile(
    f"[0-9０-９](?:[ \\t\\r\\n>\u00a0\u3000‐-―－{UNSEEN}-]{{0,4}}[0-9０-９]){{12}}"
    "|密码|密碼|口令|(?i:[pｐ][aａ][sｓ][sｓ]|[pｐ][wｗ]|[pｐ][sｓ][wｗ]|home ?address|residen)"
    "|住址|住所|家庭地址|居住地|户籍|住宅|单元|[栋幢弄]|小区|花园|家园|公寓|新村|宿舍|[苑邸]"
)


def _fold(text: str) -> str:
    """Lower case, narrow, masks blotted out; each character stays where it is."""
    if "隐去" in text or " hidden" in text:
        text = _MASKS.sub(lambda found: HIDDEN * len(found.group()), text)
    if _WIDE.search(text):
        text = text.translate(_NARROW)
    low = text.lower()
    return low if len(low) == len(text) else text.translate(_LOWER)
