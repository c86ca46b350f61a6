"""Times of records that have none."""

from suragh.model.instant import DUSK
from suragh.read.undated import BEGINNING, Dates


def test_order_is_kept_where_times_are_missing() -> None:
    """Each record comes right after the one before it, a dated one at its own time, whatever came before."""
    dates = Dates()

    assert [dates.at(known) for known in (None, None, 500, None, 400, None)] == [
        BEGINNING + 1,
        BEGINNING + 2,
        500,
        501,
        400,
        401,
    ]


def test_a_record_is_not_before_what_it_follows() -> None:
    """A start that is known pushes an undated record on, and never back."""
    dates = Dates()

    assert [dates.at(None, 100), dates.at(None, 100), dates.at(None, 90), dates.at(70, 100)] == [100, 101, 102, 70]


def test_time_never_leaves_64_bits() -> None:
    """After the last time there is no later one."""
    dates = Dates()
    dates.at(DUSK)

    assert dates.at(None) == DUSK
