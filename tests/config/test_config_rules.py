"""Rule files: what is read from them, and every fault with file, line, key and remedy."""

# ruff: noqa: E501 - a fault stands on one line, as people see it

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from maildesk.cli.rules import rules as rules_command
from maildesk.config import shipped
from maildesk.config.faults import Fault
from maildesk.config.profile import load_profile
from maildesk.config.rules import load_rules
from maildesk.desk.profile import Label, Profile
from maildesk.desk.rules.expectations import run_expectations
from maildesk.desk.rules.matching import compile_rules
from maildesk.desk.rules.rule import Condition, Expectation, Rule, Setting

WHOLE = """\
- id: whole-company-offline
  name: {zh: 全公司断网, en: Whole company offline}
  when:
    any: [全公司断网, "company-wide outage", {regex: '整个?公司.{0,6}断网'}]
    none: &drill [测试, drill]
    in: [subject, attachment_name, header:X-Mailer]
  set: {category: network, priority: urgent, type: incident, group: network, tags: [big]}
  weight: 5
  stop: true
  expect:
    - {mail: "主题：全公司断网，快来", set: {priority: urgent}}
    - {mail: "断网演练测试", set: {}}
- id: small
  name: {zh: 小, en: Small}
  when: {any: [慢], none: [*drill, 快]}
  set: {priority: low}
"""


def read_profile() -> Profile:
    profile, faults = load_profile(shipped.folder("rules") / "profiles" / "default.yaml")
    assert profile is not None, faults
    return profile


PROFILE = read_profile()


def load(folder: Path, *texts: str | bytes) -> tuple[tuple[Rule, ...], tuple[Fault, ...]]:
    """Writes the texts as a.yaml, b.yaml, … into `folder`/rules and loads them."""
    place = folder / "rules"
    place.mkdir(exist_ok=True)
    for name, text in zip("abc", texts, strict=False):
        data = text if isinstance(text, bytes) else text.encode()
        (place / f"{name}.yaml").write_bytes(data)
    return load_rules(place, PROFILE)


def test_a_rule_is_read_whole(tmp_path: Path) -> None:
    rules, faults = load(tmp_path, WHOLE)
    assert faults == ()
    assert rules[0] == Rule(
        id="whole-company-offline",
        name=Label("全公司断网", "Whole company offline"),
        any=(
            Condition(word="全公司断网"),
            Condition(word="company-wide outage"),
            Condition(regex="整个?公司.{0,6}断网"),
        ),
        none=(Condition(word="测试"), Condition(word="drill")),
        fields=("subject", "attachment_name", "header:x-mailer"),
        set=Setting("network", "urgent", "incident", "network", None, ("big",)),
        weight=5,
        stop=True,
        expect=(
            Expectation("主题：全公司断网，快来", {"priority": "urgent"}, 11),
            Expectation("断网演练测试", {}, 12),
        ),
        file="rules/a.yaml",
        line=1,
    )


def test_what_is_left_out_has_its_default_and_shared_words_join_the_list(tmp_path: Path) -> None:
    rules, _ = load(tmp_path, WHOLE)
    assert (rules[1].weight, rules[1].stop, rules[1].fields) == (1, False, ("subject", "body"))
    assert [condition.word for condition in rules[1].none] == ["测试", "drill", "快"]
    assert (rules[1].file, rules[1].line) == ("rules/a.yaml", 13)


def test_rules_come_in_order_of_file_and_place(tmp_path: Path) -> None:
    other = WHOLE.replace("whole-company-offline", "first").replace("small", "second")
    rules, faults = load(tmp_path, other, WHOLE)
    assert faults == ()
    assert [rule.id for rule in rules] == ["first", "second", "whole-company-offline", "small"]


HEAD = "- id: a\n  name: {zh: 甲, en: A}\n"
WHEN = HEAD + "  when: {any: [断网]}\n"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            HEAD + "  when:\n    any: []\n  set: {priority: low}\n",
            'rules/a.yaml:4: when.any: is empty. Give at least one word, e.g. any: [断网, "no network"]',
        ),
        (
            HEAD + "  when: {none: [慢]}\n  set: {priority: low}\n",
            'rules/a.yaml:3: when.any: is missing. Give at least one word, e.g. any: [断网, "no network"]',
        ),
        (
            HEAD + "  set: {priority: low}\n",
            'rules/a.yaml:1: when: is missing. Say when it matches. Give at least one word, e.g. any: [断网, "no network"]',
        ),
        (
            WHEN + "  sett: {priority: low}\n  stop: true\n",
            "rules/a.yaml:4: sett: is not a known key. Did you mean 'set'?",
        ),
        (
            WHEN + "  set: {category: netwrok}\n",
            "rules/a.yaml:4: set.category: 'netwrok' is no category of the profile. Did you mean 'network'?",
        ),
        (
            WHEN + "  set: {priority: asap}\n",
            "rules/a.yaml:4: set.priority: 'asap' is no priority of the profile. Use one of: urgent, high, medium, low",
        ),
        (
            HEAD + "  when: {any: [{regex: '(断网'}]}\n  set: {priority: low}\n",
            "rules/a.yaml:3: when.any.regex: '(断网' is not valid RE2 (missing ): (断网). Use RE2 syntax (no look-around, no back-references)",
        ),
        (
            HEAD + "  when: {any: [{regex: '(?=断)网'}]}\n  set: {priority: low}\n",
            "rules/a.yaml:3: when.any.regex: '(?=断)网' is not valid RE2 (invalid perl operator: (?=). Use RE2 syntax (no look-around, no back-references)",
        ),
        (
            HEAD + "  when: {any: [{regex: '(断网)?'}]}\n  set: {priority: low}\n",
            "rules/a.yaml:3: when.any.regex: '(断网)?' matches the empty text, and so every mail. Make at least one part of it obligatory",
        ),
        (
            HEAD + "  when: {any: [404]}\n  set: {priority: low}\n",
            'rules/a.yaml:3: when.any: holds 404, which is neither a word nor {regex: …}. Write words in quotes: "404"',
        ),
        (
            HEAD + "  when: {any: ['…']}\n  set: {priority: low}\n",
            "rules/a.yaml:3: when.any: holds '…', in which nothing is left to find. Write at least one letter or character",
        ),
        (
            HEAD + "  when: {any: 断网}\n  set: {priority: low}\n",
            "rules/a.yaml:3: when.any: is text, not a list. Write a list: [断网]",
        ),
        (
            HEAD + "  when: {any: [断网], in: [subjct]}\n  set: {priority: low}\n",
            "rules/a.yaml:3: when.in: 'subjct' is not a field of a mail. Did you mean 'subject'?",
        ),
        (
            HEAD + "  when: {any: [断网], in: []}\n  set: {priority: low}\n",
            "rules/a.yaml:3: when.in: is empty. Use one or more of: subject, body, attachment_name, from, to, header:X-Name",
        ),
        (
            WHEN + "  set: {priority: low}\n  weight: heavy\n",
            "rules/a.yaml:5: weight: is text, not a whole number. Write a whole number",
        ),
        (
            WHEN + "  set: {priority: low}\n  weight: 0\n",
            "rules/a.yaml:5: weight: 0 is not between 1 and 100. Most rules weigh 1 to 5; a heavier one overrules more others",
        ),
        (
            WHEN + "  set: {}\n",
            "rules/a.yaml:4: set: is empty. Say what follows, e.g. set: {category: network, priority: high}",
        ),
        (
            WHEN,
            "rules/a.yaml:1: set: is missing. Say what follows, e.g. set: {category: network, priority: high}",
        ),
        (
            WHEN + "  set: {assignee: 5}\n",
            'rules/a.yaml:4: set.assignee: is a whole number, not text. Write it in quotes: "5"',
        ),
        (
            WHEN + "  set: {tags: [1]}\n",
            'rules/a.yaml:4: set.tags: holds 1, which is not text. Write it in quotes: "1"',
        ),
        (
            WHEN + "  set: {priority: low}\n  expect:\n    - {mail: x, set: {prio: low}}\n",
            "rules/a.yaml:6: expect.set.prio: is not a known key. Did you mean 'priority'?",
        ),
        (
            WHEN + "  set: {priority: low}\n  expect:\n    - {mail: x, set: {type: Incident}}\n",
            "rules/a.yaml:6: expect.set.type: 'Incident' is no type of the profile. Did you mean 'incident'?",
        ),
        (
            WHEN + "  set: {priority: low}\n  expect: [断网]\n",
            'rules/a.yaml:5: expect: holds something that is no case. Write cases as - {mail: "打印机卡纸", set: {category: hardware}}',
        ),
        (
            WHEN.replace("id: a", "id: My Rule") + "  set: {priority: low}\n",
            "rules/a.yaml:1: id: 'My Rule' is not small letters, digits and dashes. Name it in small letters, e.g. id: printer-paper-jam",
        ),
        (
            "- id: a\n  name: 断网\n  when: {any: [断网]}\n  set: {priority: low}\n",
            "rules/a.yaml:2: name: is text, not a table (key: value). Give it a name people read, e.g. name: {zh: 打印机卡纸, en: Paper jam}",
        ),
        (
            "id: a\n",
            "rules/a.yaml:1: is not a list of rules. Start each rule with `- id: some-name`",
        ),
        ("- a\n", "rules/a.yaml:1: is not a rule. Start each rule with `- id: some-name`"),
        (
            "- id: a\n  name: {zh: 甲\n",
            "rules/a.yaml:3: is not valid YAML (expected ',' or '}', but got '<stream end>'). Check quotes and indentation",
        ),
        (
            WHEN + "\tweight: 5\n",
            f"rules/a.yaml:{WHEN.count(chr(10)) + 1}: is not valid YAML (found character '\\t' that cannot start any token). Use blanks instead of the tab",
        ),
        (
            WHEN + "  weight：5\n  stop: false\n",
            f"rules/a.yaml:{WHEN.count(chr(10)) + 1}: is not valid YAML (could not find expected ':'). Write `: ` (colon and blank) instead of the Chinese ：",
        ),
        (
            WHEN + "  weight:5\n  stop: false\n",
            f"rules/a.yaml:{WHEN.count(chr(10)) + 1}: is not valid YAML (could not find expected ':'). Put a blank behind the colon",
        ),
        (
            WHEN + "  expect:\n    - {mail: 主题: 断网, set: {}}\n",
            f"rules/a.yaml:{WHEN.count(chr(10)) + 2}: is not valid YAML (expected ',' or '}}', but got ':'). Put text that holds a colon into quotes; check quotes and indentation",
        ),
        (
            "- id: a\n  name: 甲".encode("gb18030"),
            "rules/a.yaml:2: is not UTF-8. Save the file as UTF-8 in your editor",
        ),
        (
            "- id: a\n  \x00\n",
            "rules/a.yaml:2: holds '\\x00', which is no character. Take it out, or save the file as UTF-8 in your editor",
        ),
    ],
)
def test_each_fault_is_said_with_its_line_and_remedy(
    tmp_path: Path, text: str | bytes, wanted: str
) -> None:
    rules, faults = load(tmp_path, text)
    assert [str(fault) for fault in faults] == [wanted]
    assert rules == ()


def test_doubled_keys_are_all_named_and_the_rest_is_still_checked(tmp_path: Path) -> None:
    text = WHEN + "  set: {priority: lowest}\n  set: {priority: low}\n  weight: 1\n  weight: 2\n"
    _, faults = load(tmp_path, text)
    assert [(fault.line, fault.key, fault.problem) for fault in faults] == [
        (5, "set", "stands twice (first in line 4)"),
        (7, "weight", "stands twice (first in line 6)"),
        (4, "set.priority", "'lowest' is no priority of the profile"),
    ]


def test_an_id_used_twice_names_the_first_place(tmp_path: Path) -> None:
    rule = WHEN + "  set: {priority: low}\n"
    _, faults = load(tmp_path, rule, rule)
    assert [str(fault) for fault in faults] == [
        "rules/b.yaml:1: id: 'a' is already the id of the rule at rules/a.yaml:1. "
        "Give each rule its own id"
    ]


def test_faults_of_all_files_come_together_and_sound_rules_are_kept(tmp_path: Path) -> None:
    broken = WHEN + "  set: {priority: asap}\n  wait: 1\n"
    rules, faults = load(tmp_path, broken, b"\xff", WHOLE)
    assert [fault.file for fault in faults] == ["rules/a.yaml", "rules/a.yaml", "rules/b.yaml"]
    assert [rule.id for rule in rules] == ["whole-company-offline", "small"]


def test_a_folder_without_rules_is_a_fault(tmp_path: Path) -> None:
    rules, faults = load(tmp_path)
    assert rules == ()
    assert str(faults[0]).startswith("rules: holds no *.yaml file. Write one, or let")


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    assert load(tmp_path, b"\xef\xbb\xbf" + WHOLE.encode())[1] == ()


def test_what_is_read_can_be_tried(tmp_path: Path) -> None:
    rules, _ = load(tmp_path, WHOLE)
    assert run_expectations(compile_rules(rules, PROFILE)) == ()


def run(*arguments: str) -> tuple[int, str]:
    """The exit code, and what was said after the line that names what is tested."""
    result = CliRunner().invoke(rules_command, ["test", *arguments])
    first, _, rest = result.output.partition("\n")
    assert first == f"testing {arguments[-1] if arguments else 'the shipped rules'}"
    return result.exit_code, rest


def test_the_command_tries_the_shipped_rules() -> None:
    code, output = run()
    assert code == 0, output
    assert output.startswith("profile default: ")
    assert output.endswith(": all as expected\n")


def test_the_command_names_the_case_that_fails_and_why(tmp_path: Path) -> None:
    load(tmp_path, WHOLE.replace("set: {priority: urgent}}", "set: {priority: high}}"))
    code, output = run("--rules", str(tmp_path / "rules"))
    assert code == 1
    assert output.splitlines() == [
        'rules/a.yaml:11: whole-company-offline: "主题：全公司断网，快来": wanted priority: high; '
        "got priority: urgent (whole-company-offline (10) by '全公司断网')",
        "profile default: 2 rules, 2 cases: 1 failed",
    ]


def test_the_command_says_what_is_wrong_with_the_files(tmp_path: Path) -> None:
    load(tmp_path, WHEN)
    code, output = run("--rules", str(tmp_path / "rules"))
    assert code == 2
    assert output.startswith("rules/a.yaml:1: set: is missing.")


def test_the_command_says_what_is_wrong_with_a_profile_of_ones_own(tmp_path: Path) -> None:
    load(tmp_path, WHOLE)
    (tmp_path / "rules" / "profiles").mkdir()
    (tmp_path / "rules" / "profiles" / "default.yaml").write_text("[]", encoding="utf-8")
    code, output = run("--rules", str(tmp_path / "rules"))
    assert (code, output) == (
        2,
        "profiles/default.yaml:1: is not a table. Start with `id: my-profile`\n",
    )
