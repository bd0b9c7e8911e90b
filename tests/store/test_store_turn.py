"""Writers of one process take turns; nobody waits in SQLite's own polling until it gives up."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from sqlalchemy import text

from maildesk.store.engine import Store


def test_a_writer_waits_for_a_longer_one_however_long(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    with store.write() as db:
        db.execute(text("CREATE TABLE told (who TEXT)"))
        db.execute(text("PRAGMA busy_timeout=1"))
    began = threading.Event()

    def write_long() -> None:
        with store.write() as db:
            began.set()
            time.sleep(0.3)
            db.execute(text("INSERT INTO told VALUES ('long')"))

    thread = threading.Thread(target=write_long)
    thread.start()
    began.wait()
    with store.write() as db:
        db.execute(text("PRAGMA busy_timeout=1"))
        db.execute(text("INSERT INTO told VALUES ('short')"))
        told = [row[0] for row in db.execute(text("SELECT who FROM told"))]
    thread.join()
    assert told == ["long", "short"]
    store.close()
