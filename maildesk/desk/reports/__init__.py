"""A period in figures, and the letters that tell them.

counted    period  measured (what a ticket counts as)  tally and fault_tally (sums)
figures    values    figure_words (definitions)  figures_json  figure_table (the tickets behind
           them)  figure_book (as text and HTML)
by mail    report (values)  report_letters  report_parts (what stands in it)  report_limits
           report_tickets  report_ratings  report_lines  report_words
           commenting (the lead answers, and it goes on)
"""
