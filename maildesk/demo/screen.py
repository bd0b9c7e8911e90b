"""How the demo looks: headings, facts in two columns, wrapped to the terminal, colour where wanted.

Knows that a Chinese character takes two columns. What is said is the caller's; nothing here knows
mails or tickets.
"""

from __future__ import annotations

import re
import shutil
import time
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TextIO

from maildesk.desk.profile import Label

_STYLES = {"bold": 1, "dim": 2, "red": 31, "green": 32, "yellow": 33, "cyan": 36}
_LABEL = 10  # columns of a fact's name
# A word of ASCII, blanks, or one other character with the marks that must not begin a line.
_TOKENS = re.compile(r"\s+|[!-~]+|[^\s!-~][，。、；：？！）】〕》”…]*")


class Screen:
    """Writes to `stream`. `environ` gives language (zh: Chinese, else English) and colour."""

    def __init__(self, stream: TextIO, environ: Mapping[str, str], *, fast: bool = False) -> None:
        self._stream = stream
        self._fast = fast
        plain = bool(environ.get("NO_COLOR")) or environ.get("TERM") == "dumb"
        self._coloured = stream.isatty() and not plain
        self.columns = max(50, min(shutil.get_terminal_size((80, 24)).columns, 100))
        self.language = choose_language(environ)

    def choose(self, said: Label) -> str:
        return said.in_language(self.language)

    def open_section(self, said: Label, about: Label) -> None:
        """A heading with one line of what it shows."""
        self.write()
        self.write(self.paint(self.choose(said), "bold"))
        self.write(self.paint("─" * min(self.columns, 78), "dim"))
        self.say(self.choose(about), indent=0, style="dim")

    def show_mail(self, sender: str, subject: str, extra: str = "") -> None:
        """The first line of a mail: who, what, and what is with it."""
        self.write()
        self.write(f"{self.paint('✉', 'cyan')} {self.paint(sender, 'bold')}  {extra}".rstrip())
        self.say(subject, indent=2, style="bold")

    def show_fact(self, name: Label, text: str, style: str | None = None) -> None:
        """A named line; `text` wraps under itself."""
        shown = self.choose(name)
        head = "  " + self.paint(shown, "dim") + " " * max(1, _LABEL - measure(shown))
        indent = 2 + max(_LABEL, measure(shown) + 1)
        lines = list(wrap(text, self.columns - indent)) or [""]
        self.write(head + self.paint(lines[0], style))
        for line in lines[1:]:
            self.write(" " * indent + self.paint(line, style))

    def show_fault(self, text: str) -> None:
        self.say(f"✗ {text}", indent=2, style="red")

    def say(self, text: str, *, indent: int = 2, style: str | None = None) -> None:
        for line in wrap(text, self.columns - indent):
            self.write(" " * indent + self.paint(line, style))

    def quote(self, text: str) -> None:
        """Words as they were written, behind a bar."""
        for paragraph in text.rstrip().splitlines():
            for line in list(wrap(paragraph, self.columns - 4)) or [""]:
                self.write(f"  {self.paint('│', 'cyan')} {line}".rstrip())

    def write(self, line: str = "") -> None:
        """One line as it is; a command must not be broken."""
        self._stream.write(line + "\n")
        self._stream.flush()

    def paint(self, text: str, style: str | None) -> str:
        if not self._coloured or style is None:
            return text
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"

    def pause(self, seconds: float) -> None:
        """Let a reader follow; not when things must be fast."""
        if not self._fast:
            time.sleep(seconds)


def choose_language(environ: Mapping[str, str]) -> str:
    """`zh-CN` or `en`, as the locale's variables say (POSIX order)."""
    names = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((environ[name] for name in names if environ.get(name)), "")
    return "zh-CN" if locale.lower().startswith("zh") else "en"


def measure(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_width(char) for char in text)


def wrap(text: str, columns: int) -> Iterator[str]:
    """Lines of at most `columns`, broken at blanks and between Chinese characters."""
    line = ""
    for token in _TOKENS.findall(text):
        if line and measure(line) + measure(token.rstrip()) > columns:
            yield line.rstrip()
            line = ""
        rest = token if line else token.lstrip()
        while measure(rest) > columns:
            cut = _cut(rest, columns)
            yield rest[:cut]
            rest = rest[cut:]
        line += rest
    if line.strip():
        yield line.rstrip()


def _cut(text: str, columns: int) -> int:
    """How many characters of `text` fit, at least one."""
    used = 0
    for place, char in enumerate(text):
        used += _width(char)
        if used > columns:
            return max(1, place)
    return len(text)


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
