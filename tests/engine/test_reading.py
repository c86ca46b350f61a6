"""Reading: what is folded, what is noted, and what is passed over."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine import once
from tests.engine import telemetry as t

from suragh.engine.period import Period
from suragh.engine.reading import REJECTED_SHOWN, Gathered, Lens, Noted, Place, gather, read_inputs
from suragh.model.evidence import RejectedView, SourceView
from suragh.profile.rows import STEPS
from suragh.read.registry import ALL
from suragh.store.inputs import open_inputs

BROKEN = b'{"type": "assistant", "sessionId": "s"\n'


@contextmanager
def reading(
    folder: Path, files: dict[str, bytes], period: Period | None = None, *, rejects: bool = False
) -> Iterator[tuple[Gathered, list[tuple[str, int, int]]]]:
    """What was gathered of files, and what was told meanwhile."""
    told: list[tuple[str, int, int]] = []
    with open_inputs(t.store(folder, files)) as inputs, ExitStack() as stack:
        gathered = gather(once.ready(), Place(rejects=rejects), stack)
        lens = Lens(ALL, once.detector(), period or Period())
        read_inputs(inputs, lens, gathered, lambda *progress: told.append(progress))
        yield gathered, told


def test_every_source_is_noted_and_told(tmp_path: Path) -> None:
    """In order of name, with what was made of it; progress ends at the whole."""
    files = {"a.jsonl": t.data(t.claude(t.LOOK)), "b.jsonl": BROKEN, "c.bin": b"\x00\x01"}
    with reading(tmp_path, files) as (gathered, told):
        sources = gathered.noted.sources

        assert [(s.file, s.format, s.calls, s.rejected) for s in sources] == [
            (str(tmp_path / "a.jsonl"), "claude-code", len(t.LOOK.steps), 0),
            (str(tmp_path / "b.jsonl"), "claude-code", 0, 1),
            (str(tmp_path / "c.bin"), "", 0, 1),
        ]
        assert gathered.noted.reasons.total() == len(gathered.noted.rejected) == 2
        assert told[-1][1:] == (sum(map(len, files.values())),) * 2


def test_what_lies_outside_the_period_leaves_no_row(tmp_path: Path) -> None:
    """It is counted, and nothing else is known of it."""
    whole = t.data(t.claude(t.LOOK))
    with reading(tmp_path, {"a.jsonl": whole}, Period(until=t.LOOK.at(1))) as (gathered, _):
        rows = gathered.spools[STEPS.name].whole()

        assert sorted(rows["at"].tolist()) == [t.LOOK.at(0), t.LOOK.at(0) + t.LATER, t.LOOK.at(1)]
        assert gathered.noted.passed_over == 2 * len(t.LOOK.steps) - 3


@pytest.mark.parametrize("rejects", [False, True])
def test_all_rejections_are_kept_for_who_wants_them(tmp_path: Path, rejects: bool) -> None:  # noqa: FBT001
    """The report lists the first thousand; the tray has every one of them, or is not there."""
    with reading(tmp_path, {"a.jsonl": BROKEN * (REJECTED_SHOWN + 5)}, rejects=rejects) as (gathered, _):
        assert len(gathered.noted.rejected) == REJECTED_SHOWN
        assert gathered.noted.reasons.total() == REJECTED_SHOWN + 5
        kept = [item.pointer.offset for item in gathered.tray.all()] if gathered.tray else []

    assert kept == ([number * len(BROKEN) for number in range(REJECTED_SHOWN + 5)] if rejects else [])


@st.composite
def noted(draw: st.DrawFn) -> Noted:
    """What was noted of a source."""
    made, file = Noted(), draw(st.sampled_from("abc"))
    for reason in draw(st.lists(st.sampled_from(["x", "y", "z"]), max_size=900)):
        made.reasons[reason] += 1
        if len(made.rejected) < REJECTED_SHOWN:
            made.rejected.append(RejectedView(file=file, offset=0, length=1, reason=reason))
    made.sources.append(SourceView(file=file, format="", bytes=1, records=1, calls=0, rejected=0))
    made.passed_over = draw(st.integers(0, 9))
    return made


@given(st.lists(noted(), max_size=4))
def test_parts_that_are_joined_are_the_whole(parts: list[Noted]) -> None:
    """In order, the first thousand of all, reasons in order of their first sight where they are equally frequent."""
    whole = Noted()
    for part in parts:
        whole.join(part)

    assert whole.sources == [source for part in parts for source in part.sources]
    assert whole.rejected == [view for part in parts for view in part.rejected][:REJECTED_SHOWN]
    assert whole.passed_over == sum(part.passed_over for part in parts)
    assert list(whole.reasons) == list(dict.fromkeys(reason for part in parts for reason in part.reasons))
    assert whole.reasons.total() == sum(part.reasons.total() for part in parts)
