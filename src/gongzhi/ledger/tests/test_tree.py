"""The tree: RFC 6962 reference roots, a brute-force tree and pymerkle agree with ours."""

import base64
import json
from hashlib import sha256

import pymerkle
import pytest

from gongzhi.ledger.hashing import EMPTY_ROOT, complete_root, leaf_hash, node_hash
from gongzhi.ledger.proofs import (
    Disproved,
    consistency,
    inclusion,
    subtree,
    verify_consistency,
    verify_inclusion,
)
from gongzhi.ledger.tree import Edge

REFERENCE_ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
REFERENCE_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def brute(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(brute(leaves[:split]), brute(leaves[split:]))


def grown(leaves: list[bytes]) -> Edge:
    edge = Edge()
    for leaf in leaves:
        list(edge.add(leaf))
    return edge


def test_the_reference_roots_of_rfc_6962_come_out():
    assert Edge().root() == EMPTY_ROOT
    leaves = [leaf_hash(entry) for entry in REFERENCE_ENTRIES]
    assert [grown(leaves[:n]).root().hex() for n in range(1, 9)] == REFERENCE_ROOTS


def test_every_size_to_300_and_around_tile_borders_equals_a_brute_force_tree():
    leaves = [leaf_hash(str(n).encode()) for n in range(1100)]
    edge = Edge()
    for size, leaf in enumerate(leaves, 1):
        list(edge.add(leaf))
        if size <= 300 or size % 256 in (0, 1, 255):
            assert edge.root() == brute(leaves[:size]), size


def test_pymerkle_finds_the_same_roots():
    oracle = pymerkle.InmemoryTree(algorithm="sha256")
    edge = Edge()
    for number in range(700):
        entry = f"entry {number}".encode()
        oracle.append_entry(entry)
        list(edge.add(leaf_hash(entry)))
        if number % 23 == 0:
            assert oracle.get_root() == edge.root()


def test_an_edge_continues_where_another_stopped_and_refuses_levels_that_do_not_fit():
    leaves = [leaf_hash(str(n).encode()) for n in range(70_000)]
    first = grown(leaves[:65_800])
    second = Edge(first.size, first.levels)
    for leaf in leaves[65_800:]:
        list(first.add(leaf))
        list(second.add(leaf))
    assert first.root() == second.root() == grown(leaves).root()
    with pytest.raises(ValueError, match="does not fit"):
        Edge(first.size + 1, first.levels)


def test_all_proofs_to_size_40_verify_and_nothing_else_does():
    leaves = [leaf_hash(str(n).encode()) for n in range(40)]

    def node(level: int, index: int) -> bytes:
        return complete_root(leaves[index << level : (index + 1) << level])

    roots = [brute(leaves[:size]) for size in range(41)]
    for size in range(1, 41):
        assert subtree(node, 0, size) == roots[size]
        for index in range(size):
            path = inclusion(node, index, size)
            given = {"leaf": leaves[index], "index": index, "size": size, "root": roots[size], "path": path}
            verify_inclusion(**given)
            for wrong in ({"index": index ^ 1}, {"path": [*path, roots[0]]}, {"root": roots[size - 1]}):
                with pytest.raises(Disproved):
                    verify_inclusion(**{**given, **wrong})
        for old in range(1, size + 1):
            path = consistency(node, old, size)
            given = {"old": old, "new": size, "old_root": roots[old], "new_root": roots[size], "path": path}
            verify_consistency(**given)
            with pytest.raises(Disproved):
                verify_consistency(**{**given, "old_root": roots[old - 1]})


def _bytes(text: str) -> bytes:
    return base64.b64decode(text) if text else b""


@pytest.mark.shared_data
@pytest.mark.parametrize("kind", ["inclusion", "consistency"])
def test_every_public_proof_vector_is_judged_as_published(shared_data, kind):
    files = sorted((shared_data / "merkle_vectors" / kind).rglob("*.json"))
    assert len(files) == 98
    for file in files:
        case = json.loads(file.read_text())
        path = [_bytes(part) for part in case["proof"] or []]
        try:
            if kind == "inclusion":
                verify_inclusion(
                    leaf=_bytes(case["leafHash"]),
                    index=case["leafIdx"],
                    size=case["treeSize"],
                    root=_bytes(case["root"]),
                    path=path,
                )
            else:
                verify_consistency(
                    old=case["size1"],
                    new=case["size2"],
                    old_root=_bytes(case["root1"]),
                    new_root=_bytes(case["root2"]),
                    path=path,
                )
            refused = False
        except Disproved:
            refused = True
        assert refused == case["wantErr"], f"{file}: {case['desc']}"
