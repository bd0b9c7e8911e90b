"""maildesk: a help desk that lives in a mailbox.

The map, from the roof down; imports only go down and siblings do not see each other:

    cli/       one file per command group
    demo/      the whole desk on loopback, to look at
    checkup/   tries everything the daemon needs, and mails itself
    explanation  why a mail became what it became
    simulation/  what the desk would do: a copy, a clock that is turned, no wire
    daemon     starts and stops the parts this process runs, and meets the wire
    house      what is run: database, rules, letters, journeys, built from one configuration
    audit      the server's mailbox against the ledger: was anything lost?
    redecode   the kept mails read again by a better reader
    archive    a ticket taken out of the desk: one zip that says everything of it
    rejudge    what the desk's own mails would get by other rules
    rulebook   the rules and profiles in force; changed files are taken without a restart
    collect    a mailbox is read: mails to the spool and the ledger, and to their decision
    file_away  a decided mail is filed away on the server
    mailbox    what a folder on a mail server is to its readers
    refusal    a mail is too large: its sender is told
    intake     a mail arrives: parse, facts, decide, apply, commit
    delivery   a letter leaves: claim, send, settle; delivery_staleness says whether it still has a
               use, _settlement what the answer means for it, _account whether to send at all
    clock      time passes: due rows are claimed and handled; clock_limits, _routing,
               _outage, _decisions, _reports and _records say how
    post       a letter that no mail caused, on its way into the outbox
    feedback   a page was answered: confirm, not yet, take, ask, solve, hand over
    wire/      how we reach the world (imap, smtp); knows nothing of tickets
    web/       pages behind signed links, and health; knows the desk as two calls
    memory     one configuration's database, files and people, for commands that only look
    store/     what we remember: the only SQL, and the blobs
    figure_files  a period's figures and their tickets as CSV and XLSX
    published  how well limits were kept, for anybody to read
    workbook   tables as an XLSX file, row by row
    config/    what we were told: maildesk.toml, rules/, templates/ as frozen values
    desk/      what we decide: pure functions of facts and `now`; orders/ reads what staff type,
               pages and pages_of say what a page shows
    mail/      what a letter is: file or bytes to values and back
    journal    the log's vocabulary; errors: the three ways a thing can fail
"""

__version__ = "0.1.0"
