"""Random walks over the written table: whatever people do in whatever order, every matter stays whole.

A failing walk says its seed and step; `Walk(town, seed).go(n)` does the same again. The long walks are 10⁵ steps in
pieces of their own seeds: GONGZHI_WALK_FROM and GONGZHI_WALK_STEPS go on elsewhere or longer.
"""

import os
import time

import pytest
from django.db import transaction

from gongzhi.matters.tests.town import AT
from gongzhi.matters.tests.walking import Walk

SHORT, SHORT_WALKS = 75, 4
LONG = 100
PIECES = 20
STEPS = int(os.environ.get("GONGZHI_WALK_STEPS", "100000"))
FROM = int(os.environ.get("GONGZHI_WALK_FROM", "1000"))


@pytest.mark.parametrize("seed", range(SHORT_WALKS))
def test_a_random_walk_keeps_matters_whole(town, seed):
    walk = Walk(town, seed)
    walk.go(SHORT)
    assert walk.steps == SHORT
    assert walk.done.total() > SHORT // 3
    assert town.matter(walk.numbers[0]).opened_at > AT


@pytest.mark.slow
@pytest.mark.parametrize("piece", range(PIECES))
def test_long_walks_keep_matters_whole(town, piece, capsys):
    walks = STEPS // PIECES // LONG
    seeds = range(FROM + piece * walks, FROM + (piece + 1) * walks)
    began, done, verbs = time.perf_counter(), 0, set()
    for seed in seeds:
        with transaction.atomic():
            walk = Walk(town, seed)
            walk.go(LONG)
            transaction.set_rollback(True)
        done += walk.steps
        verbs |= set(walk.done)
    with capsys.disabled():
        took = time.perf_counter() - began
        print(f"\n{done} steps, seeds {seeds[0]} to {seeds[-1]}, {len(verbs)} verbs, {took:.0f} s")
