"""What our letters say: who gets which, what each is told, and how that becomes text.

which      requester_notices  staff_notices (about their own mails)  notices (from the clock)
           routing_notices  dispatch and first_dispatch (the engineer's letter)
told       letter (what all are told)  letter_values (the table)  requester_values  staff_values
           approval_values  follow_up_values  linked_values  reminder_values  report_values
           routing_values  survey_values
tried with sample (what all samples share)  staff_samples
sentences  phrases, and by subject: decision_phrases  doubt_phrases  refusal_phrases
           related_phrases
as text    wording (values to text)  head (what comes first)  moments (今天 16:30)  sandbox
looked at  gallery (all of them)  gallery_english
"""
