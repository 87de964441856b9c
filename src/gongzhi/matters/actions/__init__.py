"""The writes of this room: one transaction, one act each."""

from gongzhi.matters.actions.escalating import due_escalations
from gongzhi.matters.actions.imported import replay_many
from gongzhi.matters.actions.opening import open_many
from gongzhi.matters.actions.performing import perform
from gongzhi.matters.actions.recomputing import recompute

__all__ = ["due_escalations", "open_many", "perform", "recompute", "replay_many"]
