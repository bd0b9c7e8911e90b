"""A YAML text as a tree of values that know their lines, read by libyaml in a fiftieth of the time.

Says only what it is sure of: a text with an error, a doubled key, a tag or an odd number is
`Unsure`, and the slow reader of `document` has the word, also on what is wrong. Knows no files.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import yaml

_ODD = re.compile(
    "[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
    r"|^\.\.\.",
    re.MULTILINE,
)
"""Tabs, controls, further kinds of line ends, ends of documents: readers differ there."""

_BLOCK = re.compile(r"[|>][-+]?\n +[^ \n]")
"""How people begin a text of several lines; readers differ about blank lines and remarks there."""

_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.[0-9]{1,17}")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_OTHER_NUMBER = re.compile(
    r"""[-+]?(?: 0b[01_]+ | 0o[0-7_]+ | 0x[0-9a-fA-F_]+ | [0-9_]+
        | [0-9][0-9_]* (?: \.[0-9_]* (?:[eE][-+]?[0-9]+)? | [eE][-+]?[0-9]+ )
        | \.[0-9_]+ (?:[eE][-+][0-9]+)? | \.(?:inf|Inf|INF) )
    | \.(?:nan|NaN|NAN)
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2} (?:[Tt]|[ ]+) [0-9]{1,2}:.*""",
    re.VERBOSE,
)
"""YAML 1.2 with what its readers add (underscores, moments): not text, and not for us to read."""

_NAME = re.compile(r"(?:&[0-9A-Za-z_-]+(?=[ \n])|\*[0-9A-Za-z_-]+(?=[ \n,\]}]|\Z))")
"""An anchor and what stands for it; readers differ about where a longer name ends."""

_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_BLOCKS = ("|", ">")
_NUMBERS = frozenset("+-.0123456789")


class Unsure(Exception):
    """This reader had better not say what the text means."""


class Table(dict[Any, Any]):
    """A mapping; `lines` holds the line (from 1) of each key."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}


class Rows(list[Any]):
    """A sequence; `lines` holds the line (from 1) of each entry, by its place."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Any, int] = {}


def read_tree(text: str, *, as_text: bool = False) -> Any:
    """The value of the only document in `text`, None for an empty one. Raises Unsure.

    `as_text`: whatever is no table or list is the text that stands there, also 0012 and `null`.
    """
    plain = text.replace("\r\n", "\n")
    loader = getattr(yaml, "CBaseLoader", None)  # absent where PyYAML was built without libyaml
    if loader is None or _ODD.search(plain):
        raise Unsure
    parser = loader(plain)
    try:
        return _read_stream(parser, plain, _keep if as_text else _read_plain)
    except yaml.YAMLError as fault:
        raise Unsure from fault
    finally:
        parser.dispose()


def _read_stream(parser: Any, text: str, read_plain: Callable[[str], Any]) -> Any:
    parser.get_event()
    start = parser.get_event()
    if type(start) is yaml.StreamEndEvent:
        return None
    if start.version or start.tags:
        raise Unsure
    root = _read_document(parser, text, read_plain)
    parser.get_event()
    if type(parser.get_event()) is not yaml.StreamEndEvent:
        raise Unsure  # another document follows
    return root


def _read_document(parser: Any, text: str, read_plain: Callable[[str], Any]) -> Any:
    nest = _Nest()
    named: dict[str, tuple[Any, int]] = {}  # `&name`: what it stands for, and its line
    while not nest.is_whole():
        event = parser.get_event()
        kind = type(event)
        if kind in _ENDS:
            value, name = nest.close()
            if name is not None:  # only from here on, so that no value holds itself
                _enter_name(named, name, value, value.line)
            continue
        line, name = event.start_mark.line + 1, event.anchor
        if name is not None and not _NAME.match(text, event.start_mark.index):
            raise Unsure
        if kind is yaml.ScalarEvent:
            value = read_plain(event.value) if event.implicit[0] else event.value
            if not _is_sure(event, text, nested=bool(nest.around)):
                raise Unsure
            if name is not None:
                _enter_name(named, name, value, line)
            nest.put(value, line)
        elif kind is yaml.AliasEvent:
            if name not in named or nest.awaits_key():
                raise Unsure
            nest.put(*named[name])
        elif event.tag is None and not nest.awaits_key():
            nest.open(Table(line) if kind is yaml.MappingStartEvent else Rows(line), name)
        else:
            raise Unsure
    return nest.top[0]


class _Nest:
    """Tables and lists that are still growing. No recursion: the depth of a text is not ours."""

    __slots__ = ("around", "into", "key", "key_line", "top")

    def __init__(self) -> None:
        self.top = Rows(0)
        self.into: Table | Rows = self.top
        self.key: Any = None
        self.key_line = 0  # 0: the next value of a table is a key
        self.around: list[tuple[Table | Rows, Any, int, str | None]] = []

    def is_whole(self) -> bool:
        return bool(self.top) and self.into is self.top

    def awaits_key(self) -> bool:
        return not self.key_line and type(self.into) is Table

    def put(self, value: Any, line: int) -> None:
        into = self.into
        if type(into) is Rows:
            into.lines[len(into)] = line
            into.append(value)
        elif self.key_line:
            into[self.key] = value
            into.lines[self.key] = self.key_line
            self.key_line = 0
        elif value in into:
            raise Unsure
        else:
            self.key, self.key_line = value, line

    def open(self, value: Table | Rows, name: str | None) -> None:
        self.put(value, value.line)
        self.around.append((self.into, self.key, self.key_line, name))
        self.into, self.key_line = value, 0

    def close(self) -> tuple[Table | Rows, str | None]:
        closed = self.into
        self.into, self.key, self.key_line, name = self.around.pop()
        return closed, name


def _enter_name(named: dict[str, tuple[Any, int]], name: str, value: Any, line: int) -> None:
    if name in named or not isinstance(value, (str, Table, Rows)):
        raise Unsure
    named[name] = value, line


def _is_sure(event: Any, text: str, *, nested: bool) -> bool:
    """Whether readers agree on this scalar."""
    if event.tag is not None:
        return False
    if event.style not in _BLOCKS:
        return True
    return nested and _BLOCK.match(text, event.start_mark.index) is not None


def _keep(text: str) -> str:
    return text


def _read_plain(text: str) -> Any:
    """What a word without quotes is, by the core schema of YAML 1.2: `no` and `09:30` are text."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBERS:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
        if found := _DAY.fullmatch(text):
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError as fault:
                raise Unsure from fault
        if _OTHER_NUMBER.fullmatch(text):
            raise Unsure
    elif text in ("<<", "="):
        raise Unsure
    return text
