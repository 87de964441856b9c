"""Columns that policies filter on. Knows Django's fields, no model."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class AreaPathField(_Text):
    """A materialised area path ("430102/430102001/", "" = nowhere in particular) that can be filtered by prefix.

    The column is COLLATE "C", so a plain btree serves `path >= p AND path < successor(p)` whatever the locale of the
    database is, bind parameters included (`LIKE p || '%'` needs text_pattern_ops and a constant at plan time).
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("db_collation", "C")
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)
