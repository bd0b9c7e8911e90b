"""Do the links in letters lead to our pages, and does nobody else sit where they are served?

Opens one link whose time is over: only a daemon with our signing key answers 410, and opening a
link changes nothing. Starts no pages itself; before the first start there is little to see.
"""

from __future__ import annotations

import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlsplit

from maildesk.checkup.finding import Finding, bad, care, good
from maildesk.config.values import Config, WebConfig
from maildesk.desk.pages import links

_ITEM = "pages"
_SECONDS = 10
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_EVERY_INTERFACE = {"0.0.0.0": "127.0.0.1", "::": "::1"}
_FROM_HERE = (
    "If other computers reach it, all is well; else look at its name, the firewall and the proxy."
)
_PASS_ON = "Let the proxy pass on {path}/t/ with the path as it is: docs/running.md shows how."


def check_pages(config: Config) -> Iterator[Finding]:
    """Who answers at `listen`, and whether `base_url` leads there. Nothing without [web]."""
    web = config.web
    if web is None:
        return
    place = f"{web.host}:{web.port}"
    host = _EVERY_INTERFACE.get(web.host, web.host)
    local = _ask(f"http://{f'[{host}]' if ':' in host else host}:{web.port}/healthz")
    if local.status is None:
        yield good(_ITEM, f"nothing answers at {place} yet; `maildesk run` will serve pages there")
    elif local.status == HTTPStatus.OK and local.text == "ok\n":
        yield good(_ITEM, f"a daemon serves pages at {place}")
    else:
        text = f"something else answers at {place} (status {local.status})"
        yield bad(_ITEM, text, "Stop it, or name another port as listen in [web].")
        return
    yield from _check_links(config, web, running=local.status is not None)


def _check_links(config: Config, web: WebConfig, *, running: bool) -> Iterator[Finding]:
    """Whether a link as letters carry it arrives at a daemon with our key."""
    expired = links.Link(links.CONFIRM, config.desks[0].id, 0, "check", _LONG_AGO)
    answer = _ask(links.url(web.base_url, links.sign(config.secret or b"none yet", expired)))
    path = urlsplit(web.base_url).path
    if answer.status == HTTPStatus.GONE:
        yield good(_ITEM, f"links to {web.base_url} lead here, and our signing key opens them")
    elif answer.unsafe:
        text = f"{web.base_url} has a certificate that browsers do not accept ({answer.text})"
        yield bad(_ITEM, text, "Give the proxy a certificate for that name.")
    elif answer.status is None and (running or not _is_listen(web)):
        text = f"{web.base_url} does not answer here ({answer.text})"
        yield care(_ITEM, text, _FROM_HERE)
    elif not running:
        return  # what a proxy says while nobody stands behind it means nothing
    elif answer.ours:
        text = f"the daemon at {web.base_url} has another signing key: it refuses our links"
        yield bad(_ITEM, text, "Give all daemons the same secret, or restart it with this one.")
    else:
        text = f"links to {web.base_url} do not arrive here (status {answer.status})"
        yield bad(_ITEM, text, _PASS_ON.format(path=path))


def _is_listen(web: WebConfig) -> bool:
    """Whether browsers come straight to `listen`, without a proxy."""
    site = urlsplit(web.base_url)
    return site.port == web.port and site.hostname in {web.host, "localhost"}


@dataclass(frozen=True, slots=True)
class _Answer:
    """An HTTP answer; `status` None: there was none, and `text` says why.

    `ours`: it looks like a page of maildesk. `unsafe`: the certificate was not accepted.
    """

    status: int | None
    text: str
    ours: bool = False
    unsafe: bool = False


def _ask(url: str) -> _Answer:
    """GET, without any proxy of the environment. Never raises for what the other side does."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=_SECONDS) as page:
            return _Answer(page.status, page.read(1000).decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        with error:
            ours = "noindex" in error.headers.get("X-Robots-Tag", "")
            return _Answer(error.code, "", ours=ours)
    except urllib.error.URLError as error:
        reason = error.reason
        if isinstance(reason, ssl.SSLCertVerificationError):
            return _Answer(None, reason.verify_message, unsafe=True)
        why = reason.strerror if isinstance(reason, OSError) else str(reason)
        return _Answer(None, why or type(reason).__name__)
    except (OSError, HTTPException, ValueError) as error:
        return _Answer(None, str(error) or type(error).__name__)
