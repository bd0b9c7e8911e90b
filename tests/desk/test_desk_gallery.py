"""The gallery shows every letter and page, to each reader in his language, and always the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from maildesk.cli import main
from maildesk.config.templates import load_templates
from maildesk.desk.letters.gallery import hang
from maildesk.desk.letters.letter_values import SAMPLES
from maildesk.desk.pages.page_values import PAGE_SAMPLES

SHIPPED, _ = load_templates(None)


def test_every_sample_of_every_letter_and_page_hangs_in_both_languages() -> None:
    shown = list(hang(SHIPPED))
    places = {item.place for item in shown}
    assert len(places) == len(shown)
    for language in ("zh-CN", "en"):
        for kind, samples in (("letters", SAMPLES), ("pages", PAGE_SAMPLES)):
            for name, several in samples.items():
                for at in range(1, len(several) + 1):
                    assert f"{language}/{kind}/{name}-{at}" in places


def test_an_english_reader_is_shown_english() -> None:
    shown = {item.place: item for item in hang(SHIPPED)}
    assert shown["en/letters/solved-1"].subject.startswith("[Please confirm] VPN does not connect")
    assert "Liu Yang" in (shown["en/letters/solved-1"].text or "")
    assert "VPN 连不上" in shown["zh-CN/letters/solved-1"].subject
    assert "Please" in (shown["en/pages/confirm-1"].html or "")


def test_a_letter_breaks_what_is_pasted_without_a_blank_and_can_be_read_on_a_dark_screen() -> None:
    for item in hang(SHIPPED):
        if item.kind != "letters" or item.html is None:
            continue
        body = item.html.partition("<body")[2].partition(">")[0]
        assert "overflow-wrap:anywhere" in body and "word-break:break-word" in body, item.place
        # A colour of text without one of its ground, or the other way round, is lost on the other.
        assert not re.search(r"(?<![\w-])color:|background", item.html), item.place


def test_two_previews_of_the_same_templates_are_the_same(tmp_path: Path) -> None:
    contents = []
    for name in ("one", "two"):
        result = CliRunner().invoke(
            main,
            ["templates", "preview", str(tmp_path / name), "--config", str(tmp_path / "none.toml")],
        )
        assert result.exit_code == 0, result.output
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        contents.append(
            {path.relative_to(tmp_path / name): path.read_bytes() for path in files},
        )
    assert contents[0] == contents[1]
    index = (tmp_path / "one" / "index.html").read_text("utf-8")
    assert all(f'"{path}"' in index for path in map(str, contents[0]) if path != "index.html")
    first = (tmp_path / "one" / "zh-CN" / "letters" / "ack-1.txt").read_text("utf-8")
    assert first.startswith("Subject: 【已受理】打印机卡纸 [IT-20261120-0001]\n\n")


@pytest.mark.parametrize("fault", ["Subject: {{ nmae }}\n\nx\n", "no subject\n"])
def test_own_templates_are_shown_or_their_fault_is_named(tmp_path: Path, fault: str) -> None:
    own = tmp_path / "templates"
    (own / "letters" / "en").mkdir(parents=True)
    ack = own / "letters" / "en" / "ack.txt"
    ack.write_text("Subject: Got it [{{ number }}]\n\nAlmost there, {{ name }}.\n", "utf-8")
    arguments = ["templates", "preview", str(tmp_path / "out"), "--templates", str(own)]
    assert CliRunner().invoke(main, arguments).exit_code == 0
    shown = (tmp_path / "out" / "en" / "letters" / "ack-1.txt").read_text("utf-8")
    assert shown == "Subject: Got it [IT-20261120-0001]\n\nAlmost there, Zhang Min.\n"
    ack.write_text(fault, "utf-8")
    arguments[2] = str(tmp_path / "other")
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert "ack.txt" in result.output
    assert not (tmp_path / "other").exists()
