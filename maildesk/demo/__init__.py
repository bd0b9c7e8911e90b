"""A whole desk at work on one machine: `maildesk demo`.

`servers` is the world outside (IMAP, SMTP, mailboxes), `site` the desk's configuration, `mails`
what people write and `answers` what they answer, `tour` the order of events with every step
asserted, `casework` its steps about a ticket in work, `screen` how it looks.
The daemon, the wire and the database are the real ones; nothing here knows how a mail is decided.
"""
