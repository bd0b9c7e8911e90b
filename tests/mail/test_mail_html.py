"""What a person reads in HTML."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maildesk.mail.text.html import read_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<div>One<br></div><div><br></div><div>Two</div>", "One\n\nTwo"),
        ("a<br>b", "a\nb"),
        ("  lots \n of   space ", "lots of space"),
        ("x &lt;y&gt; &amp;&nbsp;z", "x <y> & z"),
        ("<style>p{}</style><script>a<b</script>words", "words"),
        ("<!-- hidden --><p>seen</p><![endif]>", "seen"),
        ("<!-- never closed <p>still words</p>", "still words"),
        ("<title>t</title><body>b</body>", "b"),
        ('<a href="https://x.test/a">here</a>', "here <https://x.test/a>"),
        ('<a href="https://x.test/">x.test</a>', "x.test"),
        ('<a href="mailto:a@b.test">Ann</a>', "Ann <a@b.test>"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
        ("<ul><li>a<ul><li>b</ul></ul>", "- a\n  - b"),
        ("<table><tr><td>a<td>b</tr><tr><td>c<td>d</tr></table>", "a | b\nc | d"),
        ("<table><tr><td><p>a</p></td><td><p>b</p></td></tr></table>", "a | b"),
        ("<table><tr><td><p>alone</p><p>here</p></td></tr></table>", "alone\n\nhere"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ('<blockquote type="cite">old</blockquote>', "> old"),
        ("<blockquote style='margin:40px'>indented</blockquote>", "indented"),
        ('<div style="display:none">preview</div>words', "words"),
        ('<div style="display:none">never closed', "never closed"),
        ('<img src="x" alt="logo">', "[logo]"),
        ('<p title="a > b">words</p>', "words"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ('<p class="MsoNormal">a</p><p class="MsoNormal">b</p>', "a\nb"),
        ("", ""),
    ],
)
def test_markup_becomes_readable_text(html: str, text: str) -> None:
    assert read_text(html) == text


@given(
    st.lists(
        st.one_of(
            st.text(max_size=8),
            st.sampled_from(
                ["<b>", "</b>", "<p>", "<td>", "<tr>", "<table>", "</table>", "<a href=http://x>",
                 "</a>", "<!--", "-->", "<ul>", "<li>", "<blockquote type=cite>", "<pre>", "</pre>",
                 "</blockquote>", "<script>", "<br>", "&", "<", ">", '"', "'", " "]
            ),
        ),
        max_size=30,
    ).map("".join)
)  # fmt: skip
def test_no_markup_raises(html: str) -> None:
    read_text(html)


@pytest.mark.parametrize(
    "tag",
    ["<b>", "<p><b>", "<table>", "<tr>", "<ul><li>", "<!--", "<a b='", "<", "<a href=http://x>y",
     "<div style='display:none'>", "<blockquote type=cite>", "</a>"],
)  # fmt: skip
def test_hundred_thousand_unclosed_tags_are_read_through(tag: str) -> None:
    assert read_text(tag * 100_000 + "<p>the end").rstrip("'").endswith("the end")
