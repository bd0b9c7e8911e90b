"""What we decide: pure functions of facts and `now`. No I/O, no clock, no randomness.

The map of the room, in the order a mail meets it; each folder opens with its own map, every module
with the question it answers.

    reception    one mail, top to bottom, to the one decision
    values       decision (facts in, plans out)  ticket  person  evidence (what is known beside the
                 mail)  label  charter (what a desk is told to be)  profile  policy

    arrival/     is it let in, whose is it, how far is its sender believed?
    privacy/     what nobody must read, and the masks in its place
    request/     a request becomes a ticket
    rules/       what rules are, what they say of a mail, what may be wrong with them
    answers/     what a requester means, and what that does
    aftercare/   reminders, the rating, what follows a bad one
    staff/       staff write: orders carried out, words passed on, steps taken back
    orders/      the language of their orders
    approvals/   somebody must say yes
    calendar/    when the desk works, when somebody is away
    limits/      when something is due, and what then
    outages/     many alike tickets, and what is urgent for everybody
    letters/     what our letters say
    pages/       what is behind a link
    knowledge/   what was learnt, and whom it may help
    reports/     a period in figures
    sheets/      a ticket on paper
"""
