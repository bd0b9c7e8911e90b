"""Secrets to plant wherever somebody can write, and the search for them afterwards.

Everybody who writes has secrets of his own, so that a find says whose words it came from.
"""

from __future__ import annotations

import quopri
from dataclasses import dataclass
from email import message_from_bytes, policy

from worlds import World

from maildesk.store.schema import metadata

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_STREETS = "梧桐 银杏 香樟 白杨 丁香 海棠 紫藤 腊梅 石榴 木槿".split()  # noqa: SIM905


@dataclass(frozen=True)
class Planted:
    """One person's four secrets, and sentences that hold them."""

    id: str
    card: str
    street: str
    password: str

    @property
    def line(self) -> str:
        """All four in one line, as somebody in a hurry writes them."""
        return (
            f"身份证{self.id}，卡号{self.card}，密码：{self.password}，"
            f"家庭住址：南京市鼓楼区{self.street}路8号2栋1单元301室"
        )

    @property
    def lines(self) -> str:
        """All four as a form has them, grouped and spaced."""
        card = " ".join(self.card[at : at + 4] for at in range(0, 16, 4))
        return (
            f"身份证号码：{self.id[:6]} {self.id[6:14]} {self.id[14:]}\n"
            f"银行卡：{card}\n"
            f"住址：南京市鼓楼区{self.street}路8号\n"
            f"初始密码 {self.password}\n"
        )

    @property
    def english(self) -> str:
        return (
            f"My ID is {self.id}, card {self.card}, the password is {self.password} now.\n"
            f"Home address: 8 {self.street} Road\n"
        )

    @property
    def all(self) -> tuple[str, ...]:
        return (self.id, self.card, self.street, self.password)


def plant(who: int) -> Planted:
    """The secrets of somebody, by a number from 0 to 9."""
    body = f"3201061990031{who}45{who}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    card = f"62220212345678{who}"
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in card[::-2])
    luhn = sum(doubled) + sum(map(int, card[-2::-2]))
    return Planted(
        id=body + "10X98765432"[total % 11],
        card=f"{card}{-luhn % 10}",
        street=_STREETS[who],
        password=f"Tr0ub4dor&{who}",
    )


def find(text: str, planted: tuple[Planted, ...]) -> list[str]:
    """Which secrets stand in a text, however they are grouped."""
    squeezed = "".join(text.split()).replace("-", "")
    return [item for one in planted for item in one.all if item in squeezed]


def read_letter(data: bytes) -> str:
    """Everything a letter says: headers, every body, names of files; decoded and as it stands."""
    mail = message_from_bytes(data, policy=policy.default)
    said = [str(value) for part in mail.walk() for value in part.values()]
    for part in mail.walk():
        said.append(part.get_filename() or "")
        if part.get_content_maintype() == "text":
            said.append(part.get_content())
    return "\n".join((*said, quopri.decodestring(data).decode("utf-8", "replace")))


def dump(world: World) -> list[tuple[str, str]]:
    """(where, text) of every row of every table; letters decoded."""
    found = []
    with world.store.read() as db:
        for table in metadata.sorted_tables:
            for row in db.execute(table.select()):
                for name, value in row._mapping.items():
                    where = f"{table.name}.{name}"
                    if table.name == "outbox":
                        where += f" {row.letter} → {row.address}"
                    text = read_letter(value) if isinstance(value, bytes) else str(value)
                    found.append((where, text))
    return found
