"""The English words of short answers, as people really write them in haste.

Alternatives stand between `|`, parts of a word are joined by ` + `, `_` is a blank, and `{name}`
one of `PARTS`. How words are found is `answer_words`' question.
"""

from __future__ import annotations

from maildesk.desk.answers.sense import Sense

PARTS: dict[str, str] = {
    "issue": "problem|problems|issue|issues|error|errors",
    "do": (
        "log_in|login|log_on|logon|sign_in|connect|print|scan|access_it|open_it|use_it|send|"
        "receive|see_it|get_in|work|send_mail|send_emails|send_and_receive|get_online|"
        "open_the_file|access_the_file|access_the_folder|access_the_share|print_again"
    ),
}

ENGLISH: dict[Sense, tuple[str, ...]] = {
    Sense.SOLVED: (
        "|was_|were_ + fixed|resolved|solved|sorted|restored|repaired",
        "works|working|worked|fixed|resolved|solved|sorted|sorted_out|restored|repaired|lgtm",
        "all|it's_all|everything|everything_is|everything's + _ + good|set|ok|okay|fine|well|"
        "clear|back_to_normal|sorted",
        "|we're_|we_are_|i'm_ + good|fine|ok|okay|happy|normal|perfect|great|all_right|alright + "
        "_now",
        "good_to_go|up_and_running|back_up|back_to_normal|back_online|back_on_track|"
        "back_in_service",
        "running|online|connected|up + _ + again|fine|normally|smoothly",
        "is|are + _back + |_online|_up|_to_normal|_again|_up_again",
        "we're|we_are|i'm|i_am|it's|it_is + _back + _online|_up|_to_normal|_in_business|_working|"
        "_up_again",
        "that|this|it|which|reboot|restart + _did + _it|_the_trick|_the_job",
        "i'm|i_am + _in + |_now|_again",
        "got_it + _ + working|to_work|fixed|sorted",
        "{issue} + _is|_are|_has|_have||_has_been + _gone|_disappeared|_went_away",
        "no|no_more|no_further|no_other + _ + problems|issues|errors",
        "no|no_more|no_further + _ + problem|issue|error + _ + now|anymore|any_more|so_far",
        "no|no_more|no_further|not_an|not_a + _ + problem|problems|issue|issues|error|errors + "
        "_anymore|_any_more|_any_longer",
        "no_longer + _ + a_problem|an_issue|crashing|freezing|crashes|freezes|slow|happening|"
        "happens|broken|down|offline|stuck",
        "i|we|everybody|everyone|i_now|we_now|and|now + _can + |_now|_finally|_again + _ + {do}",
        "able_to + _ + {do}",
        "please_|you_can_|you_may_|feel_free_to_|kindly_|ok_to_|okay_to_|pls_| + close_ + it|this|"
        "the_ticket|this_ticket|my_ticket|the_case|this_case|the_request|this_one|the_issue",
        "ticket_can_be_closed|case_closed|case_can_be_closed",
        "connected_now",
    ),
    Sense.SETTLED: (
        "confirmed|i_confirm|satisfied|very_satisfied|very_happy|looks_good|looks_good_to_me",
        "looks_fine|looks_ok|happy_with_it|happy_with_the_result|confirm|ok_to_close|can_be_closed",
    ),
    Sense.YES: ("yes|yep|yeah|yup|correct|right|done|ja|fine",),
    Sense.HEDGE: (
        "seems|seem|seemed|appears|appear|should|may|might|looks|look|must + |_to|_to_be|"
        "_to_have_been|_be|_have_been|_like_it|_like",
        "seemingly|probably|maybe|perhaps|i_think|i_guess|i_believe|i_suppose|apparently|"
        "hopefully|so_far|for_now|not_sure|not_certain|i_hope|fingers_crossed|presumably|"
        "at_the_moment|for_the_moment",
    ),
    Sense.ASIDE: (
        "you + _can|_could|_may|_will",
        "when|once|if|until|as_soon_as|before + _ + it|it's|this|that|everything|the_problem|"
        "the_issue",
        "not_urgent|no_hurry|no_rush|not_in_the_office|not_available|no_need|not_at_my_desk",
    ),
    Sense.UNDONE: (
        "when_will|when_can|when_could|when_is|when_are|how_long|how_much_longer|still_waiting|"
        "any_eta|what's_the_eta|what_is_the_eta|do_you_have_an_eta|is_there_an_eta",
        "why + _is|_isn't|_has|_hasn't|_haven't + _it|_this|_that|_you|_nobody|_anyone|_no_one",
        "nobody_has|no_one_has|haven't_heard|have_not_heard|not_heard|no_reply|no_response|"
        "no_answer|waiting_for_a_reply|waiting_since|been_waiting|have_been_waiting|am_waiting|"
        "i'm_waiting",
        "is_it|is_this|has_it|has_this|was_it|did_it|is_the_issue|is_the_problem|has_the_issue|"
        "has_the_problem + |_been + _ + fixed|resolved|solved|done|working|sorted",
    ),
    Sense.ASKS: (
        "any + |_new|_further + _ + update|updates|news|progress|word|feedback|movement",
        "what + 's|_is + _the + |_current|_latest + _ + status|progress|update|news",
        "where_are_we|how_is_it_going|how's_it_going|how_is_this_going|how_is_it_coming_along",
        "following_up|follow_up|just_checking|checking_in|check_the_status|checking_on|"
        "check_on_the_status|chasing|to_chase|gentle_reminder|friendly_reminder|kind_reminder|"
        "just_a_reminder|bumping_this|bump|status_update|progress_update|update_please|is_anyone|"
        "is_anybody|is_someone|has_anyone|has_anybody|can_i_get_an_update|could_i_get_an_update|"
        "please_update_me|can_you_update_me|status_of_my|status_of_this|an_update_on",
    ),
    Sense.PARTIAL: (
        "mostly|partly|partially|sometimes|occasionally|half|almost|nearly|for_a_while|a_bit|"
        "a_little|better|improved|intermittent|intermittently|on_and_off|some|only|temporarily|"
        "most_of|kind_of|sort_of|at_times|now_and_then|for_an_hour|for_a_few|once_in_a_while",
    ),
    Sense.BAD: (
        "👎|😡|😠|😤|😭|😞|🙁|☹",
        "not|isn't|still_not|is_not|does_not|doesn't|don't|didn't|did_not|do_not|won't|hasn't|"
        "has_not|never|not_yet|aren't|wasn't + _ + working|work|works|fixed|resolved|solved|help|"
        "better|connecting|connect|opening|open|printing|print|loading|load|good|ok|happy|"
        "satisfied|repaired|been_fixed|been_resolved|been_solved|respond|responding|change",
        "cannot|can't|can_not|couldn't|could_not|unable_to|unable|fails|failed|failing|fail|"
        "failure|broken|broke|breaks|stuck|crash|crashes|crashed|crashing|freeze|freezes|frozen|"
        "freezing|slow|slower|down|dead|stopped|stops|stop|worse|wrong|persists|persist|"
        "still_broken|still_happening|still_the_same|still_there|still_down|still_an_issue|"
        "it's_back|it_is_back|came_back|comes_back|come_back|no_luck|no_change|no_difference|"
        "no_improvement|happened_again|happening_again|happens_again|still_having|still_have|"
        "still_getting|still_get|still_see|still_shows|no_good|no_joy|back_again|offline|useless|"
        "unusable|disappointed|dissatisfied|unhappy|unresolved|unsolved|unfixed|disconnected|"
        "gone_again",
        "same|same_old|another + _ + {issue}|message|thing|story",
        "the|my|this|that| + _ + {issue} + _is|_are|_has|_'s + _ + back|still_there|returned",
        "{issue} + _ + persists|remains|persist|remain|returned|came_back",
    ),
    Sense.BUT: (
        "but|however|although|though|except|unfortunately|just_that|yet|unless|whereas|despite",
    ),
    Sense.AGAIN: ("again|once_more",),
    Sense.FILLER: (
        "not_only",
        "it|it's|its|this|that|that's|everything|everything's|all|now|just|already|finally|the|my|"
        "our|your|a|an|i|i'm|i've|we|we've|you|is|are|am|been|has|have_been|has_been|here|and|too|"
        "as_well|so|both|again_now|well|perfectly|properly|normally|correctly|smoothly|"
        "as_expected|as_it_should|as_normal|as_usual|like_a_charm|for_me|for_us|on_my_end|"
        "on_my_side|on_our_end|on_our_side|from_my_side|at_my_end|at_my_side|from_my_end|"
        "completely|fully|totally|absolutely|actually|itself|by_itself|very|really|much|quite",
        "i_can_confirm|can_confirm|to_confirm|just_to_confirm|i_confirm_that|we_can_confirm|"
        "happy_to_report|happy_to_say|glad_to_say|pleased_to_say|confirming|as_discussed",
        "just_to_let_you_know|to_let_you_know|fyi|for_your_information|good_news",
    ),
    Sense.THANKS: (
        "|many_|great_|big_ + thanks|thank_you|thankyou|cheers + |_so_much|_very_much|_a_lot|"
        "_again|_a_million|_a_bunch|_all|_team|_both|_guys|_everyone|_indeed|_kindly|_in_advance",
        "much_appreciated|appreciate_it|appreciated|i_appreciate_it|really_appreciate_it|"
        "i_really_appreciate_it|i_appreciate_your_help|appreciate_your_help|grateful",
        "for_ + |your_|the_|all_your_|all_the_ + |quick_|fast_|prompt_|great_|kind_|swift_ + help|"
        "support|assistance|response|reply|fix|service|time|effort|efforts|update|info|"
        "information|patience|work|turnaround|feedback",
        "for_ + |quickly_|promptly_ + fixing|solving|resolving|sorting|sorting_out|helping|"
        "handling|looking_into + |_it|_this|_that|_my_problem|_the_problem|_the_issue|_me|_it_out|"
        "_this_out|_us|_me_out|_it_so_quickly|_this_so_quickly",
        "for_everything|for_letting_me_know|for_the_heads_up",
    ),
    Sense.PRAISE: (
        "great|perfect|excellent|awesome|wonderful|brilliant|nice|good|amazing|fantastic|super|"
        "lovely|cool|hooray|yay|very_good|very_nice|splendid|marvellous|impressive",
        "great|good|excellent|nice|quick|fast|brilliant|amazing|super + _ + job|work|service|"
        "support|response",
    ),
    Sense.NOTED: (
        "noted|received|understood|roger|acknowledged|copy_that|copied|got_it|well_noted|"
        "noted_with_thanks|got_your_mail|got_your_message|well_received|i_see|message_received",
    ),
    Sense.ACK: (
        "sure|will_do|no_worries|no_problem|sounds_good|alright|all_right|of_course|"
        "you're_welcome|my_pleasure|great_to_know|good_to_know",
    ),
    Sense.TRY: (
        "i'll_|i_will_|will_|let_me_|i'm_going_to_|going_to_| + try|test|check|have_a_look|"
        "take_a_look|look_at + |_it|_this|_that|_now|_it_now|_and_let_you_know|_and_see|_later|"
        "_it_later|_tomorrow|_it_tomorrow|_again|_again_later",
        "|i_|we_|still_ + haven't|have_not|didn't|did_not|not|hasn't_been|has_not_been|not_been + "
        "_tried|_tested|_checked|_verified|_had_time_to_try|_had_time_to_test|_had_the_time_to_test|"
        "_had_a_chance_to_try|_had_a_chance_to_test|_get_a_chance_to_try|_get_a_chance_to_test|"
        "_gotten_around_to_it|_gotten_to_it + |_it|_that|_this + |_yet",
        "keep_you_posted|let_you_know|get_back_to_you|i'll_get_back_to_you|will_keep_an_eye|"
        "keep_an_eye_on_it|i'll_monitor|will_monitor|monitor_it|keep_monitoring",
    ),
    Sense.ANOTHER: (
        "by_the_way|btw|also|another|one_more_thing|separately|additionally|in_addition|one_more|"
        "while_i_have_you|on_another_note|a_different|a_new|besides|new_problem|new_issue|"
        "other_than_that|apart_from_that",
    ),
    Sense.QUESTION: (
        "is_it|is_this|is_that|is_the|are_the|are_they|has_it|has_the|did_it|did_you|does_it|"
        "can_i|could_i|can_you|could_you|would_you|will_it|was_it|have_you|why|what|where|who|"
        "which|how|when|are_you|is_there|should_i|do_i|whether|can_we|is_everything",
    ),
    Sense.TOPIC: ("status|update|updates|eta|news|progress|reminder|ping|ticket_status",),
    Sense.URGE: (
        "asap|urgent|urgently|hurry|hurry_up|as_soon_as_possible|quickly|speed_up|speed_this_up|"
        "expedite|prioritise|prioritize|waiting",
    ),
    Sense.PLEA: ("please|pls|plz|kindly|look_into_it|look_into_this|help|let_me_know",),
    Sense.POLITE: (
        "hope|hopefully|let's_hope + _it|_this|_that + _ + lasts|stays_that_way|stays_so|holds|"
        "stays_fixed",
        "hi|hello|hey|dear|hi_all|hi_team|hi_there|team|there|dear_team|support|support_team|"
        "it_team|it_support|help_desk|helpdesk|service_desk|guys|everyone|folks|sir|madam|mr|ms|"
        "mrs|good_morning|good_afternoon|good_evening|morning|have_a_nice_day|colleagues|"
        "have_a_great_day|have_a_good_day|have_a_good_one|have_a_good_weekend|sorry|"
        "have_a_nice_weekend|have_a_great_weekend|happy_friday|enjoy_your_weekend",
        "regards|best_regards|kind_regards|warm_regards|best|best_wishes|sincerely|br|rgds|kr|"
        "yours|yours_sincerely|all_the_best|take_care|bye|with_thanks|with_regards",
        "sent_from_my_ + iphone|ipad|phone|mobile|android|android_phone|samsung_galaxy|"
        "huawei_phone",
        "sent_from_ + outlook_for_ios|outlook_for_android|mobile|yahoo_mail|mailmaster",
        "get_outlook_for_ios|get_outlook_for_android",
        "|will_|i'll_|i_will_ + let_you_know|reach_out|contact_you|write_again|shout|get_back + "
        "_if + _anything|_there_is_anything|_it|_something|_i + _comes_up|_changes|_happens_again|"
        "_else_comes_up|_else|_need_anything|_happens",
    ),
    Sense.THING: (
        "did_as_you_said|did_what_you_said|followed_the_steps|followed_your_steps",
        "right_now|this_morning|this_afternoon|as_of_now|since_this_morning|today",
        "after + _|_the_|_a_|_your_|_my_ + restart|restarting|reboot|rebooting|update|fix|reset|"
        "change|restarting_it|logging_in_again|reinstalling",
        "|i_|i've_|i_have_|i_just_|just_|we_|have_|have_just_|we've_ + tested|checked|tried|"
        "verified|restarted|rebooted + |_it|_this|_that|_again|_and",
        "vpn|oa|erp|crm|sap|wps|office|excel|word|outlook|teams|wi-fi|internet|network|printer|"
        "scanner|laptop|computer|pc|desktop|screen|monitor|mouse|keyboard|phone|mailbox|mail|"
        "email|e-mail|emails|account|password|login|system|app|application|software|program|file|"
        "files|folder|share|shared_folder|drive|shared_drive|server|database|website|site|page|"
        "portal|browser|report|reports|dashboard|camera|microphone|headset|sound|audio|video|"
        "projector|meeting_room|docking_station|dock|connection|access|permission|permissions|"
        "license|licence|update|extension|token|certificate|ticket|case|request|{issue}|toner|"
        "cable|charger|battery|adapter|calendar|zoom|sharepoint|onedrive|teams_call",
    ),
    Sense.NOT: (
        "no|not|never|none|nothing|neither|nor|nope|nah|without|hardly|barely|still|isn't|aren't|"
        "wasn't|weren't|don't|doesn't|didn't|won't|wouldn't|hasn't|haven't|hadn't|shouldn't|"
        "couldn't|ain't|error|errors|trouble",
    ),
}
