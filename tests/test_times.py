"""The tables of `make slow`."""

from tests.times import tables


def test_seconds_are_summed_for_folders_files_and_functions() -> None:
    seconds = {
        "tests/a/test_x.py::test_one[1]": 1.0,
        "tests/a/test_x.py::test_one[2]": 2.0,
        "tests/test_y.py::test_two": 2.5,
    }
    found = [line.split() for _, lines in tables(seconds) for line in lines]
    assert [(float(line[0]), int(line[2]), line[-1]) for line in found] == [
        (3.0, 2, "tests/a"),
        (2.5, 1, "tests"),
        (3.0, 2, "tests/a/test_x.py"),
        (2.5, 1, "tests/test_y.py"),
        (3.0, 2, "tests/a/test_x.py::test_one"),
        (2.5, 1, "tests/test_y.py::test_two"),
    ]
