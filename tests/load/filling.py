"""Fills the demo district with very many matters, straight into the tables: 5 % open, four acts each, spread over a
hundred micro-grids, the units and categories of the district. South of it, in 南汀村, there is exactly one.
"""

from gongzhi.kernel import numbers
from tests.load import people
from tests.load.believable import PLACES, TROUBLES
from tests.load.town import Town

RARE_CASE, COMMON_CASE = (numbers.of_sequence(n, secret=bytes(32)) for n in (0, 40))
RARE_AREA = "990101103201"  # 南汀村: its community worker is the rarest viewer
_FILL = """
import shapely
from django.core.management import call_command
from django.db import connection
from gongzhi.catalogue.models import ProcedureVersion
from gongzhi.matters import map as maps
from gongzhi.kernel import numbers
low, high, rare, given_places, given_troubles = given
index = __import__("gongzhi.places.snapshot", fromlist=["load"]).load()
areas = [area for area in index.areas.values() if area.level == "grid"]
villages = [area for area in areas if not area.code.startswith(rare)]
boxes = [shapely.from_geojson(area.geometry).bounds for area in villages for n in range(5)]
grids = [f"{area.path}m{n}/" for area in villages for n in range(5)]
village = next(area.path for area in areas if area.code.startswith(rare))
with connection.cursor() as cursor:
    cursor.execute("SET synchronous_commit = off")
    cursor.execute("SET statement_timeout = 0")
    cursor.execute("SET work_mem = '256MB'")
    cursor.execute("SELECT array_agg(id ORDER BY code) FROM catalogue_category WHERE level = 3")
    categories = cursor.fetchone()[0]
    cursor.execute("SELECT array_agg(id ORDER BY code) FROM parties_organisation WHERE kind IN ('bureau', 'company', 'station', 'street')")
    leads = cursor.fetchone()[0]
    version = ProcedureVersion.objects.filter(code="case").order_by("-version").first().id
    values = {"low": low, "high": high - 1, "size": high, "grids": grids, "categories": categories, "leads": leads,
              "procedure": version, "places": given_places, "troubles": given_troubles,
              "wests": [box[0] for box in boxes], "souths": [box[1] for box in boxes],
              "widths": [box[2] - box[0] for box in boxes], "heights": [box[3] - box[1] for box in boxes]}
    cursor.execute('''
        CREATE TEMP TABLE filled ON COMMIT PRESERVE ROWS AS
        SELECT n, at, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7000' || '8' || lpad(to_hex(n), 15, '0'))::uuid AS id,
            abs(hashint8(n)) AS h, n % 20 = 0 AS open, (ARRAY['reported','accepted','assigned','handling','handling','calling_back'])[1 + (n / 20) % 6] AS state
        FROM (SELECT n, now() - interval '2 hours' - (n::float8 / %(size)s * 25 + 0) * interval '1 day' AS at FROM generate_series(%(low)s::bigint, %(high)s::bigint) n) s
    '''.replace("% 20", "%% 20").replace("% 6", "%% 6"), values)
    cursor.execute('''
        INSERT INTO matters_matter (id, number, kind, category_id, procedure_id, state, stage, area_path, lon, lat, cell,
            lead_id, channel, urgency, confidential, opened_at, due_at, closed_at, version, origin, external_id)
        SELECT id, 'B' || lpad(n::text, 9, '0'), 'case', (%(categories)s::uuid[])[1 + (power((h %% 1000) / 1000.0, 2) * cardinality(%(categories)s::uuid[]))::int %% cardinality(%(categories)s::uuid[])],
            %(procedure)s, CASE WHEN open THEN state ELSE 'closed' END,
            CASE WHEN NOT open THEN 'closed' WHEN state = 'reported' THEN 'intake' WHEN state IN ('accepted', 'assigned') THEN 'dispatch'
                WHEN state = 'handling' THEN 'handling' ELSE 'appraisal' END,
            (%(grids)s::text[])[grid],
            (%(wests)s::float8[])[grid] + (%(widths)s::float8[])[grid] * (0.2 + h %% 10007 / 16700.0),
            (%(souths)s::float8[])[grid] + (%(heights)s::float8[])[grid] * (0.2 + h / 11 %% 10009 / 16700.0), 0,
            CASE WHEN open AND state IN ('reported', 'accepted') THEN NULL ELSE (%(leads)s::uuid[])[1 + (h / 13) %% cardinality(%(leads)s::uuid[])] END,
            'phone', 'normal', FALSE, at, CASE WHEN open THEN now() + ((h / 17) %% 200 - 60) * interval '1 hour' END,
            CASE WHEN NOT open THEN at + interval '1 hour' END, 4, '', ''
        FROM (SELECT *, 1 + (h / 7) %% cardinality(%(grids)s::text[]) AS grid FROM filled) f''', values)
    cursor.execute('''
        INSERT INTO matters_mattertext (matter_id, title, text, address, place_state, anonymous, language, source, tokens)
        SELECT id, place || trouble, place || trouble || '，已经' || h %% 9 || '天，编号K' || n || '，请尽快处理。', place || h %% 300 || '号', 'located', FALSE, 'zh-hans', '',
            array_to_tsvector(array_remove(ARRAY[place, trouble, substr(trouble, 1, 2), substr(trouble, 3, 2), substr(place, 1, 2), '请', '尽快', '处理', 'k' || n], ''))
        FROM (SELECT *, (%(places)s::text[])[1 + (h / 3) %% cardinality(%(places)s::text[])] AS place, (%(troubles)s::text[])[1 + (h / 5) %% cardinality(%(troubles)s::text[])] AS trouble FROM filled) f
    ''', values)
    cursor.execute('''
        INSERT INTO acts_act (id, at, by, verb, subject_kind, subject_id, area_path, origin)
        SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint + step * 600000), 12, '0') || '7' || lpad(to_hex(step), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid,
            at + step * interval '10 minutes', 'account:' || md5((n % 500)::text)::uuid, (ARRAY['matters.open', 'matters.accept', 'matters.dispatch', 'matters.answer'])[1 + step],
            'matters.matter', id::text, '', 'bench' FROM filled, generate_series(0, 3) step'''.replace("% 500", "%% 500") , values)
    if not low:
        cursor.execute("UPDATE matters_matter SET area_path = %s, area_id = NULL, state = 'handling', stage = 'handling' WHERE number = 'B000000000'", [village])
        for n in (0, 40):
            number = numbers.of_sequence(n, secret=bytes(32))
            cursor.execute("UPDATE matters_matter SET number = %s WHERE number = %s", [number, f"B{n:09d}"])
    cursor.execute("SELECT m.id, m.lon, m.lat FROM matters_matter m JOIN filled f USING (id) WHERE f.open")
    placed = [(id_, maps.cell_of(lon, lat)) for id_, lon, lat in cursor.fetchall()]
    cursor.execute("UPDATE matters_matter m SET cell = p.cell FROM unnest(%s::uuid[], %s::bigint[]) p(id, cell) WHERE m.id = p.id",
                   [[id_ for id_, _ in placed], [cell for _, cell in placed]])
    cursor.execute("INSERT INTO matters_cellchange (cell, area_path, lead_id, change) SELECT m.cell, m.area_path, m.lead_id, 1 FROM matters_matter m JOIN filled f USING (id) WHERE f.open")
    while maps.fold(limit=100_000):
        pass
    for table in ("matters_matter", "matters_mattertext", "matters_cellcount", "matters_cellchange", "acts_act"):
        cursor.execute(f"VACUUM ANALYZE {table}")
print(json.dumps(True))
"""


def fill(town: Town, low: int, high: int) -> None:
    """Matters number `low` to `high` - 1; the database's owner does it."""
    troubles = [text.split("，")[0] for text in TROUBLES]
    people.inside(town, _FILL, [low, high, RARE_AREA, list(PLACES), troubles], role="owner")
