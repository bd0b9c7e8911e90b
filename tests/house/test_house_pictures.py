"""The pictures that docs/letters.md tells how to take: every page is on one, and what is too wide
for a phone is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from pictures import lay_side_by_side, list_pages, main
from servers import UnavailableError, find_program, require

NARROW = "<!doctype html><p>张敏您好，您的问题已受理。</p>"
WIDE = '<!doctype html><div style="width: 700px">wide</div>'


def write(folder: Path, **pages: str) -> Path:
    for name, page in pages.items():
        (folder / "zh-CN").mkdir(parents=True, exist_ok=True)
        (folder / "zh-CN" / f"{name.replace('_', '-')}.html").write_text(page, encoding="utf-8")
    return folder


def test_pages_stand_in_the_order_of_their_numbers_without_the_index(tmp_path: Path) -> None:
    folder = write(tmp_path, ack_10=NARROW, ack_2=NARROW, index=NARROW)
    assert [page.name for page in list_pages([folder])] == ["ack-2.html", "ack-10.html"]


def test_each_page_is_a_document_of_its_own_on_the_sheet(tmp_path: Path) -> None:
    pages = list_pages([write(tmp_path, a='<p title="x">&amp;</p>', b=NARROW)])
    sheet = lay_side_by_side(pages, 390, 2, dark=False)
    assert sheet.count("<iframe") == 2
    assert "&lt;p title=&quot;x&quot;&gt;&amp;amp;&lt;/p&gt;" in sheet


def test_what_is_wider_than_a_phone_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        find_program("chromium")
    except UnavailableError as missing:
        require(str(missing))
    fits, spills = write(tmp_path / "fits", a=NARROW), write(tmp_path / "spills", b=WIDE)
    assert main([str(tmp_path / "one"), str(fits)]) == 0
    assert (tmp_path / "one" / "01.png").read_bytes().startswith(b"\x89PNG")
    assert main([str(tmp_path / "two"), str(fits), str(spills), "--dark"]) == 1
    assert "b.html is 7" in capsys.readouterr().err
