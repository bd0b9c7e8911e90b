"""Classification rules from `rules/*.yaml`: every file, every rule, all faults in one go.

Reads and checks; what a rule means for a mail is `desk.matching`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import re2

from maildesk.config.document import Document, join, line_of
from maildesk.config.faults import Fault, suggest
from maildesk.desk.profile import Category, Label, Priority, Profile, RequestType
from maildesk.desk.rules import Condition, Expectation, Rule, Setting
from maildesk.desk.words import compile_regex, split_word

FIELDS = ("subject", "body", "attachment_name", "from", "to")
_KEYS = ("id", "name", "when", "set", "weight", "stop", "expect")
_MAX_WEIGHT = 100
_WORDS = 'Give at least one word, e.g. any: [断网, "no network"]'


def load_rules(folder: Path, profile: Profile) -> tuple[tuple[Rule, ...], tuple[Fault, ...]]:
    """All rules of the folder's `*.yaml` files in order of file name and place, and all faults.

    Subfolders are not read. A rule with a fault is left out, so the rules are only whole when
    there are no faults.
    """
    paths = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    if not paths:
        remedy = "Write one, or let `maildesk init` write the shipped rules there"
        return (), (Fault(folder.name, None, "", "holds no *.yaml file", remedy),)
    rules: list[Rule] = []
    faults: list[Fault] = []
    places: dict[str, str] = {}
    for path in paths:
        document = Document(path, f"{folder.name}/{path.name}")
        rules += _read_rules(document, profile, places)
        faults += document.faults
    return tuple(rules), tuple(faults)


def _read_rules(document: Document, profile: Profile, places: dict[str, str]) -> list[Rule]:
    """`places` holds where each id of all files so far stands."""
    if document.root is None:
        return []
    if not isinstance(document.root, list):
        document.fault(1, "", "is not a list of rules", "Start each rule with `- id: some-name`")
        return []
    rules = []
    for place, table in enumerate(document.root):
        if not isinstance(table, dict):
            line = line_of(document.root, place)
            document.fault(line, "", "is not a rule", "Start each rule with `- id: some-name`")
            continue
        before = len(document.faults)
        rule = _RuleTable(document, table, profile).read()
        if rule.id:
            here = f"{document.name}:{line_of(table, 'id')}"
            first = places.setdefault(rule.id, here)
            if first != here:
                problem = f"{rule.id!r} is already the id of the rule at {first}"
                document.fault(line_of(table, "id"), "id", problem, "Give each rule its own id")
        if len(document.faults) == before:
            rules.append(rule)
    return rules


def _list_words(items: Sequence[Category | Priority | RequestType]) -> list[str]:
    """What a rule may call them: the profile's own keys, and what it takes for them."""
    return list(dict.fromkeys([item.key for item in items] + [w for i in items for w in i.takes]))


class _RuleTable:
    """One rule's table, read key by key in the order people write them."""

    def __init__(self, document: Document, table: Mapping[str, Any], profile: Profile) -> None:
        self._document = document
        self._table = table
        self._known = {
            "category": _list_words(profile.categories),
            "priority": _list_words(profile.priorities),
            "type": _list_words(profile.types),
            "group": [item.key for item in profile.groups],
        }

    def read(self) -> Rule:
        """The rule as far as it could be read; whether it is whole the document's faults say."""
        document, table = self._document, self._table
        document.check_keys(table, "", _KEYS)
        stop = document.take(table, "", "stop", bool, default=False)
        when = document.require(table, "", "when", dict, f"Say when it matches. {_WORDS}")
        when = when if when is not None else {}
        document.check_keys(when, "when", ("any", "none", "in"))
        return Rule(
            id=self._read_id(),
            name=self._read_name(),
            any=self._read_conditions(when, "any") if when else (),
            none=self._read_conditions(when, "none") if "none" in when else (),
            fields=self._read_fields(when),
            set=self._read_setting(stop is True),
            weight=self._read_weight(),
            stop=stop is True,
            expect=self._read_cases(),
            file=document.name,
            line=line_of(table) or 0,
        )

    def _read_id(self) -> str:
        remedy = "Name it in small letters, e.g. id: printer-paper-jam"
        key = self._document.require(self._table, "", "id", str, remedy)
        if key and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
            problem = f"{key!r} is not small letters, digits and dashes"
            self._document.fault(line_of(self._table, "id"), "id", problem, remedy)
        return str(key or "")

    def _read_name(self) -> Label:
        remedy = "Give it a name people read, e.g. name: {zh: 打印机卡纸, en: Paper jam}"
        name = self._document.require(self._table, "", "name", dict, remedy)
        if name is None:
            return Label("", "")
        self._document.check_keys(name, "name", ("zh", "en"))
        return self._document.take_label(name, "name") or Label("", "")

    def _read_conditions(self, when: Mapping[str, Any], key: str) -> tuple[Condition, ...]:
        path = f"when.{key}"
        remedy = _WORDS if key == "any" else "Give at least one word, or leave it out"
        entries = self._document.require(when, "when", key, list, remedy)
        if entries is None:
            return ()
        if not entries:
            self._document.fault(line_of(when, key), path, "is empty", remedy)
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
            before = len(self._document.faults)
            self._document.check_keys(entry, path, ("regex",))
            if len(self._document.faults) == before:
                return self._read_regex(entry, path)
        elif not isinstance(entry, str):
            problem = f"holds {entry!r}, which is neither a word nor {{regex: …}}"
            self._document.fault(line, path, problem, f'Write words in quotes: "{entry}"')
        elif not split_word(entry):
            problem = f"holds {entry!r}, in which nothing is left to find"
            self._document.fault(line, path, problem, "Write at least one letter or character")
        else:
            return Condition(word=str(entry))
        return None

    def _read_regex(self, entry: Mapping[str, Any], path: str) -> Condition | None:
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
        return Condition(regex=str(regex))

    def _read_fields(self, when: Mapping[str, Any]) -> tuple[str, ...]:
        remedy = f"Use one or more of: {', '.join(FIELDS)}, header:X-Name"
        names = self._document.take(when, "when", "in", list, default=["subject", "body"])
        fields = []
        for name in names if names is not None else ():
            key = str(name).lower()
            if key in FIELDS or (key.startswith("header:") and len(key) > len("header:")):
                fields.append(key)
            else:
                problem = f"{name!r} is not a field of a mail"
                self._document.fault(
                    line_of(when, "in"), "when.in", problem, suggest(key, (*FIELDS, "header:X-…"))
                )
        if names is not None and not names:
            self._document.fault(line_of(when, "in"), "when.in", "is empty", remedy)
        return tuple(fields)

    def _read_weight(self) -> int:
        weight = self._document.take(self._table, "", "weight", int, default=1)
        if weight is not None and not 1 <= weight <= _MAX_WEIGHT:
            problem = f"{weight} is not between 1 and {_MAX_WEIGHT}"
            remedy = "Most rules weigh 1 to 5; a heavier one overrules more others"
            self._document.fault(line_of(self._table, "weight"), "weight", problem, remedy)
        return int(weight or 1)

    def _read_setting(self, stops: bool) -> Setting:
        remedy = "Say what follows, e.g. set: {category: network, priority: high}"
        if "set" not in self._table and stops:
            return Setting()
        table = self._document.require(self._table, "", "set", dict, remedy)
        if table is None:
            return Setting()
        if not table and not stops:
            self._document.fault(line_of(self._table, "set"), "set", "is empty", remedy)
        self._document.check_keys(table, "set", (*self._known, "assignee", "tags"))
        tags = self._document.take(table, "set", "tags", list, default=[])
        for tag in tags or ():
            if not isinstance(tag, str):
                problem = f"holds {tag!r}, which is not text"
                self._document.fault(
                    line_of(table, "tags"), "set.tags", problem, f'Write it in quotes: "{tag}"'
                )
        return Setting(
            **{key: self._read_choice(table, "set", key) for key in (*self._known, "assignee")},
            tags=tuple(str(tag) for tag in tags or ()),
        )

    def _read_choice(self, table: Mapping[str, Any], path: str, key: str) -> str | None:
        value = self._document.take(table, path, key, str)
        known = self._known.get(key)
        if value is not None and known is not None and value not in known:
            self._document.fault(
                line_of(table, key), join(path, key), f"{value!r} is no {key} of the profile",
                suggest(value, known),
            )  # fmt: skip
        return str(value) if value is not None else None

    def _read_cases(self) -> tuple[Expectation, ...]:
        remedy = 'Write cases as - {mail: "打印机卡纸", set: {category: hardware}}'
        cases = []
        entries = self._document.take(self._table, "", "expect", list, default=[]) or []
        for place, entry in enumerate(entries):
            line = line_of(entries, place)
            if not isinstance(entry, dict):
                self._document.fault(line, "expect", "holds something that is no case", remedy)
                continue
            self._document.check_keys(entry, "expect", ("mail", "set"))
            mail = self._document.require(entry, "expect", "mail", str, remedy)
            table = self._document.require(entry, "expect", "set", dict, remedy) or {}
            self._document.check_keys(table, "expect.set", (*self._known, "assignee"))
            wanted = {str(key): self._read_choice(table, "expect.set", key) for key in table}
            given = {key: value for key, value in wanted.items() if value is not None}
            cases.append(Expectation(mail=str(mail or ""), set=given, line=line or 0))
        return tuple(cases)
