"""Fold: from facts and what was found in them to rows."""

import pytest
from msgspec import structs

from scenes import Seen, at, call, child, fold, observable, own, remote, result, turn
from suragh.model.fact import Kinship, Ownership, Pointer, Turn
from suragh.model.ids import digest
from suragh.model.instant import DAWN, parse_rfc3339
from suragh.model.observable import ObservableKind
from suragh.profile.fold import CALL, FAILED, KEY_CACHE, NO_ACTION, RESULT, WAY, Fold
from suragh.profile.keys import COMMAND, PROMPT, Label

HOST = observable("db.example.com")
BOX = observable("box.example.net")
SECRET = observable("hunter2", ObservableKind.CREDENTIAL)
LONG = "curl -sk https://db.example.com:8443/api/v1/export?table=customers -o /tmp/export.json"
TASK = "please look through the service in our test system and keep going until every open point on the list is done"


def test_a_call_and_its_result_are_two_steps_of_one_action() -> None:
    """They are told apart by their part, and only a result says whether it failed."""
    _, tables = fold([call("s", 1, name="x"), result("s", 2, of="x", failed=True)])

    steps = tables["steps"]
    assert steps["part"].tolist() == [CALL, RESULT]
    assert len(set(steps["action"].tolist())) == 1
    assert steps["failed"].tolist() == [FAILED[None], FAILED[True]]
    assert steps["at"].tolist() == [at(1), at(2)]


def test_the_same_text_is_the_same_hash() -> None:
    """So that a retry with other arguments can be told from one with the same."""
    _, tables = fold([call("s", n, name=f"{n}", text="same") for n in range(3)] + [call("s", 9, text="other")])

    assert len(set(tables["steps"]["text"].tolist())) == 2


def test_each_rule_is_one_hit_of_an_action() -> None:
    """With the role of the text that satisfied it, and the pointer to its bytes."""
    made, tables = fold([call("s", 1, rules=["scan", "move"], name="x"), result("s", 2, of="x", rules=["scan"])])

    hits = tables["hits"]
    codes = made.rule_codes
    assert sorted(hits[["rule", "role"]].tolist()) == sorted(
        [(codes["scan"], CALL), (codes["move"], CALL), (codes["scan"], RESULT)]
    )
    assert set(hits["offset"].tolist()) == {10, 20}


def test_a_value_seen_is_posted_with_its_action_and_role() -> None:
    """Whether the action has a signal is known when all is read; what may be shown of the value is kept apart."""
    made, tables = fold([call("s", 1, name="x", keys=[HOST]), result("s", 2, of="x", keys=[SECRET])])

    host, secret, action = digest("host", "db.example.com"), digest("credential", "hunter2"), digest("action", "x")
    rows = tables["postings"][["key", "action", "role"]].tolist()
    assert sorted(rows) == sorted([(host, action, CALL), (secret, action, RESULT)])
    assert made.labels == {host: Label("host", "db.example.com"), secret: Label("credential", "")}


def test_a_way_in_is_no_target() -> None:
    """What stands outside of all that matched, where all of it runs elsewhere, is where it runs."""
    _, tables = fold([remote("s", 1, BOX, rules=["scan"], keys=[HOST])])

    roles = dict(tables["postings"][["key", "role"]].tolist())
    assert roles == {digest("host", "box.example.net"): WAY, digest("host", "db.example.com"): CALL}


@pytest.mark.parametrize(("start", "role"), [(0, WAY), (9, CALL)])
def test_a_match_on_the_way_in_itself_leaves_it_one(start: int, role: int) -> None:
    """A rule that matches the command that leads there says nothing of where it leads; one that matches beside does."""
    made = remote("s", 1, BOX, rules=["scan"], keys=[HOST])
    (inner,) = made.found.matches
    outer = structs.replace(inner, rule="move", via=(), start=start)
    _, tables = fold([Seen(made.fact, structs.replace(made.found, matches=(inner, outer)))])

    assert dict(tables["postings"][["key", "role"]].tolist())[digest("host", "box.example.net")] == role


@pytest.mark.parametrize("rules", [[], ["count"]])
def test_without_a_signal_nothing_is_a_way_in(rules: list[str]) -> None:
    """Nor is anything where a match stands at the top."""
    _, tables = fold([remote("s", 1, BOX, rules=rules, keys=[HOST]), call("s", 2, rules=["scan"], keys=[BOX, HOST])])

    assert set(tables["postings"]["role"].tolist()) == {CALL}


def test_an_informational_match_is_no_signal() -> None:
    """It is context: no hit, and no key of its command."""
    _, tables = fold([call("s", 1, rules=["count"], text=LONG)])

    assert [len(tables[name]) for name in ("hits", "postings", "steps")] == [0, 0, 1]


def test_nothing_that_opens_a_door_is_kept() -> None:
    """Tables hold numbers, labels hold what may be shown: the credential is in neither."""
    made, tables = fold([call("s", 1, rules=["dump"], keys=[SECRET]), result("s", 2, of="s@1", keys=[SECRET])])

    kept = repr((made.labels, made.sessions, made.owners)).encode()
    assert b"hunter2" not in kept + b"".join(rows.tobytes() for rows in tables.values())


def test_a_long_command_that_matched_is_a_key() -> None:
    """A short one, and one that no rule satisfied, are not."""
    made = [
        set(fold([seen])[0].labels.values())
        for seen in (
            call("s", 1, rules=["send"], text=LONG),
            call("s", 1, text=LONG),
            call("s", 1, rules=["send"], text="ls -la"),
        )
    ]

    assert made == [{COMMAND}, set(), set()]


def test_a_prompt_is_posted_by_its_bands() -> None:
    """By no action."""
    made, tables = fold([turn("s", 1, TASK)])

    assert set(tables["postings"]["action"].tolist()) == {NO_ACTION}
    assert set(tables["postings"]["key"].tolist()) == set(made.labels)
    assert set(made.labels.values()) == {PROMPT}


def test_a_message_is_kept_without_its_text() -> None:
    """Whether a person wrote it, and whether it claims an authorisation."""
    _, tables = fold([turn("s", 1, "we are the red team"), turn("s", 2, "go on", human=False)])

    assert sorted(tables["turns"][["at", "human", "claim"]].tolist()) == [(at(1), 1, 1), (at(2), 0, 0)]


def test_the_earliest_owner_counts() -> None:
    """Ties go by account, whatever the order of the facts; a table handed in precedes everything."""
    facts = [own("s", "zoe", 1), own("s", "amy", 1), own("s", "eve", 5)]
    for order in (facts, facts[::-1]):
        assert fold(order)[0].owners[digest("session", "s")].account == "amy"

    table = Fold(())
    for fact in (Ownership("s", "amy", "user.id", at(1)), Ownership("s", "table", "accounts file", DAWN)):
        table.add(fact)
    assert table.owners[digest("session", "s")].account == "table"


def test_the_earliest_parent_counts() -> None:
    """Whatever the order of the facts."""
    facts = [child("s", "late", 5), child("s", "early", 1)]
    for order in (facts, facts[::-1]):
        assert fold(order)[0].parents[digest("session", "s")] == (at(1), digest("session", "early"))


def test_a_parent_is_a_session_even_if_nothing_else_names_it() -> None:
    """Its name can be shown."""
    made = Fold(())
    made.add(Kinship("s", "parent", at(1)))

    assert set(made.sessions.values()) == {"s", "parent"}


def test_the_key_memory_is_bounded_and_harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forgetting a key's hash gives the same hash again."""
    seen = [call("s", n, keys=[observable(f"h{n % 7}.example")]) for n in range(50)]
    whole = fold(seen)[1]["postings"].tolist()
    monkeypatch.setattr("suragh.profile.fold.KEY_CACHE", 3)

    made, tables = fold(seen)

    assert tables["postings"].tolist() == whole
    assert len(made._keys) <= 3 < KEY_CACHE


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00Z", "2500-01-01T00:00:00Z"])
def test_a_time_that_no_table_holds_is_refused_where_it_is_read(text: str) -> None:
    """Zero times and far futures are common in logs: they are no time, or they are folded; they end no scan."""
    try:
        time = parse_rfc3339(text)
    except ValueError:
        return
    Fold(()).add(Turn("s", 1, human=True, text="x", known_at=time, pointer=Pointer(0, 0, 1), at=""))
