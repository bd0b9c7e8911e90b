"""What a ticket number looks like, and which numbers a text might mean.

A format is the user's (F1, M1, R1, W1). Finding is generous on purpose: what is found here is
only a candidate, looked up afterwards among all numbers ever given (DESIGN §4, §7). It neither
counts nor reserves numbers.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from string import Formatter

_YEARS = {"%Y": 4, "%y": 2}
_WIDTHS = {**_YEARS, "%m": 2, "%d": 2, "%j": 3}
_LITERAL = re.compile(r"[A-Za-z0-9_./-]*")
_SEQ_SPEC = re.compile(r"0?([1-9])d")
_DATE_SPEC = re.compile(r"(?:%[Yymdj]|[-_./])+")
_MAX_LENGTH = 32
_MAX_CANDIDATES = 16

# Bounded everywhere, so that no subject costs more than linear time.
_TOKEN = re.compile(r"(?<![A-Z0-9])[A-Z]{1,6}-?\d{4,20}(?:-\d{1,12}){0,4}(?![0-9])", re.ASCII)
_HYPHENS = dict.fromkeys(
    map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\ufe58\ufe63"), "-"
)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"), None)
_FOLD = {**_HYPHENS, **_INVISIBLE}


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A pattern such as `IT-{date:%Y%m%d}-{seq:04d}`: fields `date`, `seq` and `type`.

    Raises ValueError with every fault of the pattern, one a line; `list_faults` gives them as text.
    """

    pattern: str

    def __post_init__(self) -> None:
        faults = list_faults(self.pattern)
        if faults:
            raise ValueError("\n".join(faults))

    def format(self, day: date, seq: int, type_key: str = "") -> str:
        """The number of the `seq`-th ticket of its period, in capitals.

        `day` is the opening day in the desk's zone. Raises ValueError for a sequence below 1, and
        for a format that names the type when none is given.
        """
        if seq < 1:
            raise ValueError(f"sequences start at 1, not {seq}")
        if not type_key and "{type}" in self.pattern:
            raise ValueError(f"{self.pattern} needs the ticket's type")
        return self.pattern.format(date=day, seq=seq, type=type_key).upper()

    def period(self, day: date) -> str:
        """The key under which the sequence restarts: a day, month or year, or "" for never."""
        dates = (spec for _, name, spec in _fields(self.pattern) if name == "date")
        return "".join(day.strftime(spec) for spec in dates)


def list_faults(pattern: str) -> tuple[str, ...]:
    """Everything wrong with a number pattern, each as one line for a person; empty when usable."""
    try:
        fields = _fields(pattern)
    except ValueError as fault:
        return (f"{pattern}: {fault}",)
    faults = [fault for field in fields for fault in _judge_field(*field)]
    names = [name for _, name, _ in fields if name]
    if names.count("seq") != 1:
        faults.append("{seq:04d} must appear exactly once")
    if names.count("type") > 1:
        faults.append("{type} may appear once only")
    if not faults:
        faults.extend(_judge_whole(pattern, fields))
    return tuple(f"{pattern}: {fault}" for fault in faults)


def find_numbers(text: str, formats: Sequence[NumberFormat | str] = ()) -> tuple[str, ...]:
    """Every number the text might name, canonical, in the order they stand, without repeats.

    Read are any case, full-width letters and digits, typographic hyphens, blanks around or in
    place of hyphens, missing hyphens and missing leading zeros; beside the given formats anything
    that looks like a number of a format used once. At most 16.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_FOLD).upper()
    places: dict[int, list[str]] = {}
    for format_ in formats:
        pattern = format_ if isinstance(format_, str) else format_.pattern
        for match in _reader(pattern).finditer(folded):
            places.setdefault(match.start(), []).append(_rebuild(pattern, match))
    for match in _TOKEN.finditer(folded):
        read = places.get(match.start(), [])
        # Written exactly as one of the formats gives it: other readings would only mislead.
        places[match.start()] = [match[0]] if match[0] in read else [match[0], *read]
    numbers = dict.fromkeys(number for start in sorted(places) for number in places[start])
    return tuple(numbers)[:_MAX_CANDIDATES]


@lru_cache(maxsize=64)
def _fields(pattern: str) -> tuple[tuple[str, str, str], ...]:
    """(text before, field, its format) as they stand; ValueError when braces do not match."""
    fields = []
    for text, name, spec, conversion in Formatter().parse(pattern):
        if conversion:
            raise ValueError(f"!{conversion} has no meaning here")
        fields.append((text, name or "", spec or ""))
    return tuple(fields)


def _judge_field(text: str, name: str, spec: str) -> Iterator[str]:
    if not _LITERAL.fullmatch(text):
        yield f"only letters, digits and - _ . / may stand in a number, not {text!r}"
    if name == "seq" and not _SEQ_SPEC.fullmatch(spec):
        yield "{seq} needs its width, as in {seq:04d}"
    if name == "date" and not _DATE_SPEC.fullmatch(spec):
        yield "{date} needs %Y or %y, %m, %d or %j, as in {date:%Y%m%d}"
    if name == "type" and spec:
        yield "{type} takes no format"
    if name not in {"", "seq", "date", "type"}:
        yield f"{{{name}}} is unknown; there are {{date}}, {{seq}} and {{type}}"


def _judge_whole(pattern: str, fields: tuple[tuple[str, str, str], ...]) -> Iterator[str]:
    dates = "".join(spec for _, name, spec in fields if name == "date")
    codes = re.findall(r"%[A-Za-z]", dates)
    if len(codes) > len(set(codes)):
        yield "each part of the date may appear once only"
    if codes and _YEARS.keys().isdisjoint(codes):
        yield "a date without its year would give the same numbers again next year"
    if "%d" in codes and "%m" not in codes:
        yield "a day without its month would give the same numbers again next month"
    after = False
    for text, name, _ in fields:
        if after and (text[:1].isdigit() or (not text and name)):
            yield "digits or a field right after {seq} would make two tickets share a number"
        after = name == "seq"
    if not re.match(r"[A-Za-z]|\{type\}", pattern):
        yield "a number starts with a letter or {type}, so that it is recognised in a subject"
    if len(pattern.format(date=date(2026, 12, 31), seq=1, type="REQUEST")) > _MAX_LENGTH:
        yield f"longer than {_MAX_LENGTH} characters"


@lru_cache(maxsize=64)
def _reader(pattern: str) -> re.Pattern[str]:
    parts = ["(?<![A-Z0-9])"]
    fields = _fields(pattern)
    for at, (text, name, spec) in enumerate(fields):
        parts.append(_read_literal(text))
        if name == "date":
            parts.extend(_read_date(spec, at))
        elif name == "seq":
            # Right after digits of a date the width is what tells the two apart.
            width = _SEQ_SPEC.fullmatch(spec)
            least = width[1] if width and not text and at else "1"
            parts.append(rf"(?P<seq>\d{{{least},9}})")
        elif name == "type":
            parts.append(r"(?P<type>[A-Z][A-Z_]{0,19})")
    parts.append(r"(?!\d)")
    return re.compile("".join(parts), re.ASCII)


def _read_literal(text: str) -> str:
    return "".join(
        r" {0,2}[-_./]? {0,2}" if char in "-_./" else re.escape(char.upper()) for char in text
    )


def _read_date(spec: str, at: int) -> Iterator[str]:
    for code in re.findall(r"%[Yymdj]|[-_./]", spec):
        width = _WIDTHS.get(code)
        yield _read_literal(code) if width is None else rf"(?P<d{at}{code[1]}>\d{{{width}}})"


def _rebuild(pattern: str, match: re.Match[str]) -> str:
    """The number in its canonical form."""
    parts = []
    for at, (text, name, spec) in enumerate(_fields(pattern)):
        parts.append(text.upper())
        if name == "date":
            codes = re.findall(r"%[Yymdj]|[-_./]", spec)
            parts.extend(match[f"d{at}{code[1]}"] if code in _WIDTHS else code for code in codes)
        elif name == "seq":
            parts.append(f"{int(match['seq']):{spec}}")
        elif name == "type":
            parts.append(match["type"])
    return "".join(parts)
