"""Who keeps the responsibility lists. Reading them is everybody's right (权责清单公开)."""

from gongzhi.access.policy import declare_permission

declare_permission("mandates.keep", roles={"system_admin"})
