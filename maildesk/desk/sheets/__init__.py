"""A ticket on paper: what each of the source documents prints of it, as values.

    dossier    everything known of one ticket
    form       what a form is: titled blocks of labelled entries, and a register's columns; filled
               in they are a Sheet, or a row
    forms      which form a profile prints; record_sheet (R12), feedback_form (F11), manual_form
               (M10), work_order (W5 to W9), norms_form (N), merged_form (the default profile's)
    entries    what the forms' entries have in common; opinion (ratings and approvals)
    timing     how a limit was kept
    process    what happened, line by line    happenings  in which words    posted  our letters'
    page       a Sheet as an HTML page to print    grid  a Sheet as rows of a table
    timeline   the whole history as a page    member  what a file in an archive is called
    cells      texts from mails, harmless in a spreadsheet
    retention  when a closed ticket is archived    review  what waits for a lead's review

Nothing is looked up here, and nothing is decided about the ticket.
"""
