"""Identification of rows."""

from perimeter365.sources.page._rows import anchored_rows, arrange, cut, distinctive_rows, identify, known_rows


def test_anchors_take_precedence_over_numbers_and_gaps_are_counted() -> None:
    rows = [("1", "Mailbox, MRS"), ("2", "something"), ("3", "else"), ("4", "hybridwizard")]
    assert identify(rows) == [6, 7, 8, 9]


def test_a_row_that_cannot_be_identified_is_none() -> None:
    assert identify([("1", "msappproxy"), ("2", "a new thing"), ("3", "msftconnecttest")]) == [11, None, 24]


def test_stream_is_not_yammer() -> None:
    assert anchored_rows("Microsoft Stream\ns0.assets-yammer.com") == {21}


def test_a_numbered_list_before_the_table_begins_no_row() -> None:
    text = "  1. network\n  2. servers\nRow Purpose\n1 Import PST\n2 Assistant\nautodiscover.outlook.com\n3 WinRM"
    assert [number for number, _ in cut(text)] == ["1", "2", "3"]


def test_columns_are_identified_by_their_content() -> None:
    rows = [("client", "a.b.com TCP 443", "a long purpose", str(n)) for n in range(1, 6)]
    made = arrange(rows)
    assert [row.number for row in made] == ["1", "2", "3", "4", "5"]
    assert made[0].cells[made[0].purpose or 0] == "a long purpose"
    assert arrange([row[:3] for row in rows])[0].number == "client"


def test_a_row_without_its_number_belongs_to_the_one_before() -> None:
    rows = [("1", "a", "b"), ("", "c", "d"), ("2", "e", "f"), ("3", "g", "h")]
    assert [(row.number, row.cells) for row in arrange(rows)][:2] == [("1", ("a", "b", "c", "d")), ("2", ("e", "f"))]


def test_numbers_of_text_are_corrected_by_anchors() -> None:
    text = "4 x WinRM\n5 y ClientTLS\n6 z *.um.outlook.com\n40 new.example"
    assert [number for number, _ in cut(text)] == ["3", "4", "5", ""]


def test_two_distinctive_names_identify_the_page() -> None:
    assert distinctive_rows("*.msappproxy.net www.msftconnecttest.com 52.112.0.0/14 Yammer") == {11, 24}
    assert known_rows([("1", "*.um.outlook.com"), ("2", "x"), ("3", "domains.live.com")]) == 2


OLDER = {
    7: "Exchange Hybrid Free/Busy", 8: "Exchange Hybrid proxies", 11: "msappproxy",
    15: "secure.aadcdn.microsoftonline-p.com",
    18: "Yammer", 19: "Azure AD Connect", 20: "digicert.com:80", 24: "msftconnecttest",
}  # fmt: skip


def test_rows_without_tokens_are_found_by_their_beginning_if_numbers_differ() -> None:
    rows = [(str(i), text) for i, text in enumerate(OLDER.values(), 5)]
    assert identify(rows) == list(OLDER)


def test_the_first_cell_of_a_broken_row_belongs_to_the_row_before() -> None:
    rows = [("1", "a", "b"), ("x.contoso.com", "c"), ("2", "e", "f"), ("3", "g", "h"), ("4", "i", "j")]
    assert arrange(rows)[0].cells == ("a", "b", "x.contoso.com", "c")
