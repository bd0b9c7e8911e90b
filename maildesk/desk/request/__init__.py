"""A request becomes a ticket: what its form says, what is still asked, who works on it.

opening    a mail becomes a ticket    splitting (out of another one)  entering (by staff)
sorted     triage (what kind, how urgent)  similar (open tickets like it)
given to   assignment  watchers
the form   registration  fields (labelled lines)  wishes  supplement (filled in later)
missing    questions (what to ask)  asking (whether to)
"""
