"""How a template becomes text: Jinja2's sandbox, compiled once, within limits.

The only door to jinja2. Templates are the desk's own files and may fail in any way; values come
from strangers and are escaped in HTML and never executed. What letters and pages are told is
`wording`'s and `pages`' question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from jinja2 import FunctionLoader, StrictUndefined, Template, TemplateSyntaxError
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.meta import find_undeclared_variables
from jinja2.nodes import Assign, Name
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
from jinja2.utils import Namespace, pass_context
from markupsafe import Markup

from maildesk.desk.arrival.subject import shorten
from maildesk.desk.letters.moments import say, say_day, say_span
from maildesk.desk.staff.verbatim import lay_out
from maildesk.errors import ConfigFault

LARGEST = 600_000
"""Characters a rendered text or HTML may have."""

# They make a large text out of a small one, which a limit on output notices too late.
_INFLATING = ("center", "format", "indent", "pprint", "wordwrap", "xmlattr")
_ALWAYS_THERE = frozenset({"range", "namespace"})


class Sandbox:
    """The templates of one kind. Keys of `sources` are names like `letters/zh-CN/ack.txt`."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.sources = sources
        self._environment = _build_environment(sources)
        self._compiled: dict[str, Template] = {}

    def write(self, name: str, context: Mapping[str, Any]) -> str:
        """The template with these values, which must hold `now`, `zone` and `language`.

        Raises ConfigFault with template and line when it fails or grows beyond LARGEST.
        """
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
            where, line, problem = self._locate(error, name)
            raise ConfigFault(f"{where}, line {line}: {problem}") from error
        return "".join(pieces)

    def locate(self, fault: ConfigFault, name: str) -> tuple[str, int, str]:
        """(template, line, problem) of a fault that `write` raised for `name`."""
        return self._locate(fault.__cause__ or fault, name)

    def compile(self, name: str) -> tuple[str, int, str] | None:
        """(template, line, problem) when the template does not even parse."""
        try:
            self._environment.parse(self.sources[name], name)
            self._environment.get_template(name)
        except TemplateSyntaxError as error:
            return error.name or name, error.lineno, error.message or "does not parse"
        return None

    def find_strangers(
        self, name: str, known: Collection[str], what: str
    ) -> Iterator[tuple[str, int, str]]:
        """Every name in the template that is told to no `what` (a letter, a page)."""
        tree = self._environment.parse(self.sources[name], name)
        # What the file sets at its top is seen in its blocks, which jinja2's own answer overlooks.
        tops = (node.target for node in tree.body if isinstance(node, Assign))
        own = {target.name for target in tops if isinstance(target, Name)}
        unknown = find_undeclared_variables(tree) - {*known, *own, *_ALWAYS_THERE}
        for node in tree.find_all(Name):
            if node.name in unknown and node.ctx == "load":
                told = ", ".join(sorted(known))
                yield name, node.lineno, f"{node.name} is unknown to this {what}; it knows {told}"

    def _locate(self, error: BaseException, name: str) -> tuple[str, int, str]:
        """(template, line, problem) of what went wrong while rendering `name`."""
        where, line = name, 1
        if isinstance(error, TemplateSyntaxError):
            return error.name or name, error.lineno, error.message or "does not parse"
        trace = error.__traceback__
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if file in self.sources:
                where, line = file, trace.tb_lineno
            trace = trace.tb_next
        return where, line, str(error) or type(error).__name__


class _Sandbox(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"*", "**", "%"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        if operator != "**" and isinstance(left, int) and isinstance(right, int):
            return super().call_binop(context, operator, left, right)
        raise SecurityError(f"{operator} works on whole numbers only")


def _build_environment(sources: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    environment = _Sandbox(
        loader=FunctionLoader(lambda name: _load(sources, name)),
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
    environment.filters["of"] = _set_behind
    environment.filters["day"] = _say_day
    environment.filters["paragraphs"] = _lay_out
    return environment


def _load(sources: Mapping[str, str], name: str) -> tuple[str, str, None] | None:
    """(source, file, …) of a template; a part `_x.html` that is not there is `_x.txt`, escaped."""
    folder, _, file = name.rpartition("/")
    text = f"{folder}/{file.removesuffix('.html')}.txt"
    for found in (name, text) if file.startswith("_") else (name,):
        if found in sources:
            # The name doubles as the file name, so that a traceback says which template failed.
            return sources[found], found, None
    return None


@pass_context
def _say_moment(context: Context, moment: object) -> str:
    if not isinstance(moment, datetime):
        raise TemplateRuntimeError("moment needs a time, and here is none: ask {% if … %} first")
    return say(moment, context["now"], context["zone"], context["language"])


@pass_context
def _say_span(context: Context, minutes: int, brief: bool = False) -> str:
    return say_span(minutes, context["language"], brief=brief)


def _set_behind(name: str | None, department: str | None) -> str:
    """`财务部张敏`, but `Finance Alice Chen`: beside Latin letters a blank is wanted."""
    if not name or not department:
        return department or name or ""
    wide = min(department[-1], name[0]) >= "\u2e80"
    return department + ("" if wide else " ") + name


@pass_context
def _say_day(context: Context, moment: datetime) -> str:
    return say_day(moment, context["zone"], context["language"])


def _lay_out(words: str) -> Markup:
    return Markup(lay_out(words))
