"""Pictures of letters, pages and printed sheets as a phone or a wide window shows them.

    python tests/pictures.py OUT FILE_OR_FOLDER… [--width 390] [--columns 4] [--dark]

Contact sheets of many HTML files side by side, each at the given width, as OUT/NN.png. What is
wider than its window gets a red frame, is named, and makes the exit code 1. Needs Chromium and a
font with Chinese; no mail is sent and nothing is loaded.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path

_ROWS = 2  # on one picture, so that words stay large enough to be read
_PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 8px; background: #888; display: grid; gap: 8px; align-items: start;
  grid-template-columns: repeat({columns}, {width}px); }}
figure {{ margin: 0; }} figcaption {{ font: 14px monospace; background: #ffd; }}
iframe {{ outline: 2px solid transparent; border: 0; display: block; background: {ground}; }}
</style>{figures}<script>
addEventListener("load", () => {{
  const wide = [];
  for (const frame of document.querySelectorAll("iframe")) {{
    const shown = frame.contentDocument.documentElement;
    frame.style.height = shown.scrollHeight + "px";
    if (shown.scrollWidth > frame.clientWidth) {{
      frame.style.outlineColor = "red";
      wide.push(frame.title + " is " + shown.scrollWidth + " px wide");
    }}
  }}
  document.body.dataset.wide = wide.join("\\n");
  document.body.dataset.high = Math.ceil(document.body.getBoundingClientRect().bottom) + 8;
}});</script>
"""


def list_pages(paths: Sequence[Path]) -> list[Path]:
    """The HTML files, those of a folder in the order of their numbers."""

    def order(path: Path) -> list[tuple[int, str]]:
        return [(int(piece or 0), "") if piece.isdigit() else (0, piece)
                for piece in re.split(r"(\d+)", str(path))]  # fmt: skip

    found = []
    for path in paths:
        inside = sorted(path.rglob("*.html"), key=order) if path.is_dir() else [path]
        found += [page for page in inside if page.name != "index.html"]
    return found


def lay_side_by_side(pages: Sequence[Path], width: int, columns: int, *, dark: bool) -> str:
    """One page that shows them all; each is a document of its own within it."""
    figures = []
    for page in pages:
        name, source = escape("/".join(page.parts[-3:])), escape(page.read_text(encoding="utf-8"))
        frame = f'<iframe title="{name}" width="{width}" scrolling="no" srcdoc="{source}"></iframe>'
        figures.append(f"<figure><figcaption>{name}</figcaption>{frame}</figure>")
    ground = "#121212" if dark else "#fff"
    return _PAGE.format(columns=columns, width=width, ground=ground, figures="".join(figures))


def take(sheet: str, picture: Path, wide: int, *, dark: bool) -> list[str]:
    """Take the picture; what is too wide for its window, in words."""
    page = picture.with_suffix(".sheet.html")
    page.write_text(sheet, encoding="utf-8")
    chromium = [
        *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
        "--disable-background-networking",
        f"--blink-settings=preferredColorScheme={int(not dark)}",
    ]
    url = page.resolve().as_uri()

    def run(height: int, *wanted: str) -> str:
        command = [*chromium, f"--window-size={wide},{height}", *wanted, url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        return done.stdout

    seen = run(100, "--dump-dom")
    found = {key: unescape(value) for key, value in re.findall(r'data-(wide|high)="([^"]*)"', seen)}
    run(int(found["high"]), f"--screenshot={picture.resolve()}")
    page.unlink()
    return [line for line in found["wide"].split("\n") if line]


def main(given: Sequence[str] | None = None) -> int:
    """Take all pictures; 1 when something was wider than its window."""
    asked = argparse.ArgumentParser(description="Pictures of HTML files, side by side.")
    asked.add_argument("out", type=Path)
    asked.add_argument("paths", type=Path, nargs="+")
    asked.add_argument("--width", type=int, default=390)
    asked.add_argument("--columns", type=int, default=4)
    asked.add_argument("--dark", action="store_true", help="as a reader with a dark screen sees it")
    said = asked.parse_args(given)
    said.out.mkdir(parents=True, exist_ok=True)
    pages, size = list_pages(said.paths), said.columns * _ROWS
    wide = said.columns * (said.width + 8) + 8
    too_wide: list[str] = []
    for number, at in enumerate(range(0, len(pages), size), 1):
        picture = said.out / f"{number:02}.png"
        sheet = lay_side_by_side(pages[at : at + size], said.width, said.columns, dark=said.dark)
        too_wide += take(sheet, picture, wide, dark=said.dark)
        print(picture)
    for line in too_wide:
        print(line, file=sys.stderr)
    return 1 if too_wide else 0


if __name__ == "__main__":
    raise SystemExit(main())
