"""Commands: what a shell text would run, taken apart."""

from msgspec import Struct


class Command(Struct, frozen=True):
    """One simple command found in a shell text, also inside wrappers, substitutions and decoded text.

    Attributes:
        program: base name of the program, lower case, without `.exe` (`/usr/bin/Curl` is `curl`); empty if unknown
            (an assignment alone, a redirect alone).
        argv: the words after quoting and simple expansions are undone; `argv[0]` is the program as written.
        line: `argv` joined by single spaces: what rules read as `CommandLine`.
        start: first code point of the command in the leaf's text, from 0. For a decoded command: the span of
            the encoded text in the leaf.
        end: one past the last.
        via: the ways in, outermost first (`ssh`, `sudo`, `bash -c`, `docker exec`, `xargs`, `$()`); empty at the top.
        host: the host that the innermost `ssh`-like way in names, without user and port; empty when it runs here.
        parent: program of the innermost way in (`ssh`, `bash`, `docker`); empty at the top.
        piped_from: program on the left of the pipe; empty if there is none.
        writes: files that redirects write to.
        reads: files that redirects read from.
        stdin: text of a here-document or here-string; empty if there is none.
        decodings: what was undone to see it, outermost first (`quoting`, `base64`, `hex`).
    """

    program: str
    argv: tuple[str, ...]
    line: str
    start: int
    end: int
    via: tuple[str, ...] = ()
    host: str = ""
    parent: str = ""
    piped_from: str = ""
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    stdin: str = ""
    decodings: tuple[str, ...] = ()
