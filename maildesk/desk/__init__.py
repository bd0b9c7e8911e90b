"""What we decide: pure functions of facts and `now`. No I/O, no clock, no randomness.

The map of the room, in the order a mail meets it. Every module opens with the question it answers.

    values       decision (facts in, plans out)  ticket  person  evidence (what is known beside the
                 mail)  label  charter (what a desk is told to be)
      a profile  profile  policy (its smaller promises)
    one mail     reception: top to bottom, to the one decision
      let in?    guard  refusal (too large)  identity (the same letter?)  encrypted  machine
                 program (is a file what it says?)
      whose?     thread  number  subject  directory (whom a name means)  salutation
                 standing (how far believed)  delegation (who speaks for whom)  unreached  language
      masked     shield (what is masked, where)  privacy  privacy_numbers  _addresses  _passwords
    a new ticket opening  outage_opening  splitting  entering (staff enter it)
                 triage  assignment  watchers  similar  dispatch and first_dispatch (the engineer's
                 letter)
      the form   registration  fields (labelled lines)  wishes  supplement (filled in later)
                 questions  asking
    rules        rules (values)  ruleset (made ready)  matching (the judgement)  words  fold
                 circumstances  negation  conclusion (weights)
      looked at  expectations  lint  comparison  scoring
    an answer    conversation (a requester, Cc, vendor)
      short ones answer  answer_words  _sense  _chinese  _english
      more hit   scope (said so)  growth (what follows)
      what then  hearing (one meaning, one step)  closing (a yes, a "not yet")
      rated      rating (a score, words; is it low?)  score (read out of words)
      asked      opinion_form (ticked on the page)  survey_letter (after a bare yes)
      too low    follow_up  follow_up_letters
    staff write  work  carrying (orders and words, as one)  direction  attendance
      orders/    table, script, line and permit: the words, the grammar, who may
      effects    effects (the table)  effect  arguments  effects_work  _people  _sort  _end  _record
                 _related  _parent  _words  verdicts (#升级, #批准 …)
      to undo    snapshot  undo
      words on   relay  marker (reply above)  verbatim  snippet  backup  broadcast  handover
                 consultation  records
    yes or no    approval (values)  escalation  plans  access  approver (whoever answers)  consent
                 plain_verdict  granting
    time         hours  almanac (a day)  reckoning (how it came about)  quiet
      no answer  windows (his working days)  reminders  reminder_letters
      limits     limits  limit_state  limit_verdict (who is told)  limit_changes
      away       absence  absence_words  dates_said
      together   outage  outage_ending  major (a major incident)  agenda (an engineer's day)
    our letters  letters (which to a requester)  wording (values to text)  letter_head  moments
                 sandbox  gallery (all of them, to look at)  gallery_english
      to staff   staff_notices  notices (from the clock)  routing_notices  approval_letters
      sentences  phrases, and by subject: refusal_  doubt_  related_  decision_phrases
      values     letter_values (the table)  requester_  staff_  approval_  linked_  routing_values
                 staff_samples
    pages        pages_of (what a link shows)  page_values  pages (to HTML)
                 links (the tokens)  service_page (what is promised)
    knowledge    article (a value)  learnt (what helped before, and fits)  grams (for an index)
                 article_page (for strangers)  anonymity (nobody is named)  drafts (to be published)
                 repeats (what keeps coming back)
    reports      period  measured (what a ticket counts as)  tally and fault_tally (sums)
                 figures (values)  figure_words (definitions)  figures_json
                 figure_table (the tickets behind them)  figure_book (as text and HTML)
      by mail    report (values)  report_parts (what stands in it)  report_limits  _tickets
                 _ratings  report_lines  _words  _values  report_letters
                 commenting (the lead answers, and it goes on)
    on paper     sheets/ (each document's form)  cells (harmless in a spreadsheet)
"""
