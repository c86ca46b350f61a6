"""Windows command lines, as far as a best effort goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suragh.text.shell_windows import STATEMENT_LIMIT, looks_windows, windows_simples


def shown(text: str, *, powershell: bool = True) -> list[str]:
    """List the statements as joined words."""
    return [" ".join(word.value for word in simple.words) for simple in windows_simples(text, powershell=powershell)]


@pytest.mark.parametrize(
    "text",
    ["Get-ChildItem C:\\Users", "$x = Get-Content a.txt", "C:\\Windows\\notepad.exe", "[System.Net.Dns]::GetHostName()",
     "cd x; Invoke-WebRequest http://example.com", "dir C:\\", "for /f %i in (a) do echo %i"],
)  # fmt: skip
def test_windows_texts_are_told(text: str) -> None:
    """Cmdlets, drive letters and switches with a slash give them away."""
    assert looks_windows(text)


@pytest.mark.parametrize(
    "text", ["ls -la", "X=1 ls", "echo 'Get-Process'", "curl -H 'Content-Type: x'", "$HOME/x", "type ls", ""]
)
def test_posix_texts_are_left_to_the_other_grammar(text: str) -> None:
    """Names of headers and quoted cmdlets do not."""
    assert not looks_windows(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Get-Process; ls 'a b' \"c d\"", ["Get-Process", "ls a b c d"], id="statements and quotes"),
        pytest.param("w`hoami # note", ["whoami"], id="backtick and comment"),
        pytest.param("IEX (New-Object X).Get('http://example.com')",
                     ["IEX (New-Object X).Get('http://example.com')", "New-Object X"], id="brackets"),
        pytest.param("a | % { b $_; c }", ["a", "% { b $_; c }", "b $_", "c"], id="blocks"),
    ],
)  # fmt: skip
def test_powershell_is_split(text: str, expected: list[str]) -> None:
    """A statement is seen whole, and what runs inside its brackets on its own."""
    assert sorted(shown(text)) == sorted(expected)


def test_cmd_is_split() -> None:
    """Carets go, single quotes are letters, redirects name files."""
    assert shown("w^hoami & net user 'a b'&& dir", powershell=False) == ["whoami", "net user 'a b'", "dir"]
    (found,) = windows_simples("dir > out.txt 2>&1", powershell=False)
    assert found.writes == ("out.txt",)
    assert windows_simples("w^hoami", powershell=False)[0].words[0].decodings == ("quoting",)


def test_pipes_are_kept() -> None:
    """The right side knows its left."""
    left, right = windows_simples("tasklist | findstr x", powershell=False)

    assert right.left is left


@given(
    text=st.text()
    | st.lists(st.sampled_from(["(", ")", "{", "}", "|", ";", "'", '"', "`", "^", "a", " ", ">", "#", "<#", "&"])).map(
        "".join
    )
)
def test_any_text_is_survived(text: str) -> None:
    """Words lie in the text, and there are never too many statements."""
    for powershell in (True, False):
        found = windows_simples(text, powershell=powershell)
        assert len(found) <= STATEMENT_LIMIT + 16
        assert all(0 <= word.start < word.end <= len(text) for simple in found for word in simple.words)
