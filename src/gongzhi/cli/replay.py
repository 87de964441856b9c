"""`gongzhi replay --from DAY --to DAY [--mandates FILE] …`: a past period under rules that are only proposed."""

import argparse
import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from gongzhi.cli import import_mandates, sheet
from gongzhi.cli.database import django
from gongzhi.cli.progress import Progress
from gongzhi.cli.saying import said, trouble
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel.refusals import Refusal

_ROWS_SAID = 20


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="since", required=True, help="第一天 · first day, 2026-01-01")
    parser.add_argument("--to", dest="until", required=True, help="最后一天（含）· last day, counted in")
    parser.add_argument("--mandates", type=Path, help="拟定责任清单 · proposed list: CSV, XLSX, YAML")
    parser.add_argument(
        "--add", action="store_true", help="清单只增改 · the list adds and replaces, ends nothing"
    )
    parser.add_argument("--holidays", type=Path, help="拟定节假日 · proposed holidays: YAML")
    parser.add_argument("--formula", type=Path, help="拟定公式 · proposed formulas: YAML")
    parser.add_argument("--language", choices=("zh", "en"), default="zh", help="语言 · language of the table")
    parser.add_argument("--json", action="store_true", help="输出 JSON · print JSON")


def run(options: argparse.Namespace) -> int:
    """0 when replayed; nothing of the town changes but one trial. Interrupted, not even that is kept."""
    since, last = _day(options.since), _day(options.until)
    with django():
        from gongzhi.access.actor import SYSTEM
        from gongzhi.kernel import clock
        from gongzhi.lab import actions

        with Progress("推演 · replay") as progress:
            try:
                trial = actions.replay(
                    proposal=_proposal(options),
                    since=since,
                    until=last + timedelta(days=1),
                    by=SYSTEM,
                    at=clock.now(),
                    progress=progress,
                )
            except Refusal as refusal:
                raise _trouble(refusal) from None
        if options.json:
            said_ = {"id": str(trial.id), "digest": trial.digest, "proposed": trial.proposed, **trial.result}
            print(json.dumps(said_, ensure_ascii=False, indent=1))
            return 0
        print("\n".join(lines(trial.result, english=options.language == "en")))
        print(f"{trial.id} {trial.digest}")
        return 0


def lines(result: Mapping[str, Any], *, english: bool) -> Iterator[str]:
    """The result in one language: the sum, units, gaps, rates."""

    def word(chinese: str, other: str) -> str:
        return other if english else chinese

    before, after = result["before"], result["after"]
    yield word(
        f"诉求 {result['cases']} 件，主办改变 {result['moved']} 件；超期 {before['late']} → {after['late']}；"
        f"无人主办 {before['gap_cases']} → {after['gap_cases']}；多家主办 {before['consultation_cases']} → {after['consultation_cases']}",
        f"{result['cases']} cases, {result['moved']} with another lead; late {before['late']} → {after['late']}; "
        f"led by nobody {before['gap_cases']} → {after['gap_cases']}; by several {before['consultation_cases']} → {after['consultation_cases']}",
    )
    yield word(
        f"退过单的：一次派对 {before['right']} → {after['right']}，仍派给退单单位 {before['again']} → {after['again']}",
        f"returned once: right at first {before['right']} → {after['right']}, to who returned it {before['again']} → {after['again']}",
    )
    yield word("单位\t件数\t超期/可判\t退单", "unit\tcases\tlate/judged\treturns")
    for unit in result["units"]:
        was, now = unit["before"], unit["after"]
        name = unit["name"] or word("（无人）", "(nobody)")
        yield (
            f"{name}\t{was['cases']} → {now['cases']}\t{was['late']}/{was['judged']} → {now['late']}/{now['judged']}"
            f"\t{was['returns']} → {now['returns']}"
        )
    for gap in after["gaps"][:_ROWS_SAID]:
        yield word("空白", "gap") + f"\t{gap['category']}\t{gap['area_path'] or '*'}\t{gap['cases']}"
    for code, rows in result["rates"].items():
        for row in rows:
            was, now = row["before"], row["after"]
            name = row["name"] or word("（无）", "(none)")
            yield f"{code}\t{name}\tn {was['n']} → {now['n']}\t{was['value'] or '—'} → {now['value'] or '—'}\t#{was['rank'] or '—'} → #{now['rank'] or '—'}"


def _proposal(options: argparse.Namespace) -> Any:
    import hashlib
    from dataclasses import replace

    from gongzhi.lab import proposals

    kinds = {kind: getattr(options, kind) for kind in proposals.KINDS if getattr(options, kind)}
    for file in kinds.values():
        if not file.is_file():
            raise Trouble("file.missing", f"找不到文件 {file}。", f"No such file: {file}.")
    list_ = kinds.get("mandates")
    if list_ is None or list_.suffix.lower() != ".xlsx":
        texts = {kind: (file.name, sheet.decoded(file)) for kind, file in kinds.items()}
        return proposals.read(texts, whole=not options.add)
    texts = {kind: (file.name, sheet.decoded(file)) for kind, file in kinds.items() if kind != "mandates"}
    rest = (
        proposals.read(texts, whole=not options.add) if texts else proposals.Proposal(whole=not options.add)
    )
    return replace(
        rest,
        mandates=proposals.rows(import_mandates.raw(list_)),
        files={**rest.files, "mandates": hashlib.sha256(list_.read_bytes()).hexdigest()},
    )


def _trouble(refusal: Refusal) -> Trouble:
    from gongzhi.lab.proposals import Rejected

    found = trouble(refusal)
    if not isinstance(refusal, Rejected):
        return found
    rows = [(one.row, *said(one.problem)) for one in refusal.rejects[:_ROWS_SAID]]
    return Trouble(
        refusal.code,
        "\n".join((said(refusal)[0], *(f"  第 {row} 行：{zh}" for row, zh, _ in rows))),
        "\n".join((said(refusal)[1], *(f"  row {row}: {en}" for row, _, en in rows))),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Trouble(
            "replay.day", f"日期“{text}”应写成 2026-01-31。", f"Write the day {text!r} as 2026-01-31."
        ) from None
