"""What speaks for a mail that has no words of its own? A body inside `winmail.dat`, an invitation.

Asked only when nothing was written; the files stay files.
"""

from __future__ import annotations

from maildesk.mail.characters.charset import decode
from maildesk.mail.parts.invitation import summarise
from maildesk.mail.parts.leaf import Segment, make_text
from maildesk.mail.parts.structure import Outline

_CALENDARS = frozenset({"text/calendar", "application/ics", "text/x-vcalendar"})
_LARGEST = 256 * 1024


def find_spare(outline: Outline, prior: str) -> tuple[Segment, ...]:
    """Segments for `words`, none when nobody speaks."""
    if outline.spare:
        return outline.spare
    for leaf in outline.files:
        if leaf.content_type in _CALENDARS:
            data, _ = leaf.read(_LARGEST)
            text = summarise(decode(data, leaf.parameters.get("charset"), prior=prior).text)
            if text:
                return (Segment(plain=(make_text(text),)),)
    return ()
