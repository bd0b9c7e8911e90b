"""The benches run and print their tables; what they measure is nobody's assertion."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from servers.dovecot import Dovecot

from bench.corpus import generate, make

BENCH = Path(__file__).parent

pytestmark = pytest.mark.servers


def run(script: str, *arguments: str) -> str:
    command = [sys.executable, str(BENCH / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_same_seed_gives_the_same_mails() -> None:
    assert make(7).raw == make(7).raw
    assert make(7).raw != make(7, "another").raw
    assert len({made.raw for made in generate(30)}) == 30


def test_the_smallest_backlog_runs_and_prints_its_figures(dovecot: Dovecot) -> None:
    lines = run("run.py", "--quick", "--stored", "50").splitlines()
    names = [line[:32].strip() for line in lines]
    assert names == [
        "mails",
        "tickets stored before",
        "IMAP",
        "acknowledgements sent",
        "standard library, CPU per mail",
        "maildesk, CPU per mail",
        "ratio",
        "wall time",
        "peak memory",
    ]


def test_every_stage_of_a_mail_is_told_apart(dovecot: Dovecot) -> None:
    printed = run("stages.py", "--mails", "12")
    for stage in ("fetch", "sync files", "ledger", "parse", "decide", "apply", "send", "whole"):
        assert f"\n{stage} " in f"\n{printed}"


def test_all_readers_read_the_same_mails() -> None:
    printed = run("parsing.py", "--mails", "12", "--rounds", "1")
    for reader in ("standard library", "maildesk", "mail-parser", "fast-mail-parser"):
        assert f"\n{reader} " in f"\n{printed}"


def test_judging_is_measured_with_few_and_with_many_keywords() -> None:
    printed = run("judging.py", "--mails", "6", "--rounds", "1", "--keywords", "4000")
    for name in ("standard library", "shipped rules", "4000 keywords"):
        assert f"\n{name} " in f"\n{printed}"


def test_memory_and_latency_are_measured(dovecot: Dovecot) -> None:
    assert "largest reader process" in run(
        "memory.py", "--mails", "5", "--large", "1", "--megabytes", "6"
    )
    assert "answered 2" in run("latency.py", "--mails", "2")


@pytest.mark.parametrize("engine", [(), ("--postgres",)], ids=["sqlite", "postgres"])
def test_a_tick_is_measured_beside_stored_tickets(engine: tuple[str, ...]) -> None:
    printed = run("tick.py", "--stored", "60", "--due", "20", "--rounds", "1", *engine)
    for name in ("tick, ms", "bare transactions, ms", "ratio", "confirm_reminder: letter"):
        assert name in printed


def test_a_monthly_report_is_measured_against_its_table() -> None:
    printed = run("report.py", "--tickets", "300", "--rounds", "1")
    for line in ("SQLite, 30 tickets", "SQLite, 300 tickets", "  ratio ", "  peak MB "):
        assert f"\n{line}" in f"\n{printed}"


def test_a_register_is_measured_with_few_and_with_many_tickets() -> None:
    printed = run("register.py", "--tickets", "300")
    for line in ("csv, 30 tickets", "xlsx, 30 tickets", "csv, 300 tickets", "xlsx, 300 tickets"):
        assert f"\n{line}: tickets " in f"\n{printed}"


@pytest.mark.parametrize("engine", [(), ("--postgres",)], ids=["sqlite", "postgres"])
def test_looking_for_knowledge_is_measured_beside_solved_tickets(engine: tuple[str, ...]) -> None:
    printed = run("learnt.py", "--solved", "0", "150", "--requests", "4", "--rounds", "1", *engine)
    assert [line.split()[0] for line in printed.splitlines()] == ["solved", "0", "150"]
