"""Groups: which sessions of a cluster belong to its operation."""

from collections.abc import Iterable, Sequence

from scenes import RULES, Seen, at, call, groups_afresh, observable, own, profile, result, rule, scene
from suragh.judge.group import ACTING, Group, make_group
from suragh.judge.sweep import Sweep
from suragh.link.graph import Graph
from suragh.model.match import Level, RuleInfo
from suragh.model.observable import ObservableKind
from suragh.profile.fold import CALL
from suragh.profile.scene import Hit, Profile, Scene

SECRET = observable("found-secret", ObservableKind.CREDENTIAL)
END = at(10_000)


def names(found: Scene, group: Group) -> list[str]:
    """The sessions of a group by name."""
    return sorted(found.profiles[session].name for session in group.sessions)


def pair(*more: Seen) -> Scene:
    """Two accounts that share a credential in acts of their own, and what else there is."""
    seen = [own("a", "amy"), own("b", "eve"), call("a", 1, rules=["scan", "dump"], keys=[SECRET])]
    return scene([*seen, call("b", 2, rules=["move", "dump"], keys=[SECRET]), *more])


def only(found: Scene) -> Group:
    """The one group."""
    (group,) = groups_afresh(found, END)
    return group


def test_sessions_that_bear_the_shared_key_belong() -> None:
    """Both ends of the link, under their accounts."""
    found = pair()

    assert names(found, only(found)) == ["a", "b"]
    assert only(found).accounts == ("amy", "eve")
    assert list(only(found).sessions) == sorted(only(found).sessions)


def test_a_weak_session_belongs_only_with_the_key() -> None:
    """A weak match of an account's own work stays out; the same session with the shared key is in."""
    without = pair(own("w", "amy"), call("w", 5, rules=["peek"]))
    with_key = pair(own("w", "amy"), call("w", 5, rules=["peek"], keys=[SECRET]))

    assert names(without, only(without)) == ["a", "b"]
    assert names(with_key, only(with_key)) == ["a", "b", "w"]


def test_a_strong_session_belongs_without_the_key() -> None:
    """What an account of the operation does besides counts, if it says something by itself."""
    found = pair(own("w", "amy"), call("w", 5, rules=["dump"]))

    assert names(found, only(found)) == ["a", "b", "w"]


def bystander(sessions: int) -> list[Seen]:
    """An account with so many weak sessions that bear the shared key."""
    asked = [call(f"q{n}", 20 + n, rules=["peek"], keys=[SECRET]) for n in range(sessions)]
    return [*(own(f"q{n}", "bob") for n in range(sessions)), *asked]


def test_whom_the_attack_touches_is_no_part_of_it() -> None:
    """An account that bears the key and does only weak things is left out, and thins out the harm."""
    found = pair(*bystander(3))

    assert only(found).accounts == ("amy", "eve")
    assert only(found).assessment != only(pair()).assessment


def test_who_used_what_another_had_read_takes_part() -> None:
    """However weak its acts: the credential came from the operation, not from its own work before."""
    read = [own("r", "ann"), call("r", 9, rules=["dump"], name="r"), result("r", 10, of="r", keys=[SECRET])]
    used = [own("q0", "bob"), call("q0", 20, rules=["peek"], keys=[SECRET])]
    before = [own("q0", "bob"), call("q0", 5, rules=["peek"], keys=[SECRET])]

    assert only(scene([*read, *used])).accounts == ("ann", "bob")
    assert [group.accounts for group in groups_afresh(scene([*read, *before]), END)] == [("ann",)]


def test_an_account_that_acts_in_one_session_in_many_is_left_out() -> None:
    """One more idle session than `ACTING` allows, and the account is a bystander from then on."""
    found = pair(*bystander(ACTING + 1), call("q0", 19, rules=["probe"], keys=[SECRET]))
    last = 20 + ACTING

    (before,), (after,) = groups_afresh(found, at(last - 1)), groups_afresh(found, at(last))

    assert before.accounts == ("amy", "bob", "eve")
    assert after.accounts == ("amy", "eve")


def test_weak_sessions_alone_are_no_group() -> None:
    """Nothing is said of an account with nothing but weak matches."""
    assert groups_afresh(scene([call("w", 1, rules=["peek"]), call("w", 2, rules=["count"])]), END) == []


def test_its_id_stays_while_its_first_signal_stays() -> None:
    """Later acts and sessions do not rename a campaign; an earlier one does."""
    before = only(pair())

    later = pair(own("w", "amy"), call("w", 5, rules=["dump"]), call("b", 9, rules=["send"], keys=[SECRET]))
    assert only(later).id == before.id
    assert only(pair(own("w", "amy"), call("w", 0.5, rules=["dump"]))).id != before.id
    assert len(before.id) == 16


def test_its_id_does_not_depend_on_what_other_rules_there_are() -> None:
    """A new rule that nothing matched leaves a campaign its id."""
    found = [profile("s", hits=[dump(RULES)], calls=[1])]
    more = (rule("another", Level.LOW), *RULES)
    moved = [profile("s", hits=[dump(more)], calls=[1])]

    assert group_of(found, RULES).id == group_of(moved, more).id


def dump(rules: Sequence[RuleInfo]) -> Hit:
    """A match of the rule `dump`, by its number in this set."""
    return Hit(at(1), [info.name for info in rules].index("dump"), 77, CALL, 0, 1, 1)


def test_a_flow_makes_it_worse() -> None:
    """What one account read and the other used counts beyond company."""
    company = pair(own("w", "amy"), call("w", 0.5, rules=["dump"], keys=[SECRET], name="x"))
    flow = pair(own("w", "amy"), *read_of_secret())

    assert [part.reason for part in only(company).assessment.parts if "read" in part.reason] == []
    assert [part.reason for part in only(flow).assessment.parts if "read" in part.reason]


def read_of_secret() -> Iterable[Seen]:
    """An act whose result shows the credential, and matches a rule."""
    return (
        call("w", 0.4, rules=["dump"], name="x"),
        result("w", 0.5, of="x", rules=["dump"], keys=[SECRET]),
    )


def test_a_group_is_of_what_is_known_by_then() -> None:
    """At an earlier time, a later bearer is not in it."""
    found = pair(own("w", "amy"), call("w", 500, rules=["peek"], keys=[SECRET]))

    (early,) = groups_afresh(found, at(400))

    assert names(found, early) == ["a", "b"]


def test_a_key_that_is_borne_later_brings_nobody_in_yet() -> None:
    """The sweep holds whole keys: what a session shows of one later does not count."""
    found = pair(own("w", "amy"), call("w", 3, rules=["peek"]), call("w", 500, rules=["peek"], keys=[SECRET]))

    said = [names(found, snapshot.group) for snapshot in Sweep(found, RULES).run().said if snapshot.at < at(500)]

    assert said == [["a", "b"]]


def test_how_bad_it_is_does_not_depend_on_strangers() -> None:
    """An operation whose acts are over is as bad whether or not somebody comes upon its host after its idle hours."""
    host = observable("db.example.com")
    acts = [own("a", "amy"), own("b", "eve"), *(call("a", 10 + n / 100) for n in range(600))]
    acts += [call(name, n + 1, rules=["dump", "send"], keys=[host, SECRET]) for n, name in enumerate("ab")]
    stranger = [own("o", "other"), call("o", 900, keys=[host])]

    alone, visited = (Sweep(scene(seen), RULES).run().groups for seen in (acts, [*acts, *stranger]))

    assert [group.assessment for group in alone] == [group.assessment for group in visited]


def group_of(found: Sequence[Profile], rules: Sequence[RuleInfo]) -> Group:
    """The group of profiles that share nothing."""
    group = make_group(sorted(p.account for p in found), {p.account: [p] for p in found}, Graph([]), rules, END)
    assert group is not None
    return group
