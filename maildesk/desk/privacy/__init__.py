"""What nobody must read who does not need it, and the masks in its place (R17, N9).

shield     what of a mail, a letter, a page is masked, before anybody reads or keeps it
mask       what is found in a text, and what stands there instead
finders    numbers (resident IDs, bank cards)  addresses  passwords
"""
