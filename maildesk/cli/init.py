"""`maildesk init DIR`: a folder with everything there is to edit, and what to do next.

Writes copies; nothing that exists is touched. Whether the result works is `maildesk check`'s
question.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

PEOPLE = """\
# Who works here. A list saved by Excel as .csv works as well (name it in maildesk.toml):
#     姓名,工号,部门,上级,分机,邮箱,语言,角色,技能,组,休假,VIP,授权代表
#
# addresses   every address the person writes from; the first is the one maildesk writes to
# role        requester (default), engineer, lead or auditor; at least one lead gets the alarms
# manager     somebody of this list: name, staff number or address
# language    zh-CN or en; left out: the language the person writes in, else the desk's
# skills      of an engineer: categories or groups, as your rules/profiles/*.yaml call them
# groups      whose tickets an engineer gets: a group's key there (hardware), or its name (硬件组)
# away        休假: days on which nobody gets tickets, e.g. 2026-12-01..2026-12-05; 2026-12-24
# vip         是 or yes: marked in the engineer's letter; a rule or the profile may do more
# delegates   授权代表: who may confirm, reopen and rate for the person: names, numbers, addresses
# All but name and addresses may be left out.

- name: 王强
  staff_number: NT001
  department: 信息技术部
  extension: 8001
  addresses: [wangqiang@example.com]
  role: lead

- name: 刘洋
  staff_number: HW005
  department: 信息技术部
  manager: 王强
  extension: 8005
  addresses: [liuyang@example.com, yang.liu@example.com]
  role: engineer
  skills: [hardware]
  groups: [hardware]

- name: 张敏
  staff_number: CW012
  department: 财务部
  extension: 8123
  addresses: [zhangmin@example.com]

- name: Alice Chen
  department: Finance
  addresses: [alice.chen@example.com]
  language: en
"""


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
def init(folder: Path) -> None:
    """Write a commented configuration, people, rules and templates into DIR, to be edited.

    Exit codes: 0 written; 1 something is in the way, and nothing was written.

    \b
    Example:
      maildesk init /srv/desk
    """
    files = dict(_list_files())
    taken = [name for name in files if (folder / name).exists()]
    if taken:
        click.echo(f"Nothing was written: {len(taken)} of the files exist already:", err=True)
        for name in taken[:20]:
            click.echo(f"  {folder / name}", err=True)
        if len(taken) > 20:
            click.echo(f"  … and {len(taken) - 20} more", err=True)
        click.echo("Name another folder, or move these away.", err=True)
        sys.exit(1)
    try:
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            with (folder / name).open("xb") as file:
                file.write(content)
        (folder / "data").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    toml = folder / "maildesk.toml"
    click.echo(f"Written: {toml}, people.yaml, rules/, templates/ and data/.")
    click.echo("Next:")
    click.echo(f"  1. Edit {toml}: servers, users and the desk's address.")
    click.echo("  2. Put the passwords into imap.pw and smtp.pw beside it (chmod 600),")
    click.echo("     and your colleagues into people.yaml.")
    click.echo(f"  3. maildesk check --config {toml}")
    click.echo(f"  4. maildesk run --config {toml}")


def _list_files() -> Iterator[tuple[str, bytes]]:
    """What is written: name below the folder and content."""
    from maildesk.config.shipped import folder as shipped_folder

    example = shipped_folder("rules").parent / "maildesk.toml.example"
    text = example.read_text(encoding="utf-8")
    for key in ("rules", "templates"):  # the copies written beside it are the ones to be used
        text = text.replace(f'#{key} = "{key}"', f'{key} = "{key}"', 1)
    yield "maildesk.toml", text.encode()
    yield "people.yaml", PEOPLE.encode()
    for name in ("rules", "templates"):
        source = shipped_folder(name)
        for path in sorted(source.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield f"{name}/{path.relative_to(source).as_posix()}", path.read_bytes()
