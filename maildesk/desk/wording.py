"""What a letter says: event, language and values to subject, text and HTML.

Templates are the desk's own files (Jinja2), compiled once; values come from strangers' mails and
are escaped in HTML, put on one line and never executed. `check` tries every template before the
desk starts. It chooses neither recipients nor moments of sending, and reads no files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace, pass_context

from maildesk.desk.letter_values import SAMPLES, DoorstepItem, LetterValues
from maildesk.desk.moments import say, say_span
from maildesk.desk.number import find_numbers
from maildesk.desk.subject import remove_numbers_like, shorten
from maildesk.errors import ConfigFault

LARGEST = 200_000
"""Characters a rendered text or HTML may have."""

_REQUIRED = ("zh-CN", "en")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
# They make a large text out of a small one, which a limit on output notices too late.
_INFLATING = ("center", "format", "indent", "pprint", "wordwrap", "xmlattr")


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
        self._environment = _build_environment(self._sources)
        self._compiled: dict[str, Template] = {}
        self._folders: dict[tuple[str, str], str] = {}

    def render(self, event: str, language: str, values: LetterValues) -> Words:
        """The letter in that language, or zh-CN for any other Chinese and en for the rest.

        `values` is the event's dataclass of `letter_values`. Raises ConfigFault, with template and
        line, when there is no such letter or its template fails.
        """
        folder = self._choose_folder(event, language)
        context = _lay_out(values, folder)
        name = f"letters/{folder}/{event}"
        head, _, body = self._write(f"{name}.txt", context).partition("\n")
        html = self._write(f"{name}.html", context) if f"{name}.html" in self._sources else None
        subject = head.removeprefix("Subject:").strip()
        return Words(subject, body.strip("\n") + "\n", html)

    def check(self) -> tuple[tuple[str, int, str], ...]:
        """Every fault of the templates as (name, line, problem), sorted; empty when all is well.

        Each template is compiled, its names compared with what its letter is told, and rendered
        with every sample.
        """
        found: dict[tuple[str, int], str] = {}
        for name, line, problem in (*self._check_sources(), *self._check_letters()):
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

    def _write(self, name: str, context: dict[str, Any]) -> str:
        try:
            template = self._compiled.get(name)
            if template is None:
                template = self._compiled[name] = self._environment.get_template(name)
            pieces, size = [], 0
            for piece in template.generate(context):
                pieces.append(piece)
                size += len(piece)
                if size > LARGEST:
                    raise ConfigFault(f"{name}: longer than {LARGEST} characters")
        except ConfigFault:
            raise
        except Exception as error:  # a template may fail in any way its author finds
            where, line, problem = _locate(error, name)
            raise ConfigFault(f"{where}, line {line}: {problem}") from error
        return "".join(pieces)

    def _check_sources(self) -> Iterator[tuple[str, int, str]]:
        for language in _REQUIRED:
            for event in SAMPLES:
                if f"letters/{language}/{event}.txt" not in self._sources:
                    yield f"letters/{language}/{event}.txt", 1, "this letter is missing"
        for name, source in self._sources.items():
            try:
                tree = self._environment.parse(source, name)
                self._environment.get_template(name)
            except TemplateSyntaxError as error:
                yield error.name or name, error.lineno, error.message or "does not parse"
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
            yield from _check_names(name, tree, event)

    def _check_letters(self) -> Iterator[tuple[str, int, str]]:
        for name in self._sources:
            _, folder, file = name.split("/", 2)
            event = file.removesuffix(".txt")
            if file == event or event not in SAMPLES:
                continue
            for values in SAMPLES[event]:
                try:
                    context = _lay_out(values, folder)
                    subject = self._write(name, context).partition("\n")[0]
                    if f"{name[:-4]}.html" in self._sources:
                        self._write(f"{name[:-4]}.html", context)
                except ConfigFault as fault:
                    error = fault.__cause__ if isinstance(fault.__cause__, Exception) else fault
                    yield _locate(error, name)
                else:
                    yield from _check_subject(name, subject, values)


def _check_names(name: str, tree: nodes.Template, event: str) -> Iterator[tuple[str, int, str]]:
    known = {*SAMPLES[event][0].__dataclass_fields__, "range", "namespace"}
    unknown = find_undeclared_variables(tree) - known
    for node in tree.find_all(nodes.Name):
        if node.name in unknown and node.ctx == "load":
            told = ", ".join(sorted(known - {"range", "namespace"}))
            yield name, node.lineno, f"{node.name} is unknown to this letter; it knows {told}"


def _check_subject(name: str, subject: str, values: LetterValues) -> Iterator[tuple[str, int, str]]:
    said = subject.removeprefix("Subject:").strip()
    number = getattr(values, "number", None)
    if not said:
        yield name, 1, "the subject is empty"
    elif find_numbers(said) != ((number,) if number else ()) or said.count(number or "[") > 1:
        wanted = "exactly one number, [{{ number }}]" if number else "no ticket number"
        yield name, 1, f"the subject must hold {wanted}: {said}"


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator != "**" and isinstance(left, int) and isinstance(right, int):
            return super().call_binop(context, operator, left, right)
        raise SecurityError(f"{operator} works on whole numbers only")


def _build_environment(sources: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    environment = _Sandbox(
        # The name doubles as the file name, so that a traceback says which template failed.
        loader=FunctionLoader(
            lambda name: (sources[name], name, None) if name in sources else None
        ),
        undefined=StrictUndefined,
        autoescape=lambda name: name is not None and name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.globals = {"range": safe_range, "namespace": Namespace}
    for name in _INFLATING:
        environment.filters.pop(name, None)
    environment.filters["moment"] = _say_moment
    environment.filters["span"] = _say_span
    environment.filters["short"] = shorten
    return environment


@pass_context
def _say_moment(context: Context, moment: object) -> str:
    if not isinstance(moment, datetime):
        raise TemplateRuntimeError("moment needs a time, and here is none: ask {% if … %} first")
    return say(moment, context["now"], context["zone"], context["language"])


@pass_context
def _say_span(context: Context, minutes: int, brief: bool = False) -> str:
    return say_span(minutes, context["language"], brief=brief)


def _lay_out(values: LetterValues, folder: str) -> dict[str, Any]:
    """The values by name, each text on one line, in the language of the template's folder."""
    context = {name: _flatten(getattr(values, name)) for name in values.__dataclass_fields__}
    context["language"] = folder
    # One number in the subject is ours; what looks like one in the requester's words or name
    # would make a reply ambiguous (DESIGN §8).
    if number := context.get("number"):
        for name in ("title", "requester"):
            if context.get(name):
                context[name] = remove_numbers_like(number, context[name])
    return context


def _flatten(value: Any) -> Any:
    if isinstance(value, str):
        clean = value.isprintable() or not _CONTROLS.search(value)
        return value if clean else " ".join(_CONTROLS.sub(" ", value).split())
    if isinstance(value, tuple):
        return tuple(map(_flatten, value))
    if isinstance(value, DoorstepItem):
        return replace(value, sender=_flatten(value.sender), subject=_flatten(value.subject))
    return value


def _locate(error: BaseException, name: str) -> tuple[str, int, str]:
    """(template, line, problem) of what went wrong while rendering `name`."""
    where, line = name, 1
    if isinstance(error, TemplateSyntaxError):
        return error.name or name, error.lineno, error.message or "does not parse"
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if _is_letter(file):
            where, line = file, trace.tb_lineno
        trace = trace.tb_next
    return where, line, str(error) or type(error).__name__


def _is_letter(name: str) -> bool:
    return name.startswith("letters/") and name.count("/") == 2
