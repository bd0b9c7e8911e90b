"""Which pictures did the author paste among his new words, and which only decorate his signature?

A pasted picture is named in the HTML above the quoted letter and above any signature; a logo stands
in or below one. In doubt a picture counts as decoration: it stays on the ticket and leaves nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from maildesk.mail.message import Attachment, Incoming

_SMALLEST = 4096
"""Bytes; icons and lines of a signature are smaller, screenshots are not."""

# What begins a signature in the HTML of the usual clients, in lower case.
SIGNATURE_SIGNS = (
    "gmail_signature", "moz-signature", 'id="signature', "id=signature", "_mailautosig",
    "ms-outlook-mobile-signature", "applemailsignature", "ntes_signature", "ntes-pcmail-signature",
    "ntes-mailmaster-signature", "xmail-signature", "xmail_signature", "mail_sign", "<sign",
    "signature_",
)  # fmt: skip
# The same for the quoted mail. Below the first ones nothing of the author's own can follow.
HISTORY_SIGNS = ("divrplyfwdmsg", "appendonsend", "原始邮件", "original message")
_OTHER_ENDS = ("<hr", "<blockquote", "gmail_quote", "mail_quote", "isreplycontent")
_ENDS = (*SIGNATURE_SIGNS, *HISTORY_SIGNS, *_OTHER_ENDS)


def find_pasted(mail: Incoming, marker_signs: Sequence[str]) -> tuple[Attachment, ...]:
    """Inline pictures between the author's own words, in their order. Linear in the HTML."""
    pictures = [
        item for item in mail.attachments if item.inline and item.content_id and not item.decoration
    ]
    if not pictures or mail.html is None:
        return ()
    html = mail.html.lower()
    found = (html.find(sign) for sign in (*marker_signs, *_ENDS))
    end = min((place for place in found if place >= 0), default=len(html))
    above = html[:end]
    return tuple(
        item
        for item in pictures
        if item.size >= _SMALLEST and f"cid:{(item.content_id or '').lower()}" in above
    )
