"""The quick reader of YAML: it says what the slow one says, or nothing; and it reads what counts."""

# ruff: noqa: E501 - pieces of YAML stand many on a line

from __future__ import annotations

import warnings
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from maildesk.config import shipped
from maildesk.config.document import Document, line_of
from maildesk.config.people import load_people
from maildesk.config.yaml_tree import Unsure, read_tree

SHIPPED = sorted(shipped.folder("rules").rglob("*.yaml"))
OF_TESTS = sorted(Path(__file__).parents[1].rglob("*.yaml"))

WORDS = """
a|b c|键|全公司|😀|：|: |:|- |-|\\n|\\n  |\\n    | |{|}|[|]|, |,|"|'|#| #| # c|?|? |!|!x |&a |*a|*a, |&b\\n
%|@|`|0|1|-1|-0|+1|007|1_0|09:30|2026-11-20|2026-13-45|2026-11-20 10:00:00|2026-1-2|1.5|1.|.5|1e3|1.5e3
0x1F|0o17|0b1|.inf|-.INF|.nan|true|True|no|on|null|~|<<|<<: |=|\\\\|\\u4e00|---|---\\n|...|...\\n|\\r\\n|\\t
''|""|"a"|'b'|"k": |zh: |en: |{a: 1}|[x, y]|\xa0|　|\u2028|k: |j: |- x: |l: [|- - |m: ¦\\n |n: >-\\n  |o: ¦+\\n  x
"""
PIECES = [
    piece.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t").replace("¦", "|")
    for line in WORDS.strip("\n").split("\n")
    for piece in line.split("|")
]
SOUP = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@st.composite
def slips(draw: st.DrawFn) -> str:
    """Some lines of a shipped file with slips of the pen, at times as Windows ends them."""
    lines = draw(st.sampled_from(SHIPPED)).read_text("utf-8").split("\n")
    start = draw(st.integers(0, len(lines) - 1))
    text = "\n".join(lines[start : start + draw(st.integers(1, 14))])
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        taken = draw(st.integers(0, 1))
        text = text[:place] + draw(st.sampled_from(["", *PIECES])) + text[place + taken :]
    return text


def describe(value: Any) -> Any:
    """A value with its kind and all its lines, whoever read it."""
    if isinstance(value, dict):
        pairs = [(describe(key), line_of(value, key), describe(value[key])) for key in value]
        return "table", line_of(value), pairs
    if isinstance(value, list):
        rows = [(line_of(value, place), describe(item)) for place, item in enumerate(value)]
        return "rows", line_of(value), rows
    kinds = (bool, int, float, str, date, type(None))
    return next(kind.__name__ for kind in kinds if isinstance(value, kind)), repr(value)


def read_slowly(text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a name given twice
        try:
            return describe(YAML(typ="rt").load(text))
        except (YAMLError, ValueError) as fault:
            return fault


def assert_same_or_nothing(text: str) -> None:
    try:
        quick = describe(read_tree(text))
    except Unsure:
        return
    try:
        slow = read_slowly(text)
    except NotImplementedError:  # ruamel loses its way among remarks that meet: nothing to compare
        return
    assert quick == slow


@given(st.one_of(SOUP, slips()))
@settings(max_examples=600)
def test_what_the_quick_reader_says_the_slow_one_says_as_well(text: str) -> None:
    assert_same_or_nothing(text)


@pytest.mark.parametrize("path", [*SHIPPED, *OF_TESTS], ids=lambda path: path.stem)
def test_both_read_every_file_we_have_alike(path: Path) -> None:
    assert_same_or_nothing(path.read_bytes().decode("utf-8-sig", "replace"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_no_shipped_file_waits_for_the_slow_reader(path: Path) -> None:
    text = path.read_text("utf-8")
    assert read_tree(text)
    assert read_tree(text.replace("\n", "\r\n"))


def test_words_are_what_yaml_1_2_says_they_are() -> None:
    text = "[no, on, 09:30, 192.168.0.1, 2FA, true, ~, 12, -3, 1.5, 2026-11-20, '12', a#b, 10%]"
    told = ["no", "on", "09:30", "192.168.0.1", "2FA", True, None]
    told += [12, -3, 1.5, date(2026, 11, 20), "12", "a#b", "10%"]
    assert read_tree(text) == told


def test_lines_are_those_of_keys_and_entries_and_of_a_name_where_it_was_given() -> None:
    tree = read_tree(
        "# remark\nany: &words\n  - 断网\n  - |\n    two\n    lines\nnone: [*words, b]\n"
    )
    assert tree == {"any": ["断网", "two\nlines\n"], "none": [["断网", "two\nlines\n"], "b"]}
    assert [line_of(tree), line_of(tree, "none"), line_of(tree, "other")] == [2, 7, 2]
    assert [line_of(tree["any"], place) for place in (0, 1)] == [3, 4]
    assert [line_of(tree["none"], place) for place in (0, 1)] == [2, 7]


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2", "1: a\ntrue: b", "a: b: c", "a: [1", "weight：5\nid: x", "a:\tb", "a: 'b",
        "!!str 1", "<<: {a: 1}", "? [a]\n: b", "a: 0x1F", "a: 1_000", "a: 1e3", "a: 2026-13-45",
        "a: 2026-11-20 10:00:00", "a: &n [*n]", "a: &n 1", "&n a: 1\nb: *n\nc: &n 2", "--- a\n--- b",
        "%YAML 1.1\n---\nno", "a: b\n...", "a: |\n\n b", "a: \x85", "[" * 5000,
    ],
)  # fmt: skip
def test_errors_and_oddities_are_left_to_the_slow_reader(text: str) -> None:
    with pytest.raises(Unsure):
        read_tree(text)


def test_without_libyaml_everything_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(yaml, "CBaseLoader")
    with pytest.raises(Unsure):
        read_tree("a: 1")
    file = tmp_path / "a.yaml"
    file.write_text("b: 1\na: [09:30]\n")
    document = Document(file, "a.yaml")
    assert (document.root, line_of(document.root, "a")) == ({"b": 1, "a": ["09:30"]}, 2)


BROKEN = [
    ("a: # remark\n|\n\nb: 1\n", "a.yaml: cannot be read (NotImplementedError: overlap"),
    ("? a: [b]\n", "a.yaml: cannot be read (TypeError: unhashable type"),
    (f"a: {'[' * 900}\n", "a.yaml: has too many tables or lists in one another"),
    (f"a: {'{b: ' * 5000}{'}' * 5000}\n", "a.yaml: has too many tables or lists in one another"),
    (f"a: {'[' * 900}{']' * 900}\nb: 1\nb: 2\n", "a.yaml: has too many tables or lists"),
    (f'a: {"[" * 900}"\\0"{"]" * 900}\n', "a.yaml: has too many tables or lists"),
    ("a: 1\nb: \0\n", "a.yaml:2: holds '\\x00', which is no character"),
    ('a: 1\nb: "x\\0"\n', "a.yaml:2: holds '\\x00', which is no character"),
]


@pytest.mark.parametrize(("text", "said"), BROKEN)
def test_what_no_reader_can_read_is_a_fault_that_names_the_file(
    text: str, said: str, tmp_path: Path
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(text)
    document = Document(file, "a.yaml")
    assert any(str(fault).startswith(said) for fault in document.faults), document.faults


def test_a_list_of_people_nested_beyond_reading_is_a_fault(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(f"- name: {'{a: ' * 900}\n")
    _, faults = load_people(file)
    assert ["too many tables or lists" in str(fault) for fault in faults] == [True]


@given(st.one_of(SOUP, slips()))
@example("&a {&a ")
@example("&a : &a ")
@settings(max_examples=200)
def test_whatever_is_written_is_read_or_a_fault(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.mktemp("soup") / "people.yaml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    document = Document(file, "people.yaml")
    _, faults = load_people(file)
    assert all("people.yaml" in str(fault) for fault in (*document.faults, *faults))
