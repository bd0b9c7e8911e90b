"""What a letter says: event, language and values to subject, text and HTML.

Templates are the desk's own files; values come from strangers' mails and are put on one line here,
escaped and never executed in `sandbox`. `check` tries every template before the desk starts. It
chooses neither recipients nor moments of sending, and reads no files.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from typing import Any

from maildesk.desk.arrival.number import find_numbers
from maildesk.desk.arrival.subject import remove_numbers_like
from maildesk.desk.letters.letter_values import SAMPLES, LetterValues
from maildesk.desk.letters.sandbox import LARGEST as LARGEST
from maildesk.desk.letters.sandbox import Sandbox
from maildesk.desk.staff.verbatim import LONGEST, disarm, drop_orders, hide_signs, keep_lines
from maildesk.errors import ConfigFault

_REQUIRED = ("zh-CN", "en")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")

# What people wrote in their own lines, in the order in which it is worth its room.
_SPOKEN = ("words", "notes")
_IN_SUBJECTS = ("title", "requester", "author", "department")
# A letter is read by a person: beyond these nobody reads, and a template's output has a limit.
_LONGEST_LINE = 2000
_MOST_ITEMS = 100


@dataclass(frozen=True, slots=True)
class Words:
    """A letter's words: a subject of one line, the text, and HTML when a template has it."""

    subject: str
    text: str
    html: str | None


class Wording:
    """The letters of all languages. Keys of `templates` are like `letters/zh-CN/ack.txt`.

    A new language is a new folder; names that begin with `_` are parts other templates include.
    """

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._sources = {name: text for name, text in templates.items() if _is_letter(name)}
        self._sandbox = Sandbox(self._sources)
        self._folders: dict[tuple[str, str], str] = {}

    def render(self, event: str, language: str, values: LetterValues) -> Words:
        """The letter in that language, or zh-CN for any other Chinese and en for the rest.

        `values` is the event's dataclass of `letter_values`. Raises ConfigFault, with template and
        line, when there is no such letter or its template fails.
        """
        folder = self._choose_folder(event, language)
        context = _lay_out(values, folder)
        name = f"letters/{folder}/{event}"
        head, _, body = self._sandbox.write(f"{name}.txt", context).partition("\n")
        html = (
            self._sandbox.write(f"{name}.html", context)
            if f"{name}.html" in self._sources
            else None
        )
        subject = head.removeprefix("Subject:").strip()
        return Words(subject, body.strip("\n") + "\n", html)

    def check(self, only: Collection[str] | None = None) -> tuple[tuple[str, int, str], ...]:
        """Every fault of the templates as (name, line, problem), sorted; empty when all is well.

        Each template is compiled, its names compared with what its letter is told, and rendered
        with every sample; `only` those, by their names without the ending.
        """
        found: dict[tuple[str, int], str] = {}
        for name, line, problem in (*self._check_sources(only), *self._check_letters(only)):
            found.setdefault((name, line), problem)
        return tuple((name, line, problem) for (name, line), problem in sorted(found.items()))

    def _choose_folder(self, event: str, language: str) -> str:
        folder = self._folders.get((event, language))
        if folder is None:
            chinese = language.lower().startswith("zh")
            wanted = (language, language.partition("-")[0], "zh-CN" if chinese else "en", "en")
            there = (name for name in wanted if f"letters/{name}/{event}.txt" in self._sources)
            folder = next(there, "")
            if not folder:
                raise ConfigFault(f"there is no letter {event} in {language} or English")
            self._folders[event, language] = folder
        return folder

    def _check_sources(self, only: Collection[str] | None) -> Iterator[tuple[str, int, str]]:
        for language in _REQUIRED:
            for event in SAMPLES:
                if f"letters/{language}/{event}.txt" not in self._sources:
                    yield f"letters/{language}/{event}.txt", 1, "this letter is missing"
        for name, source in self._sources.items():
            if only is not None and name.rpartition(".")[0] not in only:
                continue
            if fault := self._sandbox.compile(name):
                yield fault
                continue
            event = name.rpartition("/")[2].rpartition(".")[0]
            if event.startswith("_"):
                continue
            if event not in SAMPLES:
                yield name, 1, f"there is no letter {event}; there are {', '.join(SAMPLES)}"
                continue
            if f"{name.rpartition('.')[0]}.txt" not in self._sources:
                yield name, 1, "has no text beside it: a letter needs its .txt"
            if name.endswith(".txt") and not source.startswith("Subject:"):
                yield name, 1, "the first line must be the subject: Subject: …"
            known = frozenset(SAMPLES[event][0].__dataclass_fields__)
            yield from self._sandbox.find_strangers(name, known, "letter")

    def _check_letters(self, only: Collection[str] | None) -> Iterator[tuple[str, int, str]]:
        for name in self._sources:
            _, folder, file = name.split("/", 2)
            event = file.removesuffix(".txt")
            if file == event or event not in SAMPLES:
                continue
            if only is not None and name.removesuffix(".txt") not in only:
                continue
            for values in SAMPLES[event]:
                try:
                    context = _lay_out(values, folder)
                    subject = self._sandbox.write(name, context).partition("\n")[0]
                    if f"{name[:-4]}.html" in self._sources:
                        self._sandbox.write(f"{name[:-4]}.html", context)
                except ConfigFault as fault:
                    yield self._sandbox.locate(fault, name)
                else:
                    yield from _check_subject(name, subject, values)


def _check_subject(name: str, subject: str, values: LetterValues) -> Iterator[tuple[str, int, str]]:
    said = subject.removeprefix("Subject:").strip()
    number = getattr(values, "number", None)
    if not said:
        yield name, 1, "the subject is empty"
    elif find_numbers(said) != ((number,) if number else ()) or said.count(number or "[") > 1:
        wanted = "exactly one number, [{{ number }}]" if number else "no ticket number"
        yield name, 1, f"the subject must hold {wanted}: {said}"


def _lay_out(values: LetterValues, folder: str) -> dict[str, Any]:
    """The values by name, in the language of the template's folder.

    Each text is on one line, but for a person's own words, which keep theirs.
    """
    context = {name: _flatten(getattr(values, name)) for name in values.__dataclass_fields__}
    context["language"] = folder
    # Whether it goes to staff: only their letters carry a code to prove an answer with.
    to_staff = "code" in context
    protect = disarm if to_staff else drop_orders
    room = LONGEST
    for name in _SPOKEN:
        if name in context:
            context[name], room = _quote(getattr(values, name), protect, room)
    # One number in the subject is ours; what looks like one in the requester's words or name
    # would make a reply ambiguous (DESIGN §8).
    if number := context.get("number"):
        for name in _IN_SUBJECTS:
            if context.get(name):
                context[name] = remove_numbers_like(number, context[name])
    for name in _IN_SUBJECTS if to_staff else ():
        if context.get(name):
            context[name] = hide_signs(context[name])
    return context


def _quote(value: Any, protect: Callable[[str], str], room: int) -> tuple[Any, int]:
    """A person's words, or several's, safe in their lines; and what is left of the room."""
    if isinstance(value, str):
        said = protect(keep_lines(value, room))
        return said, max(room - len(said), 0)
    several = []
    for item in value[:_MOST_ITEMS]:
        said, room = _quote(item, protect, room)
        several.append(said)
    return tuple(several), room


def _flatten(value: Any) -> Any:
    if isinstance(value, str):
        value = value[:_LONGEST_LINE]
        clean = value.isprintable() or not _CONTROLS.search(value)
        return value if clean else " ".join(_CONTROLS.sub(" ", value).split())
    if isinstance(value, tuple):
        return tuple(map(_flatten, value[:_MOST_ITEMS]))
    if is_dataclass(value) and not isinstance(value, type):
        names = value.__dataclass_fields__
        return replace(value, **{name: _flatten(getattr(value, name)) for name in names})
    return value


def _is_letter(name: str) -> bool:
    return name.startswith("letters/") and name.count("/") == 2
