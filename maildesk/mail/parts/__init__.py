"""What a mail is built of, down to the wrappers that hold other mails' parts.

head       fields, however broken    tree (parts, however sewn)
structure  which parts are words, which are files?    leaf  content (transfer encodings)
spare      words for a mail that has none
wrappers   cms (S/MIME)  openpgp  tnef (winmail.dat)  rtf  uuencoded  enriched  invitation
"""
