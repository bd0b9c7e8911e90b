"""Workbooks: the same rows give the same bytes, words stay words, and memory stays flat."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Iterator

import pytest
from builders import NOW
from hypothesis import example, given
from hypothesis import strategies as st

from maildesk.workbook import Page, Row, name_page, write_workbook


def write(*pages: Page) -> bytes:
    file = io.BytesIO()
    write_workbook(file, pages, NOW)
    return file.getvalue()


def read(data: bytes, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert book.testzip() is None
        return book.read(part).decode()


def test_the_same_rows_give_the_same_bytes() -> None:
    def page() -> Page:
        rows = [
            Row(("单号", "标题"), "head"),
            Row(("IT-1", "打印机卡纸")),
            Row(("a", 3), pair=True),
        ]
        return Page("登记表", (20, 40), rows, frozen=1)

    first = write(page(), Page("空", (), ()))
    assert first == write(page(), Page("空", (), ()))
    assert "打印机卡纸" in read(first, "xl/worksheets/sheet1.xml")
    assert 'name="登记表"' in read(first, "xl/workbook.xml")
    assert "2026-11-20T02:00:00Z" in read(first, "docProps/core.xml")


@pytest.mark.parametrize("text", ["=1+1", "=HYPERLINK(1)", "http://evil.test", "{=A1}", "-1", "@x"])
def test_words_are_written_as_words(text: str) -> None:
    sheet = read(write(Page("a", (9,), [Row((text,))])), "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert 't="inlineStr"' in sheet


def test_a_cell_longer_than_excel_takes_is_cut() -> None:
    sheet = read(write(Page("a", (9,), [Row(("x" * 40_000,))])), "xl/worksheets/sheet1.xml")
    assert sheet.count("x" * 32_767) == 1
    assert "x" * 32_768 not in sheet


def test_pages_of_the_same_name_are_told_apart() -> None:
    pages = [Page(name, (), [Row((name,))]) for name in ("a" * 40, "A" * 40, "a" * 31)]
    names = re.findall(r'<sheet name="([^"]+)"', read(write(*pages), "xl/workbook.xml"))
    assert names == ["a" * 31, "A" * 27 + " (2)", "a" * 27 + " (3)"]


def test_more_rows_than_excel_takes_are_refused_and_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("maildesk.workbook._MOST_ROWS", 2)
    with pytest.raises(ValueError, match="no more"):
        write(Page("a", (), [Row((at,)) for at in range(3)]))


@given(st.text())
@example("\U00020000" * 16)
def test_any_name_becomes_one_excel_takes(name: str) -> None:
    made = name_page(name)
    assert 1 <= len(made.encode("utf-16-le")) <= 62
    assert not set(made) & set("[]:*?/\\")
    assert not made.startswith("'")
    assert not made.endswith("'")
    write(Page(name, (), [Row((name,))]))


def test_many_rows_take_no_more_memory_than_few() -> None:
    def rows(count: int) -> Iterator[Row]:
        return (Row((f"IT-{at}", "打印机卡纸")) for at in range(count))

    peaks = []
    for count in (200, 4_000):
        tracemalloc.start()
        size = len(write(Page("a", (9, 9), rows(count))))
        peaks.append(tracemalloc.get_traced_memory()[1] - size)
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 400_000, peaks
