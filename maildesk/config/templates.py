"""Which templates are there: the shipped ones, overlaid file by file with the user's.

Reads sources and places faults in files. What makes a good letter is `desk.letters.wording`'s
question, what makes a good page that of `desk.pages.rendering`, and a ready-made answer that of
`desk.staff.snippet`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from maildesk.config.faults import Fault
from maildesk.config.shipped import folder as shipped_folder

_SUFFIXES = {".txt", ".html"}
_LARGEST = 256 * 1024
_KINDS = {"pages": "page", "snippets": "ready-made answer"}


def load_templates(folder: Path | None) -> tuple[Mapping[str, str], tuple[Fault, ...]]:
    """(sources, faults); sources by name such as `letters/zh-CN/ack.txt`. None: only the shipped.

    `folder` must be there.
    """
    sources, faults = _read_folder(shipped_folder("templates"))
    if folder is None:
        return sources, tuple(faults)
    own, own_faults = _read_folder(folder)
    return {**sources, **own}, (*faults, *own_faults)


def check_templates(sources: Mapping[str, str], folder: Path | None) -> tuple[Fault, ...]:
    """Every fault of letters, pages and ready-made answers, at the file it stands in.

    The shipped ones as they are were tried by our tests; trying every letter in every language
    again would cost each command a second. So only what differs is tried, and all of them where a
    piece differs that others are built of (`_frame`, `_foot`).
    """
    shipped = _read_folder(shipped_folder("templates"))[0]
    changed = {name for name, source in sources.items() if shipped.get(name) != source}
    changed |= shipped.keys() - sources.keys()
    if not changed:
        return ()
    whole = any(name.rpartition("/")[2].startswith("_") for name in changed)
    only = None if whole else {name.rpartition(".")[0] for name in changed}
    from maildesk.desk.letters.wording import Wording
    from maildesk.desk.pages.rendering import Pages
    from maildesk.desk.staff.snippet import check_snippets

    found = (
        *Wording(sources).check(only),
        *Pages(sources).check(only),
        *check_snippets(sources),
    )
    faults = []
    for name, line, problem in found:
        kind = _KINDS.get(name.partition("/")[0], "letter")
        own = folder is not None and (folder / name).is_file()
        place = (folder if own and folder is not None else shipped_folder("templates")) / name
        remedy = (
            f"Correct it, or remove the file: the shipped {kind} takes its place."
            if own
            else f"Install maildesk again: this is one of its own {kind}s."
        )
        faults.append(Fault(str(place), line, "", problem.rstrip("."), remedy))
    return tuple(faults)


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
