"""What we remember: the only SQL of the house, and the blobs beside it.

database   engine (how it is reached)  statement (compiled once)  column  schema/ (the tables)
           migration and migrations/  owner (of a lease)  soundness  snapshot (a copy)
mails      mailboxes  inbox (the ledger: one outcome each)  ledger (read back)  in_hand  blobs
           words (what they say)  judged (what rules said)
facts      facts (what is known when one arrives)  cases (its tickets)  answers (which letter it
           answers)  relatives (other tickets)  sayings  steps (to undo)  people  attendance
           traffic (for the brakes)
made true  apply (a whole decision)  openings (a new ticket)  changes (of one)  others (beside
           it)  approvals
letters    printing  letterpress (to finished bytes)  outbox  sent (who had which)
           joint_letters (about several tickets)  unreached (came back)
time       deadlines (what falls due)  agendas  reminders  misses  surveys  vacancies  outages
           (of ours)
afterwards ratings  follow_ups  articles  passages (found by their words)  repeats  archived
read back  tickets  chronicle (since a moment)  dossiers (for paper)  figures  reports  reviews
           health
"""
