"""How badly a letter came back, from what servers say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from maildesk.desk.arrival.unreached import is_hard, is_lasting, refuse_recipient
from maildesk.desk.charter import Budgets
from maildesk.mail.message import Bounce


@pytest.mark.parametrize(
    ("said", "lasting"),
    [
        *(("5.1.1", True), ("550 5.1.10 no such recipient", True), ("5.2.1", True)),
        *(("5.0.0", True), ("5.4.4", True), ("5.1.8", False), ("5.2.2", False), ("5.2.3", False)),
        *(("5.3.4", False), ("5.4.1", False), ("5.6.0", False), ("5.7.1", False), ("4.2.2", False)),
        *(("4.4.7", False), ("", False), ("2.1.5", False), ("15.1.1", False), ("5.10.1", False)),
    ],
)
def test_only_what_is_wrong_with_the_address_lasts(said: str, lasting: bool) -> None:
    assert is_lasting(said) is lasting


@pytest.mark.parametrize(
    ("status", "permanent", "hard"),
    [
        *(("5.1.1", None, True), ("5.7.1", None, False), (None, None, False)),
        *(("5.2.2", True, True), ("5.1.1", False, False), (None, True, True)),
    ],
)
def test_what_the_report_says_outweighs_its_number(
    status: str | None, permanent: bool | None, hard: bool
) -> None:
    assert is_hard(Bounce(status, "failed", (), None, permanent)) is hard


@pytest.mark.parametrize(
    ("code", "said", "days"),
    [
        *((550, "rcpt: 550 no such user", 7), (553, "sorry", 7), (554, "go away", 1)),
        *((550, "5.7.1 blocked", 1), (552, "5.2.2 full", 1), (None, "", 1)),
    ],
)
def test_a_refusal_without_a_status_is_told_by_its_code(
    code: int | None, said: str, days: int
) -> None:
    assert refuse_recipient(code, said, Budgets())[0] == timedelta(days=days)
