"""Where things stand: matches with their bytes, what was read, and what could not be."""

from msgspec import Struct


class Evidence(Struct, frozen=True, kw_only=True):
    """A match, and where its bytes stand: enough to find and check it without Suragh.

    Attributes:
        rule: the rule's name.
        title: the rule's title.
        level: Sigma level.
        techniques: ATT&CK or ATLAS ids.
        tactic: tactic id.
        session: session id.
        account: account.
        at: when it became known.
        file: the file as given, with the member of an archive after `!`.
        line: line number from 1 in the decompressed content; 0 where the format has no lines.
        offset: first byte of the record in the decompressed content.
        length: bytes of the record.
        sha256: SHA-256 of these bytes, hexadecimal.
        path: JSON Pointer of the call or result inside the record.
        leaf: the text inside it (`command`).
        start: first code point of the span.
        end: one past the last.
        via: the ways in, outermost first.
        decodings: what was undone before it matched.
        excerpt: the span with some text around it, secrets masked.
    """

    rule: str
    title: str
    level: str
    techniques: tuple[str, ...]
    tactic: str
    session: str
    account: str
    at: str
    file: str
    line: int
    offset: int
    length: int
    sha256: str
    path: str
    leaf: str
    start: int
    end: int
    via: tuple[str, ...]
    decodings: tuple[str, ...]
    excerpt: str


class SourceView(Struct, frozen=True, kw_only=True):
    """One file, or one member of an archive, and what was made of it.

    Attributes:
        file: as in `Evidence`.
        format: name of the reader; empty where none knew it.
        bytes: decompressed bytes read.
        records: records seen.
        calls: calls read, doubles counted.
        rejected: records that could not be read.
    """

    file: str
    format: str
    bytes: int
    records: int
    calls: int
    rejected: int


class RejectedView(Struct, frozen=True, kw_only=True):
    """Bytes that could not be read.

    Attributes:
        file: as in `Evidence`.
        offset: first byte in the decompressed content.
        length: how many bytes.
        reason: what is, and what was expected.
    """

    file: str
    offset: int
    length: int
    reason: str
