"""The ids of trust.md d.1 and d.3, and the tests that answer for each; a test finds out that none is missing.

What cannot be sent to this application has a reason instead of a test.
"""

HERE = "tests/web/bad/"
UPLOADS = HERE + "test_uploads.py::"
FAULTS = HERE + "test_upload_faults.py::"
WIRE = HERE + "test_wire.py::"
HTTP = HERE + "test_http.py::"
SECURITY = "tests/web/test_security.py::"
SNIFF = "tests/documents/test_sniff.py::"
SCANNER = "tests/documents/test_real_scanner.py::"

_REFUSED = UPLOADS + "test_it_is_refused_at_both_doors"
_TAKEN = UPLOADS + "test_it_is_taken"
_NAMES = UPLOADS + "test_names_are_shown_clean_and_split_nothing"
_NO_FILE = FAULTS + "test_no_file_that_we_asked_for"

ANSWERED: dict[str, tuple[str, ...]] = {
    "U01": (_REFUSED,),
    "U02": (_NO_FILE,),
    "U04": (_REFUSED,),
    "U05": (_REFUSED,),
    "U06": (
        _TAKEN,
        "tests/documents/test_preview.py::test_nothing_hidden_is_left_and_the_original_is_untouched",
    ),
    "U07": ("tests/documents/test_preview.py::test_what_the_camera_turned_is_turned_back",),
    "U09": (_TAKEN,),
    "U10": (_TAKEN,),
    "U11": (_REFUSED,),
    "U12": (_REFUSED,),
    "U14": (_REFUSED, SCANNER + "test_what_it_finds_is_refused_and_noted"),
    "U15": (
        SCANNER + "test_while_it_is_dead_files_wait_and_then_go_on",
        SCANNER + "test_no_verdict_is_no_yes",
    ),
    "U16": (_REFUSED,),
    "U17": (_REFUSED,),
    "U19": (_REFUSED,),
    "U20": (_REFUSED, SNIFF + "test_a_child_that_needs_too_much_ends_and_we_live"),
    "U21": (_TAKEN,),
    "U22": (_TAKEN,),
    "U24": (_TAKEN,),
    "U25": (_REFUSED,),
    "U26": (_TAKEN,),
    "U27": (_TAKEN,),
    "U29": (_REFUSED,),
    "U30": (_REFUSED,),
    "U31": (_REFUSED,),
    "U32": (_TAKEN,),
    "U34": (_NAMES,),
    "U35": (_NAMES,),
    "U36": (_NAMES, _NO_FILE),
    "U37": (_TAKEN,),
    "U39": (
        FAULTS + "test_a_file_larger_than_the_limit",
        WIRE + "test_a_body_without_end_is_cut_off",
        WIRE + "test_lengths_that_lie",
    ),
    "U40": (
        WIRE + "test_silent_lines_keep_nobody_else_waiting",
        WIRE + "test_the_proxy_waits_for_words_that_never_end",
    ),
    "U41": (WIRE + "test_a_slow_line_is_waited_for",),
    "U42": (FAULTS + "test_more_than_a_form_of_ours_holds",),
    "U44": (FAULTS + "test_the_same_file_in_another_case",),
    "U45": (
        FAULTS + "test_the_sixty_first_file",
        "tests/documents/test_intake.py::test_limits_of_case_and_paper",
    ),
    "U46": (FAULTS + "test_a_case_that_takes_no_more",),
    "U47": (FAULTS + "test_a_foreign_case_and_none_are_the_same",),
    "U49": (
        FAULTS + "test_a_store_on_a_bad_day",
        FAULTS + "test_a_store_that_is_silent_while_reading",
        "tests/documents/test_protocol.py::test_nothing_acknowledged_is_lost_and_nothing_is_left_over",
    ),
    "U50": (FAULTS + "test_a_store_on_a_bad_day",),
    "U51": (FAULTS + "test_the_database_goes_between_store_and_receipt",),
    "U52": (
        FAULTS + "test_an_object_that_changed_is_not_shown",
        FAULTS + "test_a_preview_that_is_gone_is_a_sentence",
    ),
    "U54": (FAULTS + "test_no_address_of_the_store_ever_leaves",),
    "U55": (_TAKEN,),
    "U56": (_NO_FILE, FAULTS + "test_the_same_field_twice_is_two_files"),
    "H01": (
        SECURITY + "test_a_form_without_token_is_kept_and_sent_again_by_hand",
        SECURITY + "test_a_token_of_another_browser_is_refused",
    ),
    "H03": (WIRE + "test_methods_that_nobody_needs", SECURITY + "test_other_methods_are_named"),
    "H04": (SECURITY + "test_an_unknown_host_gets_nothing", WIRE + "test_hosts_that_are_not_ours"),
    "H05": (SECURITY + "test_nobody_is_believed_about_a_proxy",),
    "H06": (SECURITY + "test_nobody_is_sent_away_from_here", HTTP + "test_signing_in_leads_nowhere_else"),
    "H08": (HTTP + "test_a_cookie_opens_only_its_own_door",),
    "H09": (HTTP + "test_every_answer_of_the_house",),
    "H10": (HTTP + "test_every_answer_of_the_house", WIRE + "test_refusals_of_the_web_server_itself"),
    "H11": (HTTP + "test_every_answer_of_the_house",),
    "H13": (
        HTTP + "test_words_that_are_programs_elsewhere",
        "tests/web/test_never_500.py::test_junk_in_every_form",
    ),
    "H14": (SECURITY + "test_odd_addresses_are_not_found", WIRE + "test_addresses_no_browser_writes"),
    "H15": (
        HTTP + "test_of_a_field_sent_twice_the_first_counts",
        "tests/web/test_never_500.py::test_junk_in_every_form",
    ),
    "H16": (SECURITY + "test_packed_bodies_are_not_opened",),
    "H18": (WIRE + "test_headers_without_measure",),
    "H19": (WIRE + "test_old_and_odd_browsers_are_served",),
    "H20": (HTTP + "test_no_other_site_may_read",),
    "H21": (WIRE + "test_a_line_is_not_taken_over",),
    "H23": (SECURITY + "test_odd_addresses_are_not_found",),
    "H24": (HTTP + "test_nothing_here_fetches_addresses",),
    "H25": (HTTP + "test_a_robot_at_the_slip_changes_nothing",),
    "H26": (HTTP + "test_many_phones_behind_one_address_are_served",),
}

# the ids as the paper lists them; numbers that are absent there are absent here
UPLOAD_IDS = (1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 16, 17, 19, 20, 21, 22, 24, 25, 26, 27, 29, 30, 31, 32, 34, 35, 36,
              37, 39, 40, 41, 42, 44, 45, 46, 47, 49, 50, 51, 52, 54, 55, 56)  # fmt: skip
HTTP_IDS = (1, 3, 4, 5, 6, 8, 9, 10, 11, 13, 14, 15, 16, 18, 19, 20, 21, 23, 24, 25, 26)
