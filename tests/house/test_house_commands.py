"""What the administrator's commands say: in the desk's time, and what to do when it is wrong."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import raw_mail
from click.testing import CliRunner, Result

from maildesk.cli import main
from maildesk.config import load, shipped
from maildesk.store import mailboxes
from maildesk.store.engine import Store
from maildesk.store.owner import announce, name_owner

CONFIG = """
[desk.it]
addresses = ["desk@corp.test"]
zone = "Pacific/Kiritimati"

[mailbox.helpdesk]
host = "127.0.0.1"
port = 1
security = "none"
user = "desk"
password = "secret"
"""
LATE = int(datetime(2026, 11, 20, 23, 30, tzinfo=UTC).timestamp()) * 1_000_000  # as it is stored


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An administrator's working folder, on a machine that keeps UTC."""
    (tmp_path / "maildesk.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("MAILDESK_CONFIG", raising=False)
    time.tzset()
    yield tmp_path
    monkeypatch.undo()
    time.tzset()


def say(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=given)


def database(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / "data" / "maildesk.db")


def change(folder: Path, statement: str) -> None:
    db = database(folder)
    with db:
        db.execute(statement)
    db.close()


def take(*mails: bytes) -> None:
    for mail in mails:
        result = say("ingest", "-", given=mail)
        assert result.exit_code == 0, result.output


def test_every_list_tells_times_in_the_desks_zone(folder: Path) -> None:
    stranger = raw_mail(sender="a@elsewhere.test", message_id="a@elsewhere.test")
    take(raw_mail(), stranger)
    change(folder, f"UPDATE tickets SET opened_at = {LATE}")
    change(folder, f"UPDATE outbox SET created_at = {LATE}")
    change(folder, f"UPDATE letters SET received_at = {LATE}")
    change(folder, f"UPDATE sightings SET internaldate = {LATE}")
    for words in (("tickets", "list"), ("outbox", "list"), ("doorstep", "list"), ("explain", "1")):
        assert "2026-11-21 13:30" in say(*words).output, words
    change(folder, "UPDATE sightings SET outcome = 'quarantined', reason = 'too large'")
    assert "2026-11-21 13:30" in say("quarantine", "list").output
    assert "2026-11-21 13:30" in say("quarantine", "show", "1").output


def test_who_waits_at_the_doorstep_comes_with_the_way_in(folder: Path) -> None:
    take(raw_mail(sender="a@elsewhere.test", message_id="a@elsewhere.test"))
    assert "maildesk doorstep admit ID" in say("doorstep", "list").stderr


def test_a_state_that_does_not_exist_is_refused_with_those_that_do(folder: Path) -> None:
    result = say("tickets", "list", "--state", "opne")
    assert result.exit_code == 2
    assert "there is no state 'opne'; states are new, unassigned" in result.output


def test_tickets_are_listed_of_one_desk_or_of_all(folder: Path) -> None:
    second = (
        'desks = ["it", "hr"]\n[desk.hr]\naddresses = ["hr@corp.test"]\nprofile = "work-order"\n'
    )
    (folder / "maildesk.toml").write_text(CONFIG + second)
    take(raw_mail(), raw_mail(to="hr@corp.test", message_id="hr@corp.test", subject="工资单"))
    assert len(say("tickets", "list").stdout.splitlines()) == 2
    (line,) = say("tickets", "list", "--desk", "hr").stdout.splitlines()
    assert line.endswith("工资单")
    result = say("tickets", "list", "--desk", "rh")
    assert result.exit_code == 2
    assert "desks are it, hr" in result.output


def test_two_explanations_stand_apart(folder: Path) -> None:
    take(raw_mail(), raw_mail(message_id="other@corp.test", subject="另一件事"))
    assert "\n\nmail " in say("explain", "1", "2").stdout


def test_a_mailbox_nobody_reads_is_not_called_well(folder: Path) -> None:
    take(raw_mail())
    result = say("status")
    assert result.exit_code == 1
    assert "✗ mailbox:helpdesk: no daemon reads it" in result.output
    assert "maildesk run" in result.output


def test_a_mailbox_a_living_daemon_reads_is_well(folder: Path) -> None:
    take(raw_mail())
    store = Store(load(folder / "maildesk.toml", os.environ).database)
    owner = announce(name_owner())
    with store.write() as db:
        assert mailboxes.take_mailbox(db, "helpdesk", owner, store.now()) is not None
    store.close()
    result = say("status")
    assert (result.exit_code, "no daemon" in result.output) == (0, False)


def test_status_says_who_gets_no_tickets(folder: Path) -> None:
    people = "姓名,邮箱,角色,休假\n刘洋,liu@corp.test,工程师,2020-01-01..2099-12-31\n"
    (folder / "people.csv").write_text(people, encoding="utf-8")
    text = (folder / "maildesk.toml").read_text()
    (folder / "maildesk.toml").write_text(f'people = "people.csv"\n{text}')
    take(raw_mail())
    assert "  away: 刘洋, on leave until the end of 2099-12-31\n" in say("status").output


def test_status_says_whose_letters_come_back_and_is_not_well(folder: Path) -> None:
    """Else nobody would know that the only lead hears of nothing for a week."""
    people = "姓名,邮箱,角色\n王强,wang@corp.test,组长\n张敏,zhang@corp.test,\n"
    (folder / "people.csv").write_text(people, encoding="utf-8")
    text = (folder / "maildesk.toml").read_text()
    (folder / "maildesk.toml").write_text(f'people = "people.csv"\n{text}')
    take(raw_mail())
    until = LATE * 2
    change(
        folder,
        f"UPDATE addresses SET bounced_at = {LATE}, bounced_until = {until}, "
        "bounced_why = 'hard 5.1.1'",
    )
    result = say("status")
    assert result.exit_code == 1
    told = "! wang@corp.test: letters come back since 2026-11-21 13:30 (hard 5.1.1); notices pause"
    assert told in result.output
    assert "zhang@corp.test" not in result.output


def test_rules_test_asks_the_rules_of_the_folder_it_runs_in(folder: Path) -> None:
    shutil.copytree(shipped.folder("rules"), folder / "rules")
    text = (folder / "maildesk.toml").read_text()
    (folder / "maildesk.toml").write_text(f'rules = "rules"\n{text}')
    with (folder / "rules" / "network.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "- id: quantum\n  name: {zh: 量子, en: Quantum}\n  when: {any: [量子计算机]}\n"
            "  set: {category: network}\n  weight: 5\n  expect:\n"
            '    - {mail: "主题：咖啡机", set: {category: network}}\n'
        )
    result = say("rules", "test")
    assert result.exit_code == 1
    assert "quantum" in result.stdout
    assert "testing maildesk.toml" in result.stderr


def test_rules_test_elsewhere_says_it_tested_the_shipped_ones(folder: Path) -> None:
    (folder / "maildesk.toml").unlink()
    result = say("rules", "test")
    assert (result.exit_code, result.stderr) == (0, "testing the shipped rules\n")


def test_upgrade_leaves_a_newer_database_alone(folder: Path) -> None:
    take(raw_mail())
    change(folder, "UPDATE alembic_version SET version_num = '9999'")
    for command in ("upgrade", "status"):
        result = say(command)
        assert result.exit_code == 2
        assert "written by a newer maildesk; install that version" in result.output
    assert not list((folder / "data").glob("*.bak"))


@pytest.mark.parametrize("command", ["status", "upgrade", "run"])
def test_a_broken_database_is_told_in_one_line(folder: Path, command: str) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "maildesk.db").write_text("no database at all, only words\n" * 50)
    result = say(command)
    assert result.exit_code == 2
    assert "Restore it from a backup" in result.output


def test_an_mtas_pipe_keeps_the_mail_whatever_is_wrong_here(folder: Path) -> None:
    wrong = folder / "wrong.toml"
    wrong.write_text("desk = \n")
    for words in (("--config", "missing.toml"), ("--config", str(wrong))):
        assert say("ingest", "-", *words, given=raw_mail()).exit_code == 75
        assert say("ingest", "mail.eml", *words).exit_code == 2
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "maildesk.db").write_text("no database at all, only words\n" * 50)
    assert say("ingest", "-", given=raw_mail()).exit_code == 75


def test_an_mtas_pipe_keeps_the_mail_when_something_unforeseen_happens(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build(*_: object) -> None:
        raise RuntimeError("no library of that name")

    monkeypatch.setattr("maildesk.house.build", build)
    result = say("ingest", "-", given=raw_mail())
    assert result.exit_code == 75
    assert "not kept, try again: RuntimeError: no library of that name" in result.output


def test_a_mail_set_aside_is_decided_again_and_what_is_not_there_is_said(folder: Path) -> None:
    take(raw_mail())
    change(folder, "UPDATE sightings SET outcome = 'quarantined', reason = 'too large'")
    done = say("quarantine", "retry", "1", "77")
    assert done.exit_code == 1
    assert "1: duplicate" in done.output
    assert "77: there is nothing to try again" in done.output
    assert "77: nobody of that number" in say("doorstep", "admit", "77").output


def test_kept_mails_are_read_again_and_what_changed_is_said(folder: Path) -> None:
    take(raw_mail(), raw_mail(message_id="other@corp.test", subject="另一件事"))
    assert say("redecode").output == "2 mails read, 0 changed\n"
    change(folder, "UPDATE letters SET subject = '&%*' WHERE id = 1")
    change(folder, "UPDATE tickets SET title = '&%*' WHERE id = 1")
    change(folder, "UPDATE texts SET reply = 'x' WHERE letter_id = 1")
    told = "1 [IT-"
    trial = say("redecode", "--dry-run").output
    assert trial.startswith(told)
    assert "subject “&%*” → “打印机卡纸”; title “&%*” → “打印机卡纸”; new words 1 → " in trial
    assert trial.endswith("2 mails read, 1 would change\n")
    assert say("redecode", "other@corp.test").output == "1 mail read, 0 changed\n"
    assert say("redecode", "1").output.endswith("1 mail read, 1 changed\n")
    assert say("redecode").output == "2 mails read, 0 changed\n"
    assert say("redecode", "--since", "2999-01-01").output == "0 mails read, 0 changed\n"


def test_a_kept_mail_that_is_gone_is_named(folder: Path) -> None:
    take(raw_mail())
    shutil.rmtree(folder / "data" / "raw")
    result = say("redecode")
    assert result.exit_code == 1
    assert "is not there" in result.output
    assert "1 mail read, 0 changed, 1 not read" in result.output
    assert "the desk has no such mail: 77" in say("redecode", "77").output


@pytest.mark.parametrize(
    "command",
    ["tickets list", "outbox list", "doorstep list", "quarantine list", "status", "audit"],
)
def test_who_only_looks_waits_for_no_rule_and_is_kept_out_by_none(
    folder: Path, command: str
) -> None:
    """Reading the rules takes longer than all the rest, and somebody may be editing them."""
    (folder / "maildesk.toml").write_text('rules = "mine"\n' + CONFIG)
    (folder / "mine" / "profiles").mkdir(parents=True)
    (folder / "mine" / "half.yaml").write_text("- id: half\n  when")
    told = say(*command.split())
    assert told.exit_code in (0, 1), told.output
    assert "half.yaml" not in told.output
    assert say("doorstep", "admit", "1").exit_code == 2  # this one decides


@pytest.mark.parametrize("command", ["status", "tickets list", "outbox list", "quarantine list"])
def test_who_only_looks_loads_nothing_that_judges_or_answers_mails(
    folder: Path, command: str
) -> None:
    code = "import sys; from maildesk.cli import main; main(sys.argv[1:], standalone_mode=False)"
    told = f"import atexit, sys; atexit.register(lambda: print(*sys.modules)); {code}"
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", told, *command.split()],
        capture_output=True,
        check=False,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    loaded = set(done.stdout.split())
    assert "maildesk.store.tickets" in loaded, done.stderr
    heavy = {"house", "intake", "clock", "desk.matching", "desk.reception", "mail.parse", "web"}
    assert not loaded & {f"maildesk.{name}" for name in heavy}
    assert not loaded & {"alembic", "mailparser", "starlette", "imapclient", "ruamel.yaml"}


def test_a_database_without_its_driver_is_told_in_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    url = 'database = "postgresql+psycopg://maildesk@127.0.0.1:1/maildesk"\n'
    (folder / "maildesk.toml").write_text(url + CONFIG)
    for command in ("run", "status", "tickets list", "upgrade"):
        told = say(*command.split())
        assert told.exit_code == 2, (command, told.output, told.exception)
        assert "pip install 'maildesk[postgres]'" in told.output
