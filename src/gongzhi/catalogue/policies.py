"""Who publishes procedures and categories. Reading them is everybody's right."""

from gongzhi.access.policy import declare_permission

declare_permission("catalogue.publish", roles={"system_admin"})
