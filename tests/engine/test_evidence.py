"""Evidence leads to the bytes, and shows them without their secrets."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.engine import once
from tests.engine import telemetry as t

import suragh
from suragh.engine.evidence import AROUND, MASK, SPAN_SHOWN, _excerpt
from suragh.model.evidence import Evidence
from suragh.model.fact import Call, Leaf, Pointer, Result
from suragh.model.match import Inspection, Match
from suragh.model.observable import Observable, ObservableKind
from suragh.model.report import Report


@pytest.fixture(scope="module", autouse=True)
def _rules_once() -> Iterator[None]:
    with once.loaded():
        yield


CHAT = t.Session("chat", "acct-a", 31 * t.HOUR, t.LOOK.steps)
PREFIX = b'\xef\xbb\xbf{"type": "summary", "summary": "\xc3\xa9\xe2\x82\xac\xf0\x9f\x93\x84"}\r\n\r\n\n'
"""A mark of byte order, letters of two to four bytes, blank lines: what makes offsets, lines and letters differ."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A scan whose evidence lies in four formats, behind what makes counting hard."""
    folder = tmp_path_factory.mktemp("evidence")
    files = t.all_data()
    files["look.jsonl"] = PREFIX + files["look.jsonl"].replace(b"\n", b"\r\n")
    files["chat.jsonl"] = t.data(t.openai(CHAT))
    return suragh.scan(t.store(folder / "in", files), accounts=[t.accounts(folder)])


def evidence(report: Report) -> list[Evidence]:
    """All evidence of a report."""
    return [item for one in report.campaigns for item in one.evidence]


def dug(value: Any, pointer: str) -> Any:  # noqa: ANN401 - JSON
    """What a JSON Pointer leads to. Source: RFC 6901."""
    for step in pointer.split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        value = value[int(key)] if isinstance(value, list) else value[key]
    return value


def texts(call: dict[str, Any]) -> dict[str, str]:
    """The arguments of a call, in the form that each format gives them."""
    if "input" in call:
        return dict(call["input"])
    if "arguments" in call:
        return dict(json.loads(call["arguments"]))
    if "function" in call:
        return dict(json.loads(call["function"]["arguments"]))
    values = {one["key"]: one["value"]["stringValue"] for one in call["attributes"]}
    return dict(json.loads(values["gen_ai.tool.call.arguments"]))


def test_there_is_evidence_in_every_format(report: Report) -> None:
    """The tests below look at something."""
    assert {Path(item.file).name for item in evidence(report)} == {
        "look.jsonl",
        "read.jsonl",
        "use.jsonl",
        "chat.jsonl",
    }


def test_evidence_leads_to_its_bytes(report: Report) -> None:
    """Offset, length and hash name the record's bytes; the line is the one that they stand in."""
    for item in evidence(report):
        content = Path(item.file).read_bytes()
        record = content[item.offset : item.offset + item.length]
        assert sha256(record).hexdigest() == item.sha256
        assert content.split(b"\n")[item.line - 1].rstrip(b"\r") in (record, b"\xef\xbb\xbf" + record)


def test_evidence_leads_to_its_words(report: Report) -> None:
    """The pointer leads to the call, the leaf to the text, the span to what is shown."""
    for item in evidence(report):
        content = Path(item.file).read_bytes()
        call = dug(json.loads(content[item.offset : item.offset + item.length]), item.path)
        text = texts(call)[item.leaf]
        assert 0 <= item.start < item.end <= len(text)
        pieces = item.excerpt.strip("…").split(MASK)
        assert all(piece in text for piece in pieces)
        if len(pieces) == 1:
            assert text[item.start : item.end][:SPAN_SHOWN] in item.excerpt


def test_evidence_is_that_of_its_session(report: Report) -> None:
    """Session, account and time are those of the record."""
    sessions = {one.name: one for one in (*t.CAMPAIGN_SESSIONS, CHAT)}
    for item in evidence(report):
        owner = sessions[item.session]
        assert item.account == owner.account
        assert item.excerpt.strip("…").split(MASK)[0] in " ".join(step.command for step in owner.steps)


def test_evidence_is_in_order_of_time(report: Report) -> None:
    """As a story is told."""
    for one in report.campaigns:
        times = [item.at for item in one.evidence]
        assert times == sorted(times)


def secret(start: int, end: int) -> Observable:
    """A credential at a place."""
    return Observable(kind=ObservableKind.CREDENTIAL, value="v", shown="", leaf="c", start=start, end=end)


@given(
    st.text(alphabet="abcdefgh", min_size=1, max_size=700),
    st.data(),
)
def test_an_excerpt_masks_every_secret_and_nothing_else(text: str, data: st.DataObject) -> None:
    """Whatever the spans, none of a secret's letters is shown, and all other letters around the span are."""
    spans = [_span(data, len(text)) for _ in range(data.draw(st.integers(0, 4)))]
    masked = set().union(*(range(low, high) for low, high in spans)) if spans else set()
    marked = "".join(char.upper() if place in masked else char for place, char in enumerate(text))
    start, end = _span(data, len(text))
    found = Inspection((), tuple(secret(low, high) for low, high in spans), 0)
    shown = _excerpt(marked, Match("r", "c", start, end), found)

    assert not any(char.isupper() for char in shown)
    low, high = max(0, start - AROUND), min(len(text), min(end, start + SPAN_SHOWN) + AROUND)
    assert shown.replace(MASK, "").strip("…") == "".join(c for c in marked[low:high] if c.islower())
    assert shown.startswith("…") == (low > 0)
    assert shown.endswith("…") == (high < len(text))


def _span(data: st.DataObject, size: int) -> tuple[int, int]:
    start = data.draw(st.integers(0, size - 1))
    return start, data.draw(st.integers(start + 1, size))


COMMANDS = (
    "sshpass -p '{}' ssh root@192.0.2.10 id",
    "sshpass -p {} ssh root@192.0.2.10 id",
    "sshpass -p{} ssh root@192.0.2.10 id",
    'sshpass -p "{}" scp -r root@192.0.2.10:/srv /tmp',
    "SSHPASS='{}' sshpass -e ssh root@192.0.2.10",
    "PGPASSWORD='{}' pg_dump -h db.example.com -U app shop > /tmp/a.sql",
    "PGPASSWORD={} psql -h db.example.com -c 'SELECT * FROM users'",
    "export DB_PASSWORD='{}'; mysqldump -h db.example.com -u app shop",
    "mysql -h db.example.com -u app -p'{}' shop -e 'select email,password from users'",
    "mysqldump --password='{}' -h db.example.com shop",
    "curl -s -u 'admin:{}' http://192.0.2.20/actuator/env",
    "smbclient //192.0.2.10/C$ -U 'admin%{}' -c ls",
    "nxc smb 192.0.2.10 -u admin -p '{}' --sam",
    "crackmapexec ssh 192.0.2.0/24 -u root -p '{}'",
    "impacket-psexec 'corp/admin:{}@192.0.2.10'",
    "impacket-secretsdump corp/admin:'{}'@192.0.2.10",
    "evil-winrm -i 192.0.2.10 -u admin -p '{}'",
    "xfreerdp /v:192.0.2.10 /u:admin /p:'{}'",
    "psql 'postgresql://app:{}@db.example.com/shop' -c 'SELECT * FROM users'",
    "mongodump --uri 'mongodb://app:{}@db.example.com/x'",
    "redis-cli -h db.example.com -a '{}' --rdb /tmp/a",
    "echo '{}' | sudo -S cat /etc/shadow",
    "ssh root@192.0.2.10 \"echo '{}' | sudo -S cat /etc/shadow\"",
    "ldapsearch -x -H ldap://192.0.2.10 -D cn=admin -w '{}' '(objectClass=user)'",
    "hydra -l root -p '{}' ssh://192.0.2.10",
    'python3 -c \'import paramiko; c=paramiko.SSHClient(); c.connect("192.0.2.10", username="root", password="{}")\'',
    "curl -s -X POST http://192.0.2.20/login -d 'username=admin&password={}'",
    "wget --http-password='{}' --user=admin http://192.0.2.20/actuator/env",
)
RESULTS = (
    "DB_USER=app\nDB_PASSWORD={}\n",
    "password: {}\nuser: app\n",
    '{{"user": "app", "password": "{}"}}',
    "postgresql://app:{}@db.example.com/shop",
    "machine db.example.com login app password {}",
    "SMB 192.0.2.10 445 DC [+] corp\\admin:{} (Pwn3d!)",
    "[22][ssh] host: 192.0.2.10   login: root   password: {}",
)
PASSWORDS = st.from_regex(r"[A-Z][a-z]{3,6}[0-9]{2,4}[-_!#.+][a-zA-Z0-9]{3,10}", fullmatch=True)


def excerpts(text: str, *, result: bool = False) -> list[str]:
    """What is shown of each match in a text."""
    leaf = (Leaf("command", text),)
    fact: Call | Result
    if result:
        fact = Result("s", 1, leaf, None, 0, Pointer(0, 0, 0), "")
        found = once.detector().inspect_result(fact)
    else:
        fact = Call("s", "", 1, "Bash", leaf, 0, Pointer(0, 0, 0), "")
        found = once.detector().inspect_call(fact)
    return [_excerpt(text, match, found) for match in found.matches]


@pytest.mark.parametrize("command", COMMANDS)
@settings(max_examples=15)
@given(password=PASSWORDS)
@example(password=t.PASSWORD)
def test_no_excerpt_of_a_command_shows_a_password(command: str, password: str) -> None:
    """However it is handed over."""
    assert [text for text in excerpts(command.format(password)) if password in text] == []


@pytest.mark.parametrize("result", RESULTS)
@settings(max_examples=15)
@given(password=PASSWORDS)
@example(password=t.PASSWORD)
def test_no_excerpt_of_a_result_shows_a_password(result: str, password: str) -> None:
    """However it was kept."""
    assert [text for text in excerpts(result.format(password), result=True) if password in text] == []


TOKENS = st.integers(0).map(lambda number: sha256(str(number).encode()).hexdigest()[:40])


@settings(max_examples=15)
@given(token=TOKENS)
def test_no_excerpt_shows_a_bearer_token(token: str) -> None:
    """Of a usual length."""
    command = f"curl -s -H 'Authorization: Bearer {token}' http://192.0.2.20/actuator/env"

    assert len(excerpts(command)) > 0
    assert [text for text in excerpts(command) if token in text] == []


@pytest.mark.parametrize(
    "command",
    [
        r"net use \\192.0.2.10\C$ {} /user:admin",
        "curl -s -b 'session={}' http://192.0.2.20/actuator/env",
        "curl -s -H 'Cookie: sid={}' http://192.0.2.20/actuator/env",
        "curl -s -H 'X-Api-Key: {}' http://192.0.2.20/actuator/env",
        "curl -s -H 'Authorization: Bearer {}' http://192.0.2.20/actuator/env",
    ],
)
def test_no_excerpt_shows_a_secret_of_a_rarer_form(command: str) -> None:
    """A share's password, cookies, keys in headers, short tokens."""
    text = "Kx7-2mQ9v"

    assert len(excerpts(command.format(text))) > 0
    assert [shown for shown in excerpts(command.format(text)) if text in shown] == []
