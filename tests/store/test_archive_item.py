"""Items: what stands for a member that cannot be opened."""

from suragh.store.archive_item import Nothing
from suragh.store.input_codecs import Content


def test_nothing_is_an_empty_content() -> None:
    """It has no bytes and no fault."""
    content = Content(Nothing())

    assert (content.read(10), content.fault, content.raw_position) == (b"", "", 0)
