"""Places in TOML texts: what the scanner says must be where the key really stands."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.config.lines import KeyPath, find_lines

TEXT = '''\
# a comment with [brackets] and = signs
data = "data"          # 2
database.url = 'x # not a comment'

[desk.it]              # 5
addresses = [
  "a@example.com",     # 7
  "b@example.com",     # 8
]
name = """
several [lines]
x = 1
"""
zone = "UTC"           # 14
"quoted.key" = 1       # 15
"tab\\u0041" = 2       # 16

[mailbox . support]    # 18
filing = { mode = "move", done = "Done", deep = { er = [ { x = 1 } ] } }
port = 993
raw = \'\'\'
it's\'\'\'\'
when = 2026-11-20 10:00:00

[[rule]]               # 25
id = 1
[[rule]]               # 27
id = 2
[rule.inner]           # 29
x = 1
[[rule.sub]]           # 31
y = 1
'''

CASES: list[tuple[KeyPath, int]] = [
    (("data",), 2),
    (("database", "url"), 3),
    (("desk", "it"), 5),
    (("desk", "it", "addresses"), 6),
    (("desk", "it", "addresses", 0), 7),
    (("desk", "it", "addresses", 1), 8),
    (("desk", "it", "name"), 10),
    (("desk", "it", "zone"), 14),
    (("desk", "it", "quoted.key"), 15),
    (("desk", "it", "tabA"), 16),
    (("mailbox", "support"), 18),
    (("mailbox", "support", "filing"), 19),
    (("mailbox", "support", "filing", "deep", "er", 0, "x"), 19),
    (("mailbox", "support", "port"), 20),
    (("mailbox", "support", "raw"), 21),
    (("mailbox", "support", "when"), 23),
    (("rule", 0, "id"), 26),
    (("rule", 1), 27),
    (("rule", 1, "inner", "x"), 30),
    (("rule", 1, "sub", 0, "y"), 32),
]


@pytest.mark.parametrize(("path", "line"), CASES, ids=[str(path) for path, _ in CASES])
def test_a_key_is_found_on_its_line(path: KeyPath, line: int) -> None:
    tomllib.loads(TEXT)  # the sample itself is valid
    assert find_lines(TEXT).find(path) == line


def test_a_missing_key_answers_with_its_table() -> None:
    lines = find_lines(TEXT)
    assert lines.find(("mailbox", "support", "host")) == 18
    assert lines.find(("nowhere",)) == 1
    assert find_lines("").find(("x",)) == 1


_keys = st.text("abcDEF-_ .é", min_size=1, max_size=6)
_scalars = st.one_of(st.integers(-99, 99), st.booleans(), st.text("ab\"'[]{}=#,\n\\ é", max_size=8))
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3)
)


def _write(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ", ".join(_write(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quote(k)} = {_write(v)}" for k, v in value.items()) + "}"
    return _quote(str(value))


def _quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


@given(st.dictionaries(_keys, _values, max_size=6))
def test_any_flat_file_is_scanned_key_by_key(table: dict[str, object]) -> None:
    text = "".join(f"{_quote(key)} = {_write(value)}\n\n" for key, value in table.items())
    assert tomllib.loads(text) == table
    lines = find_lines(text)
    for position, key in enumerate(table):
        assert lines.find((key,)) == 1 + 2 * position
