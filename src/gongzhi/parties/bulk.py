"""Finding or registering many people by telephone number in a handful of statements: what intake stands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from gongzhi.access.actor import Actor
from gongzhi.acts.actions import record_many
from gongzhi.acts.copying import copy_rows
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.installation.keys import Keyring, keyring
from gongzhi.kernel import ids
from gongzhi.parties import events, masking, normalising, sealing

_PERSON = ("id", "name_sealed", "name_key_id", "name_masked", "registered_at")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Someone as a door heard of them: normalised phone ("" if none) and name ("" if none). Build with `of`."""

    phone: str
    name: str

    @classmethod
    def of(cls, *, phone: str = "", name: str = "") -> "NewPerson":
        """Raises Invalid: do it while preparing, so that one bad row does not sink a batch."""
        return cls(normalising.phone(phone) if phone.strip() else "", normalising.name(name))


def find_or_register_many(people: Sequence[NewPerson], *, by: Actor, at: datetime) -> list[UUID]:
    """The person id of each row, in order. Known numbers keep the name they have; equal numbers are one person.

    Rows without a number are always new people. Runs in the caller's transaction and records one act per new person.
    Authorised by the caller's own verb (reporting), not by `parties.register`. Safe under concurrency: of two
    transactions with one new number the second waits and takes the first one's person.
    """
    keyed = {person.phone: person for person in reversed(people) if person.phone}
    nameless = [person for person in people if not person.phone]
    ring = keyring()
    found = _known(keyed, ring)
    missing = [person for phone, person in keyed.items() if phone not in found]
    made = _claim(missing, at, ring)
    lost = [person for person in missing if person.phone not in made]
    if lost:
        found |= _known({person.phone: person for person in lost}, ring)
    fresh = [(made[person.phone], person) for person in missing if person.phone in made]
    alone = [(ids.uuid7(at), person) for person in nameless]
    _register([*fresh, *alone], ring, by=by, at=at)
    found |= made
    queue = iter(alone)
    return [found[person.phone] if person.phone else next(queue)[0] for person in people]


def _known(keyed: dict[str, NewPerson], ring: Keyring) -> dict[str, UUID]:
    if not keyed:
        return {}
    phone_of = {index: phone for phone in keyed for index in sealing.indexes("phone", phone, ring=ring)}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT value_index, person_id FROM parties_contactpoint
            WHERE value_index = ANY(%s) AND kind = 'phone' AND leads AND ended_at IS NULL""",
            [list(phone_of)],
        )
        return {phone_of[bytes(index)]: person_id for index, person_id in cursor.fetchall()}


def _claim(missing: Sequence[NewPerson], at: datetime, ring: Keyring) -> dict[str, UUID]:
    """Insert leading contacts; whoever loses the race gets nothing back. Ordered, so that no two wait in a circle."""
    if not missing:
        return {}
    rows = []
    for person in missing:
        index, index_key = sealing.index("phone", person.phone, ring=ring)
        id_, person_id = ids.uuid7(at), ids.uuid7(at)
        sealed, key = sealing.seal(person.phone, column=sealing.VALUE, row=id_, ring=ring)
        rows.append(
            (index, id_, person_id, sealed, key, index_key, masking.phone(person.phone), person.phone)
        )
    rows.sort(key=lambda row: row[0])
    indexes, id_s, person_ids, sealed_s, keys, index_keys, masked, phones = map(list, zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO parties_contactpoint
                (value_index, id, person_id, value_sealed, value_key_id, index_key_id, value_masked, kind, leads, added_at)
            SELECT i, id, p, s, k, ik, m, 'phone', TRUE, %s
            FROM unnest(%s::bytea[], %s::uuid[], %s::uuid[], %s::bytea[], %s::text[], %s::text[], %s::text[])
                AS t(i, id, p, s, k, ik, m)
            ON CONFLICT (kind, value_index) WHERE leads AND ended_at IS NULL DO NOTHING
            RETURNING person_id""",
            [at, indexes, id_s, person_ids, sealed_s, keys, index_keys, masked],
        )
        won = {row[0] for row in cursor.fetchall()}
    return {phone: person for phone, person in zip(phones, person_ids, strict=True) if person in won}


def _register(fresh: Sequence[tuple[UUID, NewPerson]], ring: Keyring, *, by: Actor, at: datetime) -> None:
    rows, drafts = [], []
    for person_id, person in fresh:
        sealed, key, masked = b"", "", masking.name(person.name)
        if person.name:
            sealed, key = sealing.seal(person.name, column=sealing.NAME, row=person_id, ring=ring)
        rows.append((person_id, sealed, key, masked, at))
        drafts.append(
            Draft(
                verb="parties.register_person",
                subject=Subject("parties.person", person_id),
                by=by,
                at=at,
                event=events.PersonRegistered(masked, ("phone",) if person.phone else ()),
            )
        )
    if rows:
        copy_rows("parties_person", _PERSON, rows)
        record_many(drafts)
