"""What a requester means by his answer, and what that does to the ticket.

conversation   the requester, somebody in Cc or a vendor writes: what it means, who is told
short ones     answer (solved, not solved, thanks, hurry up)  words  sense  chinese  english
more are hit   scope (said so)  growth (what follows)
what then      hearing (one meaning, one step)  closing (a yes, a "not yet")
"""
