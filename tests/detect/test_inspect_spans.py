"""Spans: what a reader is shown."""

import pytest
from tests.detect.rulework import call, matches, result

from suragh.model.fact import Call, Result


def shown(selection: object, action: Call | Result) -> tuple[str, str]:
    """The leaf of a match, and the text of its span."""
    (match,) = matches(selection, action)
    leaves = action.arguments if isinstance(action, Call) else action.texts
    (text,) = [leaf.text for leaf in leaves if leaf.path == match.leaf]
    assert 0 <= match.start < match.end <= len(text)
    return match.leaf, text[match.start : match.end]


WRITE = {"file_path": "/home/a/.ssh/authorized_keys", "content": "é\nssh-ed25519 AAAA x\n"}
REQUEST = {"method": "POST", "url": "http://h/wp-admin/%2e%2e/x", "body": "user=a&debug=1"}


@pytest.mark.parametrize(
    ("selection", "action", "expected"),
    [
        pytest.param({"content|contains": "SSH-ed25519"}, call("W", WRITE), ("content", "ssh-ed25519"), id="a text"),
        pytest.param({"content|re": r"ssh-\w+"}, call("W", WRITE), ("content", "ssh-ed25519"), id="an expression"),
        pytest.param({"path|endswith": "_keys"}, call("W", WRITE), ("file_path", "_keys"), id="the field's own leaf"),
        pytest.param(
            {"http.method": "POST", "http.body|contains": "debug"}, call("R", REQUEST), ("body", "debug"), id="no verb"
        ),
        pytest.param({"http.method": "POST"}, call("R", REQUEST), ("method", "POST"), id="a verb alone"),
        pytest.param(
            {"http.path|contains": "/../x"}, call("R", REQUEST), ("url", REQUEST["url"]), id="decoded: all of the leaf"
        ),
        pytest.param({"tool": "R"}, call("R", REQUEST), ("method", "POST"), id="what stands in no leaf"),
        pytest.param({"result": ["*needle*"]}, result({"a": "x", "b": "a needle b"}), ("b", "needle"), id="result"),
        pytest.param({"failed": True, "result|contains": "eed"}, result("need", failed=True), ("", "eed"), id="failed"),
    ],
)
def test_the_span_is_what_shows_it(selection: object, action: Call | Result, expected: tuple[str, str]) -> None:
    """The narrowest span of the right leaf; all of the leaf where the value is only derived from it."""
    assert shown(selection, action) == expected


def test_without_any_text_there_is_no_match() -> None:
    """A match points at bytes: a call without arguments has none."""
    assert matches({"tool": "reboot"}, call("reboot", {})) == ()
