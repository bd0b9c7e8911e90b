"""When the desk works, and when somebody is away.

hours      what a number of working minutes comes to    almanac (what a day is)
reckoning  how a due time comes about, day by day
quiet      when a letter that can wait may leave
away       absence  absence_words  dates_said (which days a text names)
"""
