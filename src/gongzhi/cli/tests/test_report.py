"""Dates of reports as they are typed."""

from datetime import UTC, datetime

import pytest

from gongzhi.cli.report import instant
from gongzhi.installation.trouble import Trouble


def test_a_day_means_its_end_and_a_zone_is_obeyed():
    assert instant("2016-01-12T22:23", "America/New_York") == datetime(2016, 1, 13, 3, 23, tzinfo=UTC)
    assert instant("2016-01-12", "UTC") == datetime(2016, 1, 12, 23, 59, 59, tzinfo=UTC)
    assert instant("2016-01-12T22:23+08:00", "UTC") == datetime(2016, 1, 12, 14, 23, tzinfo=UTC)
    for text, zone in (("yesterday", "UTC"), ("2016-01-12", "Moon/Base")):
        with pytest.raises(Trouble):
            instant(text, zone)
