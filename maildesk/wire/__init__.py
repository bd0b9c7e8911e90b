"""How we reach the world: IMAP and SMTP. Knows nothing of tickets."""
