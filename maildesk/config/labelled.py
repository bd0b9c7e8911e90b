"""Mails somebody labelled, from YAML: what `maildesk rules score` counts against.

A list of `{mail: "…", category: …, priority: …, type: …}`; a label may be a list where several are
right, and may be left out. Every fault comes with its line.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from maildesk.config.document import Document, line_of
from maildesk.config.faults import Fault, suggest
from maildesk.desk.profile import Category, Priority, Profile, RequestType
from maildesk.desk.rules.scoring import KEYS, Labelled

_REMEDY = 'Write mails as - {mail: "打印机卡纸", category: hardware, priority: medium}'


def load_labelled(path: Path, profile: Profile) -> tuple[tuple[Labelled, ...], tuple[Fault, ...]]:
    """All mails of a file in order, and all faults; a mail with a fault is left out."""
    document = Document(path, path.name)
    if document.root is None and not document.faults:
        document.fault(None, "", "is empty", _REMEDY)
    if document.root is not None and not isinstance(document.root, list):
        document.fault(1, "", "is not a list of mails", _REMEDY)
        return (), tuple(document.faults)
    known = {
        "category": _list_words(profile.categories),
        "priority": _list_words(profile.priorities),
        "type": _list_words(profile.types),
    }
    mails = []
    for place, entry in enumerate(document.root or ()):
        line = line_of(document.root, place)
        if not isinstance(entry, dict):
            document.fault(line, "", "holds something that is no mail", _REMEDY)
            continue
        before = len(document.faults)
        document.check_keys(entry, "", ("mail", *KEYS))
        mail = document.require(entry, "", "mail", str, _REMEDY)
        labels = {key: _read_labels(document, entry, key, known[key]) for key in KEYS}
        if len(document.faults) == before:
            labels["type"] = _translate_types(entry, profile)
            mails.append(Labelled(str(mail), **labels, file=str(path), line=line or 0))
    return tuple(mails), tuple(document.faults)


def _list_words(items: Sequence[Category | Priority | RequestType]) -> dict[str, str]:
    """What a label may say, and which key of the profile it means."""
    taken = {word: item.key for item in items for word in item.takes}
    return {**taken, **{item.key: item.key for item in items}}


def _read_labels(
    document: Document, entry: Mapping[str, Any], key: str, known: Mapping[str, str]
) -> tuple[str, ...]:
    labels = _list_labels(entry, key)
    for label in labels:
        if str(label) not in known:
            problem = f"{label!r} is no {key} of the profile"
            document.fault(line_of(entry, key), key, problem, suggest(str(label), known))
    return tuple(known[str(label)] for label in labels if str(label) in known)


def _list_labels(entry: Mapping[str, Any], key: str) -> list[Any]:
    value = entry.get(key, [])
    return value if isinstance(value, list) else [value]


def _translate_types(entry: Mapping[str, Any], profile: Profile) -> tuple[str, ...]:
    """As rules' types are: a profile may have one of its own for a category (设备维护)."""
    categories: list[str | None] = [str(label) for label in _list_labels(entry, "category")]
    categories = categories or [None]
    said = [str(label) for label in _list_labels(entry, "type")]
    own = (profile.take_type(kind, category) for kind in said for category in categories)
    return tuple(dict.fromkeys(kind for kind in own if kind is not None))
