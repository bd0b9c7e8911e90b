"""Rules edited while the desk works: valid ones hold for the next mail, others change nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import raw_mail
from household import Household, household
from servers import wait_until
from servers.dovecot import Dovecot
from servers.sink import Sink

from maildesk.config import shipped

pytestmark = pytest.mark.servers

RULE = """\
- id: coffee
  name: {{zh: 咖啡机, en: Coffee machine}}
  when: {{any: [咖啡机]}}
  set: {{category: {category}}}
"""


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot) -> Iterator[Household]:
    with Sink() as sink:
        made = household(
            tmp_path / "home", dovecot, ("127.0.0.1", sink.port), extra='rules = "rules"'
        )
        write(made, RULE.format(category="hardware"))
        made.start()
        yield made
        made.stop()


def write(home: Household, text: str, name: str = "own.yaml") -> None:
    """As an editor that writes a whole file and puts it in the old one's place."""
    folder = home.folder / "rules"
    folder.mkdir(exist_ok=True)
    (folder / "new").write_text(text, encoding="utf-8")
    (folder / "new").replace(folder / name)


def ask(home: Household, dovecot: Dovecot, number: int) -> str:
    """Another mail about the coffee machine; the category its ticket gets."""
    raw = raw_mail(
        sender=f"张敏 <zhang{number}@desk.test>", to=home.address, subject="咖啡机",
        text="咖啡机不出咖啡了\n", message_id=f"c{number}@desk.test",
    )  # fmt: skip
    dovecot.append(home.maildesk_user, raw)
    query = "SELECT category FROM tickets ORDER BY id"
    assert wait_until(lambda: len(home.rows(query)) == number, 20, 0.1), home.read_log()[-2000:]
    return str(home.rows(query)[-1][0])


def test_the_next_mail_is_judged_by_a_changed_file_and_a_broken_one_holds_nothing_up(
    home: Household, dovecot: Dovecot
) -> None:
    assert ask(home, dovecot, 1) == "hardware"

    write(home, RULE.format(category="software"))
    home.wait_for_log("rules taken")
    assert ask(home, dovecot, 2) == "software"

    write(home, RULE.format(category="sofware"))
    home.wait_for_log("rules refused, the old ones go on")
    assert "rules/own.yaml:4: set.category: 'sofware' is no category of the profile" in (
        home.read_log()
    )
    assert ask(home, dovecot, 3) == "software"
    status = home.maildesk("status")
    assert status.returncode == 1
    assert "! rules: rules/own.yaml:4: set.category: 'sofware'" in status.stdout
    assert "The rules read before go on" in status.stdout

    write(home, RULE.format(category="network"))
    assert wait_until(lambda: home.read_log().count("rules taken") == 2, 20, 0.1)
    assert ask(home, dovecot, 4) == "network"
    assert "✓ rules: 1 rules in force" in home.maildesk("status").stdout
    hashes = [row[0] for row in home.rows("SELECT rules_hash FROM letters ORDER BY id")]
    assert hashes[1] == hashes[2] and len(set(hashes)) == 3


def test_a_profile_of_ones_own_is_taken_as_well(home: Household, dovecot: Dovecot) -> None:
    text = (shipped.folder("rules") / "profiles" / "default.yaml").read_text(encoding="utf-8")
    (home.folder / "rules" / "profiles").mkdir()
    write(home, text.replace('number_format: "IT-', 'number_format: "KF-'), "profiles/default.yaml")
    home.wait_for_log("rules taken")
    ask(home, dovecot, 1)
    assert str(home.rows("SELECT number FROM tickets")[0][0]).startswith("KF-")


def test_a_rule_that_fails_its_own_case_holds_and_is_told(home: Household) -> None:
    case = '  expect: [{mail: "咖啡机", set: {category: network}}]\n'
    write(home, RULE.format(category="software") + case)
    home.wait_for_log("rules fail their own case")
    assert "rules taken" in home.read_log()
