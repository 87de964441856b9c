"""Version 1 of the API: everything the pages do. /api/v1/openapi.json describes it."""
