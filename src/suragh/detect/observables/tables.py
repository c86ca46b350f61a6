"""Tables about paths: what every system, every home and every project has, and what files of loot are called."""

from typing import Final

from suragh.detect.observables.words import words

SYSTEM_WINDOWS: Final = tuple(
    rf"\{folder}"
    for folder in (
        *(
            rf"windows\{inner}"
            for inner in ("system", "syswow64", "sysvol", "ntds", "microsoft.net", "winsxs", "explorer")
        ),
        *(rf"windows\{inner}" for inner in ("panther", "inf", "servicing")),
        *("program", r"programdata\microsoft", r"users\public", r"users\default", r"inetpub\wwwroot"),
    )
)
r"""Folders that every Windows has, without the drive; `\windows\temp` is not among them: programs put files there."""

WELL_KNOWN_ETC: Final = words("well-known-etc")
"""Files straight below `/etc` that every system has."""

WELL_KNOWN_FOLDERS: Final = tuple(sorted(words("well-known-folders")))
"""Folders and files that the distributions and their packages bring (FHS 3.0 and Debian's defaults)."""

WELL_KNOWN_INNER: Final = words("well-known-inner")
"""Folders of tools anywhere in a path: what lies in them was fetched or built, not written by anybody."""

WELL_KNOWN_HOME: Final = words("well-known-home")
"""Files and folders that many home directories have: who has them is nobody in particular."""

COMMON_HOMES: Final = words("common-homes")
"""Names of home directories that come with an image or stand in examples."""

LOOT_KINDS: Final = words("loot-kinds")
"""Extensions of what is taken, noted or scanned; extensions of a project's sources are not among them."""

PLAIN_STEMS: Final = words("plain-stems")
"""Names that a thousand people give a file, with or without a number behind."""
