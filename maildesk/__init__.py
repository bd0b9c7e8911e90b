"""maildesk: a help desk that lives in a mailbox.

The map, from the roof down; imports only go down and siblings do not see each other:

    cli/       one file per command group
    demo       the whole desk on loopback, to look at
    daemon     builds everything; starts and stops the parts this process runs
    collect    a mailbox is read: mails to the spool and the ledger, filed away by outcome
    intake     a mail arrives: parse, facts, decide, apply, commit
    delivery   a letter leaves: claim, send, settle
    clock      time passes: due rows are claimed and handled
    wire/      how we reach the world (imap, smtp); knows nothing of tickets
    store/     what we remember: the only SQL, and the blobs
    config/    what we were told: maildesk.toml, rules/, templates/ as frozen values
    desk/      what we decide: pure functions of facts and `now`
    mail/      what a letter is: file or bytes to values and back
    journal    the log's vocabulary; errors: the three ways a thing can fail
"""

__version__ = "0.1.0"
