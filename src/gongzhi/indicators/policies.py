"""Who reads figures. Which matters they count is decided by the policy of matters: nobody's figure holds a matter that
the reader may not see."""

from gongzhi.access.policy import declare_permission

VIEW = "indicators.view"

declare_permission(
    VIEW,
    roles={
        "dispatcher",
        "handler",
        "unit_head",
        "community_worker",
        "window",
        "quality",
        "street_leader",
        "supervisor",
        "auditor",
    },
)
