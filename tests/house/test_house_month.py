"""A whole month on real servers, and what `maildesk simulate` says of it: the same letters.

Three hundred tickets, eight engineers, a festival, absences, bounces; the daemon is killed at every
named step meanwhile. People react to what really arrived; what they did is the script.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from month import BEGIN, END, TICKETS, ZONE, Director, write_script
from scanners import PREFETCH, VISITS, Scanner, dump, list_addresses
from servers.dovecot import Dovecot
from theatre import Arrived, Theatre, name_id, open_folder, open_theatre

from maildesk.journal import Step

# Each step ends one life of the daemon, after so many passings.
DEATHS = tuple(f"{step}:{17 + 11 * at}" for at, step in enumerate(Step))

Letter = tuple[str, str, str, str, str]  # minute, kind, address, ticket, subject


@pytest.fixture
def theatre(tmp_path: Path, dovecot: Dovecot) -> Iterator[Theatre]:
    with open_folder(tmp_path) as folder, open_theatre(folder, dovecot, DEATHS) as made:
        yield made


@pytest.mark.servers
def test_a_month_is_what_was_foretold_and_no_letter_comes_twice(theatre: Theatre) -> None:
    director = Director(theatre)
    director.run(END)
    scan_everything(theatre)
    theatre.clockwork.stop()
    assert theatre.kills == len(DEATHS)

    taken = Counter(name_id(item) for item in theatre.sink.mails)
    assert {ident for ident, times in taken.items() if times > 1} <= theatre.doubtful
    assert len(theatre.doubtful) < 20

    home = theatre.home
    assert home.count("SELECT count(*) FROM tickets") >= TICKETS
    really = list_arrived(theatre.arrived)
    foretold = simulate(theatre, write_script(director.played))
    assert really == foretold, compare(really, foretold)


def scan_everything(theatre: Theatre) -> None:
    """No link of the month does anything by being opened: at its end nothing is otherwise."""
    base = theatre.home.base_url
    shown = {link for item in theatre.arrived for link in list_addresses(item.parsed, base)}
    assert len(shown) > TICKETS
    before, scanner = dump(theatre.store.engine), Scanner(base)
    statuses = set()
    for at, link in enumerate(sorted(shown)):
        # Each is fetched; every fortieth in every way that a program may think of.
        visits = VISITS if at % 40 == 0 else (PREFETCH,)
        statuses |= {status for _, _, status in scanner.open_all([link], visits)}
    scanner.close()
    assert statuses <= {200, 204, 400, 404, 405, 409, 410, 413, 415, 422}
    assert dump(theatre.store.engine) == before


def list_arrived(letters: Sequence[Arrived]) -> Counter[Letter]:
    return Counter(
        (
            say(item.at),
            item.kind,
            item.mail.recipient,
            item.ticket,
            str(item.parsed["Subject"]),
        )
        for item in letters
    )


def simulate(theatre: Theatre, script: str) -> Counter[Letter]:
    """What the command foretells for a desk that has not begun."""
    home = theatre.home
    (home.folder / "month.yaml").write_text(script, encoding="utf-8")
    data = home.folder / "data"
    data.rename(home.folder / "lived")
    data.mkdir()
    (data / "secret").write_bytes((home.folder / "lived" / "secret").read_bytes())
    span = (f"{BEGIN.astimezone(ZONE):%Y-%m-%dT%H:%M}", f"{END.astimezone(ZONE):%Y-%m-%dT%H:%M}")
    words = ("--from", span[0], "--until", span[1], "--script", "month.yaml", "--json")
    done = subprocess.run(
        home.command("simulate", *words),
        cwd=home.folder,
        env={**os.environ, "TMPDIR": str(home.folder)},  # the double lives in memory as well
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    troubles = [line["at"] + " " + line["why"] for line in lines if line["what"] == "trouble"]
    assert done.returncode == 0, "\n".join([done.stderr, *troubles])
    return Counter(
        (
            say(datetime.fromisoformat(line["at"])),
            line["name"],
            line["person"],
            line["ticket"] or "",
            line["subject"],
        )
        for line in lines
        if line["what"] == "sent"
    )


def compare(really: Counter[Letter], foretold: Counter[Letter]) -> str:
    """What differs, in order of time."""
    lines = [(letter, "really") for letter in really - foretold]
    lines += [(letter, "foretold") for letter in foretold - really]
    return "\n".join(f"{which:9}{' '.join(letter)}" for letter, which in sorted(lines)[:40])


def say(moment: datetime) -> str:
    return f"{moment.astimezone(ZONE):%m-%d %H:%M}"
