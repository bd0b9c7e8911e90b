"""Ticket numbers: their formats, and what a subject may mean by one."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.arrival.number import NumberFormat, find_numbers, list_faults

DAY = date(2026, 11, 20)
RECORD_SHEET = NumberFormat("IT-{date:%Y%m%d}-{seq:04d}")
FEEDBACK = NumberFormat("IT{date:%Y%m%d}{seq:03d}")
MANUAL = NumberFormat("TS{date:%Y}{seq:05d}")
WORK_ORDER = NumberFormat("{type}-{date:%Y%m%d}-{seq:03d}")
COUNTER = NumberFormat("CASE-{seq:06d}")
ALL = (RECORD_SHEET, FEEDBACK, MANUAL, WORK_ORDER, COUNTER)


@pytest.mark.parametrize(
    ("format_", "number", "period"),
    [
        (RECORD_SHEET, "IT-20261120-0007", "20261120"),
        (FEEDBACK, "IT20261120007", "20261120"),
        (MANUAL, "TS202600007", "2026"),
        (WORK_ORDER, "GZ-20261120-007", "20261120"),
        (COUNTER, "CASE-000007", ""),
        (NumberFormat("it-{date:%y%m}-{seq:03d}"), "IT-2611-007", "2611"),
    ],
)
def test_a_format_writes_numbers_and_names_its_period(
    format_: NumberFormat, number: str, period: str
) -> None:
    assert format_.format(DAY, 7, "gz") == number
    assert format_.period(DAY) == period


def test_a_sequence_may_outgrow_its_width() -> None:
    assert RECORD_SHEET.format(DAY, 12345) == "IT-20261120-12345"
    assert find_numbers("it-20261120-12345", ALL) == ("IT-20261120-12345",)


def test_a_number_that_cannot_be_given_is_refused() -> None:
    with pytest.raises(ValueError, match="start at 1"):
        RECORD_SHEET.format(DAY, 0)
    with pytest.raises(ValueError, match="type"):
        WORK_ORDER.format(DAY, 1)


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("", "{seq:04d} must appear exactly once"),
        ("IT-{date:%Y%m%d}", "{seq:04d} must appear exactly once"),
        ("IT-{seq:04d}-{seq:04d}", "{seq:04d} must appear exactly once"),
        ("IT-{seq}", "needs its width"),
        ("IT-{seq:x}", "needs its width"),
        ("IT-{date}-{seq:04d}", "needs %Y"),
        ("IT-{date:%H}-{seq:04d}", "needs %Y"),
        ("IT-{date:%Y%Y}-{seq:04d}", "once"),
        ("IT-{date:%m%d}-{seq:04d}", "without its year"),
        ("IT-{date:%Y%d}-{seq:04d}", "without its month"),
        ("IT-{seq:03d}{date:%Y}", "right after {seq}"),
        ("IT-{seq:03d}7", "right after {seq}"),
        ("7-{seq:04d}", "starts with a letter"),
        ("IT {seq:04d}", "only letters, digits"),
        ("工单-{seq:04d}", "only letters, digits"),
        ("IT-{nr}-{seq:04d}", "{nr} is unknown"),
        ("IT-{seq!r:04d}", "has no meaning"),
        ("IT-{", "Single '{'"),
        ("IT-}", "Single '}'"),
        ("{type}-{type}-{seq:04d}", "once only"),
        ("{type:x}-{seq:04d}", "takes no format"),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ-ABCDEF-{seq:04d}", "longer than"),
    ],
)
def test_a_wrong_format_is_refused_with_the_reason(pattern: str, fault: str) -> None:
    assert any(fault in line for line in list_faults(pattern)), list_faults(pattern)
    with pytest.raises(ValueError):
        NumberFormat(pattern)


def test_all_faults_of_a_format_are_told_at_once() -> None:
    assert len(list_faults("IT {date:%H}-{nr}-{seq}")) == 4


@pytest.mark.parametrize(
    "subject",
    [
        "Re: 【已受理】打印机卡纸 [IT-20261120-0001]",
        "答复：[ IT-20261120-0001 ]",
        "re: it-20261120-0001",
        "【ＩＴ－２０２６１１２０－０００１】还没好",
        "工单IT-20261120-0001的进度",
        "IT—20261120—0001",
        "IT\u200b-20261120\u2011000\u200d1",
        "(IT-20261120-0001)",
        "IT-20261120-0001",
    ],
)
def test_a_number_is_found_however_it_is_written(subject: str) -> None:
    assert find_numbers(subject, (RECORD_SHEET,)) == ("IT-20261120-0001",)


@pytest.mark.parametrize(
    "subject",
    ["IT 20261120 1", "IT - 20261120 - 0001", "it202611200001", "IT-20261120-1", "IT_20261120_01"],
)
def test_a_carelessly_typed_number_is_among_the_candidates(subject: str) -> None:
    assert "IT-20261120-0001" in find_numbers(subject, ALL)


@pytest.mark.parametrize(
    "subject", ["", "打印机卡纸", "HP 1020", "2026-11-20", "IT", "IT-12", "IT-٢٠٢٦١١٢٠-٠٠٠١"]
)
def test_a_subject_without_a_number_has_none(subject: str) -> None:
    assert find_numbers(subject, (RECORD_SHEET, MANUAL)) == ()


def test_numbers_of_a_format_used_once_are_found_too() -> None:
    assert find_numbers("[OLD-2024-0099] and hd123456") == ("OLD-2024-0099", "HD123456")


def test_several_numbers_come_in_their_order_without_repeats() -> None:
    subject = "IT-20261120-0002 / IT-20261120-0001 / it-20261120-0002"
    assert find_numbers(subject, (RECORD_SHEET,)) == ("IT-20261120-0002", "IT-20261120-0001")


def test_a_flood_of_numbers_yields_few_candidates() -> None:
    subject = " ".join(f"IT-20261120-{seq:04d}" for seq in range(500))
    assert len(find_numbers(subject, ALL)) == 16


@given(
    st.sampled_from(ALL),
    st.dates(date(2020, 1, 1), date(2099, 12, 31)),
    st.integers(1, 10**6),
    st.sampled_from(["gz", "service_request"]),
)
def test_every_number_given_is_found_again(
    format_: NumberFormat, day: date, seq: int, type_key: str
) -> None:
    number = format_.format(day, seq, type_key)
    assert number in find_numbers(f"回复：【已受理】打印机 [ {number.lower()} ] 1", ALL)


@given(st.text())
def test_finding_never_raises(text: str) -> None:
    assert isinstance(find_numbers(text, ALL), tuple)
