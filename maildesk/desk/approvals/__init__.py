"""Somebody must say yes: escalations, plans, access requests.

approval   what was asked, as a value
asked for  escalation (M5)  plans (F7)  access (M2, F12)  approval_letters
answered   approver (whoever answers)  consent (yes or no?)  plain_verdict (“同意升级 王强”)
           granting (what follows)
"""
