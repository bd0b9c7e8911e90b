"""`maildesk run --shadow` beside whoever answers the mailbox today: he notices nothing.

Against a real server. Every connection to the place that sends is counted: there must be none.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import raw_mail
from household import Household, household
from servers import wait_until
from servers.dovecot import Dovecot

PEOPLE = """
- {name: 张敏, addresses: [zhang@desk.test], department: 财务部}
- {name: 刘洋, addresses: [liu@desk.test], role: engineer, groups: [hardware], extension: "8005"}
- {name: 王强, addresses: [wang@desk.test], role: lead}
"""


class Listener:
    """Counts who connects, and says nothing."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.met = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            self.met += 1
            client.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.fixture
def home(tmp_path: Path, dovecot: Dovecot, listener: Listener) -> Iterator[Household]:
    made = household(tmp_path / "desk", dovecot, ("127.0.0.1", listener.port), people=PEOPLE)
    yield made
    made.stop()


def _ask(home: Household, number: int) -> bytes:
    return raw_mail(
        sender="张敏 <zhang@desk.test>",
        to=home.address,
        subject=f"第 {number} 台打印机卡纸",
        message_id=f"{number}@desk.test",
    )


def _flags(dovecot: Dovecot, home: Household) -> dict[int, frozenset[str]]:
    return {mail.uid: mail.flags for mail in dovecot.messages(home.maildesk_user)}


@pytest.mark.servers
def test_a_shadow_tells_its_letters_and_leaves_no_trace(
    home: Household, dovecot: Dovecot, listener: Listener
) -> None:
    user = home.maildesk_user
    dovecot.append(user, _ask(home, 1), flags="\\Flagged")
    folders = dovecot.folders(user)
    home.start("--shadow")
    dovecot.append(user, _ask(home, 2))
    home.wait_for_log("dispatch    liu@desk.test")
    told = home.read_log()
    assert "ack         zhang@desk.test            【已受理】第 2 台打印机卡纸" in told
    assert "mail of zhang@desk.test “第 2 台打印机卡纸”: opened, assigned" in told
    assert "第 1 台" not in told
    assert listener.met == 0
    # Another help desk finds both mails unread, and as new as they came.
    assert _flags(dovecot, home) == {
        1: frozenset(("\\Flagged", "\\Recent")),
        2: frozenset(("\\Recent",)),
    }
    assert dovecot.folders(user) == folders
    home.stop()
    assert home.process is not None
    assert home.process.returncode == 0
    assert "2 letters, 0 wait beyond the end, 0 held back" in home.read_log()
    assert sorted(file.name for file in (home.folder / "data").iterdir()) == ["secret", "shadow"]


@pytest.mark.servers
def test_a_shadow_goes_on_where_it_was_and_the_real_desk_starts_untouched(
    home: Household, dovecot: Dovecot, listener: Listener
) -> None:
    user = home.maildesk_user
    home.start("--shadow")
    dovecot.append(user, _ask(home, 1))
    home.wait_for_log("dispatch    liu@desk.test")
    home.stop()
    dovecot.append(user, _ask(home, 2))  # nobody looks
    home.start("--shadow", wait=False)
    home.wait_for_log("【已受理】第 2 台打印机卡纸")
    assert home.read_log().count("【已受理】第 1 台打印机卡纸") == 1
    home.stop()
    assert listener.met == 0
    home.log.unlink()
    home.start()
    query = "SELECT count(*) FROM sightings WHERE outcome = 'before_start'"
    assert wait_until(lambda: home.count(query) == 2)
    home.stop()
    assert home.count("SELECT count(*) FROM tickets") == 0


@pytest.mark.servers
def test_a_shadow_knows_what_the_real_desk_knows(
    home: Household, dovecot: Dovecot, listener: Listener
) -> None:
    user = home.maildesk_user
    home.start()
    dovecot.append(user, _ask(home, 1))
    assert wait_until(lambda: home.count("SELECT count(*) FROM tickets") == 1)
    home.stop()
    met, home_rows = listener.met, home.rows("SELECT * FROM events")
    home.log.unlink()
    home.start("--shadow")
    number = home.rows("SELECT number FROM tickets")[0][0]
    again = raw_mail(
        sender="张敏 <zhang@desk.test>",
        to=home.address,
        subject=f"回复: 第 1 台打印机卡纸 [{number}]",
        text="怎么还没好？\n",
        message_id="again@desk.test",
    )
    dovecot.append(user, again)
    home.wait_for_log("status      zhang@desk.test            ")
    assert home.rows("SELECT * FROM events") == home_rows
    assert listener.met == met


def test_a_shadow_has_no_pages(tmp_path: Path, dovecot: Dovecot) -> None:
    home = household(tmp_path / "desk", dovecot, ("127.0.0.1", 1), web=True)
    done = home.maildesk("run", "--shadow", "--only", "web")
    assert done.returncode == 2
    assert "a shadow has only these parts" in done.stderr


def test_a_shadow_of_another_version_says_how_to_begin_anew(
    tmp_path: Path, dovecot: Dovecot
) -> None:
    import sqlite3

    home = household(tmp_path / "desk", dovecot, ("127.0.0.1", 1))
    folder = home.folder / "data" / "shadow"
    folder.mkdir(parents=True)
    with sqlite3.connect(folder / "maildesk.db") as db:
        db.execute("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        db.execute("INSERT INTO alembic_version VALUES ('0003')")
    db.close()
    done = home.maildesk("run", "--shadow")
    assert done.returncode == 2
    assert "remove this folder: the shadow then begins anew" in done.stderr
