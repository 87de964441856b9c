"""The settings of a real installation, as Django itself judges them."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client, override_settings

from gongzhi.lane import proxy

JUDGE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "gongzhi.config.settings"
import django
django.setup()
from django.core.management import call_command
call_command("check", "--deploy", "--fail-level", "WARNING")
"""


def judged(https: str) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "GONGZHI_HTTPS": https, "GONGZHI_HOSTS": "gongzhi.example.org"}
    return subprocess.run(
        [sys.executable, "-c", JUDGE], env=environment, capture_output=True, text=True, timeout=120
    )


def test_djangos_own_check_for_deployment_is_clean() -> None:
    done = judged("1")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_without_https_the_check_names_what_is_missing_and_nothing_else() -> None:
    found = set(re.findall(r"security\.W\d+", judged("0").stderr))
    assert found == {"security.W004", "security.W012", "security.W016"}


def test_neither_a_short_key_nor_debugging_reaches_an_installation() -> None:
    assert len(settings.SECRET_KEY) >= 50
    assert not settings.DEBUG


def test_behind_a_tls_proxy_the_front_door_says_https_and_nobody_else_can() -> None:
    scope = {
        "headers": [(b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"1.2.3.4")],
        "client": ("9.9.9.9", 1),
    }
    assert proxy._forwarded(scope).getall("X-Forwarded-Proto") == ["http"]
    assert proxy._forwarded(scope).getall("X-Forwarded-For") == ["9.9.9.9"]
    with override_settings(HTTPS=True):
        assert proxy._forwarded(scope).getall("X-Forwarded-Proto") == ["https"]


@pytest.mark.django_db
def test_browsers_are_told_to_stay_with_https_when_there_is_https() -> None:
    with override_settings(SECURE_HSTS_SECONDS=60):
        assert Client().get("/sign-in/", secure=True)["Strict-Transport-Security"] == "max-age=60"
        assert "Strict-Transport-Security" not in Client().get("/sign-in/")
