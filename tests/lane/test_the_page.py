"""The examples of docs/api.md, run as they stand there."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.lane.conftest import Door

pytestmark = pytest.mark.embedded
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_example_works(door: Door) -> None:
    script = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.S))
    assert script.count("curl ") >= 6
    script = script.replace("http://localhost:8000", door.url).replace("gz_…", door.token)
    script = script.replace("curl -fsS", "curl --fail-with-body -sS")  # a failure shows what was answered
    script = script.replace("$(uuidgen)", "$(cat /proc/sys/kernel/random/uuid)")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr + done.stdout[-500:]
    assert done.stdout.count('"follow_code"') == 2
    assert "<service_requests" in done.stdout
