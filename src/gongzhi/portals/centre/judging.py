"""How units are judged, as the pages say it: rates with what stands beside them, claims and what lasted."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from gongzhi.indicators.derived import DerivedRow, Hours
from gongzhi.indicators.durable import Window
from gongzhi.indicators.lasting import DurableTable
from gongzhi.indicators.queries import CODES, RateRow, RateTable
from gongzhi.parties.kinds import ORGANISATION_KINDS
from gongzhi.portals.centre import choices
from gongzhi.portals.centre.shares import Share, share


@dataclass(frozen=True, slots=True)
class Unit:
    name: str
    rates: list[Share]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Beyond:
    """One unit's derived figures."""

    name: str
    opened: int
    shares: list[Share]
    response: str
    closing: str


@dataclass(frozen=True, slots=True)
class Lasting:
    """One unit and one window. gap: percentage points, as text."""

    name: str
    days: int
    claimed: Share
    durable: Share
    gap: str
    notes: list[str]


def units(table: RateTable) -> list[Unit]:
    said = choices.wording()
    return [
        Unit(row.titles[said], [share(row.rates[code]) for code in CODES], [*_rank(row, table), *_notes(row)])
        for row in table.rows
    ]


def beyond(rows: list[DerivedRow]) -> list[Beyond]:
    said = choices.wording()
    return [
        Beyond(
            row.titles[said],
            row.opened,
            [share(row.first_right), share(row.overdue), share(row.repeated)],
            _hours(row.response),
            _hours(row.closing),
        )
        for row in rows
    ]


def _hours(hours: Hours) -> str:
    if hours.p50 is None:
        return "—"
    return _("%(half)s / %(most)s 小时（%(n)s 件）") % {"half": hours.p50, "most": hours.p90, "n": hours.n}


def lasting(table: DurableTable) -> list[Lasting]:
    """Windows that can say something; for the others only how many wait, in the line of the shortest."""
    said = choices.wording()
    return [
        Lasting(
            row.titles[said],
            window.days,
            share(window.claimed),
            share(window.durable),
            "—" if window.gap is None else points(window.gap),
            [note for one in row.windows if one is window or not _speaks(one) for note in _why(one)],
        )
        for row in table.rows
        for window in row.windows
        if _speaks(window)
    ]


def _speaks(window: Window) -> bool:
    return bool(window.claimed.denominator or window.claimed.excluded)


def formula(table: RateTable) -> str:
    versions = dict.fromkeys(
        f"{segment.formula.titles[choices.wording()]} v{segment.formula.version}"
        for segment in table.versions
    )
    return _("公式：%(versions)s。横线是 95 %% 区间，没有分母的不算。") % {"versions": " · ".join(versions)}


def durability(table: DurableTable) -> str:
    """The rule in a sentence, of the last version met."""
    if not table.versions:
        return ""
    version = table.versions[-1]
    words = {"metres": version.near_metres, "version": version.version}
    return (
        _(
            "办结时有人说已解决，期满前没有重新打开、也没有同类别同地点（%(metres)s 米内，没有坐标的按网格）的新诉求，才算持久解决。未到期的不计。规则 v%(version)s。"
        )
        % words
    )


def points(gap: Decimal) -> str:
    return _("%(points)s 个百分点") % {"points": f"{gap:.1f}"}


def _rank(row: RateRow, table: RateTable) -> list[str]:
    """The place of each rate among units of the same class, where there are enough cases to say one."""
    peers = [one for one in table.rows if one.unit_class and one.unit_class == row.unit_class]
    places = [
        f"{row.ranks[code]}/{sum(one.ranks[code] is not None for one in peers)}" if row.ranks[code] else "—"
        for code in CODES
    ]
    if not any(row.ranks.values()) or not row.unit_class:
        return []
    kind = ORGANISATION_KINDS[row.unit_class][choices.wording()]
    return [_("同类（%(kind)s）排名 %(places)s") % {"kind": kind, "places": " · ".join(places)}]


def _notes(row: RateRow) -> list[str]:
    """What a reader must know before believing the rates: only what there is."""
    beside = row.beside
    excluded = max((rate.excluded for rate in row.rates.values()), default=0)
    defaulted = max((rate.defaulted for rate in row.rates.values()), default=0)
    notes = []
    if excluded:
        frame = excluded + max(rate.denominator for rate in row.rates.values())
        notes.append(_("剔除占 %(share)s %%") % {"share": f"{100 * excluded / frame:.1f}"})
    if defaulted:
        notes.append(_("默认好评 %(count)s 件") % {"count": defaulted})
    if beside.changed:
        notes.append(
            _("改评 %(count)s 件，其中改高 %(raised)s 件")
            % {"count": beside.changed, "raised": beside.raised}
        )
    if beside.pressed:
        notes.append(_("催评 %(count)s 件") % {"count": beside.pressed})
    return notes


def _why(window: Window) -> list[str]:
    words = {
        "reopened": _("重新打开 %(count)s 件"),
        "recurred": _("同地再次反映 %(count)s 件"),
        "revisited": _("复访发现未解决 %(count)s 件"),
    }
    notes = [words[reason] % {"count": count} for reason, count in window.failed.items() if count]
    if window.too_early:
        notes.append(
            _("未满 %(days)s 天 %(count)s 件，不计") % {"days": window.days, "count": window.too_early}
        )
    return notes
