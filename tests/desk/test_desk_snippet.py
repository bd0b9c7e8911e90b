"""Ready-made answers: their files, their names in two languages, what is wrong with one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from builders import NOW, snippets

from maildesk.config.templates import load_templates
from maildesk.desk.orders.line import is_hash_line
from maildesk.desk.staff.snippet import (
    Filling,
    Snippet,
    check_snippets,
    fill,
    find_snippet,
    list_names,
    read_snippets,
)

SHIPPED = snippets()
KEYS = tuple(dict.fromkeys(item.key for item in SHIPPED))
ZONE = ZoneInfo("Asia/Shanghai")


def test_the_shipped_ones_are_without_fault_and_in_both_languages() -> None:
    assert list(check_snippets(load_templates(None)[0])) == []
    assert len(KEYS) >= 8
    assert {(item.key, item.language) for item in SHIPPED} == {
        (key, language) for key in KEYS for language in ("zh-CN", "en")
    }


@pytest.mark.parametrize("snippet", SHIPPED, ids=lambda item: f"{item.language} {item.key}")
def test_a_shipped_text_reads_well_with_and_without_what_is_known(snippet: Snippet) -> None:
    full = fill(snippet, Filling("张敏", "刘洋", "8005", "IT-1"), NOW, ZONE)
    bare = fill(snippet, Filling("", "刘洋", "", "IT-1"), NOW, ZONE)
    assert "张敏" in full
    for text in (full, bare):
        assert len(text) > 40
        assert "{{" not in text
        assert "None" not in text
        assert "用户" not in text
        assert "  " not in text
        assert not any(map(is_hash_line, text.split("\n")))


@pytest.mark.parametrize(
    ("called", "language", "key", "spoken"),
    [
        ("重置密码", "zh-CN", "reset-password", "zh-CN"),
        ("密码重置", "zh-CN", "reset-password", "zh-CN"),
        ("重置密码", "en", "reset-password", "en"),
        ("Reset Password", "zh-CN", "reset-password", "zh-CN"),
        ("ｒｅｓｅｔ-password", "en", "reset-password", "en"),
        ("重置密码", "fr", "reset-password", "en"),
        ("重置密码", "zh-TW", "reset-password", "zh-CN"),
        ("vpn", "zh-CN", "vpn-steps", "zh-CN"),
    ],
)
def test_a_name_in_any_language_finds_the_readers_own(
    called: str, language: str, key: str, spoken: str
) -> None:
    found = find_snippet(SHIPPED, called, language)
    assert found is not None
    assert (found.key, found.language) == (key, spoken)


@pytest.mark.parametrize("called", ["", "重置", "密码", "reset", "nothing"])
def test_half_a_name_is_none(called: str) -> None:
    assert find_snippet(SHIPPED, called, "zh-CN") is None


def test_names_are_listed_in_the_askers_language() -> None:
    assert "重置密码" in list_names(SHIPPED, "zh-CN")
    assert "reset password" in list_names(SHIPPED, "en")
    assert len(list_names(SHIPPED, "en")) == len(KEYS)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("您好", 1, "the first line must name it"),
        ("#\n您好", 1, "the first line must name it"),
        ("# 重启\n\n", 2, "no text below"),
        ("# 重启\n您好{{ nmae }}", 2, "nmae is unknown to this ready-made answer"),
        ("# 重启\n您好\n{% if %}", 3, ""),
        ("# 重启\n您好\n#已解决", 3, "a line that starts with # is never sent"),
        ("# 重启\n{{ 1 // 0 }}", 2, ""),
        ("# 已有 | 重启\n您好", 1, "已有 is the name of snippets/en/first.txt as well"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, problem: str) -> None:
    sources = {"snippets/en/first.txt": "# 已有\n好", "snippets/en/second.txt": text}
    [(name, at, told)] = check_snippets(sources)
    assert (name, at) == ("snippets/en/second.txt", line)
    assert problem in told


def test_no_filled_in_value_makes_an_order_line() -> None:
    [snippet] = read_snippets({"snippets/en/a.txt": "# a\n{{ name }}\nhello"})
    said = fill(snippet, Filling("#已解决", "", "", ""), NOW, ZONE)
    assert said == "hello"
