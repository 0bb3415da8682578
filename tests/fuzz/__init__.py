"""Fuzzers of the parsers: one small file each, with a `check` that takes any bytes and `seeds` made from the embedded facts.

    make fuzz                                     each for a minute, guided by coverage (atheris), after the property tests
    make fuzz FUZZ_SECONDS=3600 ARGS=page_html    one of them for an hour
    python -m tests.fuzz --list                   their names

A `check` raises when a promise does not hold: another error than one of ours, a message that is endless or holds control
bytes, something accepted that does not survive its own writing, or that the never-list rules out. An ordinary test run
feeds each a few hundred inputs without atheris (`test_smoke.py`). What a fuzzer finds becomes a case of `findings.py`.
"""
