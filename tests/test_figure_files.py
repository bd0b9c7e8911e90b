"""A period as files: the same tickets give the same bytes, and both tables fit the figures."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator

import pytest
from builders import desk
from keeping import keep, keep_month, keep_people
from months import NOVEMBER, stored

from maildesk.desk.reports.figures import Figures
from maildesk.figure_files import write_csv, write_xlsx
from maildesk.store.engine import Store
from maildesk.store.figures import read_steadily, sum_up
from maildesk.store.migration import prepare


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    made = Store(database)
    prepare(made)
    keep_people(made)
    yield made
    made.close()


def make_csv(store: Store, language: str = "zh-CN") -> tuple[Figures, str]:
    file = io.StringIO(newline="")
    with read_steadily(store) as db:
        return write_csv(db, desk(), NOVEMBER, language, file), file.getvalue()


def make_xlsx(store: Store) -> bytes:
    file = io.BytesIO()
    with read_steadily(store) as db:
        write_xlsx(db, desk(), sum_up(db, desk(), NOVEMBER), "zh-CN", file)
    return file.getvalue()


def test_the_csv_has_a_row_for_each_ticket_that_counts(store: Store) -> None:
    keep_month(store)
    figures, text = make_csv(store)
    assert text.startswith("\ufeff工单编号,")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row["工单编号"] for row in rows] == [
        f"T{number:02}" for number in (*range(1, 15), *range(16, 21))
    ]
    opened = [row for row in rows if "新增" in row["计入指标"].split("、")]
    assert len(opened) == figures.counts.opened.count == 17
    met = [row for row in rows if row["响应"] == "达标"]
    assert len(met) == figures.find_limit("response").total.met


def test_the_same_period_written_twice_gives_the_same_bytes(store: Store) -> None:
    keep_month(store)
    assert make_csv(store) == make_csv(store)
    assert make_xlsx(store) == make_xlsx(store)


def test_the_workbook_has_the_figures_first_and_their_tickets_second(store: Store) -> None:
    keep_month(store)
    with zipfile.ZipFile(io.BytesIO(make_xlsx(store))) as book:
        names = book.read("xl/workbook.xml").decode()
        figures, tickets = (
            book.read(f"xl/worksheets/sheet{number}.xml").decode() for number in (1, 2)
        )
    assert names.index('name="指标"') < names.index('name="工单"')
    assert "IT服务台月报 2026-11" in figures
    assert "<v>0.857</v>" in figures
    assert "<v>17</v>" in figures
    assert tickets.count("<row ") == 20
    assert "首次响应：外出" in tickets


def test_no_ticket_s_words_become_a_formula(store: Store) -> None:
    with store.write() as db:
        keep(db, stored(1, "11-03 09:00", title="=HYPERLINK(1)"))
    _, text = make_csv(store)
    assert ",'=HYPERLINK(1)," in text
    with zipfile.ZipFile(io.BytesIO(make_xlsx(store))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet2.xml")
