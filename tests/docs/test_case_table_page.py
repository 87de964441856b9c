"""docs/case-table.md says what the shipped procedure does."""

from tests.docs.case_table_page import PAGE, page


def test_the_page_is_the_procedure() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.docs.case_table_page"
