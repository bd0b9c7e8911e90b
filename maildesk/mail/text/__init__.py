"""The words of a body, out of any markup.

words      every segment decoded, in reading order
html       what a person would read    markup (tags and words in source order)
sanitise   what may be shown in a browser
"""
