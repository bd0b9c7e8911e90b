"""The few ways a thing can fail that callers treat differently.

Expected outcomes are returned, not raised; these are for what a journey's edge must tell apart.
"""


class MaildeskError(Exception):
    """Root of maildesk's own errors; its text is one clear line for a person."""


class Transient(MaildeskError):
    """Nothing is wrong with the mail: leave it where it is and try again later."""


class Withheld(Transient):
    """The server does not give out this one mail; the others are not concerned."""


class Unreadable(MaildeskError):
    """This mail cannot be read within our limits; it goes to quarantine with this reason."""


class ConfigFault(MaildeskError):
    """The configuration is wrong; the text lists every fault with file, line, key and remedy."""
