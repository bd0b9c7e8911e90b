"""What kind of mail it is: a report, a receipt, an automatic answer.

bounce     about another mail's fate    dsn  refusal (in prose)  returned (the mail inside)
           notice (its subject)  mailer (its sender)
receipt    a read receipt without its parts
auto       a machine's: automatic answers, lists, monitoring    vacation (by its subject)
"""
