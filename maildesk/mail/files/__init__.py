"""What hangs on a mail: its files, their names, and what they really are.

attachments    bytes to the sink, safe names, true types    sink
filename       safe, readable names    sniff (what the bytes are)
decoration     logos and tracking pixels    pasted (pictures among the new words)
"""
