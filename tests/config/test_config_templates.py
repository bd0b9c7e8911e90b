"""Own templates are tried at each start: all that differs from the shipped ones, and no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from maildesk.config.templates import check_templates, load_templates
from maildesk.desk.letters.wording import Wording
from maildesk.desk.pages.rendering import Pages

SHIPPED, _ = load_templates(None)


def write(folder: Path, **changed: str) -> None:
    for name, source in changed.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(source, "utf-8")


@pytest.mark.parametrize(
    ("name", "slip"),
    [
        ("letters/zh-CN/ack.txt", "[IT-20261120-0009]"),
        ("letters/zh-CN/ack.html", "{{ nobody_knows }}"),
        ("letters/en/solved.txt", "{% if %}"),
        ("letters/en/solved.html", "{% endif %}"),
        ("letters/en/_frame.html", "{{ nobody_knows.x }}"),
        ("letters/zh-CN/_foot.txt", "{% if %}"),
        ("letters/fr/ack.html", ""),
        ("letters/en/unheard_of.txt", ""),
        ("pages/en/_frame.html", "{{ nobody_knows.x }}"),
        ("pages/zh-CN/confirm.html", "{{ nobody_knows }}"),
    ],
)
def test_what_is_left_out_has_no_fault(tmp_path: Path, name: str, slip: str) -> None:
    first, _, rest = SHIPPED.get(name, "Subject: Hello\nHello\n").partition("\n")
    write(tmp_path, **{name: f"{first} {slip}\n{rest}"})
    sources, faults = load_templates(tmp_path)
    assert faults == ()
    found = {(fault.line, fault.problem) for fault in check_templates(sources, tmp_path)}
    whole = (*Wording(sources).check(), *Pages(sources).check())
    assert found
    assert found == {(line, problem.rstrip(".")) for _, line, problem in whole}


def test_shipped_templates_are_built_of_pieces_whose_names_say_so() -> None:
    """Else a changed letter could spoil another one, which is not tried."""
    for name, source in SHIPPED.items():
        for piece in re.findall(r"{%[-+ ]*(?:extends|include|import|from) +(\S+)", source):
            assert re.fullmatch(r'"[\w/-]+/_\w+\.(txt|html)"', piece), (name, piece)


def test_one_changed_letter_has_no_other_one_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, **{"letters/en/ack.txt": SHIPPED["letters/en/ack.txt"] + "Bye\n"})
    sources, _ = load_templates(tmp_path)
    asked: list[object] = []

    def check(_: Wording, only: object) -> tuple[()]:
        asked.append(only)
        return ()

    monkeypatch.setattr(Wording, "check", check)
    assert check_templates(sources, tmp_path) == ()
    assert asked == [{"letters/en/ack"}]
