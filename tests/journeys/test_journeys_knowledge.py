"""What one ticket taught helps with the next: drafts, publishing, offers (F8, M9, M11, N6)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from builders import SECRET, raw_mail
from thread import (
    FAILED,
    LIU,
    UNPROVED,
    ZHANG,
    engineer_answers,
    kinds,
    last_letter,
    open_desk,
    open_ticket,
    read,
    write,
)
from worlds import LEAD, World

from maildesk.desk.pages import links
from maildesk.store import articles, deadlines, passages
from maildesk.store.deadlines import NewDeadline

MakeWorld = Callable[..., World]
SOLUTION = "#已解决\n更换搓纸轮后即可打印，请再打一页试试。\n"
JAM = {"subject": "打印机卡纸", "text": "三楼打印机卡纸，换了纸也不行。\n"}


def findings(world: World) -> list[tuple[str, str]]:
    """What the newest mail's trace says of articles."""
    trace = world.rows("SELECT trace FROM letters ORDER BY id DESC")[0].trace
    found = json.loads(trace) if isinstance(trace, str) else trace
    return [
        (item["found"], item["why"]) for item in found["findings"] if item["step"] == "knowledge"
    ]


def list_articles(world: World) -> list[tuple[str, str, str, str]]:
    rows = world.rows("SELECT number, kind, state, title FROM articles ORDER BY id")
    return [(row.number, row.kind, row.state, row.title) for row in rows]


def test_an_order_makes_a_draft_and_another_publishes_what_was_recorded_since(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, **JAM)
    engineer_answers(world, "dispatch", SOLUTION)
    engineer_answers(world, "dispatch", "#知识库 打印机卡纸怎么办\n")
    assert list_articles(world) == [("KB-0001", "article", "draft", "打印机卡纸怎么办")]
    with world.store.read() as db:
        assert passages.search(db, "it", "怎么办") == ()
    engineer_answers(world, "dispatch", "#根因 搓纸轮磨损，没有定期更换\n#发布\n")
    assert list_articles(world)[0][2] == "published"
    with world.store.read() as db:
        article = articles.find(db, "it", "kb-0001")
        assert article is not None
        assert article.author_name == LIU.name
        assert "换了纸也不行" in article.symptom
        assert article.cause == "搓纸轮磨损，没有定期更换"
        assert "更换搓纸轮" in article.solution
        assert [item.number for item in passages.search(db, "it", "怎么办")] == ["KB-0001"]


def test_what_others_read_names_nobody_and_says_what_the_requester_was_sent(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, subject="打印机卡纸", text="我是财务部张敏，分机8123，打印机卡纸。\n")
    engineer_answers(world, "dispatch", "#永久方案 换新打印机\n")
    engineer_answers(world, "dispatch", "#已解决\n张敏您好，换了搓纸轮，请再试。\n#知识库\n")
    with world.store.read() as db:
        draft = articles.find(db, "it", "KB-0001")
        assert draft is not None
        assert draft.symptom == "我是财务部某同事，分机…，打印机卡纸。"
        assert draft.solution == "换了搓纸轮，请再试。"
        assert draft.prevention == "换新打印机"
        assert articles.find_published(db, "it", "KB-0001") is None
    with world.store.write() as db:
        articles.publish(db, draft.id, world.now)
        assert articles.find_published(db, "it", "KB-0001") is not None
        articles.withdraw(db, draft.id, world.now)
        assert articles.find_published(db, "it", "KB-0001") is None


def test_nothing_is_published_of_a_ticket_without_a_draft(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, **JAM)
    engineer_answers(world, "dispatch", "#发布\n")
    assert list_articles(world) == []
    assert "#知识库" in read(last_letter(world, LIU.key))


def test_a_like_request_is_offered_the_article_and_its_engineer_the_solved_ticket(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, **JAM)
    engineer_answers(world, "dispatch", SOLUTION)
    engineer_answers(world, "dispatch", "#知识库 打印机卡纸怎么办\n#发布\n")
    world.receive(
        raw_mail(
            sender="张敏 <zhang@corp.test>",
            subject="打印机又卡纸了",
            text="今天打印机卡纸，换了纸也不行。\n",
            message_id="second@corp.test",
        )
    )
    assert findings(world) == [("offered", "KB-0001")]
    ack = read(last_letter(world, ZHANG.key))
    page = re.search(r"打印机卡纸怎么办：https://desk\.corp\.test/k/(\S+)", ack)
    assert page is not None
    assert links.read_article((SECRET,), page[1]) == ("it", "KB-0001")
    dispatch = read(last_letter(world, LIU.key))
    assert f"KB-0001 打印机卡纸怎么办：https://desk.corp.test/k/{page[1]}" in dispatch
    assert "更换搓纸轮" in dispatch
    assert "可参考" in dispatch


def test_an_unlike_request_is_offered_nothing(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, **JAM)
    engineer_answers(world, "dispatch", SOLUTION)
    engineer_answers(world, "dispatch", "#知识库\n#发布\n")
    world.receive(
        raw_mail(
            sender="张敏 <zhang@corp.test>",
            subject="三楼打印机有黑线",
            text="三楼打印机每一页都有黑线，换了纸也一样。\n",
            message_id="second@corp.test",
        )
    )
    said = "of 1 articles that share words none fits for certain"
    assert findings(world) == [("nothing offered", said)]
    assert "先试试" not in read(last_letter(world, ZHANG.key))
    assert kinds(world, ZHANG.key).count("ack") == 2


def test_a_reopened_ticket_is_no_solution_any_more(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, **JAM)
    engineer_answers(world, "dispatch", SOLUTION)
    with world.store.read() as db:
        assert [item.kind for item in passages.search(db, "it", "卡纸")] == ["ticket"]
    engineer_answers(world, "dispatch", "#重开\n还在查。\n")
    with world.store.read() as db:
        assert passages.search(db, "it", "卡纸") == ()


def digests(world: World, day: int) -> dict[str, str]:
    """What the digest of that day of November says, by the reader's key."""
    at = datetime(2026, 11, day, 1, tzinfo=UTC)
    with world.store.write() as db:
        row = NewDeadline("digest_daily", "desk:it", "it", at, None, f"{at:%d}")
        deadlines.set_deadlines(db, [row])
    world.now = at + timedelta(minutes=1)
    before = len(world.transport.sent)
    world.run()
    return {to: read(letter) for to, letter in list_digests(world, before)}


def list_digests(world: World, before: int) -> list[tuple[str, EmailMessage]]:
    found = []
    for to, data in world.transport.sent[before:]:
        letter = message_from_bytes(data, policy=policy.default)
        if "今日待办" in str(letter["Subject"]):
            found.append((to, letter))
    return found


def test_its_author_is_reminded_in_the_digest_until_it_is_published(
    make_world: MakeWorld,
) -> None:
    world = open_desk(make_world)
    open_ticket(world, **JAM)
    engineer_answers(world, "dispatch", "#知识库 打印机卡纸怎么办\n")
    assert kinds(world, LIU.key) == ["dispatch"], "a duty is no letter of its own"
    monday = digests(world, 23)
    assert "知识库草稿" not in monday[LIU.key], "there is nothing to publish before it is solved"
    engineer_answers(world, "dispatch", SOLUTION)
    told = digests(world, 24)[LIU.key]
    assert "【待发布的知识库草稿（回复 #发布 和编号）】1 件" in told
    assert "KB-0001，请在11月24日 周二下班前发布" in told
    later = digests(world, 25)
    assert "KB-0001，应在11月24日 周二前发布，已逾期" in later[LIU.key]
    assert "逾期未发布的知识库草稿" in later[LEAD.key]
    write(world, LIU, "#发布\n", subject="发布 [IT-20261120-0001]", message_id="pub@corp.test")
    assert list_articles(world)[0][2] == "published"
    assert all("知识库草稿" not in text for text in digests(world, 26).values())


def digest_id(world: World, to: str) -> str:
    """The Message-ID of the newest morning letter."""
    rows = world.rows(
        f"SELECT message_id FROM outbox WHERE address = '{to}' AND ticket_id IS NULL ORDER BY id"
    )
    return str(rows[-1].message_id)


def draft_two(world: World) -> None:
    """Two drafts of 刘洋's that wait since 24 November; the lead reads of them on the 25th."""
    for number, subject in ((1, "打印机卡纸"), (2, "显示器闪烁")):
        open_ticket(world, subject=subject, message_id=f"d{number}@corp.test")
        engineer_answers(world, "dispatch", f"#知识库 {subject}怎么办\n")
        engineer_answers(world, "dispatch", SOLUTION)
    late = digests(world, 25)[LEAD.key]
    assert "逾期未发布的知识库草稿（回复 #发布 和编号）" in late


def test_the_lead_publishes_by_number_in_answer_to_the_digest(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    draft_two(world)
    tickets = world.value("SELECT count(*) FROM tickets")
    asked = digest_id(world, LEAD.key)
    write(world, LEAD, "#发布 KB-0001、kb-2\n", answers=asked, subject="回复: 今日待办")
    assert [item[2] for item in list_articles(world)] == ["published", "published"]
    told = read(last_letter(world, LEAD.key))
    assert "已发布：KB-0001 打印机卡纸怎么办" in told
    assert "已发布：KB-0002 显示器闪烁怎么办" in told
    assert world.value("SELECT count(*) FROM tickets") == tickets
    rows = world.rows("SELECT ticket_id FROM events WHERE kind = 'published' ORDER BY id")
    assert [row.ticket_id for row in rows] == [1, 2]
    assert findings(world)[-1] == ("published", "KB-0001, KB-0002, called by number")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("#发布 KB-0001 KB-0009\n", "没有编号为 KB-0009 的文章"),
        ("#发布 KB-0002\n#发布 KB-0003\n", "KB-0003 还没有解决办法"),
        ("#发布 KB-0001\n#发布 明天\n", "#发布 明天"),
    ],
)
def test_all_of_them_are_published_or_none(make_world: MakeWorld, words: str, why: str) -> None:
    world = open_desk(make_world)
    draft_two(world)
    with world.store.write() as db:
        bare = articles.Content("键盘失灵", "", "", "", "")
        articles.add(db, "it", bare, "hardware", "zh-CN", world.now)
    write(world, LEAD, words, answers=digest_id(world, LEAD.key), subject="回复: 今日待办")
    assert {item[2] for item in list_articles(world)} == {"draft"}
    assert why in read(last_letter(world, LEAD.key))


def test_who_may_publish_by_number_is_as_on_the_ticket(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    draft_two(world)
    asked = digest_id(world, LEAD.key)
    for border in (FAILED, UNPROVED):
        write(world, LEAD, "#发布 KB-0001\n", answers=asked, border=border)
    assert "未发布；请在该工单的邮件上回复 #发布" in read(last_letter(world, LEAD.key))
    write(world, ZHANG, "#发布 KB-0001\n", subject="发布")
    assert {item[2] for item in list_articles(world)} == {"draft"}
    # Any engineer may, as on a ticket; his own mail is enough.
    write(world, LIU, "#发布 KB-0001\n", subject="发布")
    assert [item[2] for item in list_articles(world)] == ["published", "draft"]


def test_on_a_ticket_a_number_must_be_its_own(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    draft_two(world)
    about = "回复: [IT-20261120-0001]"
    write(world, LIU, "#发布 KB-0002\n", subject=about)
    assert "KB-0002 不是此单的草稿" in read(last_letter(world, LIU.key))
    assert {item[2] for item in list_articles(world)} == {"draft"}
    write(world, LIU, "#发布 KB-0001\n", subject=about)
    assert [item[2] for item in list_articles(world)] == ["published", "draft"]


def test_nothing_is_published_that_says_no_solution(make_world: MakeWorld) -> None:
    world = open_desk(make_world)
    open_ticket(world, **JAM)
    engineer_answers(world, "dispatch", "#知识库\n")
    engineer_answers(world, "dispatch", "#发布\n")
    assert list_articles(world)[0][2] == "draft"
    assert "此单还没有解决办法" in read(last_letter(world, LIU.key))
    engineer_answers(world, "dispatch", "#永久方案 换搓纸轮\n#发布\n")
    assert list_articles(world)[0][2] == "published"
