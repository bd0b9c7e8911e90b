"""What comes in: is it let in, whose is it, how far is its sender believed?

let in?    guard (loops, machines, strangers, spam)  refusal (too large)  machine (nobody is
           there to answer)  identity (the same letter?)  encrypted  program (is a file what it
           says?)
whose?     thread (which ticket)  number  subject  language
by whom?   standing (how far believed)  directory (whom a name means)  salutation  delegation
           (who speaks for whom)  unreached (a letter to him came back)
"""
