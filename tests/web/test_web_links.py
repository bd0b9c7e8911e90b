"""Behind a signed link: whoever looks changes nothing, whoever presses the button is heard once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from builders import NOW, desk
from frontdesk import BASE, ENGINEER, REQUESTER, FrontDesk, path, site
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from maildesk.desk.pages import links
from maildesk.desk.pages.links import trim
from maildesk.desk.pages.page_values import CHOICES
from maildesk.errors import Transient
from maildesk.web.app import build_app
from maildesk.web.form import Form, Refused, parse_form

CONFIRM_AT = path(REQUESTER)
ACTION_AT = path(ENGINEER)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def front() -> FrontDesk:
    return FrontDesk()


@pytest.fixture
def client(front: FrontDesk) -> Iterator[TestClient]:
    with open_client(front) as opened:
        yield opened


def open_client(front: FrontDesk, **given: object) -> TestClient:
    app = build_app(site(**given), front)
    return TestClient(app, base_url=BASE, follow_redirects=False, raise_server_exceptions=True)


def form(at: str, choice: str, words: str = "", argument: str = "") -> dict[str, str]:
    token = at.rpartition("/")[2]
    return {"token": token, "choice": choice, "words": words, "argument": argument}


# ── looking ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("at", [CONFIRM_AT, ACTION_AT], ids=["confirm", "action"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"X-Moz": "prefetch"},
        {"X-HTTP-Method-Override": "POST"},
        {"User-Agent": "Mozilla/5.0 (compatible; link scanner)"},
    ],
    ids=lambda headers: next(iter(headers), "plain"),
)
def test_no_request_but_a_post_decides_anything(
    client: TestClient, front: FrontDesk, at: str, method: str, headers: dict[str, str]
) -> None:
    data = form(at, "confirmed" if at == CONFIRM_AT else "start")
    for query in ("", "?choice=confirmed&token=x", "?" + urlencode(data)):
        body = urlencode(data).encode() if method != "HEAD" else b""
        answer = client.request(
            method, at + query, headers={"Content-Type": FORM, **headers}, content=body
        )
        assert answer.status_code in (200, 204, 405)
    assert front.taken == []


def test_a_post_without_the_form_decides_nothing(client: TestClient, front: FrontDesk) -> None:
    token = CONFIRM_AT.rpartition("/")[2]
    for sent in ({}, {"choice": "confirmed"}, {"choice": "confirmed", "token": token[:-1] + "!"}):
        assert client.post(CONFIRM_AT, data=sent).status_code in (400, 415)
    assert client.post(CONFIRM_AT + f"?choice=confirmed&token={token}").status_code == 415
    assert front.taken == []


def test_what_may_be_done_is_told_without_doing_it(client: TestClient, front: FrontDesk) -> None:
    answer = client.options(CONFIRM_AT)
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, POST, OPTIONS")
    assert client.delete(CONFIRM_AT).status_code == 405
    assert "请从邮件里点开链接" in client.delete(CONFIRM_AT, headers={"Accept-Language": "zh"}).text


@pytest.mark.parametrize("at", [CONFIRM_AT, "/t/made-up", "/", "/t/", "/healthz", "/readyz"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_no_answer_is_kept_framed_or_told_to_others(
    client: TestClient, method: str, at: str
) -> None:
    headers = client.request(method, at).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'" in policy
    assert "server" not in headers


# ── answering ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("at", "choice", "words", "argument"),
    [
        (CONFIRM_AT, "confirmed", "", ""),
        (CONFIRM_AT, "broken", "还是提示证书过期", ""),
        (CONFIRM_AT, "broken", "", ""),
        (ACTION_AT, "start", "", ""),
        (ACTION_AT, "ask", "请发一张截图。\n多谢", ""),
        (ACTION_AT, "solved", "已更换证书，请再试一次。", ""),
        (ACTION_AT, "assign", "他更熟", "wang@corp.test"),
    ],
)
def test_an_answer_is_heard_once_and_shown_when_the_page_is_opened_again(
    client: TestClient, front: FrontDesk, at: str, choice: str, words: str, argument: str
) -> None:
    for _ in range(2):
        answer = client.post(at, data=form(at, choice, words.replace("\n", "\r\n"), argument))
        assert (answer.status_code, answer.headers["location"]) == (303, at)
        page = client.get(at)
        assert page.status_code == 200
        assert "✓ 今天 10:00" in page.text
    assert front.taken == [(choice, words, argument)]


def test_an_answer_can_be_changed_while_the_link_lasts(
    client: TestClient, front: FrontDesk
) -> None:
    client.post(CONFIRM_AT, data=form(CONFIRM_AT, "confirmed"))
    page = client.get(CONFIRM_AT).text
    assert "可以在本页更改" in page and "还没好" in page
    client.post(CONFIRM_AT, data=form(CONFIRM_AT, "broken", "又断了"))
    assert [choice for choice, *_ in front.taken] == ["confirmed", "broken"]


@pytest.mark.parametrize(
    ("at", "choice", "words", "argument", "said"),
    [
        (ACTION_AT, "solved", " \r\n\t", "", "请写几句用户能看懂的话"),
        (ACTION_AT, "ask", "", "", "请写几句用户能看懂的话"),
        (ACTION_AT, "assign", "附言在此", "", "请选择转给谁"),
        (ACTION_AT, "solved", "长" * 4001, "", "内容太长"),
        (CONFIRM_AT, "broken", "长" * 4001, "", "内容太长"),
    ],
)
def test_an_incomplete_answer_comes_back_with_the_words_written(
    client: TestClient,
    front: FrontDesk,
    at: str,
    choice: str,
    words: str,
    argument: str,
    said: str,
) -> None:
    answer = client.post(at, data=form(at, choice, words, argument))
    assert answer.status_code == 422
    assert said in answer.text
    assert words.strip() in answer.text
    assert front.taken == []


def test_four_thousand_characters_are_welcome(client: TestClient, front: FrontDesk) -> None:
    assert client.post(CONFIRM_AT, data=form(CONFIRM_AT, "broken", "长" * 4000)).status_code == 303
    assert len(front.taken[0][1]) == 4000


def test_what_was_overtaken_or_is_not_allowed_says_so(client: TestClient, front: FrontDesk) -> None:
    answer = client.post(ACTION_AT, data=form(ACTION_AT, "assign", "", "nobody@corp.test"))
    assert answer.status_code == 409
    assert "您现在不能这样操作" in answer.text
    front.closed = True
    answer = client.post(CONFIRM_AT, data=form(CONFIRM_AT, "broken", "又断了"))
    assert answer.status_code == 409
    assert "没有记录" in answer.text
    assert front.taken == []


@pytest.mark.parametrize("choice", [*CHOICES["action"], "", "delete", "closed"])
def test_a_requesters_link_gives_no_engineers_rights(
    client: TestClient, front: FrontDesk, choice: str
) -> None:
    sent = form(CONFIRM_AT, choice, "x", "wang@corp.test")
    assert client.post(CONFIRM_AT, data=sent).status_code == 400
    assert front.taken == []


def test_a_token_of_another_link_does_not_decide_here(client: TestClient, front: FrontDesk) -> None:
    other = path(replace(REQUESTER, ticket=2))
    assert client.post(CONFIRM_AT, data=form(other, "confirmed")).status_code == 400
    assert client.post(other, data=form(CONFIRM_AT, "confirmed")).status_code == 400
    assert front.taken == []


# ── links that do not help ───────────────────────────────────────────────────────────────────

OLD = replace(REQUESTER, issued=NOW - timedelta(days=61))


@pytest.mark.parametrize(
    ("at", "status", "said"),
    [
        (path(OLD), 410, "链接已过期"),
        (path(replace(ENGINEER, issued=NOW - timedelta(days=31))), 410, "链接已过期"),
        (path(replace(REQUESTER, ticket=9)), 404, "链接打不开"),
        (CONFIRM_AT[:-3], 404, "链接打不开"),
        ("/t/" + links.sign(b"some other secret", REQUESTER), 404, "链接打不开"),
        ("/t/x", 404, "链接打不开"),
        ("/t/%00%ff", 404, "链接打不开"),
    ],
)
def test_a_link_that_does_not_help_says_how_else_to_reach_the_desk(
    client: TestClient, front: FrontDesk, at: str, status: int, said: str
) -> None:
    answer = client.get(at, headers={"Accept-Language": "zh-CN"})
    assert answer.status_code == status
    for words in (said, "直接回复", "desk@corp.test", "热线 8000"):
        assert words in answer.text
    answer = client.get(at, headers={"Accept-Language": "en"})
    for words in ("This link", "reply to", "desk@corp.test", "hotline 8000"):
        assert words in answer.text
    sent = form(at, "confirmed") | {"words": "写了很久"}
    assert client.post(at, data=sent).status_code in (status, 400)
    assert front.taken == []


def test_words_written_on_a_page_that_expired_meanwhile_are_given_back(
    client: TestClient, front: FrontDesk
) -> None:
    answer = client.post(path(OLD), data=form(path(OLD), "broken", "写了很久的话"))
    assert answer.status_code == 410
    assert "写了很久的话" in answer.text
    assert front.taken == []


def test_words_are_given_back_when_the_database_is_away(
    client: TestClient, front: FrontDesk
) -> None:
    front.away = True
    answer = client.post(CONFIRM_AT, data=form(CONFIRM_AT, "broken", "写了很久的话"))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "写了很久的话" in answer.text and "还没有记录" in answer.text
    assert client.get(CONFIRM_AT).status_code == 503


def test_a_failure_nobody_foresaw_shows_a_page_and_no_traceback(front: FrontDesk) -> None:
    def fail() -> object:
        raise RuntimeError("secret detail")

    with open_client(front, now=fail) as client:
        for answer in (client.get(CONFIRM_AT), client.post(CONFIRM_AT, data=form(CONFIRM_AT, "x"))):
            assert answer.status_code == 500
            assert "系统暂时没有响应" in answer.text
            assert "secret detail" not in answer.text and "Traceback" not in answer.text


def test_only_the_desk_of_the_link_is_named_when_it_is_known(front: FrontDesk) -> None:
    two = (desk(), desk(id="hr", name="人事服务台", addresses=("hr@corp.test",), hotline=None))
    with open_client(front, desks=two) as client:
        assert "hr@corp.test" in client.get("/t/x").text
        assert "hr@corp.test" not in client.get(path(OLD)).text
        assert "hr@corp.test" in client.get(path(replace(OLD, desk="hr"))).text
        assert "@corp.test" not in client.get("/").text, "nobody's address for whoever scans ports"


def test_pages_live_under_the_path_of_their_address(front: FrontDesk) -> None:
    with open_client(front, base_url=f"{BASE}/intra/desk") as client:
        assert client.get(CONFIRM_AT).status_code == 404
        at = "/intra/desk" + CONFIRM_AT
        assert client.get(at).status_code == 200
        assert client.post(at, data=form(at, "confirmed")).headers["location"] == at
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    "tail", ["。", "）", ".", "_", "-", "%20", "，谢谢", "%E3%80%82", ">", '"']
)
def test_what_a_mail_program_takes_along_after_a_link_does_no_harm(
    client: TestClient, front: FrontDesk, tail: str
) -> None:
    page = client.get(CONFIRM_AT + tail)
    assert page.status_code == 200
    shown = LexborHTMLParser(page.text).css_first("input[name=token]")
    assert shown is not None
    sent = form("/" + str(shown.attributes["value"]), "confirmed")
    assert client.post(CONFIRM_AT + tail, data=sent).status_code == 303
    assert len(front.taken) == 1


# ── hostile requests ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("multipart/form-data; boundary=x", 415),
        ("text/plain", 415),
        ("application/json", 415),
        ("", 415),
        (FORM + ";charset=gbk", 400),
        (FORM.upper(), 400),
    ],
)
def test_what_is_no_form_of_ours_is_refused_with_a_page(
    client: TestClient, front: FrontDesk, kind: str, status: int
) -> None:
    answer = client.post(CONFIRM_AT, content=b"{}", headers={"Content-Type": kind})
    assert answer.status_code == status
    assert "没有提交成功" in answer.text
    assert front.taken == []


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_beyond_the_limit_is_not_read(
    client: TestClient, front: FrontDesk, chunked: bool
) -> None:
    pieces = (b"words=" + b"x" * 10_000 for _ in range(1000))
    body = pieces if chunked else b"x" * 70_000
    answer = client.post(CONFIRM_AT, content=body, headers={"Content-Type": FORM})
    assert answer.status_code == 413
    assert "太长" in answer.text
    assert front.taken == []


@given(st.binary(max_size=300))
def test_any_body_is_a_form_or_refused(body: bytes) -> None:
    found = parse_form(body)
    assert isinstance(found, Form | Refused)
    if isinstance(found, Form):
        "".join((found.token, found.choice, found.words, found.argument)).encode()
        assert "\x00" not in found.words + found.argument


@pytest.mark.parametrize(
    ("body", "refused"),
    [(b"a=1&" * 17 + b"b=2", True), (b"words=%ff", True), (b"\xff", True), (b"", False)],
)
def test_a_body_that_no_page_of_ours_sends_is_refused(body: bytes, refused: bool) -> None:
    assert isinstance(parse_form(body), Refused) is refused


@given(st.text(max_size=50))
def test_a_token_is_cut_to_what_a_token_can_be(text: str) -> None:
    assert trim("aB3" + text).startswith("aB3")
    assert trim("aB3。" + text) == "aB3"


# ── health ───────────────────────────────────────────────────────────────────────────────────


def test_health_says_whether_the_process_lives_and_the_database_answers(front: FrontDesk) -> None:
    answers: list[object] = [True, False, Transient("away"), RuntimeError("odd")]

    def ready() -> bool:
        said = answers.pop(0)
        if isinstance(said, Exception):
            raise said
        return bool(said)

    with open_client(front, ready=ready) as client:
        assert [client.get("/readyz").status_code for _ in range(4)] == [200, 503, 503, 503]
        assert client.get("/healthz").text == "ok\n"
        assert client.head("/healthz").status_code == 200
        assert client.post("/healthz").status_code == 405
