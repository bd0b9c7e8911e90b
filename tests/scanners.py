"""What opens links that no person has pressed: mail scanners, previews, prefetching programs.

Each visit is a request such as they make; none may change anything. So may none that somebody else
makes a browser send, without the form's own token.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode, urlsplit

from sqlalchemy import Engine, MetaData, select

_ADDRESS = re.compile(r"https?://[^\s\"'<>（）。，；]+")
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_PRESSED = "choice=confirmed&choice=broken&score=1&speed=1&words=x"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a link: `query` is put behind its address, `form` is sent."""

    name: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()
    query: str = ""
    form: str | None = None


VISITS: tuple[Visit, ...] = (
    Visit("plain"),
    Visit("plain again"),
    Visit("head", "HEAD"),
    Visit("options", "OPTIONS"),
    Visit("purpose", headers=(("Purpose", "prefetch"), ("X-Moz", "prefetch"))),
    Visit("sec-purpose", headers=(("Sec-Purpose", "prefetch;prerender"),)),
    Visit("preview", headers=(("X-Purpose", "preview"), ("User-Agent", "BingPreview/1.0b"))),
    Visit("outlook", headers=(("User-Agent", "Mozilla/5.0 (Windows NT 10.0) SafeLinks"),)),
    Visit("wechat", headers=(("User-Agent", "Mozilla/5.0 (Linux) MicroMessenger/8.0 XWEB"),)),
    Visit("slack", headers=(("User-Agent", "Slackbot-LinkExpanding 1.0"), ("Range", "bytes=0-99"))),
    Visit("facebook", headers=(("User-Agent", "facebookexternalhit/1.1"),)),
    Visit("overridden", headers=(("X-HTTP-Method-Override", "POST"),)),
    Visit("asked for", query=f"?{_PRESSED}"),
    Visit("get with a form", form=_PRESSED, headers=tuple(_FORM.items())),
    Visit("put", "PUT", form=_PRESSED, headers=tuple(_FORM.items())),
    Visit("patch", "PATCH", form=_PRESSED, headers=tuple(_FORM.items())),
    Visit("delete", "DELETE"),
    Visit("empty post", "POST", tuple(_FORM.items()), form=""),
    Visit("post without a token", "POST", tuple(_FORM.items()), form=_PRESSED),
    Visit("post with an empty token", "POST", tuple(_FORM.items()), form=f"token=&{_PRESSED}"),
    Visit("post with a wrong token", "POST", tuple(_FORM.items()), form=f"token=x&{_PRESSED}"),
    Visit("token in the address", "POST", tuple(_FORM.items()), "?token={token}", _PRESSED),
    Visit("json", "POST", (("Content-Type", "application/json"),), form='{"token": "{token}"}'),
    Visit("text", "POST", (("Content-Type", "text/plain"),), form="token={token}&" + _PRESSED),
    Visit(
        "multipart",
        "POST",
        (("Content-Type", "multipart/form-data; boundary=x"),),
        form='--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n--x--\r\n',
    ),
)
"""`{token}` is what the link's address ends with."""

PREFETCH = next(visit for visit in VISITS if visit.name == "purpose")


def list_addresses(mail: EmailMessage, base: str) -> Iterator[str]:
    """Every address of our pages that a letter shows, as text or behind a button, each once."""
    found: dict[str, None] = {}
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            text = str(part.get_content()).replace("&amp;", "&")
            for address in _ADDRESS.findall(text):
                if address.startswith(base):
                    found[address.partition("#")[0].rstrip(".,;")] = None
    yield from found


class Scanner:
    """Opens links over one kept connection."""

    def __init__(self, base: str) -> None:
        host = urlsplit(base)
        self._connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=30)

    def close(self) -> None:
        self._connection.close()

    def open_all(
        self, addresses: Sequence[str], visits: Sequence[Visit] = VISITS
    ) -> Iterator[tuple[str, str, int]]:
        """(address, visit, status) of each."""
        for address in addresses:
            for visit in visits:
                yield address, visit.name, self.open(address, visit)[0]

    def open(self, address: str, visit: Visit) -> tuple[int, str]:
        """(status, text)."""
        path = urlsplit(address).path
        token = path.rpartition("/")[2]
        form = None if visit.form is None else visit.form.replace("{token}", token)
        self._connection.request(
            visit.method,
            path + visit.query.replace("{token}", token),
            body=None if form is None else form.encode(),
            headers=dict(visit.headers),
        )
        answer = self._connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")

    def press(self, address: str, **fields: str) -> int:
        """What a person does: the form is sent with its token."""
        token = urlsplit(address).path.rpartition("/")[2]
        form = urlencode({"token": token, **fields})
        return self.open(address, Visit("press", "POST", tuple(_FORM.items()), form=form))[0]


def dump(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table: what a desk knows."""
    known = MetaData()
    known.reflect(engine)
    with engine.connect() as db:
        return {
            table.name: sorted(map(repr, db.execute(select(table))))
            for table in known.sorted_tables
        }
