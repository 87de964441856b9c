"""Who works for a unit: whoever holds a role in it, or a post."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gongzhi.grants import queries as grants
from gongzhi.parties.models import Account


def members(organisation_id: UUID, at: datetime) -> dict[UUID, str]:
    """Enabled accounts with the name colleagues read, by name. Two statements."""
    held = grants.valid(at).filter(organisation_id=organisation_id).values_list("account_id", flat=True)
    post = Q(person__posts__organisation_id=organisation_id, person__posts__ended_at__isnull=True)
    rows = Account.objects.filter(Q(id__in=list(held)) | post, disabled_at__isnull=True).distinct()
    found = rows.order_by("display_name", "username").values_list("id", "display_name", "username")
    return {id_: shown or username for id_, shown, username in found}
