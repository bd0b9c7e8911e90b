"""After the solution: reminders, the rating, and what follows a bad one.

no answer  reminders  reminder_letters  windows (his working days)
rated      rating (is it low?)  score (read out of words)  score_doubt  score_remark
asked      opinion_form (ticked on the page)  survey_letter (after a bare yes)
too low    follow_up  follow_up_letters
"""
