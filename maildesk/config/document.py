"""A YAML file with its lines: values of the type wanted, or a fault that says where and why not.

Knows nothing of rules or profiles. What `yaml_tree` reads at once is taken from there; the rest,
and everything that is wrong, is for ruamel's round-trip loader, which keeps lines as well. It takes
a second for the shipped rules, so it is not even loaded before it is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maildesk.config.faults import Fault, suggest
from maildesk.config.yaml_tree import Rows, Table, Unsure, read_tree
from maildesk.desk.profile import Label

if TYPE_CHECKING:
    from ruamel.yaml import YAML
    from ruamel.yaml.nodes import Node

_TYPE_NAMES = {
    str: "text",
    int: "a whole number",
    bool: "true or false",
    dict: "a table (key: value)",
    list: "a list",
}


_CHINESE_COLON = re.compile(r"[ -]*[\w-]+：")
"""A key and the colon of a Chinese keyboard, which YAML takes for a part of the word."""

_NO_BLANK = re.compile(r"[ -]*[\w-]+:[^\s/]")

_ESCAPED = re.compile(r"\\(?:(?:u|U0000)[dD][89a-fA-F]|0|x00|u0000|U0{8})")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
"""NUL and half a character, which no database takes, and how YAML can say them all the same."""

TOO_DEEP = ("has too many tables or lists in one another", "Close each [ and {")

_BARE_COLON = re.compile(r": [^\"'\[{]*: ")
"""A second colon in a value without quotes."""

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


class Document:
    """One file being read. `faults` grows while its values are asked for; `root` may be None."""

    def __init__(self, path: Path, name: str) -> None:
        """`name` is what faults call the file, for example `rules/network.yaml`."""
        self.name = name
        self.path = path
        self.faults: list[Fault] = []
        self.root: Any = None
        text = self._read_text(path)
        if text is not None:
            self._load(text)

    def fault(self, line: int | None, key: str, problem: str, remedy: str) -> None:
        self.faults.append(Fault(self.name, line, key, problem, remedy))

    def check_keys(self, table: Mapping[str, Any], path: str, known: Iterable[str]) -> None:
        """A fault for every key that nobody reads: most are slips of the pen."""
        choices = list(known)
        for key in table:
            if key not in choices:
                remedy = suggest(str(key), choices)
                self.fault(line_of(table, key), join(path, key), "is not a known key", remedy)

    def take(
        self,
        table: Mapping[str, Any],
        path: str,
        key: str,
        kind: type,
        default: Any = None,
        *,
        remedy: str = "",
    ) -> Any:
        """The value of that type; `default` when absent; None and a fault when it is another.

        `remedy` shows the form of a table.
        """
        value = table.get(key, default)
        if key not in table or _is_kind(value, kind):
            return value
        wanted = _TYPE_NAMES[kind]
        if kind is not dict or not remedy:
            remedy = f"Write {wanted}"
        if kind is list and isinstance(value, str):
            remedy = f"Write a list: [{value}]"
        if kind is str and isinstance(value, (int, float)):
            remedy = f'Write it in quotes: "{value}"'
        problem = f"is {_name_kind(value)}, not {wanted}"
        self.fault(line_of(table, key), join(path, key), problem, remedy)
        return None

    def require(
        self, table: Mapping[str, Any], path: str, key: str, kind: type, remedy: str
    ) -> Any:
        """Like `take`, with a fault when the key is missing or empty text."""
        if key not in table:
            self.fault(line_of(table), join(path, key), "is missing", remedy)
            return None
        value = self.take(table, path, key, kind, remedy=remedy)
        if value is not None and kind is str and not value.strip():
            self.fault(line_of(table, key), join(path, key), "is empty", remedy)
            return None
        return value

    def take_label(self, table: Mapping[str, Any], path: str) -> Label | None:
        """`zh` and `en` of a table; both are shown to people, so both must be there."""
        zh = self.require(table, path, "zh", str, "Give the name in Chinese, e.g. zh: 硬件故障")
        en = self.require(table, path, "en", str, "Give the name in English, e.g. en: Hardware")
        return Label(zh=str(zh), en=str(en)) if zh and en else None

    def tables(
        self, table: Mapping[str, Any], path: str
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Each entry that is itself a table, with a fault for each that is not."""
        for key in table:
            entry = self.take(table, path, key, dict)
            if entry is not None:
                yield str(key), entry

    def _read_text(self, path: Path) -> str | None:
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            self.fault(None, "", f"cannot be read ({reason})", "Check the path and its permissions")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self.fault(line, "", "is not UTF-8", "Save the file as UTF-8 in your editor")
        else:
            if "\0" not in text:
                return text
            line = text.count("\n", 0, text.index("\0")) + 1
            remedy = "Take it out, or save the file as UTF-8 in your editor"
            self.fault(line, "", "holds '\\x00', which is no character", remedy)
        return None

    def _load(self, text: str) -> None:
        try:
            try:
                self.root = read_tree(text)
            except Unsure:
                self._load_slowly(text)
            if self.root is not None and _ESCAPED.search(text):
                self._refuse_unwritable(text)
        except RecursionError:
            self.root = None
            self.fault(None, "", *TOO_DEEP)

    def _refuse_unwritable(self, text: str) -> None:
        """They would break whatever is made of them later; JSON writes what lies beyond FFFF so."""
        for node in _walk(_open_slowly(doubled=True).compose(text)):
            found = _UNWRITABLE.search(node.value) if isinstance(node.value, str) else None
            if found is not None:
                problem = f"holds {found[0]!a}, which is no character"
                self.fault(node.start_mark.line + 1, "", problem, "Write the character itself")
                self.root = None

    def _load_slowly(self, text: str) -> None:
        from ruamel.yaml.constructor import DuplicateKeyError
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            try:
                self.root = _open_slowly().load(text)
            except DuplicateKeyError:
                self._report_duplicates(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = f"is not valid YAML ({error.problem or error.context})"
            line, remedy = find_slip(text, mark.line if mark else None)
            self.fault(line, "", problem, remedy)
        except (YAMLError, ValueError) as error:
            first = str(error).partition("\n")[0]
            line, remedy = _find_no_day(text)
            self.fault(line, "", f"is not valid YAML ({first})", remedy)
        except RecursionError:
            raise
        except Exception as error:  # its reader's own: remarks that meet, a table for a key
            first = str(error).partition("\n")[0]
            problem = f"cannot be read ({type(error).__name__}: {first})"
            self.fault(None, "", problem, "Check quotes, indentation, and remarks behind a key")

    def _report_duplicates(self, text: str) -> None:
        """All doubled keys of the file; the rest is then read as if the first one stood alone."""
        for key, first, line in _find_duplicates(_open_slowly(doubled=True).compose(text)):
            problem = f"stands twice (first in line {first})"
            self.fault(line, key, problem, "Keep one of them, or join both")
        self.root = _open_slowly(doubled=True).load(text)


def _open_slowly(*, doubled: bool = False) -> YAML:
    """The slow reader, which knows lines. `doubled`: a key may stand twice. Of an anchor given
    twice the later counts, as for the quick reader."""
    from ruamel.yaml import YAML

    loader = YAML(typ="rt")
    loader.allow_duplicate_keys = doubled
    loader.composer.warn_double_anchors = False
    return loader


def find_slip(text: str, place: int | None) -> tuple[int | None, str]:
    """The line to look at and what to do there; what a Chinese keyboard and a tab do first.

    YAML stops at the line after `weight：5`, since only there it misses the colon.
    """
    if place is None:
        return None, "Check quotes and indentation"
    lines = text.split("\n")
    before = place - 1
    while before > 0 and not lines[before].strip():
        before -= 1
    for number in (place, before):
        line = lines[number] if 0 <= number < len(lines) else ""
        if line.lstrip(" ").startswith("\t") or (number == place and "\t" in line):
            return number + 1, "Use blanks instead of the tab"
        if _CHINESE_COLON.match(line):
            return number + 1, "Write `: ` (colon and blank) instead of the Chinese ："
        if _NO_BLANK.match(line):
            return number + 1, "Put a blank behind the colon"
    if _BARE_COLON.search(lines[place] if place < len(lines) else ""):
        return place + 1, "Put text that holds a colon into quotes; check quotes and indentation"
    return place + 1, "Check quotes and indentation"


def _find_no_day(text: str) -> tuple[int | None, str]:
    """Where a day stands that no calendar has: its reader says only that there is one."""
    for number, line in enumerate(text.split("\n"), 1):
        for day in _DAY.findall(line):
            try:
                date.fromisoformat(day)
            except ValueError:
                return number, f"There is no day {day}"
    return None, "Check quotes and indentation"


def join(path: str, key: object) -> str:
    return f"{path}.{key}" if path else str(key)


def line_of(node: Any, key: object = None) -> int | None:
    """The line (from 1) of a table, of one of its keys, or of a list's entry."""
    if isinstance(node, (Table, Rows)):
        return node.line if key is None else node.lines.get(key, node.line)
    place = getattr(node, "lc", None)  # ruamel's own kinds
    if place is None:
        return None
    if key is not None and place.data and key in place.data:
        return int(place.data[key][0]) + 1
    return int(place.line) + 1


def _is_kind(value: object, kind: type) -> bool:
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _name_kind(value: object) -> str:
    if value is None:
        return "empty"
    for kind in (bool, str, int, dict, list):
        if isinstance(value, kind):
            return _TYPE_NAMES[kind]
    return "a number" if isinstance(value, float) else f"a {type(value).__name__}"


def _find_duplicates(root: Node | None) -> Iterator[tuple[str, int, int]]:
    """(key, line of its first, line of its second) over the whole tree, in reading order."""
    from ruamel.yaml.nodes import MappingNode

    for node in _walk(root):
        if isinstance(node, MappingNode):
            lines: dict[str, int] = {}
            for key, _ in node.value:
                line = key.start_mark.line + 1
                if key.value in lines:
                    yield str(key.value), lines[key.value], line
                lines.setdefault(key.value, line)


def _walk(root: Node | None) -> Iterator[Node]:
    """Every node once, keys and values, in reading order."""
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    waiting, visited = [root], set()
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in visited:
            continue
        visited.add(id(node))
        yield node
        if isinstance(node, SequenceNode):
            waiting.extend(reversed(node.value))
        elif isinstance(node, MappingNode):
            waiting.extend(part for pair in reversed(node.value) for part in reversed(pair))
