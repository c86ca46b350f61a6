"""The second look: texts that a rule cannot match are not taken apart."""

import pytest
from tests.detect.rulework import rule

from suragh.detect.events import Kind
from suragh.detect.patterns_look import look_of
from suragh.detect.patterns_view import View, looker
from suragh.detect.sigma.ruleset import load_rules


def passes(selection: object, text: str) -> bool:
    """Whether a text would be taken apart for a rule."""
    (loaded,) = load_rules([("r.yml", rule(selection))]).rules
    return looker(look_of(loaded.conditions[Kind.COMMAND]))(View(text))


CURL = {"program": ["curl", "wget"], "args|contains": "--upload"}


@pytest.mark.parametrize(
    ("selection", "text", "expected"),
    [
        pytest.param(CURL, "curl --upload-file x", True, id="all there"),
        pytest.param(CURL, "/usr/bin/CURL.exe --upload-file x", True, id="a path, another case, .exe"),
        pytest.param(CURL, "curl -o x", False, id="a part is missing"),
        pytest.param(CURL, "curling --upload", False, id="another name"),
        pytest.param(CURL, "libcurl.so --upload", False, id="a part of a name"),
        pytest.param({"program": "tool", "args|re": "^a b$"}, "tool 'a  b'", True, id="an expression over spaces"),
        pytest.param({"program": "tool", "args|re": "^a b$"}, "tool ab", False, id="an expression not met"),
        pytest.param({"program": "tool", "args|re": r"x(?=y)"}, "tool xz", False, id="look-ahead"),
        pytest.param({"http.path|contains": "/adminer"}, "wget http://h/adminer", True, id="a request"),
        pytest.param({"http.path|contains": "/adminer"}, "ls src/adminer", False, id="no client"),
        pytest.param(
            {"program": "tool", "via": "bash -c"}, "bash -lc tool", True, id="a way in may be written otherwise"
        ),
        pytest.param([{"program": "aaa"}, {"args": "-b"}], "x -b", True, id="alternatives"),
        pytest.param({"program|re": "^(?:ab|c(?:d)?)$"}, "x; 'CD.exe' -b", True, id="a name's edges"),
        pytest.param({"program|re": "^(?:ab|c(?:d)?)$"}, "tab cdx", False, id="parts of names"),
        pytest.param({"program|re": "^ab|cd$"}, "abx", True, id="edges of single alternatives"),
        pytest.param({"Image|re": r"\\ab\.exe$"}, "ab", True, id="a name that need not be written out"),
        pytest.param({"http.header|re": "^User-Agent: .*sqlmap"}, "curl -A sqlmap h.example", True, id="a header"),
        pytest.param({"http.header|contains": "agent: sqlmap"}, "curl -A sqlmap h.example", True, id="an option"),
        pytest.param({"http.header|contains": "agent: sqlmap"}, "curl -A x h.example", False, id="another header"),
        pytest.param({"http.header|re": r"a=\d+"}, "curl -b a=x h.example", False, id="an expression on a header"),
        pytest.param({"http.method": ["TRACE", "PUT"]}, "curl -XTrace h.example", True, id="a method"),
        pytest.param({"http.method": ["TRACE", "PUT"]}, "curl -sT f h.example", True, id="an option for a method"),
        pytest.param({"http.method": ["TRACE", "PUT"]}, "curl -s h.example", False, id="another method"),
        pytest.param({"http.method": "GET"}, "curl h.example", True, id="a method that need not be named"),
        pytest.param({"program": "tool", "via": "sudo"}, "sudo -n tool", True, id="a way in"),
        pytest.param({"program": "tool", "via": "sudo"}, "tool x", False, id="no way in"),
        pytest.param({"program": "tool", "via": "node"}, "bun tool", True, id="a way in by another name"),
        pytest.param({"program": "tool", "args|re": "^-d"}, "tool x-d --d", False, id="no option of its own"),
        pytest.param({"program": "tool", "args|re": "^-d|y"}, "tool '-dx'", True, id="an option in quotes"),
        pytest.param({"program": "tool", "args|re": "^-d"}, r"printf 'a\n-d' | xargs tool", True, id="after an escape"),
        pytest.param({"program": "tool"}, r"printf 'a\ntool' | sh", True, id="a name after an escape"),
        pytest.param({"reads|endswith": "key"}, "cat <key", True, id="what is read by a redirect"),
        pytest.param({"reads|endswith": "key"}, "cat key", False, id="what is read without one"),
        pytest.param({"http.path|re": "^//|x"}, "curl http://h.example//a", True, id="where a path begins"),
        pytest.param({"http.path|re": "^//|x"}, "curl http://h.eg/a", False, id="where a host begins"),
        pytest.param({"http.method|re": "^[A-Z]{13,}$"}, "curl -s h.example", False, id="a method's expression"),
        pytest.param({"http.method|re": "^[A-Z]+$"}, "curl h.example", True, id="an expression for every method"),
        pytest.param({"http.header|re": "^Cookie:.*a=1"}, "curl -b a=1 h.example", True, id="an option for a name"),
        pytest.param({"http.header|re": "^Cookie:.*a=1"}, "curl -H 'X: a=1' h.eg", False, id="another header's value"),
        pytest.param({"http.header|re": "^(?:Cookie|X-Role): a"}, "curl -H 'X-Role: a' h", True, id="one of two names"),
        pytest.param({"http.header|re": r"\(\)\s*\{"}, "curl -A 'x' h.example", False, id="signs in a header"),
        pytest.param({"http.header|re": r"\(\)\s*\{"}, "curl -A '() {' h.example", True, id="a header of signs"),
        pytest.param({"http.header|re": "[a-z]{6}=="}, "curl -u a:b h.example", True, id="what an option encodes"),
        pytest.param({"program": "x", "decodings": "hex"}, "x", False, id="nothing to decode"),
        pytest.param({"program": "x", "args|re": "[^A-Z]b"}, "x ab", True, id="small letters where capitals are none"),
    ],
)
def test_only_what_could_match_passes(selection: object, text: str, expected: bool) -> None:  # noqa: FBT001
    """It may pass a text in vain, and stops none that matches."""
    assert passes(selection, text) is expected


def test_long_texts_are_asked_for_plain_words_only() -> None:
    """An expression is not tried on a long text, its plain texts are."""
    selection = {"program": "tool", "args|re": r"needle\d"}

    assert passes(selection, f"tool {'x' * 600} needle")
    assert not passes(selection, f"tool {'x' * 600} pin")
