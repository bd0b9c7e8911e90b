"""Articles as Markdown with a YAML head: written, read again the same, and every fault by line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maildesk.config.article_file import Written, read_article, write_article
from maildesk.desk.knowledge.article import Article

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CATEGORIES = ("hardware", "network")
ARTICLE = Article(
    id=1,
    number="KB-0001",
    kind="article",
    state="published",
    title="打印机卡纸怎么办",
    category="hardware",
    language="zh-CN",
    symptom="三楼打印机卡纸。\n换了纸也不行。",
    cause="搓纸轮磨损",
    solution="1. 打开后盖\n2. 取出卡住的纸\n\n还不行就换搓纸轮。",
    prevention="",
    author="HW005",
    author_name="刘洋",
    ticket="IT-20261120-0001",
    created=NOW,
    updated=NOW,
    published=NOW,
)
FILE = """---
number: "KB-0001"
title: 打印机卡纸怎么办
category: hardware
language: "zh-CN"
kind: article
state: published
author: 刘洋
ticket: "IT-20261120-0001"
---

## 现象

三楼打印机卡纸。
换了纸也不行。

## 原因

搓纸轮磨损

## 解决办法

1. 打开后盖
2. 取出卡住的纸

还不行就换搓纸轮。
"""


def take(folder: Path, text: str, name: str = "a.md") -> tuple[Written | None, list[str]]:
    file = folder / name
    file.write_bytes(text.encode("utf-8"))
    found, faults = read_article(file, name, CATEGORIES, "zh-CN")
    return found, [str(fault) for fault in faults]


def test_an_article_is_written_so_that_people_can_edit_it() -> None:
    assert write_article(ARTICLE).replace('"', "") == FILE.replace('"', "")


def test_what_was_written_is_read_again_the_same(tmp_path: Path) -> None:
    found, faults = take(tmp_path, write_article(ARTICLE))
    assert faults == []
    assert found is not None
    for name in ("number", "title", "category", "language", "kind", "state", "symptom", "cause"):
        assert getattr(found, name) == getattr(ARTICLE, name)
    assert (found.solution, found.prevention) == (ARTICLE.solution, "")
    assert take(tmp_path, write_article(found))[0] == found


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=80)
parts = st.one_of(texts, st.lists(st.sampled_from(["## 现象", "\\## cause", "## Solution ", "x"])))


@given(texts, parts, parts, st.sampled_from(["zh-CN", "en"]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_text_comes_back(
    tmp_path: Path, title: str, one: str | list[str], other: str | list[str], language: str
) -> None:
    said = [part if isinstance(part, str) else "\n".join(part) for part in (one, other)]
    clean = [part.replace("\r\n", "\n").replace("\r", "\n").strip() for part in said]
    title = " ".join(title.split()) or "no title"
    article = Written("", title, "", language, "lesson", "draft", said[0], "", said[1], clean[0])
    expected = Written("", title, "", language, "lesson", "draft", clean[0], "", clean[1], clean[0])
    found, faults = take(tmp_path, write_article(article))
    assert (found, faults) == (expected, [])


@pytest.mark.parametrize("title", ["no", "null", "12", "a: b", "# c", "- d", '"q"', "{x}", "100%"])
def test_a_title_stays_text_whatever_yaml_makes_of_such_words(tmp_path: Path, title: str) -> None:
    article = Written("", title, "", "en", "article", "draft", "", "", "x", "")
    assert take(tmp_path, write_article(article)) == (article, [])


def test_a_file_of_ones_own_needs_a_title_only_and_its_words_are_the_solution(
    tmp_path: Path,
) -> None:
    found, faults = take(tmp_path, "---\ntitle: 连不上 WiFi\n---\n\n先忘记网络，再连。\n")
    assert faults == []
    assert found == Written(
        *("", "连不上 WiFi", "", "zh-CN", "article", "draft", "", "", "先忘记网络，再连。", "")
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no head\n", "a.md:1: has no head between two lines of ---"),
        ("---\ntitle: x\n", "a.md:1: has no head between two lines of ---"),
        ("---\ncategory: hardware\n---\n", "title: is missing"),
        ("---\ntitle: 1\n---\n", "a.md:2: title: is a whole number, not text. Write it in quotes"),
        ("---\ntitle: x\ncategory: hardwear\n---\n", "a.md:3: category: 'hardwear' is not known"),
        ("---\ntitle: x\nstate: public\n---\n", "Did you mean 'published'?"),
        ("---\ntitle: x\nnumber: 7-KB\n---\n", "a.md:3: number: '7-KB' is no article's number"),
        ("---\ntitle: x\nlanguage: 中文\n---\n", "a.md:3: language: '中文' is no language"),
        ("---\ntitle: x\ntitel: y\n---\n", "a.md:3: titel: is not a known key"),
        ("---\ntitle: x\nstate: published\n---\n", "is published, but says no solution"),
        ("---\ntitle: x\n---\n## 原因\na\n## Cause\nb\n", "a.md:6: ## Cause stands twice"),
        ("---\ntitle：x\n---\n", "a.md:2: its head is no table"),
        ("---\n- x\n---\n", "a.md:2: its head is no table"),
        ("---\ntitle: x\n---\na\nb\0c\n", "a.md:5: holds '\\x00', which is no character"),
        ('---\ntitle: "x\\0"\n---\n', "a.md:2: holds '\\x00', which is no character"),
        (f"---\ntitle: {'x' * 201}\n---\n", "a.md:2: title: is too long"),
    ],
)
def test_every_fault_says_where_and_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    found, faults = take(tmp_path, text)
    assert found is None
    assert any(said in fault for fault in faults), faults
