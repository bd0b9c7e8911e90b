"""The entries of a YAML list of people: every text as it is written, so that 0012 stays 0012.

Which keys there are and what they mean is `people`'s question.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from maildesk.config.document import TOO_DEEP
from maildesk.config.yaml_tree import Rows, Table, Unsure, read_tree

Pair = tuple[str, int, str | list[str] | None]
"""A key, its line, and a text or a list of texts; None for anything else."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry and its line; `pairs` is None where it is no table. A key may stand twice."""

    line: int
    pairs: tuple[Pair, ...] | None


class Unlisted(Exception):
    """The text is no list: `line`, `problem` and `remedy` say why."""

    def __init__(self, line: int | None, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.line, self.problem, self.remedy = line, problem, remedy


def read_entries(text: str) -> list[Entry]:
    """All of them in order; none in an empty text. Raises Unlisted."""
    try:
        tree = read_tree(text, as_text=True)
    except Unsure:
        return list(_read_slowly(text))
    if tree is None:
        return []
    if not isinstance(tree, Rows):
        return list(_read_slowly(text))
    return [
        Entry(item.line, tuple(_list_pairs(item)))
        if isinstance(item, Table)
        else Entry(tree.lines[place], None)
        for place, item in enumerate(tree)
    ]


def _list_pairs(table: Table) -> Iterator[Pair]:
    for key, value in table.items():
        whole = isinstance(value, str) or (
            isinstance(value, Rows) and all(isinstance(item, str) for item in value)
        )
        yield key, table.lines[key], value if whole else None


def _read_slowly(text: str) -> Iterator[Entry]:
    """Composed, not constructed: every scalar keeps its text."""
    from ruamel.yaml import YAML, MappingNode, SequenceNode
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    from maildesk.config.document import find_slip

    try:
        loader = YAML(typ="safe", pure=True)
        loader.composer.warn_double_anchors = False  # the later counts, as for the quick reader
        root = loader.compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, remedy = find_slip(text, mark.line if mark else None)
        raise Unlisted(line, f"is not valid YAML ({error.problem})", f"{remedy}.") from error
    except YAMLError as error:
        problem = f"is not valid YAML ({str(error).splitlines()[0]})"
        raise Unlisted(None, problem, "Check the indentation.") from error
    except RecursionError as error:
        raise Unlisted(None, *TOO_DEEP) from error
    if root is None:
        return
    if not isinstance(root, SequenceNode):
        line = root.start_mark.line + 1
        raise Unlisted(line, "is not a list of people", "Begin each person with “- name:”.")
    for node in root.value:
        pairs = tuple(_list_node_pairs(node)) if isinstance(node, MappingNode) else None
        yield Entry(node.start_mark.line + 1, pairs)


def _list_node_pairs(node: Any) -> Iterator[Pair]:
    from ruamel.yaml import ScalarNode, SequenceNode

    for key, value in node.value:
        found: str | list[str] | None = None
        if isinstance(value, ScalarNode):
            found = str(value.value)
        elif isinstance(value, SequenceNode) and all(
            isinstance(item, ScalarNode) for item in value.value
        ):
            found = [str(item.value) for item in value.value]
        yield str(key.value), key.start_mark.line + 1, found
