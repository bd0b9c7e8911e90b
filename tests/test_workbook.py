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


def test_a_moment_and_a_percentage_are_such_for_excel_and_other_words_are_not() -> None:
    texts = ("2026-09-21 09:51", "75.7%", "100%", "2026-13-41 09:51", "9月21日 9:51", "约 75.7%")
    book = write(Page("a", (9,) * 6, [Row(texts), Row(texts, "head")]))
    first, second = read(book, "xl/worksheets/sheet1.xml").split("<row ")[1:]
    assert re.findall(r"<v>([^<]+)</v>", first) == ["46286.41041666667", "0.757", "1"]
    assert re.findall(r"<t>([^<]+)</t>", first) == list(texts[3:])
    assert re.findall(r"<t>([^<]+)</t>", second) == list(texts)
    assert 'formatCode="yyyy-mm-dd hh:mm"' in read(book, "xl/styles.xml")


def test_a_row_is_as_high_as_its_words_for_programs_that_do_not_measure_them() -> None:
    rows = [
        Row(("一", "x")),
        Row(("处理过程", "09-21 派单\n09-22 解决\n09-23 确认"), pair=True),
        Row(("二", "字" * 60)),
        Row(("三", "行\n" * 60)),
        Row(("四", "IT-20260921-0001、" * 20), open=True),
    ]
    sheet = read(write(Page("a", (9, 41), rows, lines=0)), "xl/worksheets/sheet1.xml")
    heights = re.findall(r'<row r="(\d)"[^>]* ht="([\d.]+)"', sheet)
    assert heights == [("2", "49.5"), ("3", "49.5"), ("4", "396")]
    head = Row(("项目", "内容"), "head")
    even = read(write(Page("a", (9, 41), [head, *rows], lines=3)), "xl/worksheets/sheet1.xml")
    assert '<row r="1" ht="16.5"' in even
    assert 'defaultRowHeight="49.5" customHeight="1"' in even
    assert even.count(' ht="49.5"') == len(rows)


def test_a_wide_table_is_printed_on_pages_beside_each_other_with_its_first_column() -> None:
    head = Row(("a",) * 30, "head")
    wide = write(Page("a", (18,) * 30, [head], frozen=1))
    assert 'fitToWidth="3" fitToHeight="0"' in read(wide, "xl/worksheets/sheet1.xml")
    assert "$A:$A,a!$1:$1" in read(wide, "xl/workbook.xml")
    narrow = write(Page("a", (18,) * 5, [head], frozen=1))
    assert 'fitToHeight="0"' in read(narrow, "xl/worksheets/sheet1.xml")
    assert "fitToWidth" not in read(narrow, "xl/worksheets/sheet1.xml")


def test_what_runs_on_over_empty_cells_is_not_printed() -> None:
    book = write(Page("a", (9, 9), [Row(("新增", "IT-1、" * 50), open=True)]))
    assert "Print_Area" in read(book, "xl/workbook.xml")
    assert "a!$A$1:$B$1" in read(book, "xl/workbook.xml")


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
