"""Screenshots among the words are the author's; logos below them are not."""

from __future__ import annotations

import pytest
from builders import incoming
from hypothesis import given
from hypothesis import strategies as st

from maildesk.desk.staff.marker import MARKER, SIGNS
from maildesk.mail.files.pasted import find_pasted
from maildesk.mail.message import Attachment

SHOT = Attachment("image001.png", "image/png", 90_000, "a" * 64, True, "shot@x")
LOGO = Attachment("image002.png", "image/png", 20_000, "b" * 64, True, "logo@x")
ICON = Attachment("image003.png", "image/png", 900, "c" * 64, True, "icon@x")
FILE = Attachment("步骤.pdf", "application/pdf", 90_000, "d" * 64, False)


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (f'<p>见图 <img src="cid:shot@x"></p><div>{MARKER}</div>', (SHOT,)),
        (f'<p>见图</p><div>{MARKER}<img src="cid:shot@x"></div>', ()),
        (
            '<p>a <img src="CID:SHOT@X"></p><a name="_MailAutoSig"></a><img src="cid:logo@x">',
            (SHOT,),
        ),
        ('<p>a</p><div class="gmail_signature"><img src="cid:logo@x"></div>', ()),
        ('<p>a <img src="cid:icon@x"></p>', ()),
        ("<p>no picture is shown</p>", ()),
    ],
)
def test_a_picture_counts_only_where_it_stands_among_the_words(
    html: str, wanted: tuple[Attachment, ...]
) -> None:
    mail = incoming(html=html, attachments=(FILE, SHOT, LOGO, ICON))
    assert find_pasted(mail, SIGNS) == wanted


def test_a_mail_without_html_has_pasted_nothing() -> None:
    assert find_pasted(incoming(attachments=(SHOT,)), SIGNS) == ()


@given(st.text(), st.text())
def test_a_picture_below_the_marker_is_never_the_authors(above: str, below: str) -> None:
    html = f'{above}{MARKER}{below}<img src="cid:shot@x">'
    if "cid:shot@x" not in above.lower():
        assert find_pasted(incoming(html=html, attachments=(SHOT,)), SIGNS) == ()
