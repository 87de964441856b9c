"""Django's own management commands, as the database owner, with the embedded database running."""

import warnings
from collections.abc import Sequence

from gongzhi.cli.database import answering, set_up

_WITHOUT_DATABASE = {
    "help",
    "version",
    "--version",
    "check",
    "diffsettings",
    "makemessages",
    "compilemessages",
    "startapp",
}


def main(arguments: Sequence[str]) -> int:
    """Hand everything after `gongzhi manage` to Django."""
    from django.core.management import execute_from_command_line

    command = ["gongzhi manage", *(arguments or ["help"])]
    if command[1] in _WITHOUT_DATABASE or ("--check" in command and "makemigrations" in command):
        # Models are compared with files; that no database answers meanwhile is as it should be.
        warnings.filterwarnings("ignore", message="Got an error checking a consistent migration history")
        set_up("owner")
        execute_from_command_line(command)
        return 0
    with answering():
        set_up("owner")
        execute_from_command_line(command)
    return 0
