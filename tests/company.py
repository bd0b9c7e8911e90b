"""A small company on the real servers: everybody one document's process needs, each with a mailbox.

The people list is written from it; the desk is the daemon as a process, with the profile asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from correspondents import Correspondent, Letter
from household import Household, household
from servers import wait_until
from servers.dovecot import Dovecot
from servers.postfix import Postfix
from sqlalchemy import create_engine, text

from maildesk.config import shipped
from maildesk.store.column import EPOCH

ZONE = ZoneInfo("Asia/Shanghai")
TRUST = """trusted_hosts = ["mx.desk.test", "imap.desk.test"]
internal = ["authenticated"]"""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the people list; `more` are its other lines."""

    name: str
    more: str


STAFF: Mapping[str, Listed] = {
    "zhang": Listed("张敏", "department: 财务部\n  manager: 周宁\n  extension: '8123'"),
    "zhou": Listed("周宁", "department: 财务部"),
    "qian": Listed("钱多", "department: 销售部"),
    "sun": Listed("孙悦", "department: 销售部"),
    "wang": Listed("王强", "role: lead\n  staff_number: LD001"),
    "liu": Listed("刘洋", "role: engineer\n  groups: [hardware]\n  staff_number: HW005"),
    "chen": Listed("陈静", "role: engineer\n  groups: [network]\n  staff_number: NT002"),
    "zhao": Listed("赵磊", "role: engineer\n  groups: [systems]\n  staff_number: SY003"),
    "shen": Listed("沈洁", "role: auditor\n  staff_number: AU001"),
}


def moment(stored: object) -> datetime:
    assert isinstance(stored, int)
    return EPOCH + timedelta(microseconds=stored)


def today() -> str:
    return datetime.now(UTC).astimezone(ZONE).strftime("%Y%m%d")


class Company:
    """The desk and its people, by the names of `STAFF`."""

    def __init__(
        self,
        folder: Path,
        dovecot: Dovecot,
        postfix: Postfix,
        profile: str,
        more_rules: str = "",
        replaced: Mapping[str, str] | None = None,
        *,
        web: bool = False,
        database: str | None = None,
    ) -> None:
        """With a copy of the shipped rules and profiles, so that `more_rules` count as well and
        texts of the profile may be `replaced`, and without quiet hours: the tests run at any
        hour."""
        rules = folder / "rules"
        for file in shipped.folder("rules").rglob("*.yaml"):
            target = rules / file.relative_to(shipped.folder("rules"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
        if more_rules:
            (rules / "own.yaml").write_text(more_rules, encoding="utf-8")
        chosen = rules / "profiles" / f"{profile}.yaml"
        text = re.sub(r"(?m)^quiet:.*$", "", chosen.read_text(encoding="utf-8"))
        for old, new in (replaced or {}).items():
            text = text.replace(old, new)
        chosen.write_text(f"{text}\nquiet: false\n", encoding="utf-8")
        desk = dovecot.fresh_user()
        self.people = {
            key: Correspondent(item.name, dovecot, postfix, f"{desk}@desk.test")
            for key, item in STAFF.items()
        }
        listed = "\n".join(
            f"- name: {item.name}\n  addresses: [{self.people[key].address}]\n  {item.more}"
            for key, item in STAFF.items()
        )
        self.home: Household = household(
            folder,
            dovecot,
            ("127.0.0.1", postfix.port),
            user=desk,
            people=listed,
            trust=TRUST,
            profile=profile,
            rules=rules,
            web=web,
            database=database,
        )

    def __getitem__(self, key: str) -> Correspondent:
        return self.people[key]

    def say(self, who: str, mail: EmailMessage) -> None:
        self.people[who].post(mail)

    def ask(self, who: str, subject: str, text: str) -> None:
        """A new mail to the desk."""
        person = self.people[who]
        person.post(person.write(subject, text))

    def answer(self, who: str, letter: Letter, words: str) -> None:
        person = self.people[who]
        card = f"{person.name}\n某某有限公司\n电话：021-5555 8005"
        person.post(person.answer_in_outlook(letter, words, card))

    def wait_letter(self, who: str, begins: str, count: int = 1) -> Letter:
        """The newest letter to him whose subject begins so, once there are `count` of them."""
        person = self.people[who]

        def found() -> list[Letter]:
            return [letter for letter in person.read() if letter.subject.startswith(begins)]

        met = wait_until(lambda: len(found()) >= count, 25, 0.1)
        have = [letter.subject for letter in person.read()]
        assert met, (begins, have, self.home.read_log()[-1500:])
        return found()[count - 1]

    def field(self, column: str) -> object:
        """A column of the only ticket."""
        return self.home.rows(f"SELECT {column} FROM tickets ORDER BY id")[0][0]

    def wait_for(self, column: str, value: object) -> None:
        met = wait_until(lambda: self.field(column) == value, 25, 0.1)
        assert met, (column, self.field(column), self.home.read_log()[-1500:])

    def wait_until(self, met: Callable[[], bool]) -> None:
        assert wait_until(met, 25, 0.1), self.home.read_log()[-2000:]

    def change(self, query: str) -> None:
        """Move time by moving what is kept: the daemon's clock cannot be turned."""
        engine = create_engine(self.home.database)
        with engine.begin() as db:
            db.execute(text(query))
        engine.dispose()

    def events(self) -> list[str]:
        return [str(row[0]) for row in self.home.rows("SELECT kind FROM events ORDER BY id")]
