"""A rule's `set` from its table, and the `set` of its cases: keys of the profile, names, texts.

Whom a name means is `references`' question: the people list is read elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maildesk.config.document import Document, join, line_of
from maildesk.config.faults import suggest
from maildesk.desk.profile import Category, Priority, Profile, RequestType
from maildesk.desk.rules.rule import Setting

LETTERS = ("none",)

_REMEDY = "Say what follows, e.g. set: {category: network, priority: high}"
_LISTS = ("tags", "watchers", "ask")
GATHERED = (*_LISTS, "note", "letter")
"""What rules add to together, instead of one of them having its way."""


class SettingTable:
    """Reads settings in the words of one profile."""

    def __init__(self, document: Document, profile: Profile) -> None:
        self._document = document
        self._known = {
            "category": _list_words(profile.categories),
            "priority": _list_words(profile.priorities),
            "type": _list_words(profile.types),
            "group": [item.key for item in profile.groups],
            # Rules are shared; a profile that has no such thing has no use for it either.
            "impact": [item.key for item in profile.impacts] or None,
            "urgency": [item.key for item in profile.urgencies] or None,
        }
        self._questions = [item.key for item in profile.questions]

    @property
    def keys(self) -> tuple[str, ...]:
        """What a case may expect."""
        return (*self._known, "assignee")

    def read(self, rule: Mapping[str, Any], *, stops: bool) -> Setting:
        """The setting of a whole rule; only one that stops may have none."""
        document = self._document
        if "set" not in rule and stops:
            return Setting()
        table = document.require(rule, "", "set", dict, _REMEDY)
        if table is None:
            return Setting()
        if not table and not stops:
            document.fault(line_of(rule, "set"), "set", "is empty", _REMEDY)
        document.check_keys(table, "set", (*self.keys, *GATHERED))
        chosen = {key: self._read_choice(table, "set", key) for key in self.keys}
        gathered = {key: self._read_gathered(table, "set", key) for key in GATHERED}
        return Setting(
            category=chosen["category"],
            priority=chosen["priority"],
            type=chosen["type"],
            group=chosen["group"],
            assignee=chosen["assignee"],
            impact=chosen["impact"],
            urgency=chosen["urgency"],
            tags=gathered["tags"],
            watchers=gathered["watchers"],
            ask=gathered["ask"],
            letter=next(iter(gathered["letter"]), None),
            note=next(iter(gathered["note"]), None),
        )

    def read_wanted(
        self, table: Mapping[str, Any], path: str
    ) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
        """What a case expects: one value each, and what must be among what rules add together."""
        self._document.check_keys(table, path, (*self.keys, *GATHERED))
        chosen = {key: self._read_choice(table, path, key) for key in self.keys if key in table}
        gathered = {key: self._read_gathered(table, path, key) for key in GATHERED if key in table}
        return {key: value for key, value in chosen.items() if value is not None}, gathered

    def _read_choice(self, table: Mapping[str, Any], path: str, key: str) -> str | None:
        """A key of the profile, or text where it has no list of them."""
        value = self._document.take(table, path, key, str)
        known = self._known.get(key)
        if value is not None and known is not None and value not in known:
            self._document.fault(
                line_of(table, key), join(path, key), f"{value!r} is no {key} of the profile",
                suggest(value, known),
            )  # fmt: skip
        return str(value) if value is not None else None

    def _read_gathered(self, table: Mapping[str, Any], path: str, key: str) -> tuple[str, ...]:
        if key in _LISTS:
            return self._read_texts(table, path, key)
        words = self._document.take(table, path, key, str)
        if words is None:
            return ()
        line, place = line_of(table, key), join(path, key)
        if key == "letter" and words not in LETTERS:
            problem = f"{words!r} is not something a rule can say of the acknowledgement"
            remedy = "Write letter: none for no acknowledgement, or leave it out"
            self._document.fault(line, place, problem, remedy)
        if not words.strip():
            remedy = "Write what staff should know, or leave it out"
            self._document.fault(line, place, "is empty", remedy)
        return (words.strip(),)

    def _read_texts(self, table: Mapping[str, Any], path: str, key: str) -> tuple[str, ...]:
        texts = self._document.take(table, path, key, list, default=[]) or ()
        line, place = line_of(table, key), join(path, key)
        for text in texts:
            if not isinstance(text, str):
                problem = f"holds {text!r}, which is not text"
                self._document.fault(line, place, problem, f'Write it in quotes: "{text}"')
            elif key == "ask" and self._questions and text not in self._questions:
                problem = f"{text!r} is no question of the profile"
                self._document.fault(line, place, problem, suggest(text, self._questions))
        return tuple(str(text) for text in texts)


def _list_words(items: Sequence[Category | Priority | RequestType]) -> list[str]:
    """What a rule may call them: the profile's own keys, and what it takes for them."""
    return list(dict.fromkeys([item.key for item in items] + [w for i in items for w in i.takes]))
