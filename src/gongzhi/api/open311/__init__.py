"""Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): the door that other cities' apps already know.

Services are the catalogue's public categories, requests are matters anybody may see. Free text of residents is
never in the public answer; a caller with a token of ours sees what its roles allow.
"""
