"""The IMAP connection is cut at every step: nothing is lost, nothing doubled (promise 1)."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from builders import raw_mail
from servers.dovecot import Dovecot
from servers.proxy import Proxy
from worlds import World

from maildesk.collect import Collector
from maildesk.config.values import Filing, ImapAccount
from maildesk.errors import Transient
from maildesk.wire.imap import ImapMailbox

MAILS = 60


@pytest.mark.servers
@pytest.mark.parametrize("mode", ["flag", "move"])
def test_cut_at_every_command_nothing_is_lost_or_doubled(
    make_world: Callable[..., World], dovecot: Dovecot, mode: str
) -> None:
    world = make_world(filing=Filing("flag" if mode == "flag" else "move"))
    user = dovecot.fresh_user()
    with Proxy(dovecot.imap_port) as proxy:
        account = replace(dovecot.account(user, "none"), host="127.0.0.1", port=proxy.port)
        world.config = replace(world.config, imap=account)
        collector = collect(world, account)
        collector.open()  # the first start, before any mail is there
        collector.mailbox.close()
        for at in range(MAILS):
            sender = f"u{at} <u{at}@corp.test>"
            dovecot.append(user, raw_mail(sender=sender, message_id=f"m{at}@corp.test"))
        for command in range(1, 60):
            proxy.cut_at_command(command)
            collector = collect(world, account)
            try:
                collector.open()
                collector.read_new()
            except Transient:
                pass
            finally:
                collector.mailbox.close()
            if proxy.cuts < command:
                break  # a whole round needs fewer commands than that
        proxy.disarm()
        collector = collect(world, account)
        collector.open()
        collector.read_new()
        collector.mailbox.close()
        cuts = proxy.cuts
    asyncio.run(world.delivery.drain())
    assert cuts >= 9, "the cuts must reach fetching and filing"
    assert world.value("SELECT count(*) FROM tickets") == MAILS
    assert world.value("SELECT count(*) FROM sightings WHERE state='filed'") == MAILS
    assert Counter(to for to, _ in world.transport.sent) == Counter(
        f"u{at}@corp.test" for at in range(MAILS)
    )
    if mode == "flag":
        assert all("\\Seen" in item.flags for item in dovecot.messages(user))
    else:
        assert not dovecot.messages(user)
        assert len(dovecot.messages(user, "maildesk/Done")) == MAILS


def collect(world: World, account: ImapAccount) -> Collector:
    """A new run of the mailbox's thread over the real wire."""
    collector = world.collect_again()
    collector.mailbox = ImapMailbox(account)
    return collector
