"""The language staff give orders in by mail: its words, its grammar, its times, who may say what.

    order      what an order is    table (which there are)  decisions  records  related
    script     what an answer orders, and which words are for somebody to read
    line       what one line orders    spelling (which was meant?)  pleasantry (harmless around it)
    moment     明天上午, in 2 hours    phrase  timewords
    permit     who may order what    help (how they are explained)

What an order does to a ticket is not said here.
"""
