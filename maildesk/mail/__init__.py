"""What a letter is: file or bytes to values and back. Knows nothing of tickets.

The map of the room, in the order a mail is read; each folder opens with its own map, every module
with the question it answers.

    values       message (what the desk may see)  defects  limits
    the door     parse (a raw mail becomes an Incoming)  isolate (the same in a process that may be
                 killed)  peek (the head of what cannot be read)

    parts/       what it is built of, however it is sewn
    characters/  which characters bytes mean
    header/      what the fields say
    text/        the words of a body
    cut/         which of them are new; where history and signature begin
    kinds/       a report, a receipt, an automatic answer?
    files/       what hangs on it
    proof/       who it is really from, and what proves that it answers ours

    our letters  compose  enclosure
"""
