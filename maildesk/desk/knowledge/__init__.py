"""What was learnt from tickets, and whom it may help.

article    a value    article_page (for strangers)  anonymity (nobody is named)
learnt     what helped before, and fits    grams (for an index)
drafts     which wait to be published  publishing (#发布 KB-0001)
repeats    what keeps coming back (F10)
"""
