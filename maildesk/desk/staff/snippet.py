"""Ready-made answers: files of a desk's own, found by name and filled in for one ticket.

A file's first line is its names, `# 重置密码 | reset-password`; the rest is the text, which may use
{{ name }}, {{ handler }}, {{ extension }} and {{ number }}. Pure; `config` reads the files,
`effects_words` puts a text among an engineer's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from maildesk.desk.orders.line import is_hash_line
from maildesk.desk.rules.fold import fold
from maildesk.errors import ConfigFault

LONGEST = 20_000
_FOLDER = "snippets/"
_KNOWN = frozenset(("name", "handler", "extension", "number"))


@dataclass(frozen=True, slots=True)
class Snippet:
    """One text in one language. `key` is the file's name, the same in each language; `names` are
    what it is called, the usual one first."""

    key: str
    language: str
    names: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Filling:
    """What a text may name: the requester as one greets her, and who writes to her."""

    name: str
    handler: str
    extension: str
    number: str


def read_snippets(sources: Mapping[str, str]) -> tuple[Snippet, ...]:
    """All texts among the templates; keys of `sources` are like `snippets/en/vpn-steps.txt`."""
    found = (_read(name, source) for name, source in sorted(sources.items()) if _is_one(name))
    return tuple(item for item in found if item is not None)


def find_snippet(snippets: Sequence[Snippet], called: str, language: str) -> Snippet | None:
    """The text of that name, whatever language it was named in, in the reader's `language`."""
    wanted = fold(called)
    mine = [item for item in snippets if wanted in map(fold, (item.key, *item.names))]
    if not mine:
        return None
    same = [item for item in snippets if item.key == mine[0].key]
    return min(same, key=lambda item: _distance(item.language, language))


def list_names(snippets: Sequence[Snippet], language: str) -> tuple[str, ...]:
    """The usual name of each text in that language, or in the nearest there is."""
    keys = dict.fromkeys(item.key for item in snippets)
    nearest = (find_snippet(snippets, key, language) for key in keys)
    return tuple(item.names[0] for item in nearest if item is not None)


def fill(snippet: Snippet, filling: Filling, now: datetime, zone: ZoneInfo) -> str:
    """The text for one ticket. Raises ConfigFault when it fails, which `check_snippets` prevents.

    No line of it can be an order: those are never passed on.
    """
    from maildesk.desk.letters.sandbox import Sandbox  # a list of names needs no jinja2

    values = {name: getattr(filling, name) for name in _KNOWN}
    context = {**values, "now": now, "zone": zone, "language": snippet.language}
    text = Sandbox({snippet.key: snippet.text}).write(snippet.key, context)
    return "\n".join(line for line in text.split("\n") if not is_hash_line(line)).strip("\n")


def check_snippets(sources: Mapping[str, str]) -> Iterator[tuple[str, int, str]]:
    """Every fault of the texts as (name, line, problem)."""
    taken: dict[tuple[str, str], str] = {}
    for name, source in sorted(sources.items()):
        if not _is_one(name):
            continue
        snippet = _read(name, source)
        if snippet is None:
            yield name, 1, "the first line must name it: # 重置密码 | reset-password"
            continue
        if not snippet.text.strip():
            yield name, 2, "there is no text below its names"
            continue
        for called in (snippet.key, *snippet.names):
            other = taken.setdefault((snippet.language, fold(called)), name)
            if other != name:
                yield name, 1, f"{called} is the name of {other} as well"
        yield from _try(name, snippet)


def _try(name: str, snippet: Snippet) -> Iterator[tuple[str, int, str]]:
    from maildesk.desk.letters.sandbox import Sandbox

    sandbox = Sandbox({name: snippet.text})
    if fault := sandbox.compile(name):
        yield fault[0], fault[1] + 1, fault[2]
        return
    strangers = [*sandbox.find_strangers(name, _KNOWN, "ready-made answer")]
    yield from ((where, line + 1, problem) for where, line, problem in strangers)
    if strangers:
        return
    filling = Filling("张敏", "刘洋", "8005", "IT-20261120-0001")
    values = {key: getattr(filling, key) for key in _KNOWN}
    now = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
    context = {**values, "now": now, "zone": ZoneInfo("UTC"), "language": snippet.language}
    try:
        text = sandbox.write(name, context)
    except ConfigFault as fault_:
        where, line, problem = sandbox.locate(fault_, name)
        yield where, line + 1, problem
        return
    for line, said in enumerate(text.split("\n"), 2):
        if is_hash_line(said):
            yield name, line, "a line that starts with # is never sent"


def _is_one(name: str) -> bool:
    return name.startswith(_FOLDER) and name.endswith(".txt") and name.count("/") == 2


def _read(name: str, source: str) -> Snippet | None:
    """None when its first line names nothing."""
    _, language, file = name.split("/")
    head, _, text = source.partition("\n")
    if not is_hash_line(head):
        return None
    parts = re.split(r"[|｜,，、]", head.strip().lstrip("#＃"))
    names = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    return Snippet(file.removesuffix(".txt"), language, names, text[:LONGEST]) if names else None


def _distance(language: str, wanted: str) -> int:
    """How far a text's language is from the reader's; English is everybody's second."""
    if language.lower() == wanted.lower():
        return 0
    if language.partition("-")[0].lower() == wanted.partition("-")[0].lower():
        return 1
    return 2 if language.lower().startswith("en") else 3
