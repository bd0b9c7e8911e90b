"""What a letter is: file or bytes to values and back. Knows nothing of tickets.

The map of the room, in the order a mail is read. Every module opens with the question it answers.

    values       message (what the desk may see)  defects  limits  sink (where files go)
    the door     parse (a raw mail becomes an Incoming)  isolate (the same in a process that may be
                 killed)  peek (the head of what cannot be read)
    structure    head (fields, however broken)  tree (parts, however sewn)  structure (words, file?)
                 leaf  content (transfer encodings)  spare (words for a mail that has none)
      wrappers   cms (S/MIME)  openpgp  tnef  rtf  uuencoded  enriched  invitation
    characters   charset (the ladder)  label  codepage  iso2022  hint  judge  tongue
    headers      headers (encoded words, ids)  parameters  people  dates  fields
    words        words (the text)  html  markup  sanitise (for a browser)
      new or old body (reply, history, signature)  history (where it lies)  ending (where words end)
                 marks (in HTML)  separator  heading  attribution  device  prefix  spelling
      passed on  excerpt  cutline  signature (the stricter rule for what may leave)
    kinds        bounce (reports)  dsn  refusal  returned  notice  receipt  mailer
                 auto (automatic answers, lists)  vacation
    files        attachments  filename  sniff (what the bytes are)  decoration  pasted
    who is it?   trust  trail  hops  results  domains  ids  tokens
    our letters  compose  enclosure
"""
