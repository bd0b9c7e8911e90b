"""Staff write about a ticket: orders are carried out, words passed on, steps taken back.

work       what is carried out, passed on, held back    direction (are the words for outside?)
carrying   orders and words, as one decision, or nothing
orders     effects (the table)  effect (one, as a value)  arguments  effects_work
           effects_people  effects_sort  effects_end  effects_record  effects_related
           effects_parent  effects_words  verdicts (#升级 …)  records (#根因 …)
           consultation (#会诊)
to undo    snapshot  undo
words on   relay  marker (reply above)  verbatim  snippet (ready-made)  backup  broadcast
           handover
his day    agenda  attendance (is he there?)
"""
