"""How somebody is greeted who is in no list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.arrival.salutation import greet_as


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("张敏", "张敏"),
        ("张敏(财务部)", "张敏"),
        ("张敏（财务部）", "张敏"),
        ("张敏/财务部/集团", "张敏"),
        ("欧阳 娜娜", "欧阳 娜娜"),
        ("Alice Chen", "Alice Chen"),
        ("Chen, Alice", "Alice Chen"),
        ("Chen, Alice (IT)", "Alice Chen"),
        ("O'Neill, Mary-Jane", "Mary-Jane O'Neill"),
        ("Müller-Lüdenscheidt, Hans", "Hans Müller-Lüdenscheidt"),
        ("Alice Chen | Sales", "Alice Chen"),
        ("Martin King, Jr.", "Martin King, Jr."),
        ("Canon, Floor 3", "Canon, Floor 3"),
        ("Li, Min, Finance", "Li, Min, Finance"),
        ("(财务部)", "(财务部)"),
        ("", ""),
    ],
)
def test_a_name_is_said_without_what_directories_add(name: str, greeted: str) -> None:
    assert greet_as(name) == greeted


@given(st.text())
def test_no_name_is_lost_or_grows(name: str) -> None:
    assert len(greet_as(name)) <= len(name)
    assert bool(greet_as(name)) == bool(name)
