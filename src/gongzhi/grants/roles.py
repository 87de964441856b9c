"""The roles of VISION's personas as codes with their words. What a role may do is declared by the rooms."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Role:
    """scope: what a grant of it must name: "area", "organisation", "either" or "none" (whole installation).

    covers_below: a grant for an organisation reaches the organisations below it, too.
    """

    code: str
    zh: str
    en: str
    scope: str
    covers_below: bool = False


ROLES = MappingProxyType(
    {
        role.code: role
        for role in (
            Role("resident", "居民", "Resident", "none"),
            Role("grid_worker", "网格员", "Grid worker", "area"),
            Role("dispatcher", "派单员", "Dispatcher", "area"),
            Role("handler", "承办人", "Handler", "organisation"),
            Role("unit_head", "单位负责人", "Head of unit", "organisation", covers_below=True),
            Role("community_worker", "社区工作者", "Community worker", "either"),
            Role("window", "窗口接待", "Window", "area"),
            Role("quality", "回访质检", "Call-back and quality", "area"),
            Role("street_leader", "街道领导", "Street leader", "area"),
            Role("supervisor", "督办", "Supervisor", "area"),
            Role("auditor", "监督评估", "Auditor", "area"),
            Role("evaluator", "第三方评估", "Third-party evaluator", "area"),
            Role("integrator", "集成商", "Integrator", "none"),
            Role("system_admin", "系统管理员", "System administrator", "none"),
            Role("security_admin", "安全管理员", "Security administrator", "none"),
            Role("audit_admin", "审计管理员", "Audit administrator", "none"),
        )
    }
)
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")
