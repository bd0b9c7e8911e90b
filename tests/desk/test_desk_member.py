"""Names of files in an archive: safe on every system, readable, and no two alike."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from maildesk.desk.sheets.member import name_member

DEVICES = {
    *("con", "prn", "aux", "nul", "conin$", "conout$"),
    *(f"{name}{digit}" for name in ("com", "lpt") for digit in "0123456789¹²³"),
}


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("截图.png", "截图.png"),
        ("../../etc/passwd", "_._etc_passwd"),
        ("..\\..\\windows\\win.ini", "_.._windows_win.ini"),
        ("C:\\a.txt", "C__a.txt"),
        ("con", "_con"),
        ("CON.txt", "_CON.txt"),
        ("com1 .log", "_com1.log"),
        ("lpt¹", "_lpt¹"),
        ("a.txt. . ", "a.txt"),
        (".htaccess", "htaccess"),
        ("a\u202etxt.exe", "atxt.exe"),
        ("a\x00b.txt", "ab.txt"),
        ("", "file"),
        ("...", "file"),
        ('a<b>c:"d|e?f*.txt', "a_b_c__d_e_f_.txt"),
        ("a\u0301.txt", "á.txt"),
    ],
)
def test_a_name_becomes_one_that_every_system_takes(said: str, named: str) -> None:
    assert name_member(said) == named


def test_a_long_name_keeps_its_ending() -> None:
    made = name_member("长" * 300 + ".docx")
    assert made.endswith(".docx")
    assert len(made.encode()) <= 180


def test_names_that_windows_takes_for_one_are_told_apart() -> None:
    taken: set[str] = set()
    made = []
    for name in ("A.txt", "a.TXT", "a.txt", "á.txt", "a\u0301.txt"):
        found = name_member(name, taken)
        taken.add(found.casefold())
        made.append(found)
    assert made == ["A.txt", "a (2).TXT", "a (3).txt", "á.txt", "á (2).txt"]


@example("A\x1f\u0300", 0)  # composes once what stood between is gone
@given(st.text() | st.text(alphabet="conprauxlt.0123 /\\:\u202e\u0301¹ＣＯＮ"), st.integers(0, 3))
def test_whatever_a_mail_calls_its_file_the_name_is_safe(said: str, copies: int) -> None:
    taken: set[str] = set()
    for _ in range(copies + 1):
        made = name_member(said, taken)
        assert made.casefold() not in taken
        taken.add(made.casefold())
        assert made
        assert made not in (".", "..")
        assert not set(made) & set('<>:"/\\|?*')
        assert made == made.strip(" .")
        assert len(made) <= 80
        assert len(made.encode()) <= 180
        assert not any(unicodedata.category(sign).startswith("C") for sign in made)
        assert made.split(".")[0].strip().lower() not in DEVICES
        assert unicodedata.normalize("NFC", made) == made
