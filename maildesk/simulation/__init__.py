"""What a desk would do: the real journeys on a copy of its memory, with a clock that is turned.

    double    the desk's double: its configuration, a copy of its database, its files read through
    postman   takes every letter and sends none
    writing   a scripted mail as bytes, answers to letters that left among them
    machines  what mail systems write: absence notices, letters come back
    play      from due row to due row, mails arriving meanwhile
    story     what happened in which order, and why: lines for a person or a machine
    budget    how many letters each person and each ticket cost
    shadow    the same on live mail, beside whoever answers it today

Nothing here decides: intake, clock, delivery and feedback are the daemon's own. No part of the
double reaches a server, and nothing of the original is written.
"""
