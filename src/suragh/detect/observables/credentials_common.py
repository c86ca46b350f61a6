"""Which secrets say nothing: placeholders, and passwords that everybody guesses or leaves as they came."""

import re
from functools import lru_cache
from typing import Final

from suragh.detect.observables.words import words

_CACHE: Final = 1 << 13

MIN_PASSWORD: Final = 5
"""Shorter ones are guessed by counting: they link nobody."""

MAX_SECRET: Final = 256
"""Longer ones are documents, not passwords."""

_MIN_DISTINCT: Final = 4
"""Distinct characters below which a secret is a pattern (`xxxxxx`, `***`, `111222`)."""

STEMS: Final = words("password-stems")
"""Stems of default and much-guessed passwords, and words that stand for one. A secret is common if it is one of them
after its signs and digits are undone: `P@ssw0rd!`, `Winter2022`, `admin123`. Source: the words common to published
lists of most used and of vendors' default passwords; seasons and months as in guesses for yearly changes."""

_RUNS: Final = ("0123456789", "9876543210", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")

_UNLEET: Final = str.maketrans("@4301$5!7", "aaeoissit")
_UNLEET_L: Final = str.maketrans("@4301$5!7", "aaeolssit")

_PLACEHOLDER: Final = re.compile(
    r"[<\[{(].*[>\]})]|[$%]\{?[A-Za-z_(].*|.*(?:\$\{|\{\{|%\(|<[a-z]|\.\.\.|…|\*\*\*|xxxx|XXXX|['\"]\$|\\u00|\[redact|redacted|REDACTED).*"
    r"|(?:your|my|the|some|new|old|enter|insert|example|sample|fake|dummy|test)[-_ ].*"
    r"|(?:none|null|nil|true|false|undefined|required|optional|hidden|masked|string|str|bytes|int|bool|self|this)"
    r"|[A-Z]+(?:_[A-Z]+)+|/.*|https?:.*|\.{1,2}/.*|.*\.(?:txt|lst|json|ya?ml|md|py|sh|js|ts|go|rs|ini|conf|log|xml|html?|csv)",
    re.DOTALL,
)
"""What stands where a secret would: variables, templates, blanks, words of a type, names of constants, paths."""


@lru_cache(_CACHE)
def telling(secret: str) -> bool:
    """Say whether a secret may identify who uses it: long enough, no placeholder, and not everybody's."""
    if not MIN_PASSWORD <= len(secret) <= MAX_SECRET or len(set(secret)) < _MIN_DISTINCT:
        return False
    return not (_PLACEHOLDER.fullmatch(secret) or common(secret))


def common(secret: str) -> bool:
    """Say whether a password is a default, a much-guessed word with the usual changes, or a run of the keyboard."""
    low = secret.lower()
    if any(low in run for run in _RUNS) or (low.isdigit() and len(low) <= MIN_PASSWORD + 1):
        return True
    return any(_stems(form) for form in _forms(low))


def _forms(low: str) -> tuple[str, ...]:
    bare = low.strip("0123456789!@#$%^&*.?_-+= ")
    tail = low.rstrip("0123456789!#%^&*.?_-+= ")
    return (bare, tail.translate(_UNLEET), tail.translate(_UNLEET_L), low.translate(_UNLEET))


def _stems(word: str) -> bool:
    plain = "".join(character for character in word if character.isalpha())
    return not plain or plain in STEMS
