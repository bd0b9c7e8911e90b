"""Many alike tickets, and what is urgent for everybody.

alike      which tickets are one outage
opening    a new ticket belongs under a main ticket, or makes its kind suspicious
ending     the main ticket ends
major      a major incident: what happens at once, and while it lasts (M3)
"""
