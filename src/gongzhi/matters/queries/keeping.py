"""Who is complained of, for doors that answer many readers at once."""

from uuid import UUID

from gongzhi.matters.models import Matter


def accused_accounts() -> frozenset[UUID]:
    """Accounts from which some matter is kept: a handful, read through an index of their own."""
    rows = Matter.objects.filter(accused_account__isnull=False).values_list("accused_account_id", flat=True)
    return frozenset(id_ for id_ in rows if id_)
