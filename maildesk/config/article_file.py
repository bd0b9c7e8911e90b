"""An article as a Markdown file with a YAML head, for editors and version control; both ways.

What is written is read again as it was. Whether an article of that number exists, and who may
change it, is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from maildesk.config.document import Document, line_of
from maildesk.config.faults import Fault, suggest
from maildesk.config.shape import is_language
from maildesk.desk.knowledge.article import Article
from maildesk.desk.label import Label

SECTIONS: dict[str, Label] = {
    "symptom": Label("现象", "Symptom"),
    "cause": Label("原因", "Cause"),
    "solution": Label("解决办法", "Solution"),
    "prevention": Label("预防", "Prevention"),
}
"""The headings below the head, in their order; either language is read."""

STATES = ("draft", "published", "withdrawn")
KINDS = ("article", "lesson")
_KEYS = ("number", "title", "category", "language", "kind", "state", "author", "ticket")
_NUMBER = re.compile(r"KB-[0-9]{4,9}")
_LONGEST_TITLE = 200
_NAMES = {label.casefold(): key for key, item in SECTIONS.items() for label in (item.zh, item.en)}
# A backslash before a line of the text that would else be taken for one of our headings.
_HEADING = re.compile(rf"(\\*)## *({'|'.join(_NAMES)}) *", re.IGNORECASE)
_PLAIN = re.compile(r"[A-Za-z\u3400-\u9fff][\w\u3400-\u9fff（）、，/.+ -]*")
_NO_TEXT = frozenset(("null", "true", "false"))


@dataclass(frozen=True, slots=True)
class Written:
    """What a file says of an article; `number` "" for a new one."""

    number: str
    title: str
    category: str
    language: str
    kind: str
    state: str
    symptom: str
    cause: str
    solution: str
    prevention: str


def write_article(article: Article | Written) -> str:
    """The file's text: equal articles make equal bytes. Author and ticket are told, not read."""
    told = {key: getattr(article, key, "") for key in _KEYS}
    if isinstance(article, Article):
        told["author"] = article.author_name
    head = "".join(
        f"{key}: {_quote(' '.join(text.split()))}\n" for key, text in told.items() if text
    )
    parts = [f"---\n{head}---\n"]
    for key, label in SECTIONS.items():
        text = _clean(getattr(article, key))
        if text or key == "solution":
            heading = label.in_language(article.language)
            below = "\n".join(_escape(line) for line in text.split("\n"))
            parts.append(f"## {heading}\n\n{below}\n" if text else f"## {heading}\n")
    return "\n".join(parts)


def read_article(
    path: Path, name: str, categories: Sequence[str], language: str
) -> tuple[Written | None, tuple[Fault, ...]]:
    """The article of a file, or everything that is wrong with it. `categories` are the profile's
    keys, `language` is taken where none is written; `name` is what faults call the file."""
    file = _File(path, name)
    found = _read(file, categories, language) if not file.faults else None
    return (found if not file.faults else None), tuple(file.faults)


class _File(Document):
    """The head is read as any YAML of ours, on its own lines of the file; `body` is the rest."""

    def __init__(self, path: Path, name: str) -> None:
        self.body: list[str] = []
        self.body_line = 1
        super().__init__(path, name)

    def _read_text(self, path: Path) -> str | None:
        text = super()._read_text(path)
        if text is None:
            return None
        lines = text.replace("\r\n", "\n").split("\n")
        end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
        if lines[0].rstrip() != "---" or end is None:
            remedy = "Begin with ---, the head (title: …), and --- again"
            self.fault(1, "", "has no head between two lines of ---", remedy)
            return None
        self.body, self.body_line = lines[end + 1 :], end + 2
        return "\n".join(("", *lines[1:end]))  # so that the line numbers are the file's


def _read(file: _File, categories: Sequence[str], language: str) -> Written | None:
    head = file.root if file.root is not None else {}
    if not isinstance(head, dict):
        file.fault(2, "", "its head is no table", "Write lines such as title: 打印机卡纸怎么办")
        return None
    file.check_keys(head, "", _KEYS)
    number = str(file.take(head, "", "number", str, default="") or "").strip().upper()
    if number and not _NUMBER.fullmatch(number):
        remedy = "Write it as KB-0001, or leave it out for a new article"
        file.fault(line_of(head, "number"), "number", f"{number!r} is no article's number", remedy)
    title = file.require(head, "", "title", str, "Say in a few words what the article is about")
    if title and len(title) > _LONGEST_TITLE:
        remedy = f"At most {_LONGEST_TITLE} characters"
        file.fault(line_of(head, "title"), "title", "is too long", remedy)
    said = str(file.take(head, "", "language", str, default=language) or language)
    if not is_language(said):
        remedy = "Write e.g. zh-CN or en"
        file.fault(line_of(head, "language"), "language", f"{said!r} is no language", remedy)
    category = _choose(file, head, "category", "", categories)
    kind = _choose(file, head, "kind", "article", KINDS)
    state = _choose(file, head, "state", "draft", STATES)
    parts = _read_sections(file)
    if not parts["solution"] and state == "published":
        file.fault(None, "", "is published, but says no solution", "Write it below ## Solution")
    return Written(number, " ".join((title or "").split()), category, said, kind, state, **parts)


def _choose(
    file: _File, head: dict[str, object], key: str, default: str, known: Iterable[str]
) -> str:
    value = str(file.take(head, "", key, str, default=default) or "")
    choices = list(known)
    if value and value not in choices:
        file.fault(line_of(head, key), key, f"{value!r} is not known", suggest(value, choices))
    return value


def _read_sections(file: _File) -> dict[str, str]:
    """The text below each heading; words above the first one are the solution as well."""
    found: dict[str, list[str]] = {}
    here: list[str] = []
    above = here
    for at, line in enumerate(file.body):
        heading = _HEADING.fullmatch(line)
        if heading is None or heading[1]:
            here.append(line[1:] if heading else line)
            continue
        key = _NAMES[heading[2].casefold()]
        if key in found:
            remedy = "Keep one of them, or join both"
            file.fault(file.body_line + at, "", f"## {heading[2]} stands twice", remedy)
        here = found.setdefault(key, [])
    texts = {key: _clean("\n".join(found.get(key, ()))) for key in SECTIONS}
    first = _clean("\n".join(above))
    if first:
        texts["solution"] = "\n\n".join(filter(None, (first, texts["solution"])))
    return texts


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _escape(line: str) -> str:
    return f"\\{line}" if _HEADING.fullmatch(line) else line


def _quote(text: str) -> str:
    """As YAML reads it back: bare where that is beyond doubt."""
    if _PLAIN.fullmatch(text) and text.lower() not in _NO_TEXT and text == text.strip():
        return text
    return f'"{"".join(map(_spell, text))}"'


def _spell(sign: str) -> str:
    if sign in '"\\':
        return f"\\{sign}"
    return sign if sign.isprintable() else f"\\U{ord(sign):08x}"
