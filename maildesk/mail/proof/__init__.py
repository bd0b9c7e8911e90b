"""Who a mail is really from, and what proves that it answers ours (DESIGN §7).

trust      the verdict    trail (where our servers wrote)  hops (Received)
           results (Authentication-Results)  domains (the same owner?)
ours       ids (signed Message-IDs)  tokens (in the words of letters)
"""
