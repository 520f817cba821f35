"""The ids of trust.md d.2, and the tests that answer for each; ``test_catalogue`` finds out that none is missing.

What nobody can type into this application has a reason instead of a test.
"""

DESK = "tests/web/bad/test_forms_of_the_nagari.py::"
READING = "tests/web/test_reading.py::"
FORMS = "tests/web/test_forms.py::"
SECURITY = "tests/web/test_security.py::"
WORKERS = "tests/web/nagari/test_workers.py::"
IMPORTS = "tests/web/nagari/test_imports.py::"
ROWS = "tests/registry/test_row_checks.py::"
LISTS = "tests/registry/test_nominations.py::"
LIFE = "tests/registry/test_life.py::"
STANDING = "tests/registry/test_standing.py::"
SAFEGUARDS = "tests/claims/test_safeguards.py::"
SHEETS = "tests/test_sheets.py::"

_REFUSED = DESK + "test_it_is_refused_in_a_sentence"
_TAKEN = DESK + "test_it_is_taken"
_WORKER = WORKERS + "test_a_value_that_cannot_be_is_refused_and_nothing_kept"
_ROW = ROWS + "test_what_cannot_be_used_is_an_error"
_ODD_ROW = ROWS + "test_what_is_only_strange_is_a_warning_and_does_not_block"
_NIK_ROW = ROWS + "test_a_nik_in_other_writing_is_stored_in_plain_digits"
_MONEY = (READING + "test_money_refused", READING + "test_money_taken")
_NAMES = WORKERS + "test_names_are_taken_as_people_write_them"

FORMS_ANSWERED: dict[str, tuple[str, ...]] = {
    "F01": (_REFUSED, _WORKER, ROWS + "test_a_damaged_nik_is_an_error_with_its_cure"),
    "F03": (_REFUSED, _TAKEN, _NIK_ROW),
    "F04": (_REFUSED, _TAKEN, _NIK_ROW, WORKERS + "test_a_nik_is_stored_as_sixteen_ascii_digits"),
    "F05": (_REFUSED, _WORKER, READING + "test_odd_nik_is_taken_from_officers"),
    "F06": (_TAKEN, _ODD_ROW),
    "F08": (
        LISTS + "test_who_may_not_stand_on_a_list",
        LISTS + "test_the_other_nagari_reads_only_the_name_of_the_first",
    ),
    "F09": (LISTS + "test_somebody_of_the_operators_household_needs_a_second_look",),
    "F10": (_WORKER, _ROW, LISTS + "test_who_may_not_stand_on_a_list"),
    "F11": (_REFUSED, _WORKER, _ROW, LISTS + "test_who_may_not_stand_on_a_list"),
    "F13": (
        DESK + "test_the_day_ends_at_midnight_in_west_sumatra",
        LIFE + "test_the_day_turns_at_midnight_in_sijunjung",
    ),
    "F14": (_REFUSED, _TAKEN, _WORKER, ROWS + "test_a_day_that_is_none_or_could_be_two_is_refused"),
    "F15": (
        LIFE + "test_a_day_that_cannot_be_is_refused",
        LIFE + "test_the_branch_may_record_a_death_before_registration",
    ),
    "F16": _MONEY,
    "F18": (_REFUSED, READING + "test_a_small_count", READING + "test_day_refused"),
    "F20": (
        SAFEGUARDS + "test_a_surviving_parent_who_acts_is_the_one_on_the_list",
        "tests/claims/test_scholarship.py::test_a_minor_needs_a_guardian",
    ),
    "F21": (_TAKEN, _NAMES, _ROW),
    "F23": (_REFUSED, _TAKEN, _WORKER, _ROW),
    "F24": (_TAKEN, _ODD_ROW),
    "F25": (_TAKEN, _NAMES, ROWS + "test_names_are_plain_text_whatever_they_look_like"),
    "F26": (_REFUSED, _WORKER, _ROW, DESK + "test_a_story_says_something_and_has_an_end"),
    "F28": (_TAKEN,),
    "F29": (READING + "test_bank_account_keeps_its_zeros", READING + "test_bank_account_refused"),
    "F31": (
        "tests/payments/test_instructions.py::test_a_look_at_the_account_that_does_not_fit_saves_nothing",
    ),
    "F33": ("tests/web/api/test_message_report.py::test_a_strange_report_is_refused_in_words",),
    "F34": (SECURITY + "test_only_forms_are_read", FORMS + "test_a_json_body_is_no_form"),
    "F35": (
        SHEETS + "test_what_would_run_gets_an_apostrophe",
        SHEETS + "test_a_csv_opens_in_excel_and_runs_nothing",
        ROWS + "test_what_our_own_export_put_before_a_formula_comes_off_again",
        "tests/web/programme/test_quotas.py::test_files_hold_the_list_and_no_formula",
    ),
    "F36": (
        ROWS + "test_a_damaged_nik_is_an_error_with_its_cure",
        ROWS + "test_sixteen_digits_come_out_as_they_went_in_or_not_at_all",
        IMPORTS + "test_columns_with_other_names_are_asked_for",
    ),
    "F38": (
        IMPORTS + "test_the_same_file_again_changes_nothing",
        IMPORTS + "test_two_operators_at_once_have_one_winner",
        IMPORTS + "test_pressing_twice_imports_once",
    ),
    "F40": (
        STANDING + "test_search",
        WORKERS + "test_filters_lie_in_the_address",
        "tests/claims/test_queries.py::test_search_takes_the_text_literally",
    ),
    "F41": (
        WORKERS + "test_filters_lie_in_the_address",
        "tests/claims/test_queries.py::test_a_crafted_page_key_starts_at_the_beginning",
    ),
    "F43": (DESK + "test_words_of_a_stranger_are_only_words",),
    "F45": (
        DESK + "test_a_story_says_something_and_has_an_end",
        _WORKER,
        READING + "test_reason_must_say_something",
    ),
}
FORMS_WITHOUT = {
    "F19": "Nobody types shares: one payee receives the whole, and the others agree in writing (PP 44/2015).",
    "F30": "A bank is chosen from the list of banks; an account of another kind of institution cannot be written.",
    "F39": "A list names no nagari: it is the one of the quota it is for, and its jorong are checked.",
    "F44": "No form asks for coordinates; places of visits belong to a later part.",
}
# the ids as the paper lists them; numbers that are absent there are absent here
FORM_IDS = (1, 3, 4, 5, 6, 8, 9, 10, 11, 13, 14, 15, 16, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 30, 31, 33, 34, 35, 36,
            38, 39, 40, 41, 43, 44, 45)  # fmt: skip
