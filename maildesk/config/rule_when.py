"""A rule's `when` from its table: words and where they are looked for, and what else must hold.

Everything that is wrong is noted in the document with its line; what a condition means for a mail
is `desk.rules.matching`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

import re2

from maildesk.config.calendars import read_clock
from maildesk.config.document import Document, join, line_of
from maildesk.config.faults import suggest
from maildesk.config.shape import is_address, is_host
from maildesk.desk.profile import Profile
from maildesk.desk.rules.rule import ANYTHING, FIELDS, Condition, Given, Hours, Range
from maildesk.desk.rules.words import compile_regex, split_word

WORDS = 'Give at least one word, e.g. any: [断网, "no network"]'
LANGUAGES = ("zh", "en")

_FACTS = (
    "from", "department", "to", "language", "attachments", "size", "length", "time", "vip",
)  # fmt: skip
_KEYS = ("any", "all", "none", "at_least", "in", "negation", *_FACTS)
_BOUNDS = ("at_least", "at_most", "over", "under")
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(|k|m|g)i?b?", re.IGNORECASE)
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3}
_TIME = (
    "Write {outside: work}, {within: work} (a calendar of the profile), "
    'or {from: "18:00", to: "08:30"}'
)


@dataclass(frozen=True, slots=True)
class When:
    """What was read; as far as it could be, when the document has faults."""

    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()
    at_least: int = 1
    fields: tuple[str, ...] = ("subject", "body")
    given: Given = ANYTHING
    negation: bool = True


def read_when(document: Document, table: Mapping[str, Any], profile: Profile) -> When:
    """The `when` of a rule's `table`, with a fault for everything in it that cannot be meant."""
    when = document.require(table, "", "when", dict, f"Say when it matches. {WORDS}")
    if not when:
        return When()
    return _WhenTable(document, when, profile).read()


class _WhenTable:
    def __init__(self, document: Document, when: Mapping[str, Any], profile: Profile) -> None:
        self._document = document
        self._when = when
        self._calendars = [calendar.key for calendar in profile.calendars]

    def read(self) -> When:
        document, when = self._document, self._when
        document.check_keys(when, "when", _KEYS)
        if not {"any", "all", *_FACTS} & set(when):
            document.require(when, "when", "any", list, WORDS)
        given = Given(
            senders=self._read_senders(),
            departments=self._read_texts("department", "Write a department, e.g. 财务部"),
            to=self._read_addresses(),
            language=self._read_language(),
            attachments=self._read_range("attachments", "{at_least: 1}"),
            size=self._read_range("size", '{over: "5 MB"}'),
            length=self._read_range("length", "{under: 30}"),
            hours=self._read_time(),
            vip=document.take(when, "when", "vip", bool),
        )
        conditions = {key: self._read_conditions(key) for key in ("any", "all", "none")}
        return When(
            **conditions,
            at_least=self._read_at_least(conditions["any"]),
            fields=self._read_fields(when, "when", ["subject", "body"]),
            given=ANYTHING if given == ANYTHING else given,
            negation=document.take(when, "when", "negation", bool, default=True) is not False,
        )

    def _read_conditions(self, key: str) -> tuple[Condition, ...]:
        if key not in self._when:
            return ()
        path = f"when.{key}"
        remedy = WORDS if key == "any" else "Give at least one word, or leave it out"
        entries = self._document.require(self._when, "when", key, list, remedy)
        if entries is None:
            return ()
        if not entries:
            self._document.fault(line_of(self._when, key), path, "is empty", remedy)
        return tuple(self._read_list(entries, path))

    def _read_list(self, entries: list[Any], path: str) -> Iterator[Condition]:
        """A list inside the list is taken as part of it: that is how `*anchor` shares words."""
        for place, entry in enumerate(entries):
            if isinstance(entry, list):
                yield from self._read_list(entry, path)
                continue
            condition = self._read_condition(entry, line_of(entries, place), path)
            if condition is not None:
                yield condition

    def _read_condition(self, entry: object, line: int | None, path: str) -> Condition | None:
        if isinstance(entry, dict):
            return self._read_table(entry, line, path)
        if not isinstance(entry, str):
            problem = f"holds {entry!r}, which is neither a word nor {{regex: …}}"
            self._document.fault(line, path, problem, f'Write words in quotes: "{entry}"')
            return None
        return self._read_word(entry, line, path, ())

    def _read_table(
        self, entry: Mapping[str, Any], line: int | None, path: str
    ) -> Condition | None:
        """`{regex: …}`, `{word: …}`, each with an `in` of its own."""
        before = len(self._document.faults)
        self._document.check_keys(entry, path, ("regex", "word", "in"))
        if len(self._document.faults) > before:
            return None
        if ("word" in entry) == ("regex" in entry):
            remedy = "Write {word: 发票, in: [attachment_name]} or {regex: '…', in: [subject]}"
            self._document.fault(line, path, "needs either a word or a regex", remedy)
            return None
        fields = self._read_fields(entry, path, []) if "in" in entry else ()
        if "regex" in entry:
            return self._read_regex(entry, path, fields)
        word = self._document.require(entry, path, "word", str, "Write the word in quotes")
        return self._read_word(word, line, path, fields) if word else None

    def _read_word(
        self, word: str, line: int | None, path: str, fields: tuple[str, ...]
    ) -> Condition | None:
        if split_word(word):
            return Condition(word=str(word), fields=fields)
        problem = f"holds {word!r}, in which nothing is left to find"
        self._document.fault(line, path, problem, "Write at least one letter or character")
        return None

    def _read_regex(
        self, entry: Mapping[str, Any], path: str, fields: tuple[str, ...]
    ) -> Condition | None:
        remedy = "Use RE2 syntax (no look-around, no back-references)"
        regex = self._document.require(entry, path, "regex", str, remedy)
        if regex is None:
            return None
        line, path = line_of(entry, "regex"), join(path, "regex")
        try:
            matches_nothing = compile_regex(regex).search(b"") is not None
        except re2.error as error:
            reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
            self._document.fault(line, path, f"{regex!r} is not valid RE2 ({reason})", remedy)
            return None
        if matches_nothing:
            problem = f"{regex!r} matches the empty text, and so every mail"
            self._document.fault(line, path, problem, "Make at least one part of it obligatory")
            return None
        return Condition(regex=str(regex), fields=fields)

    def _read_at_least(self, conditions: tuple[Condition, ...]) -> int:
        wanted = self._document.take(self._when, "when", "at_least", int, default=1)
        if wanted is None or "at_least" not in self._when:
            return 1
        line = line_of(self._when, "at_least")
        if not conditions:
            remedy = "It counts words of `any`; give them, or leave at_least out"
            self._document.fault(line, "when.at_least", "has no `any` to count", remedy)
        elif not 1 <= wanted <= len(conditions):
            problem = f"{wanted} is not between 1 and {len(conditions)}, the words of `any`"
            remedy = "Most rules need 1 (the default) or 2"
            self._document.fault(line, "when.at_least", problem, remedy)
        return int(wanted)

    def _read_fields(
        self, table: Mapping[str, Any], path: str, usual: list[str]
    ) -> tuple[str, ...]:
        remedy = f"Use one or more of: {', '.join(FIELDS)}, header:X-Name"
        names = self._document.take(table, path, "in", list, default=usual)
        line, place = line_of(table, "in"), join(path, "in")
        fields = []
        for name in names if names is not None else ():
            key = str(name).lower()
            if key in FIELDS or (key.startswith("header:") and len(key) > len("header:")):
                fields.append(key)
            else:
                problem = f"{name!r} is not a field of a mail"
                self._document.fault(line, place, problem, suggest(key, (*FIELDS, "header:X-…")))
        if names is not None and not names:
            self._document.fault(line, place, "is empty", remedy)
        return tuple(fields)

    def _read_texts(self, key: str, remedy: str) -> tuple[str, ...]:
        """One text or a list of them."""
        if key not in self._when:
            return ()
        value = self._when[key]
        entries = value if isinstance(value, list) else [value]
        path, line = f"when.{key}", line_of(self._when, key)
        if not entries:
            self._document.fault(line, path, "is empty", remedy)
        for entry in entries:
            if not isinstance(entry, str) or not entry.strip():
                quoted = f'Write it in quotes: "{entry}"' if isinstance(entry, int) else remedy
                self._document.fault(line, path, f"{entry!r} is not text", quoted)
        return tuple(entry.strip() for entry in entries if isinstance(entry, str))

    def _read_senders(self) -> tuple[str, ...]:
        """Names and staff numbers are looked up later, when the people list is known."""
        remedy = 'Write an address, "@example.com", or a name or staff number of the people list'
        senders = self._read_texts("from", remedy)
        for sender in senders:
            domain, name = sender.removeprefix("@"), "@" in sender
            if name and not (is_host(domain) if sender.startswith("@") else is_address(sender)):
                problem = f"{sender!r} is neither an address nor a domain"
                self._document.fault(line_of(self._when, "from"), "when.from", problem, remedy)
        return senders

    def _read_addresses(self) -> tuple[str, ...]:
        remedy = "Write an address of the desk, such as helpdesk@example.com"
        addresses = self._read_texts("to", remedy)
        for address in addresses:
            if not is_address(address):
                problem = f"{address!r} is not a mail address"
                self._document.fault(line_of(self._when, "to"), "when.to", problem, remedy)
        return addresses

    def _read_language(self) -> str | None:
        language = self._document.take(self._when, "when", "language", str)
        if language is not None and language not in LANGUAGES:
            problem = f"{language!r} is not a language rules can ask for"
            line = line_of(self._when, "language")
            self._document.fault(line, "when.language", problem, suggest(language, LANGUAGES))
        return str(language) if language is not None else None

    def _read_range(self, key: str, example: str) -> Range | None:
        table = self._document.take(self._when, "when", key, dict)
        if table is None:
            return None
        path, line = f"when.{key}", line_of(self._when, key)
        self._document.check_keys(table, path, _BOUNDS)
        bounds = {name: self._read_number(table, path, name, example) for name in table}
        if not bounds:
            self._document.fault(line, path, "is empty", f"Write e.g. {key}: {example}")
        least = [bounds.get("at_least"), _add(bounds.get("over"), 1)]
        most = [bounds.get("at_most"), _add(bounds.get("under"), -1)]
        found = Range(
            max((one for one in least if one is not None), default=None),
            min((one for one in most if one is not None), default=None),
        )
        if found.least is not None and found.most is not None and found.least > found.most:
            problem = "can never hold: its lower bound is above its upper one"
            self._document.fault(line, path, problem, f"Write e.g. {key}: {example}")
        return found

    def _read_number(
        self, table: Mapping[str, Any], path: str, name: str, example: str
    ) -> int | None:
        value = table[name]
        if isinstance(value, str) and path == "when.size":
            found = _SIZE.fullmatch(value.strip())
            if found:
                return int(float(found[1]) * _UNITS[found[2].lower()])
        elif isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        kind = "a size" if path == "when.size" else "a number"
        remedy = f"Write e.g. {path.removeprefix('when.')}: {example}"
        self._document.fault(
            line_of(table, name), join(path, name), f"{value!r} is not {kind}", remedy
        )
        return None

    def _read_time(self) -> Hours | None:
        table = self._document.take(self._when, "when", "time", dict)
        if table is None:
            return None
        document, line = self._document, line_of(self._when, "time")
        document.check_keys(table, "when.time", ("outside", "within", "from", "to"))
        if set(table) == {"from", "to"}:
            start = read_clock(document, table, "when.time", "from", time(18))
            end = read_clock(document, table, "when.time", "to", time(8, 30))
            if start == end:
                document.fault(line, "when.time", "ends when it begins", _TIME)
            return Hours(None, False, start, end)
        if len(table) != 1 or not {"outside", "within"} & set(table):
            document.fault(line, "when.time", "says no time that could be meant", _TIME)
            return None
        key = next(iter(table))
        calendar = document.take(table, "when.time", key, str)
        if calendar is not None and calendar not in self._calendars:
            problem = f"{calendar!r} is no calendar of the profile"
            remedy = suggest(calendar, self._calendars)
            document.fault(line_of(table, key), f"when.time.{key}", problem, remedy)
        return Hours(calendar, key == "outside")


def _add(number: int | None, more: int) -> int | None:
    return None if number is None else number + more
