"""Which row a row is."""

from perimeter365.sources._page_rows import anchored, cut, identify


def test_anchors_win_over_numbers_and_gaps_are_counted_in() -> None:
    rows = [("1", "Mailbox, MRS"), ("2", "something"), ("3", "else"), ("4", "hybridwizard")]
    assert identify(rows) == [6, 7, 8, 9]


def test_a_row_that_cannot_be_told_is_none() -> None:
    assert identify([("1", "msappproxy"), ("2", "a new thing"), ("3", "msftconnecttest")]) == [11, None, 24]


def test_stream_is_not_yammer() -> None:
    assert anchored("Microsoft Stream\ns0.assets-yammer.com") == {21}


def test_a_numbered_list_before_the_table_begins_no_row() -> None:
    text = "  1. network\n  2. servers\nRow Purpose\n1 Import PST\n2 Assistant\nautodiscover.outlook.com\n3 WinRM"
    assert [number for number, _ in cut(text)] == ["1", "2", "3"]
