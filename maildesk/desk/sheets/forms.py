"""Which form does a desk print?  What its profile says, else its document's, else all merged."""

from __future__ import annotations

from collections.abc import Mapping

from maildesk.desk.profile import Profile
from maildesk.desk.sheets import (
    feedback_form,
    manual_form,
    merged_form,
    norms_form,
    record_sheet,
    work_order,
)
from maildesk.desk.sheets.form import Form

FORMS: Mapping[str, Form] = {
    form.key: form
    for form in (
        merged_form.FORM,
        record_sheet.FORM,
        feedback_form.FORM,
        manual_form.FORM,
        work_order.FORM,
        norms_form.FORM,
    )
}


def choose_form(profile: Profile) -> Form:
    """A profile of one's own, whatever it is called, prints what `records.form` says."""
    return FORMS.get(profile.records.form or profile.id, merged_form.FORM)
