"""Any bytes are a mail that is read, or Unreadable. Never anything else, and never for long."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from mutate import SCRAPS, look, mutate


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    look(raw)


@given(st.binary(max_size=2_000))
def test_any_bytes_after_a_header_are_a_mail(raw: bytes) -> None:
    assert look(b"Subject: x\n" + raw) is not None


@given(st.lists(st.one_of(st.sampled_from(SCRAPS), st.binary(max_size=30)), max_size=40))
def test_any_scraps_of_mail_are_a_mail(scraps: list[bytes]) -> None:
    assert look(b"Subject: x\n" + b"".join(scraps)) is not None


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_a_damaged_mail_is_read_or_refused(seed: int) -> None:
    look(mutate(Random(seed)))
