"""After the tour: was it all true, how to look further, and what arrives until Ctrl-C."""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from pathlib import Path

from maildesk.demo.servers import LOOPBACK, Delivery
from maildesk.demo.site import DESK, PASSWORD, STAFF
from maildesk.demo.tour import Tour
from maildesk.desk.profile import Label

_LOOK_SECONDS = 0.2


def conclude(tour: Tour) -> int:
    """One line, and the exit code: 0 when everything shown really happened, else 1."""
    screen = tour.screen
    screen.write()
    if not tour.missing:
        said = Label(
            "✓ 以上每一步都已在数据库和邮箱中核实。",
            "✓ Every step above was checked in the database and the mailboxes.",
        )
        screen.say(screen.choose(said), indent=0, style="green")
        return 0
    said = Label("✗ 有些事没有发生：", "✗ Some of it did not happen:")
    screen.say(screen.choose(said), indent=0, style="red")
    for what in tour.missing:
        screen.say(f"- {what}", indent=2, style="red")
    return 1


def show_further(tour: Tour, config: Path, log: Path) -> None:
    """Commands for another terminal, and the mailboxes for a mail client."""
    screen, servers = tour.screen, tour.observer.servers
    program = _name_program()
    screen.open_section(
        Label("接着看：另开一个终端", "Look further, from another terminal"),
        Label("演示结束前都可以用。", "As long as this demo runs."),
    )
    screen.write()
    screen.write(f"  {program} tickets list --config {shlex.quote(str(config))}")
    screen.write()
    said = Label("或者先设一次，再用短的：", "or say it once, and then briefly:")
    screen.say(screen.choose(said), style="dim")
    screen.write(f"  export MAILDESK_CONFIG={shlex.quote(str(config))}")
    number = tour.number_of("zhaolei")
    for command in (
        f"tickets show {number}",
        f"explain {number}",
        "outbox list --all",
        "doorstep list",
        "audit",
        "status",
    ):
        screen.write(f"  {program} {command}")
    screen.write(f"  tail -f {shlex.quote(str(log))}")
    screen.open_section(
        Label("或者用邮件客户端", "Or with a mail client"),
        Label(
            "例如以工程师身份登录，直接回复派单邮件。不加密，密码都一样。",
            "Be an engineer and answer a dispatch. No encryption, one password for all.",
        ),
    )
    screen.write()
    login = screen.choose(Label("登录后发信才算本人", "log in to be believed"))
    screen.show_fact(Label("IMAP", "IMAP"), f"{LOOPBACK}:{servers.imap_port}")
    screen.show_fact(Label("SMTP", "SMTP"), f"{LOOPBACK}:{servers.smtp_port} ({login})")
    screen.show_fact(Label("密码", "password"), PASSWORD)
    desk = screen.choose(Label("服务台", "the desk"))
    people = [(DESK, desk), *((item.address, item.name) for item in STAFF.values())]
    for place, (address, name) in enumerate(people):
        label = Label("用户名", "user") if place == 0 else Label("", "")
        screen.show_fact(label, f"{address:<26}  {name}")


def _name_program() -> str:
    """How to call maildesk from another terminal, where this environment may not be active."""
    if shutil.which("maildesk"):
        return "maildesk"
    beside = Path(sys.executable).with_name("maildesk")
    if beside.exists():
        return shlex.quote(str(beside))
    return f"{shlex.quote(sys.executable)} -m maildesk"


def watch(tour: Tour) -> None:
    """Show what arrives at the desk until KeyboardInterrupt."""
    screen = tour.screen
    seen = len(tour.observer.to_desk())
    screen.write()
    said = Label(
        f"服务台开着：给 {DESK} 写信，这里就会显示。Ctrl-C 结束。",
        f"The desk is open: write to {DESK} and see it here. Ctrl-C ends.",
    )
    screen.say(screen.choose(said), indent=0, style="bold")
    while True:
        arrived = tour.observer.to_desk()[seen:]
        for delivery in arrived:
            _show_arrival(tour, delivery)
        seen += len(arrived)
        time.sleep(_LOOK_SECONDS)


def _show_arrival(tour: Tour, delivery: Delivery) -> None:
    found = tour.observer.follow_raw(delivery.raw)
    if not found:
        tour.screen.show_fault(f"{delivery.message_id}: not decided")
        return
    story = found[0]
    tour.screen.show_mail(story.sender, story.subject or "-")
    if story.outcome != "opened" or not story.ticket:
        tour.teller.tell_outcome(story)
        tour.teller.tell_letters(story)
        return
    queued = any(item.letter == "ack" and item.state != "not written" for item in story.letters)
    letter = tour.observer.await_letter(delivery, story.ticket) if queued else None
    tour.teller.tell_opened(story, letter)
