"""What the fields of a header say, however they are written.

headers    encoded words, raw bytes, ids    parameters
fields     words, comments and clauses of a structured field
people     addresses that keep to no grammar    dates (the same)
"""
