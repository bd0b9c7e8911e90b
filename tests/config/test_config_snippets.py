"""A user's own ready-made answers: taken from the templates folder, and checked with it."""

from __future__ import annotations

from pathlib import Path

from maildesk.config.templates import check_templates, load_templates
from maildesk.desk.staff.snippet import find_snippet, read_snippets


def test_an_own_file_is_added_or_takes_the_place_of_a_shipped_one(tmp_path: Path) -> None:
    folder = tmp_path / "snippets" / "zh-CN"
    folder.mkdir(parents=True)
    (folder / "wifi.txt").write_text("# 无线网\n请连接 CORP-5G。\n", "utf-8")
    (folder / "vpn-steps.txt").write_text("# VPN步骤\n请看手册第 3 页。\n", "utf-8")
    sources, faults = load_templates(tmp_path)
    assert (faults, check_templates(sources, tmp_path)) == ((), ())
    snippets = read_snippets(sources)
    own, changed = (find_snippet(snippets, name, "zh-CN") for name in ("无线网", "VPN步骤"))
    assert own is not None
    assert changed is not None
    assert (own.text, changed.text) == ("请连接 CORP-5G。\n", "请看手册第 3 页。\n")


def test_a_broken_file_is_told_with_its_line_and_a_remedy(tmp_path: Path) -> None:
    folder = tmp_path / "snippets" / "zh-CN"
    folder.mkdir(parents=True)
    (folder / "wifi.txt").write_text("# 无线网\n请连接 {{ ssid }}。\n", "utf-8")
    sources, _ = load_templates(tmp_path)
    [fault] = check_templates(sources, tmp_path)
    assert fault.file == str(folder / "wifi.txt")
    assert fault.line == 2
    assert "ssid is unknown to this ready-made answer" in fault.problem
    assert "Correct it" in fault.remedy
