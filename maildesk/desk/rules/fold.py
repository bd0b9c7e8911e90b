"""One spelling for words that mean the same to a reader: what rules and mails are compared in.

Folding takes compatibility forms (NFKC), case, width, curly quotes, traditional characters and
blanks out of the comparison (DESIGN §5). It does not translate, stem or segment.
"""

from __future__ import annotations

import json
import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from importlib.metadata import distribution

# The blocks from CJK radicals to the end of the ideographs, and the supplementary planes of Han.
HAN = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

# Full-width marks of everyday Chinese. Replacing them first spares nearly every mail the full
# normalisation, which costs more than all the rest of folding.
_EVERYDAY = tuple(
    (mark, plain)
    for mark, plain in zip(
        "，！？：；（）～\u3000\u00a0\x85\u1680\u2028\u2029’‘ʼ”“‐‑–—−",
        ",!?:;()~      '''\"\"-----",
        strict=True,
    )
)
_UNSEEN_SIGNS = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
_UNSEEN = re.compile(f"[{_UNSEEN_SIGNS}]")
# Every other blank is read as the one of these two that it is.
_ODD_BLANKS = "\t\x0b\x0c\r\x1c\x1d\x1e\x1f"
# A line that was wrapped inside a Latin sentence: one blank for one break, so that no place moves.
_WRAPS = re.compile(r"\n(?=[^ \n\x80-\U0010ffff])(?<=[0-9A-Za-z,]\n)")
# The runs that do not stay as they are, which nearly all do: the single blank between two printable
# ASCII characters, and the single line break between two that are no blanks. Each pattern begins
# with one character, since the engine leaps to it: a class of both takes four times as long.
_BLANKS = re.compile(r" (?<![!-~] (?=[!-~]))(?<![ \n] )[ \n]*")
_BREAKS = re.compile(r"\n(?<![ \n]\n)(?:[ \n]+|\Z|(?<!(?s:.)\n))")


def fold(text: str) -> str:
    """The comparable spelling of `text`; folding twice changes nothing.

    Blanks beside Han characters vanish ("VPN 连不上" is "vpn连不上"), other runs become one. A
    line break inside a Latin sentence is a blank; any other stays, because it ends a thought.
    """
    characters = fold_characters(text)
    if " " not in characters and characters.isprintable():
        return characters  # nearly every word of a rule: there is no blank and no break in it
    return _fold_blanks(characters)[0]


def fold_characters(text: str) -> str:
    """Like `fold`, but blanks and line breaks stay as they are."""
    if text.isascii():
        return text.lower()
    for mark, plain in _EVERYDAY:
        text = text.replace(mark, plain)
    folded = _fold_once(text)
    while not unicodedata.is_normalized("NFKC", folded):
        folded = _fold_once(folded)
    return folded


class Folded:
    """A folded text that still knows what stood there: `original` answers for any part of it."""

    __slots__ = ("_cuts", "_places", "_same_length", "_shifts", "_source", "_traced", "text")

    def __init__(self, source: str) -> None:
        self._source = source
        characters = fold_characters(source)
        self._same_length = len(characters) == len(source)
        self._traced = False
        self._places: list[int] | None = None
        self.text, self._cuts, self._shifts = _fold_blanks(characters)

    def original(self, start: int, end: int) -> str:
        """What was written where `text[start:end]` stands; blanks inside as one blank.

        Where characters fell together beyond tracing, the folded words are the answer.
        """
        first, last = start, end
        cuts = self._cuts
        if cuts:
            cut = bisect_right(cuts, start)
            first += self._shifts[cut - 1] if cut else 0
            if cut < len(cuts) and cuts[cut] < end:
                cut = bisect_right(cuts, end - 1)
            last += self._shifts[cut - 1] if cut else 0
        if not self._same_length:
            if not self._traced:  # once for a text: every word that was found asks
                self._places, self._traced = self._trace_characters(), True
            places = self._places
            if places is None or last > len(places):
                return self.text[start:end]
            first, last = places[first], places[last - 1] + 1
        words = self._source[first:last]
        return words if words.isalnum() else " ".join(words.split())

    def _trace_characters(self) -> list[int] | None:
        """For each folded character the place of its source; None when they do not line up."""
        places: list[int] = []
        pieces: list[str] = []
        known: dict[str, str] = {}
        for place, character in enumerate(self._source):
            piece = known.get(character)
            if piece is None:
                piece = known[character] = fold_characters(character)
            pieces.append(piece)
            places.extend([place] * len(piece))
        return places if "".join(pieces) == fold_characters(self._source) else None


def _fold_once(text: str) -> str:
    table, traditional, odd = _load_simplified()
    if not odd.search(text) and unicodedata.is_normalized("NFKC", text):
        return text.casefold()  # no letter's other case is a traditional character
    text = _UNSEEN.sub("", text)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    text = text.casefold()
    if traditional.search(text):
        text = text.translate(table)
    return text


@lru_cache(maxsize=1)
def _load_simplified() -> tuple[dict[int, str], re.Pattern[str], re.Pattern[str]]:
    """Traditional → simplified, character by character; a pattern that finds any of them; and one
    that finds these and what is not seen, since most texts have neither.

    The table is zhconv's; it is read as data because importing that package costs 0.1 s. 帐 is
    read as 账: offices write 帐号 and 账号 without distinction. Rare characters beyond U+FFFF are
    left out, because with them the pattern costs a hundred times more.
    """
    path = distribution("zhconv").locate_file("zhconv/zhcdict.json")
    with open(str(path), encoding="utf-8") as file:  # noqa: PTH123 - a SimplePath has no open()
        pairs: dict[str, str] = json.load(file)["zh2Hans"]
    han = re.compile("[\u3400-\u9fff]")
    table = {
        old: new
        for old, new in pairs.items()
        if len(old) == 1 == len(new) and old != new and han.match(old) and han.match(new)
    }
    table["帐"] = table["帳"] = "账"
    table = {old: table.get(new, new) for old, new in table.items()}
    traditional = "".join(table)
    both = re.compile(f"[{traditional}{_UNSEEN_SIGNS}]")
    return str.maketrans(table), re.compile(f"[{traditional}]"), both


def _fold_blanks(text: str) -> tuple[str, list[int], list[int]]:
    """The text with its blanks folded; where it was cut; how many characters were gone by then."""
    pieces: list[str] = []
    cuts: list[int] = []
    shifts: list[int] = []
    done = length = 0
    for sign in _ODD_BLANKS:
        text = text.replace(sign, " ")
    text = _WRAPS.sub(" ", text)
    last = len(text)
    runs = [run.span() for pattern in (_BLANKS, _BREAKS) for run in pattern.finditer(text)]
    for start, end in sorted(runs):
        if start == 0 or end == last:
            blank = ""
        else:
            before, after = text[start - 1], text[end]
            breaks = text.count("\n", start, end)
            if breaks > 1:
                blank = "\n\n"
            elif breaks and not (
                before < "\x80" and after < "\x80" and (before.isalnum() or before == ",")
            ):
                blank = "\n"
            elif before < "\u2e80" and after < "\u2e80":
                blank = " "
            else:
                blank = "" if _is_han(before) or _is_han(after) else " "
            if end - start == 1 and blank:
                continue
        pieces += (text[done:start], blank)
        length += start - done + len(blank)
        done = end
        cuts.append(length)
        shifts.append(end - length)
    if not pieces:
        return text, cuts, shifts
    pieces.append(text[done:])
    return "".join(pieces), cuts, shifts


def _is_han(character: str) -> bool:
    return "\u2e80" <= character <= "\u9fff" or character >= "\U00020000"
