"""Tricks that hide words, and ordinary work that does not."""

from functools import cache

import pytest

from suragh.detect.observables.triggers import TRIGGERS
from suragh.detect.scan import Scanner, compiled
from suragh.detect.scan_tricks import ASSIGNED, ENCODED, PERCENT, SHELL, TRICKS, USED, hides_words


@cache
def scanner() -> Scanner:
    """A scanner for the tricks alone."""
    return Scanner(compiled([], TRICKS), 0, TRICKS)


@pytest.mark.parametrize(
    "text",
    [
        "c''url x",
        'wh""oami',
        "c'ur'l x",
        "'cu'rl x",
        'cat /etc/pa"sswd"',
        "cat /'etc'/passwd",
        "cu\\rl x",
        "ls; who\\ami",
        "w^hoami",
        "cat${IFS}/etc/passwd",
        "cat$IFS/etc/passwd",
        "$'\\x63url' x",
        "{cat,/etc/passwd}",
        "echo aWQ= | base64 -d | sh",
        "echo 6964 | xxd -r -p | sh",
        "powershell -enc dwBoAG8AYQBtAGkA",
        "printf '\\x69\\x64' | sh",
        "eval $x",
        "`echo cat` x",
        "a=cu; b=rl; $a$b x",
        "cu\\\nrl x",
        "echo di | rev | sh",
        "curl -s > out --upload-file x",
    ],
)
def test_hidden_words_are_noticed(text: str) -> None:
    """What a shell would undo fires a trigger."""
    assert hides_words(scanner().scan(text).triggers)


@pytest.mark.parametrize(
    "text",
    [
        'git commit -m "Fix the user\'s path"',
        "grep -rn 'foo\\.bar\\b' src | head -20",
        "sed -i 's/a/b/' file.txt && echo \"done\"",
        "curl -s -H 'Accept: x' \"https://example.com/a?b=c\" 2>/dev/null",
        'cd "$HOME/src" && ls',
        "go test ./... -run 'TestFoo|TestBar' 2>&1 | tail -5",
        "python3 -c 'print(1)'",
        'docker run --rm -v "$PWD":/x image',
    ],
)
def test_ordinary_commands_hide_nothing(text: str) -> None:
    """Each false alarm costs a parse."""
    assert not hides_words(scanner().scan(text).triggers)


def test_encodings_are_noticed() -> None:
    """Runs of base64, hexadecimal escapes, percent signs."""
    assert scanner().scan("x = 'aW1wb3J0IG9zO29zLnN5c3RlbSgpCg'").triggers & ENCODED
    assert scanner().scan(r"'\x69\x64\x20\x41'").triggers & ENCODED
    assert scanner().scan("/a%2e%2e/").triggers & PERCENT


def test_a_variable_hides_words_only_where_it_is_set_and_used() -> None:
    """Setting or using one alone says nothing."""
    assert not hides_words(ASSIGNED)
    assert not hides_words(USED)
    assert hides_words(ASSIGNED | USED)
    assert hides_words(SHELL)


def test_bits_meet_no_trigger_of_the_observables() -> None:
    """Both kinds of trigger share one number."""
    own = {trick.bit for trick in TRICKS}

    assert not own & {trigger.bit for trigger in TRIGGERS}
