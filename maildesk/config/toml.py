"""What does maildesk.toml say, and what is wrong with its syntax and structure?

Reads the text, fills in `${VARIABLE}`s, checks it against `shape` and turns every complaint into a
`Fault` with its line. Files it names, secrets and people are not looked at here.
"""

from __future__ import annotations

import copy
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from maildesk.config.faults import Fault, suggest
from maildesk.config.lines import KeyPath, Lines, find_lines
from maildesk.config.shape import Toml, find_table

_VARIABLE = re.compile(r"(\$?)\$\{([^}]*)\}")
_QUOTED = re.compile(r"'([^']*)'")
_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")
_WIDE_MARKS = re.compile("[“”＂，＝［］：]")
_NUMBER = ("must be a number", "Write digits without quotes.")


@dataclass(frozen=True, slots=True)
class Source:
    """A read file: its name as faults print it, its places and its tables.

    With `faults`, `toml` is what was left after taking the faulty keys out, good enough to look
    for further faults elsewhere but not to be used; None when nothing was left. `filled` holds the
    keys whose value came, wholly or in part, from the environment.
    """

    file: str
    lines: Lines
    toml: Toml | None
    faults: tuple[Fault, ...]
    filled: frozenset[KeyPath] = frozenset()

    def fault(self, path: KeyPath, problem: str, remedy: str) -> Fault:
        """A fault at a key of this file."""
        return Fault(self.file, self.lines.find(path), show_key(path), problem, remedy)


def show_key(path: KeyPath) -> str:
    """`mailbox.support.port`; positions in lists are left to the line."""
    return ".".join(str(part) for part in path if isinstance(part, str) and part != "[key]")


def read_toml(file: Path, environ: Mapping[str, str]) -> Source:
    """Reads and checks the file's structure; every fault is in the answer, none is raised."""
    name = str(file)
    try:
        raw = file.read_bytes()
    except FileNotFoundError:
        return _spoilt(name, None, "does not exist", "Run `maildesk init DIR` to write one.")
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        return _spoilt(name, None, problem, "Make it readable for the user maildesk runs as.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        return _spoilt(name, line, "is not UTF-8 text here", "Save the file as UTF-8.")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return _spoilt_syntax(name, text, str(error))
    lines = find_lines(text.replace("\r\n", "\n"))
    faults: list[Fault] = []

    def complain(path: KeyPath, problem: str, remedy: str) -> None:
        faults.append(Fault(name, lines.find(path), show_key(path), problem, remedy))

    places: set[KeyPath] = set()
    filled = _fill_in(tables, (), environ, places, complain)
    try:
        toml: Toml | None = Toml.model_validate(filled)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            path = tuple(item["loc"])
            complain(path, *_explain(path, item))
        toml = _salvage(filled, error)
    faults.sort(key=lambda fault: fault.line or 0)
    return Source(name, lines, toml, tuple(faults), frozenset(places))


def _salvage(filled: dict[str, Any], error: ValidationError) -> Toml | None:
    """The tables without their faulty keys, missing ones replaced by examples."""
    for _ in range(4):  # taking a key out may make it missing, and its table empty
        for item in error.errors(include_url=False):
            path = tuple(part for part in item["loc"] if part != "[key]")
            _mend(filled, path, missing=item["type"] in {"missing", "too_short"})
        try:
            return Toml.model_validate(filled)
        except ValidationError as next_error:
            error = next_error
    return None


def _mend(tables: Any, path: KeyPath, *, missing: bool) -> None:
    for part in path[:-1]:
        if isinstance(tables, list) or part not in tables:
            return  # an element of a list: its siblings' faults have already taken the list out
        if not isinstance(tables[part], dict):
            tables.pop(part)
            return
        tables = tables[part]
    if not missing:
        tables.pop(path[-1], None)
        return
    table = find_table(path[:-1])
    field = table.model_fields.get(str(path[-1])) if table else None
    if field is not None and field.examples:
        tables[path[-1]] = copy.deepcopy(field.examples[0])


def _spoilt(name: str, line: int | None, problem: str, remedy: str) -> Source:
    return Source(name, Lines({}), None, (Fault(name, line, "", problem, remedy),))


def _spoilt_syntax(name: str, text: str, said: str) -> Source:
    place = _PLACE.search(said)
    line = int(place.group(1)) if place else text.rstrip().count("\n") + 1
    problem = _PLACE.sub("", said).removesuffix(" (at end of document)")
    problem = "is not valid TOML: " + problem[:1].lower() + problem[1:]
    return _spoilt(name, line, problem, _remedy_syntax("".join(text.splitlines()[line - 1 : line])))


def _remedy_syntax(row: str) -> str:
    if _WIDE_MARKS.search(row.partition("#")[0]):
        return 'Write the ASCII marks " , = [ ] around texts, not those of a Chinese keyboard.'
    if "\\" in row:
        return "Put a text that holds \\ in '…', or write \\\\ for it."
    return "Text stands in quotes, one `key = value` a line."


def _fill_in(
    value: Any,
    path: KeyPath,
    environ: Mapping[str, str],
    places: set[KeyPath],
    complain: Callable[[KeyPath, str, str], None],
) -> Any:
    """The value with `${NAME}` replaced from the environment; `$${` stands for a plain `${`."""
    if isinstance(value, dict):
        return {k: _fill_in(v, (*path, k), environ, places, complain) for k, v in value.items()}
    if isinstance(value, list):
        rows = enumerate(value)
        return [_fill_in(v, (*path, i), environ, places, complain) for i, v in rows]
    if not isinstance(value, str):
        return value

    def fill(found: re.Match[str]) -> str:
        escape, variable = found.groups()
        if escape:
            return found.group()[1:]
        if variable not in environ:
            complain(
                path,
                f"the environment variable {variable!r} is not set",
                "Set it where maildesk starts, or write $${ for a plain ${ sign.",
            )
            return found.group()
        places.add(path)
        return environ[variable]

    return _VARIABLE.sub(fill, value)


def _explain(path: KeyPath, item: Any) -> tuple[str, str]:
    """(problem, remedy) for one complaint of pydantic. Values are shown only where harmless."""
    kind: str = item["type"]
    context: dict[str, Any] = item.get("ctx", {})
    known: dict[str, Callable[[], tuple[str, str]]] = {
        "own": lambda: _split(context["said"]),
        "missing": lambda: ("is missing", _show_example(path)),
        "extra_forbidden": lambda: ("is not a known key", _find_home(path)),
        "literal_error": lambda: (
            f"{item['input']!r} is not possible here",
            suggest(_translate(item["input"]), _QUOTED.findall(context["expected"])),
        ),
        "string_type": lambda: ("must be text", "Put it in quotes."),
        "bool_type": lambda: ("must be true or false", "Write it without quotes."),
        "bool_parsing": lambda: ("must be true or false", "Write it without quotes."),
        "list_type": lambda: ("must be a list", 'Write it as ["…", "…"].'),
        "too_short": lambda: ("is empty", _show_example(path)),
        "greater_than_equal": lambda: ("is too small", f"The least is {_show(context['ge'])}."),
        "greater_than": lambda: ("is too small", f"Write more than {_show(context['gt'])}."),
        "less_than_equal": lambda: ("is too large", f"The most is {_show(context['le'])}."),
    }
    if kind in known:
        return known[kind]()
    if kind.startswith(("int_", "float_", "finite_")):
        return _NUMBER
    if kind.startswith(("dict_", "model_")):
        return "must be a table", f"Write a line [{show_key(path)}] and its keys below it."
    return str(item["msg"]), "See maildesk.toml.example."


def _translate(given: object) -> str:
    """Mail programs call TLS from the first byte SSL."""
    text = str(given).lower()
    return "tls" if text.startswith("ssl") else text


def _show(bound: float) -> str:
    megabytes, rest = divmod(bound, 1024**2)
    return f'"{megabytes:g} MB"' if megabytes and not rest else f"{bound:g}"


def _split(said: str) -> tuple[str, str]:
    problem, _, remedy = said.rpartition("|")
    return problem, remedy


def _show_example(path: KeyPath) -> str:
    if path == ("desk",):
        return 'Add a line [desk.it] and below it: addresses = ["helpdesk@example.com"].'
    table = find_table(path[:-1])
    field = table.model_fields.get(str(path[-1])) if table else None
    if field is None or not field.examples:
        return "See maildesk.toml.example."
    shown = str(field.examples[0]).replace("'", '"')
    quoted = shown if shown.startswith("[") else f'"{shown}"'
    return f"Add for example: {path[-1]} = {quoted}"


def _find_home(path: KeyPath) -> str:
    """Where an unknown key was meant to stand: a near name here, or the top of the file."""
    key = str(path[-1])
    table = find_table(path[:-1])
    if len(path) > 1 and key in Toml.model_fields:
        return "It belongs at the top of the file, above the first [table]."
    homes = [
        home
        for home in _list_tables(path)
        if (other := find_table(home)) is not None and key in other.model_fields
    ]
    if table and homes and key not in table.model_fields:
        shown = " or ".join(f"[{show_key(home)}]" for home in homes)
        return f"It belongs to {shown}: is there still a # before that line?"
    return suggest(key, table.model_fields) if table else "Take it out."


def _list_tables(path: KeyPath) -> list[KeyPath]:
    """The tables a key may have been meant for: of this desk or mailbox, and of all."""
    inner = {"desk": ("budgets", "privacy"), "mailbox": ("filing", "trust")}.get(str(path[0]), ())
    own: list[KeyPath] = [path[:2], *((*path[:2], name) for name in inner)] if inner else []
    return [*own, ("limits",), ("smtp",), ("web",)]
