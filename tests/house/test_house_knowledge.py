"""What one ticket taught, by mail and real servers: drafted, published, offered to the next."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from company import Company
from servers.dovecot import Dovecot
from servers.postfix import Postfix

pytestmark = pytest.mark.servers


@pytest.fixture
def company(tmp_path: Path, dovecot: Dovecot, postfix: Postfix) -> Iterator[Company]:
    company = Company(tmp_path, dovecot, postfix, "default", web=True)
    company.home.start()
    yield company
    company.home.stop()


def open_page(address: str) -> str:
    request = urllib.request.Request(address, headers={"Accept-Language": "zh-CN"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return str(answer.read().decode("utf-8"))


def test_a_solved_ticket_becomes_an_article_and_helps_the_next_requester_and_his_engineer(
    company: Company,
) -> None:
    company.ask("zhang", "打印机卡纸", "我是张敏，三楼打印机卡纸了，纸卡在里面取不出来。\n")
    dispatch = company.wait_letter("liu", "【派单】")
    solution = "张敏您好，打开后盖，把卡住的纸往外抽，再合上后盖就可以打印了。"
    company.answer(
        "liu", dispatch, f"#已解决\n#根因 搓纸轮磨损\n#知识库 打印机卡纸怎么办\n{solution}"
    )
    company.wait_for("state", "to_confirm")
    company.wait_until(lambda: bool(company.home.rows("SELECT id FROM articles")))
    drafted = company.home.maildesk("knowledge", "list")
    assert "KB-0001  draft" in drafted.stdout
    assert company.home.maildesk("knowledge", "search", "怎么办").returncode == 1

    company.answer("liu", dispatch, "#发布")
    company.wait_until(lambda: company.home.rows("SELECT state FROM articles") == [("published",)])
    found = company.home.maildesk("knowledge", "search", "卡纸", "--only", "articles")
    assert found.stdout.startswith("KB-0001  打印机卡纸怎么办\n    打开后盖")

    company.ask("sun", "打印机卡纸", "五楼打印机卡纸，纸卡住了取不出来，怎么办？\n")
    ack = company.wait_letter("sun", "【已受理】")
    assert "等待期间可以先试试" in ack.text
    page = open_page(ack.find_link("打印机卡纸怎么办"))
    assert "打开后盖，把卡住的纸往外抽" in page
    for inside in ("张敏", "搓纸轮", "刘洋"):
        assert inside not in page
    second = company.wait_letter("liu", "【派单】", count=2)
    assert "可参考：" in second.text
    assert "KB-0001 打印机卡纸怎么办" in second.text
    first = str(company.home.rows("SELECT number FROM tickets ORDER BY id")[0][0])
    assert f"{first} 打印机卡纸" in second.lines

    assert company.home.maildesk("knowledge", "withdraw", "KB-0001").returncode == 0
    with pytest.raises(urllib.error.HTTPError, match="404"):
        open_page(ack.find_link("打印机卡纸怎么办"))


def test_an_urgent_or_another_request_is_offered_nothing(company: Company) -> None:
    folder = company.home.folder / "articles"
    folder.mkdir()
    text = (
        "---\ntitle: VPN 提示证书过期\ncategory: network\nstate: published\n---\n重新导入证书。\n"
    )
    (folder / "vpn.md").write_text(text, encoding="utf-8")
    taken = company.home.maildesk("knowledge", "import", "articles")
    assert "KB-0001, published" in taken.stdout, taken.stderr
    company.ask("zhang", "VPN 提示证书过期", "在家连不上 VPN，提示证书已过期。\n")
    assert "VPN 提示证书过期：http" in company.wait_letter("zhang", "【已受理】").text
    company.ask("qian", "VPN 密码错误", "VPN 提示用户名或密码错误。\n")
    assert "先试试" not in company.wait_letter("qian", "【已受理】").text
    company.ask(
        "sun", "全公司 VPN 提示证书过期", "全公司断网，VPN 提示证书过期，所有人都连不上。\n"
    )
    urgent = company.wait_letter("sun", "【已受理】").text
    assert "按紧急处理" in urgent
    assert "先试试" not in urgent
