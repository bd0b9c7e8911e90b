"""Rule files that go bad while the desk works: what was read before goes on, and it is told."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import NOW, SECRET, incoming
from sqlalchemy import text
from starlette.requests import Request

from maildesk.config import load, shipped
from maildesk.config.templates import load_templates
from maildesk.desk.pages.rendering import Pages
from maildesk.desk.rules.matching import judge, searchable
from maildesk.house import House, build
from maildesk.rulebook import Rulebook
from maildesk.web.site import Site

CONFIG = """\
rules = "rules"
[desk.it]
addresses = ["desk@corp.test"]
[smtp]
host = "localhost"
security = "none"
"""
RULE = """\
- id: printer
  name: {zh: 打印机, en: Printer}
  when: {any: [打印机]}
  set: {category: hardware}
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A desk whose rules are one file of its own."""
    (tmp_path / "maildesk.toml").write_text(CONFIG)
    (tmp_path / "rules").mkdir()
    save(tmp_path, RULE)
    made = build(load(tmp_path / "maildesk.toml", {}), now=lambda: NOW)
    yield made
    made.store.close()


def save(folder: Path, words: str | bytes) -> None:
    data = words.encode() if isinstance(words, str) else words
    (folder / "rules" / "own.yaml").write_bytes(data)


def look(house: House) -> bool:
    """Twice: a file that differs from one look to the next may still be being written."""
    assert isinstance(house.rulebook, Rulebook)
    house.rulebook.look()
    return house.rulebook.look()


def told(house: House) -> tuple[str, str]:
    with house.store.read() as db:
        query = text("SELECT state, detail FROM health WHERE part = 'rules'")
        row = db.execute(query).one()
    return row.state, row.detail


def ids(house: House) -> list[str]:
    return [rule.id for rule in house.intake.rules["it"].rules]


@pytest.mark.parametrize(
    "broken",
    [
        RULE[:-9],
        RULE.encode()[:-40],
        RULE.encode("utf-16"),
        b"\x00" * 4096,  # what a disk shows of a file after a power cut
        "- id: printer\n  when: " + "[" * 3_000,
        "- &a\n  id: printer\n  name: {zh: x, en: x}\n  when: *a\n  set: {category: hardware}\n",
        RULE.replace("打印机]", "{regex: '(a'}]"),
        RULE.replace("打印机]", "{regex: '(?=a)a'}]"),
    ],
    ids=["half", "cut in a character", "utf-16", "zeros", "brackets", "itself", "regex", "ahead"],
)
def test_a_file_that_cannot_be_taken_is_told_and_the_old_rules_go_on(
    house: House, tmp_path: Path, broken: str | bytes
) -> None:
    save(tmp_path, broken)
    assert not look(house)
    assert ids(house) == ["printer"]
    state, why = told(house)
    assert state == "degraded"
    assert why.startswith("rules/own.yaml")
    assert "The rules read before go on" in why
    save(tmp_path, RULE.replace("id: printer", "id: mended"))
    assert look(house)
    assert ids(house) == ["mended"]
    assert told(house)[0] == "ok"


def test_what_no_check_foresaw_is_told_as_well(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError("a set of a million states")

    monkeypatch.setattr("maildesk.rulebook.compile_rules", fail)
    save(tmp_path, RULE.replace("打印机]", "显示器]"))
    assert not look(house)
    assert told(house) == (
        "degraded",
        "rules: cannot be read (MemoryError: a set of a million states). Take back the last "
        "change. The rules read before go on",
    )


def test_a_pattern_that_other_engines_never_finish_takes_no_time(
    house: House, tmp_path: Path
) -> None:
    save(tmp_path, RULE.replace("打印机]", "{regex: '(a+)+$'}, {regex: '(x|x)*y'}]"))
    assert look(house)
    mail = searchable(incoming(subject="a" * 50_000 + "b", reply="x" * 50_000))
    began = time.process_time()
    judge(house.intake.rules["it"], mail)
    assert time.process_time() - began < 2


def test_the_published_limits_are_those_of_the_profile_in_force(
    house: House, tmp_path: Path
) -> None:
    desks = house.intake.desks.values()
    pages = Pages(load_templates(None)[0])
    site = Site((SECRET,), "https://desk.corp.test", desks, pages, lambda: NOW, lambda: True)
    request = Request({"type": "http", "method": "GET", "headers": [], "path_params": {}})

    def show() -> str:
        return bytes(site.show_service(request).body).decode()

    assert "45分钟" not in show()
    (tmp_path / "rules" / "profiles").mkdir()
    words = (shipped.folder("rules") / "profiles" / "default.yaml").read_text("utf-8")
    words = words.replace("en: Urgent, response_minutes: 30", "en: Urgent, response_minutes: 45")
    (tmp_path / "rules" / "profiles" / "default.yaml").write_text(words, "utf-8")
    assert look(house)
    assert "45分钟" in show()
