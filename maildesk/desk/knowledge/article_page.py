"""What a published article shows whoever has its link: what helps, and when it was last put right.

The root cause and how to prevent it are for colleagues (`#根因`, `#预防` are never sent): they are
not on it. How it looks is `pages/<language>/article.html`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from maildesk.desk.charter import DeskConfig
from maildesk.desk.knowledge.article import Article
from maildesk.desk.privacy.mask import mask


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """`symptom` and `solution` are plain words with their lines; `updated` is UTC."""

    desk: str
    address: str
    hotline: str | None
    number: str
    title: str
    symptom: str
    solution: str
    updated: datetime
    now: datetime
    zone: ZoneInfo
    language: str


def describe_article(
    desk: DeskConfig, article: Article, language: str, now: datetime
) -> ArticlePage:
    """The article for a reader of that language; its own words stay in theirs."""
    hide = desk.privacy.hide
    return ArticlePage(
        desk=desk.name_in(language),
        address=desk.address,
        hotline=desk.hotline,
        number=article.number,
        title=mask(article.title, hide),
        symptom=mask(article.symptom, hide),
        solution=mask(article.solution, hide),
        updated=article.updated,
        now=now,
        zone=desk.zone_info,
        language=language,
    )


_NOW = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)
_SAMPLE = ArticlePage(
    desk="IT服务台",
    address="helpdesk@corp.test",
    hotline="8000",
    number="KB-0007",
    title="打印机卡纸怎么办",
    symptom="三楼打印机卡纸，换了纸也不行。",
    solution="1. 打开后盖，取出卡住的纸\n2. 合上后盖，再打一页\n还不行请回复邮件。",
    updated=_NOW,
    now=_NOW,
    zone=ZoneInfo("Asia/Shanghai"),
    language="zh-CN",
)
ARTICLE_SAMPLES: tuple[ArticlePage, ...] = (
    _SAMPLE,
    replace(_SAMPLE, symptom="", hotline=None),
)
"""What the template is tried with: each value present and absent."""
