"""Who loads holiday years and sets working hours. Reading them is everybody's right."""

from gongzhi.access.policy import declare_permission

declare_permission("timetable.manage", roles={"system_admin"})
