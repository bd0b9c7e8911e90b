"""The documents say what is so: their rules load, and no event, state or command is left out."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from builders import profile
from click.testing import CliRunner

from maildesk.cli import COMMANDS, main
from maildesk.clock import HANDLERS
from maildesk.config.rules import load_rules
from maildesk.config.shape import BudgetsTable
from maildesk.desk.person import Role
from maildesk.desk.rules.expectations import run_expectations
from maildesk.desk.rules.fold import fold
from maildesk.desk.rules.matching import compile_rules
from maildesk.desk.rules.rule import FIELDS, Condition
from maildesk.desk.rules.words import Finder
from maildesk.store.outbox import STATES

ROOT = Path(__file__).parent.parent.parent
RUNNING = (ROOT / "docs" / "running.md").read_text("utf-8")
RULES = (ROOT / "docs" / "rules.md").read_text("utf-8")
ENGINEERS = (ROOT / "docs" / "engineers.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")


def blocks(document: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", document, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("document", [RULES, README], ids=["rules.md", "README.md"])
def test_every_rule_shown_loads_and_does_what_its_cases_say(document: str, tmp_path: Path) -> None:
    shown = [block for block in blocks(document, "yaml") if block.startswith("- id:")]
    shown = [block for block in shown if block != _find_walk()[1]]  # tried below, with its category
    assert shown
    for place, block in enumerate(shown):
        (tmp_path / f"{place}.yaml").write_text(block, encoding="utf-8")
    found, faults = load_rules(tmp_path, profile())
    assert not faults
    assert run_expectations(compile_rules(found, profile())) == ()


def _find_walk() -> tuple[str, str]:
    """The category and the rule that the page begins with."""
    category, rule = blocks(RULES, "yaml")[:2]
    assert category.startswith("categories:") and rule.startswith("- id: car-park")
    return category.splitlines()[1], rule


def test_the_page_alone_leads_to_a_category_a_rule_and_its_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, rule = _find_walk()
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["init", "desk"]).exit_code == 0
    rules = tmp_path / "desk" / "rules"
    own = rules / "profiles" / "default.yaml"
    text = own.read_text("utf-8")
    own.write_text(text.replace("\ncategories:\n", f"\ncategories:\n{line}\n"), "utf-8")
    (rules / "parking.yaml").write_text(rule, "utf-8")
    tried = CliRunner().invoke(main, ["rules", "test", "--rules", str(rules)])
    assert tried.exit_code == 0, tried.output
    words = ["rules", "explain", "主题：车位被占", "--rules", str(rules)]
    told = CliRunner().invoke(main, words)
    shown = RULES[RULES.index("$ maildesk rules explain") :].partition("```")[0]
    for said in shown.splitlines()[1:]:
        if not said.startswith(("rule set", "rules -", "profile")):
            assert said in told.stdout.splitlines(), told.stdout


@pytest.mark.parametrize("chosen", ["default", "process-manual"])
def test_the_script_shown_plays_with_the_people_that_init_writes(
    chosen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (script,) = (block for block in blocks(RUNNING, "yaml") if block.startswith("- at: +10m"))
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["init", "."]).exit_code == 0
    setup = Path("maildesk.toml").read_text("utf-8")
    setup = setup.replace('#profile = "default"', f'profile = "{chosen}"')
    Path("maildesk.toml").write_text(setup, "utf-8")
    Path("mails.yaml").write_text(script, "utf-8")
    for secret in ("imap.pw", "smtp.pw"):
        Path(secret).write_text("x", "utf-8")
    start = ["--from", "2026-11-24T09:00", "--until", "+1d"]
    told = CliRunner().invoke(main, ["simulate", "--script", "mails.yaml", "--verbose", *start])
    assert told.exit_code == 0, told.output
    assert " solved " in told.output


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("断网", "全厂断网了", True),
        ("断网", "断开网络", False),
        ("vpn", "VPN断了", True),
        ("vpn", "my vpn", True),
        ("vpn", "sslvpn", False),
        ("vpn", "ＶＰＮ", True),
        ("vpn连不上", "VPN 连不上", True),
        ("print*", "printing", True),
        ("打印*", "打印机", False),
        ("打印机", "打印機", True),
        ("打印机…卡", "打印机老是卡纸", True),
        ("打印机...卡", "打印机老是卡纸", True),
        ("打印机…卡", "打印机很好。纸卡了", False),
        ("can't", "I cant log in", True),
        ("can't", "I can’t log in", True),
    ],
)
def test_words_find_what_the_table_says(word: str, text: str, found: bool) -> None:
    assert bool(Finder([Condition(word=word)]).find(fold(text))) is found


def test_every_event_of_the_log_is_explained() -> None:
    journal = (ROOT / "maildesk" / "journal.py").read_text("utf-8")
    events = re.findall(r'_say\("([^"]+)"', journal)
    assert len(events) > 20
    assert [event for event in events if f"`{event}`" not in RUNNING] == []


def test_everything_that_falls_due_is_explained() -> None:
    assert [kind for kind in HANDLERS if f"`{kind}`" not in RUNNING] == []


def test_every_brake_and_every_role_is_explained() -> None:
    assert [name for name in BudgetsTable.model_fields if f"`{name}`" not in RUNNING] == []
    assert [role for role in Role if f"`{role}`" not in RUNNING] == []


def test_every_state_of_a_letter_and_every_field_of_a_mail_is_explained() -> None:
    assert [state for state in STATES if f"| `{state}` |" not in RUNNING] == []
    assert [field for field in FIELDS if f"`{field}`" not in RULES] == []


def test_every_command_shown_exists() -> None:
    context = click.Context(main)
    named = set()
    for document in (RUNNING, RULES, README):
        named |= set(re.findall(r"(?:`|^)maildesk ([a-z]+)(?: ([a-z]+))?", document, re.MULTILINE))
    named.discard(("unix", ""))  # Postfix's master.cf
    assert len(named) > 10
    for first, second in sorted(named):
        assert first in COMMANDS
        command = main.get_command(context, first)
        if isinstance(command, click.Group) and second:
            assert command.get_command(context, second) is not None, (first, second)


def list_commands(
    group: click.Command, name: str, context: click.Context
) -> list[tuple[str, click.Command]]:
    if not isinstance(group, click.Group):
        return [(name, group)]
    found: list[tuple[str, click.Command]] = []
    for sub in group.list_commands(context):
        command = group.get_command(context, sub)
        assert command is not None
        found += list_commands(command, f"{name} {sub}", context)
    return found


def test_every_command_is_shown_by_an_example() -> None:
    commands = list_commands(main, "maildesk", click.Context(main))
    assert len(commands) > 15
    shown = {name: f"  {name}" in (command.help or "") for name, command in commands}
    assert [name for name, there in shown.items() if not there] == []


def test_every_link_between_documents_leads_somewhere() -> None:
    for name, document in (
        ("docs", RUNNING),
        ("docs", RULES),
        ("docs", ENGINEERS),
        (".", README),
    ):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document):
            assert (ROOT / name / target).exists(), target
