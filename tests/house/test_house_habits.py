"""The house keeps its own rules: formatting, types, floors, and what travels in the wheel."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
        ("lint-imports",),
    ],
    ids=lambda words: "-".join(words).strip("."),
)
def test_the_tools_have_nothing_to_say(command: tuple[str, ...]) -> None:
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_rules_templates_and_the_example_travel_in_the_wheel(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "maildesk/shipped/rules/network.yaml",
        "maildesk/shipped/rules/profiles/default.yaml",
        "maildesk/shipped/rules/holidays/cn.yaml",
        "maildesk/shipped/templates/letters/zh-CN/ack.txt",
        "maildesk/shipped/templates/letters/en/ack.html",
        "maildesk/shipped/maildesk.toml.example",
        "maildesk/store/migrations/versions/v0001_first.py",
    ):
        assert name in names


def test_no_file_makes_one_scroll() -> None:
    long = {
        str(file.relative_to(ROOT)): count
        for file in (ROOT / "maildesk").rglob("*.py")
        if "migrations" not in file.parts
        and (count := len(file.read_text(encoding="utf-8").splitlines())) > 420
    }
    assert not long, "near 400 lines a file splits"


@pytest.mark.parametrize("room", ["desk", "mail", "store"])
def test_every_module_stands_on_its_rooms_map(room: str) -> None:
    top = ROOT / "maildesk" / room
    lost = [
        str(found.relative_to(ROOT))
        for folder in (top, *(one for one in top.iterdir() if (one / "__init__.py").is_file()))
        if folder.name != "migrations"
        for found in folder.iterdir()
        if not found.name.startswith("__")
        and not re.search(rf"\b{found.stem}\b", (folder / "__init__.py").read_text("utf-8"))
    ]
    assert not lost, "say in the folder's __init__ what these are for"
