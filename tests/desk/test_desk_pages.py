"""Pages: both languages say everything, and no word of a stranger becomes HTML."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from builders import NOW
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from maildesk.config.templates import load_templates
from maildesk.desk.pages.page_values import CHOICES, PAGE_SAMPLES, PageValues, TicketPage
from maildesk.desk.pages.rendering import Pages, clean
from maildesk.errors import ConfigFault

SOURCES = dict(load_templates(None)[0])
PAGES = Pages(SOURCES)
EVERY = [
    pytest.param(page, replace(values, language=language), id=f"{language}-{page}-{place}")
    for language in ("zh-CN", "en")
    for page, samples in PAGE_SAMPLES.items()
    for place, values in enumerate(samples)
]


def sample(page: str, place: int = 0, /, **sight: object) -> TicketPage:
    values = PAGE_SAMPLES[page][place]
    assert isinstance(values, TicketPage)
    return replace(values, sight=replace(values.sight, **sight))  # type: ignore[arg-type]


def test_the_shipped_pages_have_no_fault() -> None:
    assert PAGES.check() == ()


@pytest.mark.parametrize(("page", "values"), EVERY)
def test_a_page_needs_nothing_from_elsewhere_and_posts_only_to_itself(
    page: str, values: PageValues
) -> None:
    html = PAGES.render(page, values)
    tree = LexborHTMLParser(html)
    assert not re.search(r"<script|javascript:|\son\w+=|https?://|url\(|@import|<img|<link", html)
    assert 'name="robots" content="noindex' in html
    assert 'name="viewport"' in html
    title = tree.css_first("title")
    assert title is not None and len(title.text().strip()) > 2
    for form in tree.css("form"):
        assert form.attributes.get("method") == "post"
        assert "action" not in form.attributes
        token = form.css_first("input[name=token]")
        assert token is not None and token.attributes["value"] == "token"
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))
    for label in tree.css("label"):
        assert label.attributes["for"] in ids


def test_each_language_is_its_own() -> None:
    han = re.compile("[\u4e00-\u9fff]")
    for page in ("confirm", "action"):
        plain: dict[str, object] = {
            "title": "x",
            "state": "s",
            "name": "n",
            "handler": "h",
            "desk": "d",
            "words": "w",
            "scale": (("5", "w"),),
            "questions": (("q", "w"),),
        }
        values = replace(sample(page, **plain, colleagues=()), language="en")
        assert not han.search(LexborHTMLParser(PAGES.render(page, values)).text())
        assert '<html lang="en">' in PAGES.render(page, values)
        assert '<html lang="zh-CN">' in PAGES.render(page, replace(values, language="zh-TW"))


def test_only_what_is_allowed_now_can_be_sent() -> None:
    for page, kind in (("confirm", "confirm"), ("action", "action")):
        for choice in CHOICES[kind]:  # type: ignore[index]
            html = PAGES.render(page, sample(page, choices=(choice,)))
            buttons = LexborHTMLParser(html).css("button")
            assert [button.attributes["value"] for button in buttons] == [choice]
        assert not LexborHTMLParser(PAGES.render(page, sample(page, choices=()))).css("form")


def test_the_action_clicked_in_the_letter_stands_open() -> None:
    for place, choice in enumerate(CHOICES["action"]):
        tree = LexborHTMLParser(PAGES.render("action", sample("action", place, words="")))
        opened = [one for one in tree.css("details") if "open" in one.attributes]
        assert len(opened) == 1
        button = opened[0].css_first("button")
        assert button is not None and button.attributes["value"] == choice


@given(st.text(max_size=200))
def test_words_of_a_mail_are_shown_and_never_run(words: str) -> None:
    marked = f"<b onclick=x>{words}</b>{{{{ 7 * 7 }}}}"
    html = PAGES.render("confirm", sample("confirm", words=marked, title=marked, name=marked))
    html.encode("utf-8")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", html)
    tree = LexborHTMLParser(html)
    assert tree.css("b") == []
    assert "{{ 7 * 7 }}" in html


def test_lines_are_kept_and_what_turns_text_around_is_not() -> None:
    assert clean("一\r\n二\r三\n四\t五\u202e六\x00\ud800七") == "一\n二\n三\n四 五六七"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh-TW", "zh-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR,en;q=0.5", "en"),
        ("ja", ""),
        ("", ""),
        (",;=,*" * 1000, ""),
    ],
)
def test_the_browser_says_which_language_it_wants(accepted: str, language: str) -> None:
    assert PAGES.choose_language(accepted) == language


@pytest.mark.parametrize(
    ("name", "source", "line", "problem"),
    [
        ("pages/zh-CN/confirm.html", None, 1, "this page is missing"),
        ("pages/en/confirm.html", "a\n{% if %}", 2, "Expected an expression"),
        ("pages/en/confirm.html", "a\n{{ sihgt.title }}", 2, "sihgt is unknown to this page"),
        ("pages/en/action.html", "a\n\n{{ sight.titel }}", 3, "titel"),
        ("pages/en/survey.html", "x", 1, "there is no page survey"),
        ("pages/ja/notice.html", "{{ now | short | moment }}", 1, ""),
    ],
)
def test_a_faulty_page_is_told_with_its_line(
    name: str, source: str | None, line: int, problem: str
) -> None:
    sources = {key: text for key, text in SOURCES.items() if key != name}
    if source is not None:
        sources[name] = source
    found = [fault for fault in Pages(sources).check() if fault[0] == name]
    assert [(fault[0], fault[1]) for fault in found] == [(name, line)]
    assert problem in found[0][2]


def test_a_page_that_is_missing_altogether_is_a_fault_of_the_configuration() -> None:
    with pytest.raises(ConfigFault, match="no page confirm"):
        Pages({}).render("confirm", replace(sample("confirm"), now=NOW))
