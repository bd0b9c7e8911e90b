"""Classification rules from `rules/*.yaml`: every file, every rule, all faults in one go.

Reads and checks; what a rule means for a mail is `desk.rules.matching`'s question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from maildesk.config.document import Document, line_of
from maildesk.config.faults import Fault
from maildesk.config.rule_set import SettingTable
from maildesk.config.rule_when import read_when
from maildesk.desk.profile import Label, Profile
from maildesk.desk.rules.rule import Expectation, Rule

_KEYS = ("id", "name", "when", "set", "weight", "stop", "shadow", "expect")
_ABOUT = ("from", "department", "to", "attachments", "size", "at", "vip")
_MAX_WEIGHT = 100


def load_rules(folder: Path, profile: Profile) -> tuple[tuple[Rule, ...], tuple[Fault, ...]]:
    """All rules of the folder's `*.yaml` files in order of file name and place, and all faults.

    Subfolders are not read. A rule with a fault is left out, so the rules are only whole when
    there are no faults.
    """
    paths = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    if not paths:
        remedy = "Write one, or let `maildesk init` write the shipped rules there"
        return (), (Fault(folder.absolute().name, None, "", "holds no *.yaml file", remedy),)
    rules: list[Rule] = []
    faults: list[Fault] = []
    places: dict[str, str] = {}
    for path in paths:
        document = Document(path, f"{folder.absolute().name}/{path.name}")
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


class _RuleTable:
    """One rule's table, read key by key in the order people write them."""

    def __init__(self, document: Document, table: Mapping[str, Any], profile: Profile) -> None:
        self._document = document
        self._table = table
        self._profile = profile
        self._settings = SettingTable(document, profile)

    def read(self) -> Rule:
        """The rule as far as it could be read; whether it is whole the document's faults say."""
        document, table = self._document, self._table
        document.check_keys(table, "", _KEYS)
        stop = document.take(table, "", "stop", bool, default=False) is True
        shadow = document.take(table, "", "shadow", bool, default=False) is True
        when = read_when(document, table, self._profile)
        return Rule(
            id=self._read_id(),
            name=self._read_name(),
            any=when.any,
            all=when.all,
            none=when.none,
            at_least=when.at_least,
            fields=when.fields,
            given=when.given,
            negation=when.negation,
            set=self._settings.read(table, stops=stop),
            weight=self._read_weight(),
            stop=stop,
            shadow=shadow,
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

    def _read_weight(self) -> int:
        weight = self._document.take(self._table, "", "weight", int, default=1)
        if weight is not None and not 1 <= weight <= _MAX_WEIGHT:
            problem = f"{weight} is not between 1 and {_MAX_WEIGHT}"
            remedy = "Most rules weigh 1 to 5; a heavier one overrules more others"
            self._document.fault(line_of(self._table, "weight"), "weight", problem, remedy)
        return int(weight or 1)

    def _read_cases(self) -> tuple[Expectation, ...]:
        remedy = 'Write cases as - {mail: "打印机卡纸", set: {category: hardware}}'
        document, settings = self._document, self._settings
        cases = []
        entries = document.take(self._table, "", "expect", list, default=[]) or []
        for place, entry in enumerate(entries):
            line = line_of(entries, place)
            if not isinstance(entry, dict):
                document.fault(line, "expect", "holds something that is no case", remedy)
                continue
            document.check_keys(entry, "expect", ("mail", "set", "headers", *_ABOUT))
            mail = document.require(entry, "expect", "mail", str, remedy)
            table = document.require(entry, "expect", "set", dict, remedy) or {}
            wanted, among = settings.read_wanted(table, "expect.set")
            about = {key: _write_about(entry[key]) for key in _ABOUT if key in entry}
            self._check_about(entry, about)
            headers = document.take(entry, "expect", "headers", dict, default={}) or {}
            about |= {f"header:{name}".lower(): str(headers[name]) for name in headers}
            cases.append(Expectation(str(mail or ""), wanted, line or 0, about, among))
        return tuple(cases)

    def _check_about(self, entry: Mapping[str, Any], about: Mapping[str, str]) -> None:
        """The circumstances of a case: a moment is a moment, a size a number of bytes."""
        if "at" in about:
            try:
                datetime.fromisoformat(about["at"])
            except ValueError:
                problem, remedy = f"{about['at']!r} is no moment", 'Write it as "2026-11-20 22:00"'
                self._document.fault(line_of(entry, "at"), "expect.at", problem, remedy)
        if "size" in about and not about["size"].isdigit():
            problem = f"{about['size']!r} is not a number of bytes"
            remedy = "Write it in bytes, e.g. size: 6000000"
            self._document.fault(line_of(entry, "size"), "expect.size", problem, remedy)


def _write_about(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
