"""Which templates are there: the shipped ones, overlaid file by file with the user's.

Only reads sources. Whether a template can be rendered is `desk.wording`'s question.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from maildesk.config.faults import Fault, suggest
from maildesk.config.shipped import folder as shipped_folder

_SUFFIXES = {".txt", ".html"}
_LARGEST = 256 * 1024


def load_templates(
    folder: Path | None,
) -> tuple[Mapping[str, str], tuple[Fault, ...], tuple[Fault, ...]]:
    """(sources, faults, warnings); sources by name such as `letters/zh-CN/ack.txt`.

    A file of the user's that replaces none of ours in any language is a warning: nobody reads it.
    """
    sources, faults = _read_folder(shipped_folder("templates"))
    if folder is None:
        return sources, tuple(faults), ()
    own, own_faults = _read_folder(folder)
    warnings = tuple(
        Fault(str(folder / name), None, "", "is used by no letter", remedy)
        for name in own
        if (remedy := _find_misnomer(name, sources)) is not None
    )
    return {**sources, **own}, (*faults, *own_faults), warnings


def _find_misnomer(name: str, shipped: Mapping[str, str]) -> str | None:
    """A remedy when no shipped template has this name in any language; None when one does."""
    plain = _drop_language(name)
    known = {_drop_language(other) for other in shipped}
    return None if plain in known else suggest(plain, sorted(known))


def _drop_language(name: str) -> str:
    parts = name.split("/")
    return "/".join((parts[0], *parts[2:])) if len(parts) > 2 else name


def _read_folder(folder: Path) -> tuple[dict[str, str], list[Fault]]:
    sources: dict[str, str] = {}
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix not in _SUFFIXES or not path.is_file() or path.name.startswith("."):
            continue
        name = path.relative_to(folder).as_posix()
        try:
            raw = path.read_bytes()
            text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            faults.append(
                Fault(str(path), line, "", "is not UTF-8 text here", "Save the file as UTF-8.")
            )
        except OSError as error:
            remedy = "Make it readable for the user maildesk runs as."
            problem = f"cannot be read ({error.strerror})"
            faults.append(Fault(str(path), None, "", problem, remedy))
        else:
            if len(raw) > _LARGEST:
                problem = f"is larger than {_LARGEST // 1024} KB"
                faults.append(Fault(str(path), None, "", problem, "A letter is a page, not more."))
            sources[name] = text
    return sources, faults
