"""What is behind a link: the signed tokens, and what the pages show.

links      who may do what by a link
pages_of   what a link shows of a ticket, and what may be answered    page_values
rendering  values to HTML
service_page  what the desk promises (N7, N11)
"""
