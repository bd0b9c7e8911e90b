"""A published article's page: for whoever has the link, harmless, and nothing can be sent to it."""

from __future__ import annotations

import pytest
from builders import NOW, SECRET
from frontdesk import BASE, FrontDesk, site
from starlette.testclient import TestClient

from maildesk.desk.knowledge.article import Article
from maildesk.desk.pages import links
from maildesk.errors import Transient
from maildesk.web.app import build_app

ARTICLE = Article(
    id=1,
    number="KB-0001",
    kind="article",
    state="published",
    title="打印机 <b>卡纸</b> 怎么办",
    category="hardware",
    language="zh-CN",
    symptom="卡纸，密码：hunter2secret",
    cause="上次保养没做",
    solution="1. 打开后盖\n2. <script>alert(1)</script>",
    prevention="每季度保养",
    author="HW005",
    author_name="刘洋",
    ticket="IT-20261120-0001",
    created=NOW,
    updated=NOW,
    published=NOW,
)


def look_up(desk: str, number: str) -> Article | None:
    return ARTICLE if (desk, number) == ("it", "KB-0001") else None


def address(number: str = "KB-0001", desk: str = "it", secret: bytes = SECRET) -> str:
    return links.article_url(BASE, secret, desk, number)


@pytest.fixture
def client() -> TestClient:
    return TestClient(build_app(site(look_up=look_up), FrontDesk()), base_url=BASE)


@pytest.mark.parametrize(("language", "said"), [("zh-CN", "怎么解决"), ("en", "What helps")])
def test_it_shows_what_helps_and_nothing_that_is_for_colleagues(
    client: TestClient, language: str, said: str
) -> None:
    page = client.get(address(), headers={"Accept-Language": language})
    assert page.status_code == 200
    assert said in page.text
    assert "1. 打开后盖\n2. &lt;script&gt;" in page.text
    assert "&lt;b&gt;卡纸&lt;/b&gt;" in page.text
    for inside in ("上次保养没做", "每季度保养", "刘洋", "IT-20261120-0001", "hunter2secret"):
        assert inside not in page.text


@pytest.mark.parametrize(
    "where",
    [
        address("KB-0002"),
        address(desk="other"),
        address(secret=b"another secret"),
        f"{BASE}/k/KB-0001",
        f"{BASE}/k/nonsense.x",
        address().replace("/k/", "/t/"),
    ],
)
def test_what_is_not_published_or_not_ours_is_not_there(client: TestClient, where: str) -> None:
    answer = client.get(where)
    assert answer.status_code == 404
    assert "打开后盖" not in answer.text


def test_a_full_stop_behind_the_link_does_no_harm(client: TestClient) -> None:
    assert client.get(f"{address()}。").status_code == 200


def test_a_ticket_link_opens_no_article_and_nothing_can_be_sent(client: TestClient) -> None:
    ticket = links.sign(SECRET, links.Link("confirm", "it", 1, "a@b.test", NOW))
    assert links.read_article((SECRET,), ticket) is None
    assert client.head(address()).status_code == 200
    assert client.post(address()).status_code == 405


def test_it_asks_to_come_back_while_the_database_is_away() -> None:
    def fail(_desk: str, _number: str) -> Article | None:
        raise Transient("database: away")

    with TestClient(build_app(site(look_up=fail), FrontDesk()), base_url=BASE) as client:
        answer = client.get(address())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")


def test_a_desk_under_a_path_has_its_articles_there() -> None:
    base = f"{BASE}/desk"
    with TestClient(build_app(site(base_url=base, look_up=look_up), FrontDesk())) as client:
        where = links.article_url(base, SECRET, "it", "KB-0001")
        assert client.get(where.removeprefix(BASE)).status_code == 200
