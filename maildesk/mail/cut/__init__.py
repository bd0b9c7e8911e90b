"""Which of the words are new, and where history and signature begin.

body       reply, quoted, signature: nothing is lost    history (where it lies)  ending
seen by    marks (in HTML)  separator  heading  attribution  device  prefix (of a subject)
           spelling (the same words?)
passed on  excerpt  cutline  signature (the stricter rule for what may leave)
echo       nothing but what it answers?
"""
