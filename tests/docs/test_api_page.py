"""docs/api.md names calls that exist, as the API describes itself."""

import re
from pathlib import Path

from gongzhi.api.v1.app import api

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_call_of_the_page_is_described_by_the_api() -> None:
    described = {
        (method.upper(), re.sub(r"\{\w+\}", "{}", path))
        for path, methods in api.get_openapi_schema()["paths"].items()
        for method in methods
    }
    named = {
        (method, re.sub(r"\{\w+\}", "{}", path))
        for method, path in re.findall(r"(GET|POST|PUT|DELETE) (/api/v1/[\w/{}.]+)", PAGE)
    }
    assert len(named) > 10
    assert named <= described
