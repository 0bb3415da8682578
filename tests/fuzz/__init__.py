"""Fuzzers of the parsers, one module each with `seeds` and `check`.

    make fuzz                                     property tests, then each fuzzer for a minute (atheris)
    make fuzz FUZZ_SECONDS=3600 ARGS=page_html    one fuzzer for an hour
    python -m tests.fuzz --list                   list the fuzzers

A `check` raises an exception if a guarantee is violated: an error of another class, a message that is too long or has
control characters, accepted input that changes when it is written and read again, or that the never-list forbids. A
normal test run checks a few hundred inputs per fuzzer without atheris (`test_smoke.py`). Findings are added to
`findings.py`.
"""
