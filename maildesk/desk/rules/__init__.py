"""What rules are, what they say of a mail, and what may be wrong with them (DESIGN §5).

rule       values: a rule, a judgement and its trace
ruleset    made ready to judge
matching   the judgement    conclusion (weights, ties, who is heard last)
found by   words (one automaton)  likely and expression (which expressions to run)  fold (one
           spelling)  circumstances (what is known beside the words)  negation (不是断网)
looked at  expectations (their own cases)  lint  comparison  scoring
"""
