"""The demo's company: who works there, and its desk's configuration as a real maildesk.toml.

Written to files, because `maildesk … --config FILE` must work from another terminal.
"""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from maildesk.config import load
from maildesk.config.values import Config
from maildesk.demo.servers import LOOPBACK, MailServer

DOMAIN = "corp.example"
DESK = f"desk@{DOMAIN}"
OTHER = f"it@{DOMAIN}"  # a second address of the same desk, into the same mailbox
PASSWORD = "demo"


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody with a mailbox. `listed` False: works there but stands in no list."""

    name: str
    local: str
    department: str
    role: str = "requester"
    language: str | None = None
    extension: str | None = None
    listed: bool = True
    groups: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        return f"{self.local}@{DOMAIN}"


def _engineer(
    name: str, local: str, extension: str, *groups: str, language: str | None = None
) -> Staff:
    return Staff(name, local, "信息技术部", "engineer", language, extension, groups=groups)


STAFF: Mapping[str, Staff] = {
    item.local: item
    for item in (
        Staff("王强", "wangqiang", "信息技术部", "lead", extension="8001"),
        _engineer("刘洋", "liuyang", "8005", "hardware", "desk"),
        _engineer("陈静", "chenjing", "8003", "systems", "security"),
        _engineer("David Lin", "david.lin", "8002", "network", language="en"),
        Staff("张敏", "zhangmin", "财务部"),
        Staff("李娜", "lina", "人力资源部"),
        Staff("赵磊", "zhaolei", "生产部"),
        Staff("周涛", "zhoutao", "研发部"),
        Staff("孙丽", "sunli", "市场部"),
        Staff("Alice Chen", "alice.chen", "Sales", language="en"),
        Staff("Tom Becker", "tom.becker", "Production", language="en", listed=False),
        Staff("吴芳", "wufang", "财务部", listed=False),
    )
}
FULL = STAFF["sunli"]  # whose mailbox takes no more mail

_TOML = """\
# Made by `maildesk demo`; gone when it ends.
people = "people.yaml"

[smtp]
host = "{host}"
port = {smtp}
security = "none"

[desk.it]
addresses = ["{desk}", "{other}"]
name = "IT服务台"
name_en = "IT Service Desk"
hotline = "8000"
accept_from = ["{domain}"]

[web]
base_url = "http://{host}:{web}"
listen = "{host}:{web}"

[mailbox.desk]
host = "{host}"
port = {imap}
security = "none"
user = "{desk}"
password = "{password}"

# Who logged in at the company's mail server is who he says he is.
[mailbox.desk.trust]
trusted_hosts = ["mail.{domain}"]
internal = ["authenticated"]
"""


def open_servers() -> MailServer:
    """The company's mail server, not yet started."""
    accounts = dict.fromkeys((DESK, *(item.address for item in STAFF.values())), PASSWORD)
    return MailServer(DOMAIN, accounts, {OTHER: DESK}, frozenset((FULL.address,)))


def write_site(folder: Path, servers: MailServer) -> Config:
    """Write the desk's configuration into `folder` and read it as the daemon would."""
    file = folder / "maildesk.toml"
    file.write_text(
        _TOML.format(
            host=LOOPBACK,
            smtp=servers.smtp_port,
            imap=servers.imap_port,
            web=_find_port(),
            desk=DESK,
            other=OTHER,
            domain=DOMAIN,
            password=PASSWORD,
        ),
        encoding="utf-8",
    )
    file.chmod(0o600)
    (folder / "people.yaml").write_text(_list_people(), encoding="utf-8")
    return load(file, {})


def _find_port() -> int:
    """A port of this machine that was free a moment ago."""
    with socket.create_server((LOOPBACK, 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _list_people() -> str:
    blocks = []
    for item in STAFF.values():
        if not item.listed:
            continue
        lines = [
            f"- name: {item.name}",
            f"  department: {item.department}",
            f"  addresses: [{item.address}]",
            f"  role: {item.role}",
        ]
        if item.groups:
            lines.append(f"  groups: [{', '.join(item.groups)}]")
        if item.language:
            lines.append(f"  language: {item.language}")
        if item.extension:
            lines.append(f"  extension: {item.extension}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)
