"""The tests; the folders mirror `src/perimeter365`, which tests/test_tree.py keeps so."""
