"""Who reads the record of what was done: that, by whom and when; never what was said."""

from gongzhi.access.policy import declare_permission

RECORDS = "centre.records"

declare_permission(RECORDS, roles={"auditor", "audit_admin"})
