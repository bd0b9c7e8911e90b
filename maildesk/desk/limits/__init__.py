"""When something is due, and what becomes of it when its time has come.

due        when, and when to warn (R4, R6, R14, M2, M4)
changes    the ticket changes: what stands still, goes on, lies elsewhere
state      its moment has come: kept, missed, our own doing?
verdict    who is told, and what the timeline says
"""
