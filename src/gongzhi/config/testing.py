"""Settings of the test suite: a home of its own below the real one, the owner's role, cheap passwords."""

import os
from pathlib import Path

if "GONGZHI_TEST_HOME" not in os.environ:
    os.environ["GONGZHI_TEST_HOME"] = str(Path(os.environ.get("GONGZHI_HOME") or "var").absolute() / "test")
os.environ["GONGZHI_HOME"] = os.environ["GONGZHI_TEST_HOME"]
os.environ.setdefault("GONGZHI_DB_ROLE", "owner")

from gongzhi.config.settings import *  # noqa: F403
from gongzhi.config.settings import DATABASES

DATABASES["default"]["TEST"] = {"TEMPLATE": os.environ.get("GONGZHI_TEST_TEMPLATE", "gongzhi_empty")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
