"""`maildesk rules …` over a desk that has judged mails: explain, diff, hits, lint, score."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from builders import raw_mail
from click.testing import CliRunner, Result

from maildesk.cli import main

CONFIG = """
rules = "rules"
people = "people.yaml"

[desk.it]
addresses = ["desk@corp.test"]

[mailbox.helpdesk]
host = "127.0.0.1"
port = 1
security = "none"
user = "desk"
password = "secret"
"""
RULES = """\
- id: printer
  name: {zh: 打印机, en: Printer}
  when: {any: [打印机, 卡纸]}
  set: {category: hardware, type: incident}
  weight: 3
- id: offline
  name: {zh: 断网, en: Offline}
  when: {any: [断网], none: [演练]}
  set: {category: network, impact: company, urgency: stopped}
- id: finance
  name: {zh: 财务部, en: Finance}
  when: {department: 财务部}
  set: {tags: [finance]}
  shadow: true
- id: never
  name: {zh: 从不, en: Never}
  when: {any: [传真机]}
  set: {category: service}
"""
PEOPLE = "- {name: 张敏, addresses: [zhang@corp.test], department: 财务部}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk of its own rules, which has opened two tickets."""
    (tmp_path / "maildesk.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "people.yaml").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.yaml").write_text(RULES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MAILDESK_CONFIG", raising=False)
    for number, text in enumerate(("打印机又卡纸了\n", "不是断网，打印机连不上\n")):
        mail = raw_mail(text=text, subject="打印机", message_id=f"{number}@corp.test")
        assert say("ingest", "-", given=mail).exit_code == 0
    return tmp_path


def say(*words: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(words), input=given)


def change(folder: Path, old: str, new: str) -> Path:
    """Another folder of rules, with these words changed."""
    other = folder / "new"
    shutil.copytree(folder / "rules", other)
    text = (other / "own.yaml").read_text(encoding="utf-8")
    assert old in text
    (other / "own.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return other


def test_a_text_is_explained_with_what_matched_what_nearly_did_and_the_matrix(
    folder: Path,
) -> None:
    told = say("rules", "explain", "主题：全公司断网\n不是打印机的问题").stdout
    lines = told.splitlines()
    assert "rule +     offline (weight 2 = 1 + 1 for the subject): “断网” in subject" in lines
    assert (
        "rule -     printer: none of 2 words stands in subject or body; "
        '"打印机" is denied by "不是"' in lines
    )
    assert "category   network: by offline (network 2)" in lines
    assert "priority   urgent: by the matrix: impact company × urgency stopped" in lines
    assert any(line.startswith("rules -    2 more did not match") for line in lines)
    assert "传真机" not in told


def test_all_shows_every_rule_and_why_it_failed(folder: Path) -> None:
    told = say("rules", "explain", "断网演练", "--all").stdout
    assert 'rule -     offline: blocked by "演练" in body' in told
    assert "rule -     finance: department is not known, not 财务部" in told
    assert "rule -     never: its one word does not stand in subject or body" in told


def test_circumstances_may_be_given_to_a_text_and_are_read_from_a_file(folder: Path) -> None:
    told = say("rules", "explain", "你好", "--department", "财务部").stdout
    line = "rule ~     finance (shadow: only counted, sets nothing): “财务部” in department"
    assert line in told.splitlines()
    (folder / "mail.eml").write_bytes(raw_mail(text="卡纸\n"))
    assert line in say("rules", "explain", "mail.eml").stdout.splitlines()
    other = say("rules", "explain", "mail.eml", "--department", "市场部").stdout
    assert "rule ~" not in other
    assert say("rules", "explain", "x", "--at", "soon").exit_code == 2


def test_the_shipped_rules_explain_where_nothing_is_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "network-offline" in say("rules", "explain", "断网了").stdout
    assert say("rules", "explain", "断网了", "--profile", "record-sheet").exit_code == 0
    wrong = say("rules", "explain", "断网了", "--profile", "record-sheat")
    assert (wrong.exit_code, "Did you mean 'record-sheet'?" in wrong.output) == (2, True)


def test_diff_lists_what_stored_mails_would_get_and_by_which_rule(folder: Path) -> None:
    new = change(folder, "any: [打印机, 卡纸]", "any: [卡纸]")
    result = say("rules", "diff", "rules", str(new))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0].endswith("-0002  打印机")
    assert "    category: hardware → service (-printer)" in lines
    assert "    group: hardware → desk (-printer)" in lines
    assert not any("-0001" in line for line in lines)
    assert lines[-1] == "1 of 2 mails differ: category 1, group 1"


def test_diff_tells_heavier_rules_and_nothing_where_nothing_differs(folder: Path) -> None:
    assert say("rules", "diff", "rules", "rules").stdout == "0 of 2 mails differ\n"
    assert say("rules", "diff", "rules", "rules", "--since", "2030-01-01").stdout == (
        "0 of 0 mails differ: none is kept that opened a ticket then; "
        "--mails DIR takes mail files instead\n"
    )
    assert say("rules", "diff", "rules", "rules", "--since", "30d").stdout == (
        "0 of 2 mails differ\n"
    )
    assert say("rules", "diff", "rules", "rules", "--since", "ages").exit_code == 2


def test_diff_needs_no_desk_when_it_is_given_mails(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = change(folder, "category: network", "category: software")
    (folder / "mails").mkdir()
    (folder / "mails" / "a.eml").write_bytes(raw_mail(subject="断网", text="断网\n"))
    (folder / "mails" / "b.eml").write_bytes(raw_mail(subject="你好", text="你好\n"))
    (folder / "maildesk.toml").unlink()
    result = say("rules", "diff", "rules", str(new), "--mails", "mails")
    assert result.stdout.splitlines()[:2] == [
        "a.eml  断网",
        "    category: network → software (offline)",
    ]
    assert result.stdout.splitlines()[-1] == "1 of 2 mails differ: category 1, group 1"
    assert say("rules", "diff", "rules", str(new)).exit_code == 2


def test_a_folder_with_faults_is_refused_with_its_lines(folder: Path) -> None:
    new = change(folder, "category: network", "category: netwrok")
    result = say("rules", "diff", "rules", str(new))
    assert result.exit_code == 2
    assert "new/own.yaml:9: set.category: 'netwrok' is no category of the profile" in result.output


def test_hits_are_counted_shadows_too_and_rules_that_are_gone(folder: Path) -> None:
    lines = [line.split() for line in say("rules", "hits").stdout.splitlines()]
    assert lines[0] == ["2", "judged", "mails"]
    assert lines[1][:3] == ["2", "~", "finance"]
    assert lines[2][:2] == ["2", "printer"]
    assert [line[:3] for line in lines[3:]] == [["0", "offline", "never"], ["0", "never", "never"]]
    (folder / "rules" / "own.yaml").write_text(RULES.replace("id: printer", "id: print"), "utf-8")
    assert "? printer" in say("rules", "hits").stdout
    assert say("rules", "hits", "--since", "2030-01-01").stdout.startswith("0 judged mails\n")


def test_lint_names_rules_no_mail_has_met_and_fails_only_for_what_cannot_work(
    folder: Path,
) -> None:
    result = say("rules", "lint")
    assert result.exit_code == 0
    assert "rules/own.yaml:15: never: never hit: none of 2 mails matched it" in result.stdout
    assert "printer: never hit" not in result.stdout
    dead = "- id: dead\n  name: {zh: 死, en: Dead}\n  when: {any: [断网演练], none: [演练]}\n"
    (folder / "rules" / "z.yaml").write_text(dead + "  set: {category: network}\n", "utf-8")
    result = say("rules", "lint")
    assert result.exit_code == 1
    assert "rules/z.yaml:1: dead: always blocked: its one word" in result.stdout


LABELLED = """\
- {mail: "主题：打印机卡纸\\n快来", category: hardware, priority: medium, type: incident}
- {mail: "断网了", category: [network, software], priority: urgent}
- {mail: "你好", category: network, priority: [medium, low]}
"""


def test_who_writes_rules_need_not_be_able_to_read_the_daemons_passwords(folder: Path) -> None:
    closed = CONFIG.replace('password = "secret"', 'password_file = "closed.pw"')
    (folder / "maildesk.toml").write_text(closed, encoding="utf-8")
    (folder / "mails").mkdir()
    (folder / "mails" / "mail.eml").write_bytes(raw_mail(text="卡纸\n"))
    (folder / "mine.yaml").write_text("- {mail: 卡纸, category: hardware}\n", encoding="utf-8")
    for words in (
        ("test",),
        ("explain", "卡纸"),
        ("score", "mine.yaml"),
        ("diff", "rules", "rules", "--mails", "mails"),
    ):
        assert say("rules", *words).exit_code == 0, words
    linted = say("rules", "lint")
    assert linted.exit_code == 0
    assert "profile default: 4 rules: 0 problems, 0 remarks" in linted.stdout
    assert "closed.pw does not exist" in linted.stderr
    assert "never hit" not in linted.stdout
    assert say("rules", "hits").exit_code == 2


@pytest.mark.parametrize("words", [("hits",), ("lint",), ("diff", "rules", "rules")])
def test_looking_makes_no_new_database_beside_mails_that_are_kept(
    folder: Path, words: tuple[str, ...]
) -> None:
    """Else the daemon would begin anew with it, and give every number again."""
    for file in (folder / "data").glob("maildesk.db*"):
        file.unlink()
    assert "is empty, but mails are kept" in say("rules", *words).stderr
    assert say("tickets", "list").exit_code == 2


def test_score_counts_what_is_right_and_explains_what_is_not(folder: Path) -> None:
    (folder / "mails.yaml").write_text(LABELLED, encoding="utf-8")
    result = say("rules", "score", "mails.yaml", "--misses")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "mails.yaml: 3 mails",
        "  category   66.7 %  2 of 3",
        "  priority  100.0 %  3 of 3",
        "  type      100.0 %  1 of 1",
        "  urgent judged low: 0",
        'mails.yaml:3: category: wanted network, got service: "你好" (no rule matched)',
    ]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [(("--category", "60"), 0), (("--category", "70"), 1), (("--type", "100"), 0)],
)
def test_score_fails_below_what_is_wanted(folder: Path, wanted: tuple[str, ...], code: int) -> None:
    (folder / "mails.yaml").write_text(LABELLED, encoding="utf-8")
    result = say("rules", "score", "mails.yaml", *wanted)
    assert result.exit_code == code
    assert ("✗ category   66.7 %  2 of 3, wanted 70 %" in result.stdout) is bool(code)


def test_an_urgent_mail_judged_low_fails_where_anything_is_wanted(folder: Path) -> None:
    low = (
        RULES
        + "- {id: calm, name: {zh: 不急, en: Calm}, when: {any: [不急]}, set: {priority: low}}\n"
    )
    (folder / "rules" / "own.yaml").write_text(low, encoding="utf-8")
    (folder / "mails.yaml").write_text("- {mail: 不急, priority: urgent}\n", encoding="utf-8")
    result = say("rules", "score", "mails.yaml", "--category", "0")
    assert result.exit_code == 1
    assert "✗ urgent judged low: 1" in result.stdout


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("- {mail: x, category: netwrok}\n",
         "mails.yaml:1: category: 'netwrok' is no category of the profile. Did you mean 'netw"),
        ("- {category: network}\n", "mails.yaml:1: mail: is missing. Write mails as"),
        ("- {mail: x, prio: low}\n",
         "mails.yaml:1: prio: is not a known key. Did you mean 'priority'?"),
        ("x: 1\n", "mails.yaml:1: is not a list of mails."),
        ("- x\n", "mails.yaml:1: holds something that is no mail."),
        ("", "mails.yaml: is empty."),
    ],
)  # fmt: skip
def test_labels_with_a_slip_are_refused(folder: Path, text: str, wanted: str) -> None:
    (folder / "mails.yaml").write_text(text, encoding="utf-8")
    result = say("rules", "score", "mails.yaml")
    assert result.exit_code == 2
    assert result.output.startswith(wanted)


@pytest.mark.parametrize("command", ["test", "explain", "diff", "lint", "score", "hits"])
def test_every_command_shows_examples(command: str) -> None:
    told = say("rules", command, "--help").stdout
    assert "Examples:" in told and f"maildesk rules {command}" in told


def test_what_was_decided_is_told_by_the_rules_of_that_time(folder: Path) -> None:
    told = say("explain", "2").stdout
    assert "rule +     printer (weight 6 = 3 + 3 for the subject): “打印机” in subject" in told
    assert "; “断网”" not in told
    (folder / "rules" / "own.yaml").write_text(RULES.replace("weight: 3", "weight: 9"), "utf-8")
    lines = say("explain", "2").stdout.splitlines()
    assert any(line.startswith("rule +     printer (weight 6 = 3 + 3") for line in lines)
    shown = json.loads(say("explain", "2", "--json").stdout)["rules"]
    assert [(rule["id"], rule["bonus"], rule["shadow"]) for rule in shown] == [
        ("printer", 3, False),
        ("finance", 0, True),
    ]


def test_a_mail_file_is_explained_with_what_it_denies(folder: Path) -> None:
    mail = raw_mail(subject="你好", text="不是断网的问题\n", message_id="new@corp.test")
    (folder / "mail.eml").write_bytes(mail)
    told = say("explain", "mail.eml", "--all").stdout
    assert '"断网" is denied by "不是"' in told
    assert "rule ~     finance (shadow: only counted, sets nothing)" in told
