"""Where the rules and letters that come with maildesk lie: in the wheel, or in the source tree."""

from __future__ import annotations

from pathlib import Path

import maildesk


def folder(name: str) -> Path:
    """The shipped folder of that name: `rules` or `templates`.

    A wheel carries them under `maildesk/shipped`; in the source tree they stand beside the package.
    Raises FileNotFoundError when neither is there, which means a broken installation.
    """
    package = Path(maildesk.__file__).resolve().parent
    for candidate in (package / "shipped" / name, package.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"maildesk is installed without its {name!r} folder; install it again")
