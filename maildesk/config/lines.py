"""On which line does a key of a TOML file stand?

The standard reader tells values without places, and a fault without a line is a riddle. This
scanner only finds places; it expects text `tomllib` has accepted and never judges values.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

KeyPath = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_SCALAR = re.compile(r"[^,\]}\r\n#]+")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


class Lines:
    """Lines (from 1) by key path; an unknown path answers with its nearest known ancestor's."""

    def __init__(self, known: Mapping[KeyPath, int]) -> None:
        self._known = known

    def find(self, path: KeyPath) -> int:
        """The line of `path`, of the closest table around it, or 1."""
        for length in range(len(path), 0, -1):
            line = self._known.get(path[:length])
            if line is not None:
                return line
        return 1


def find_lines(text: str) -> Lines:
    """The places of all keys, table headers and array elements of a valid TOML text (1.0)."""
    scanner = _Scanner(text)
    scanner.scan()
    return Lines(scanner.known)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.known: dict[KeyPath, int] = {}
        self._counts: dict[KeyPath, int] = {}
        self._counted = 0
        self._line = 1

    def scan(self) -> None:
        table: KeyPath = ()
        while self._skip(_BLANK) < len(self.text):
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> KeyPath:
        array = self.text.startswith("[[", self.at)
        line = self._here()
        self.at += 2 if array else 1
        path = self._resolve(self._keys())
        self.at += 2 if array else 1
        if array:
            index = self._counts.get(path, 0)
            self._counts[path] = index + 1
            self.known.setdefault(path, line)
            path = (*path, index)
        self._note(path, line)
        return path

    def _resolve(self, keys: KeyPath) -> KeyPath:
        """Names inside an array of tables mean its newest element (TOML 1.0, "Array of Tables")."""
        path: KeyPath = ()
        for key in keys[:-1]:
            path = (*path, key)
            if path in self._counts:
                path = (*path, self._counts[path] - 1)
        return (*path, keys[-1])

    def _pair(self, table: KeyPath) -> None:
        line = self._here()
        path = (*table, *self._keys())
        self._note(path, line)
        self.at += 1  # the equals sign
        self._value(path)

    def _keys(self) -> KeyPath:
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            keys.append(self._key())
            self._skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return tuple(keys)
            self.at += 1

    def _key(self) -> str:
        start = self.at
        if bare := _BARE.match(self.text, start):
            self.at = bare.end()
            return bare.group()
        self._string()
        quoted = self.text[start : self.at]
        return _unquote(quoted)

    def _value(self, path: KeyPath) -> None:
        self._skip(_SPACE)
        opening = self.text[self.at]
        if opening in "\"'":
            self._string()
        elif opening == "[":
            self._array(path)
        elif opening == "{":
            self._inline(path)
        elif scalar := _SCALAR.match(self.text, self.at):
            self.at = scalar.end()

    def _string(self) -> None:
        for shape in _STRINGS:
            if found := shape.match(self.text, self.at):
                self.at = found.end()
                return

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while self.text[self._skip(_BLANK)] != "]":
            element = (*path, index)
            self._note(element, self._here())
            self._value(element)
            index += 1
            if self.text[self._skip(_BLANK)] == ",":
                self.at += 1
        self.at += 1

    def _inline(self, path: KeyPath) -> None:
        self.at += 1
        while self.text[self._skip(_BLANK)] != "}":
            self._pair(path)
            if self.text[self._skip(_BLANK)] == ",":
                self.at += 1
        self.at += 1

    def _note(self, path: KeyPath, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.known.setdefault(path[:length], line)
        self.known[path] = line

    def _skip(self, shape: re.Pattern[str]) -> int:
        found = shape.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return self.at

    def _here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line


def _unquote(quoted: str) -> str:
    if quoted.startswith("'"):
        return quoted[1:-1]
    try:
        # TOML's \UXXXXXXXX is the only escape of a basic string that JSON lacks (besides \e).
        plain = re.sub(r"\\U([0-9A-Fa-f]{8})", _long_escape, quoted)
        return str(json.loads(plain, strict=False))
    except ValueError:
        return quoted[1:-1]


def _long_escape(found: re.Match[str]) -> str:
    return chr(int(found.group(1), 16))
