"""Correlations in a scan: signals made of signals, of whoever has the sessions."""

from hypothesis import given, settings
from hypothesis import strategies as st

from scenes import CODES, RULES, Seen, at, bare, call, observable, own, result, rule, scene
from streams import streams
from suragh.detect.correlation import Correlation, Manner
from suragh.model.match import Level
from suragh.profile.scene import Hit, Scene


def counting(*rules: str, by: str, count: float = 2, level: Level = Level.HIGH, **keys: object) -> Correlation:
    """A correlation called `many` over some rules, within a minute."""
    made = {"manner": Manner.EVENT_COUNT, "limits": (("gte", count),), "window": 60 * 10**9, **keys}
    return Correlation(info=rule("many", level), rules=rules, group_by=(by,), **made)


def found(
    *seen: Seen, by: str = "session.id", rules: tuple[str, ...] = ("probe",), **keys: object
) -> dict[str, list[Hit]]:
    """The matches of `many`, by session."""
    return of(scene(seen, correlations=[counting(*rules, by=by, **keys)]))


def of(whole: Scene, number: int = len(RULES)) -> dict[str, list[Hit]]:
    """The matches of a rule, by the names of their sessions."""
    kept = {p.name: [hit for hit in p.hits if hit.rule == number] for p in whole.profiles.values()}
    return {name: hits for name, hits in kept.items() if hits}


def test_the_match_that_completes_a_count_shows_it() -> None:
    """The signal stands where that match stands, and at its time."""
    first, second = call("s", 1, rules=["probe"]), call("s", 2, rules=["probe"])

    (hit,) = found(first, second)["s"]

    assert (hit.at, hit.action, hit.offset) == (at(2), second.fact.action, second.fact.pointer.offset)


def test_what_has_no_time_is_near_nothing() -> None:
    """Acts of which only the order is known may be years apart."""
    acts = [bare(call("s", n, rules=["probe"]), n) for n in (1, 2)]

    assert found(*acts) == found(*acts, call("s", 3, rules=["probe"])) == {}


def test_sessions_of_an_account_count_together_only_where_it_is_asked() -> None:
    """By session each is innocent; by account they are not."""
    seen = [own("a", "eve"), own("b", "eve"), call("a", 1, rules=["probe"]), call("b", 2, rules=["probe"])]

    assert found(*seen) == {}
    assert [hit.at for hit in found(*seen, by="user.account")["b"]] == [at(2)]


def test_what_only_correlations_read_is_no_signal() -> None:
    """As Sigma has it: unless the correlation says `generate`."""
    seen = [call("s", 1, rules=["probe"]), call("s", 2, rules=["probe"])]

    assert of(scene(seen, correlations=[counting("probe", by="session.id")]), CODES["probe"]) == {}
    kept = of(scene(seen, correlations=[counting("probe", by="session.id", generate=True)]), CODES["probe"])
    assert [hit.at for hit in kept["s"]] == [at(1), at(2)]


def test_a_session_without_another_signal_leaves_the_scene() -> None:
    """One match of a rule that only a correlation reads makes no profile."""
    assert scene([call("s", 1, rules=["probe"])], correlations=[counting("probe", by="session.id")]).profiles == {}


def test_context_can_be_read_but_is_never_a_signal() -> None:
    """Informational rules may be counted, whatever the correlation says of their own matches."""
    seen = [call("s", 1, rules=["count"]), call("s", 2, rules=["count"])]
    whole = scene(seen, correlations=[counting("count", by="session.id", generate=True)])

    assert [hit.rule for profile in whole.profiles.values() for hit in profile.hits] == [len(RULES)]


def test_the_systems_that_calls_name_are_counted() -> None:
    """Values of the call count, those that its result shows do not."""
    one, two = observable("a.example.com"), observable("b.example.com")
    counted = {"manner": Manner.VALUE_COUNT, "counted": ("target.host",)}
    apart = [call("s", 1, rules=["probe"], keys=[one]), call("s", 2, rules=["probe"], keys=[two])]
    same = [*apart[:1], call("s", 3, rules=["probe"], keys=[one], name="again"), result("s", 4, of="again", keys=[two])]

    assert [hit.at for hit in found(*apart, **counted)["s"]] == [at(2)]
    assert found(*same, **counted) == {}


def test_an_act_that_completes_a_count_of_several_targets_is_one_signal() -> None:
    """It names two systems, and with each of them the count is full."""
    both = [observable("a.example.com"), observable("b.example.com")]
    seen = [call("s", 1, rules=["probe"], keys=both), call("s", 2, rules=["probe"], keys=both)]

    assert [hit.at for hit in found(*seen, by="target.host")["s"]] == [at(2)]


CORRELATIONS = (
    counting("scan", "probe", by="user.account", count=3, generate=True),
    Correlation(
        info=rule("then", Level.HIGH),
        manner=Manner.TEMPORAL_ORDERED,
        rules=("many", "dump"),
        group_by=("user.account",),
        window=3600 * 10**9,
        limits=(("gte", 2),),
    ),
)


@given(st.data())
@settings(max_examples=60)
def test_order_doubles_and_splits_change_nothing(data: st.DataObject) -> None:
    """The scene is that of the set of facts, correlations and all."""
    seen = data.draw(streams())
    shuffled = data.draw(st.permutations(seen))
    part = shuffled[: data.draw(st.integers(0, len(seen)))]

    assert scene(part, [*shuffled, *seen], correlations=CORRELATIONS) == scene(seen, correlations=CORRELATIONS)


@given(streams(), st.floats(0, 1))
@settings(max_examples=60)
def test_a_scene_cut_at_a_time_is_that_of_what_was_known(seen: list[Seen], share: float) -> None:
    """No later match takes a correlation away, or moves it."""
    times = sorted(item.fact.known_at for item in seen)
    end = times[int(share * (len(times) - 1))] if times else 0
    owners = [item for item in seen if type(item.fact).__name__ in ("Ownership", "Kinship")]
    known = [item for item in seen if item.fact.known_at <= end]
    before = scene(known, owners, correlations=CORRELATIONS)
    cut = scene(seen, correlations=CORRELATIONS).until(end)

    assert of(cut) == of(before)
    assert of(cut, len(RULES) + 1) == of(before, len(RULES) + 1)
