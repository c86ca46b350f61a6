"""The deliberate errors. Bad set-up raises one of these; bad telemetry never does.

SuraghError
├── UsageError    the command line or a call of the Python interface is wrong   exit 2
│   └── InputError    what was to be read is not there                          exit 5
└── SetupError    a file that a person wrote for Suragh is wrong                exit 3
"""


class SuraghError(Exception):
    """Something that the person at the keyboard can mend.

    Attributes:
        what: what is, and what was expected.
        where: the file, line or option that it is about; empty if there is none.
        hint: what to do next; empty if the rest says it.
    """

    exit_code = 4

    def __init__(self, what: str, *, where: str = "", hint: str = "") -> None:
        self.what = what
        self.where = where
        self.hint = hint
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """One line: `where: what. hint`."""
        place = f"{self.where}: " if self.where else ""
        advice = f". {self.hint}" if self.hint else ""
        return f"{place}{self.what}{advice}"


class UsageError(SuraghError):
    """The command line, or a call of the Python interface, asks for what there is not."""

    exit_code = 2


class InputError(UsageError):
    """An input does not exist: who watches exit codes must see that something could not be read."""

    exit_code = 5


class SetupError(SuraghError):
    """A file that a person wrote for Suragh (rules, engagements, accounts) cannot be used."""

    exit_code = 3
