"""What the doctor looks for behind the acts: loops that hang, dead letters, a ledger that does not fit, keys half
rotated, procedures that name guards this release has not. Needs a migrated database and Django set up."""

from collections.abc import Iterator

from gongzhi.installation.finding import Finding, fine

_WAITING_SECONDS_MAX = 60.0
_BEHIND_MAX = 10_000


def all_of_it(*, running: bool) -> Iterator[Finding]:
    """running: whether the worker should be following right now (a platform that stands is allowed to lag)."""
    yield from guards()
    yield from _acts(running)
    yield from ledger(running=running)
    yield from keys()


def guards() -> Iterator[Finding]:
    """A published procedure naming a guard this release lacks would refuse its verb to everybody."""
    from gongzhi.catalogue import checking, queries, vocabulary

    live = queries.live()
    for version, names in checking.missing_guards(live, vocabulary.declared_guards()).items():
        yield Finding(
            "error",
            "catalogue.guards",
            (
                f"程序 {version} 引用的检查项 {'、'.join(names)} 在本版本中不存在",
                "按该程序办理的诉求会卡在相应步骤",
                "安装含有这些检查项的版本，或发布不再引用它们的新版程序并迁移在办诉求",
            ),
            (
                f"procedure {version} names guards this release has not: {', '.join(names)}",
                "its matters are stuck where they are asked",
                "install a release that has them, or publish a version without them and migrate the running matters",
            ),
        )
        return
    yield fine("catalogue.guards", f"{len(live)} 个程序版本完整", f"{len(live)} procedure versions are whole")


def _acts(running: bool) -> Iterator[Finding]:
    from gongzhi.acts.queries import health

    found = health()
    if found.dead_letters:
        yield Finding(
            "warning",
            "acts.dead_letters",
            (
                f"{found.dead_letters} 条后续处理反复失败（死信）",
                "相应的通知、推送或重算没有完成",
                "查看 log/worker.log 找出原因，修复后执行 gongzhi acts retry",
            ),
            (
                f"{found.dead_letters} dead letters",
                "their notices, webhooks or recomputations were not done",
                "find the reason in log/worker.log, mend it, run gongzhi acts retry",
            ),
        )
    late = running and found.pending and found.oldest_pending_seconds > _WAITING_SECONDS_MAX
    behind = {name: count for name, count in found.reactions_behind.items() if count > _BEHIND_MAX}
    if late or (running and behind):
        names = ", ".join(sorted(behind)) or "sequencer"
        yield Finding(
            "error" if late else "warning",
            "acts.behind",
            (
                f"后台处理落后：{found.pending} 条待编号，已等 {found.oldest_pending_seconds:.0f} 秒（{names}）",
                "通知、实时更新和存证会迟到",
                "查看 log/worker.log；重启 worker 或整个平台",
            ),
            (
                f"the worker is behind: {found.pending} acts wait {found.oldest_pending_seconds:.0f} s ({names})",
                "notices, live pages and the seal are late",
                "look into log/worker.log; restart the platform",
            ),
        )
    elif not found.dead_letters:
        yield fine(
            "acts", f"行为记录 {found.head + 1} 条，后续处理正常", f"{found.head + 1} acts, all followed"
        )


def ledger(*, running: bool) -> Iterator[Finding]:
    """The sealed size may lag behind the head for a moment; it may never lead it."""
    from gongzhi.acts import queries, sealer
    from gongzhi.ledger.notes import BadNote

    count = queries.health().head + 1
    try:
        sealed = sealer.sealed_size()
    except BadNote:
        yield Finding(
            "error",
            "ledger.signature",
            (
                "账本检查点不是本机密钥签名的",
                "外部无法核对本机的记录",
                "恢复与账本配套的 keys/ledger.json，或从备份恢复 ledger 目录",
            ),
            (
                "the ledger's checkpoint is signed by no key of this home",
                "nobody can check our records against it",
                "restore the keys/ledger.json that belongs to it, or the ledger folder from the backup",
            ),
        )
        return
    if sealed > count:
        yield Finding(
            "error",
            "ledger.ahead",
            (
                f"账本已封存 {sealed} 条，数据库只有 {count} 条",
                "数据库丢失了已经封存的记录（通常是恢复了旧备份），封存已停止",
                "恢复较新的数据库备份；若历史确实回退，请告知持有检查点的外部单位",
            ),
            (
                f"the ledger has sealed {sealed} acts, the database has {count}",
                "sealed acts were lost, most often by restoring an older backup; sealing has stopped",
                "restore a newer backup of the database, or tell those who hold checkpoints that history was set back",
            ),
        )
    elif running and count - sealed > _BEHIND_MAX:
        yield Finding(
            "warning",
            "ledger.behind",
            (f"账本落后 {count - sealed} 条", "这些记录尚未封存", "查看 log/worker.log；磁盘是否已满"),
            (
                f"the ledger is {count - sealed} acts behind",
                "they are not sealed yet",
                "look into log/worker.log; is the disk full",
            ),
        )
    else:
        yield fine("ledger", f"账本已封存 {sealed}/{count} 条", f"ledger: {sealed} of {count} acts sealed")


def keys() -> Iterator[Finding]:
    """Values still sealed under older keys: a rotation that was interrupted or never followed by re-sealing."""
    from gongzhi.cli.resealing import remaining

    left = remaining()
    if not left:
        yield fine("keys.sealing", "加密数据均使用当前密钥", "every sealed value is under the current keys")
        return
    yield Finding(
        "warning",
        "keys.waiting",
        (f"{left} 个加密值仍用旧密钥", "旧密钥还不能停用", "执行 gongzhi keys reseal"),
        (
            f"{left} values are still sealed under older keys",
            "those keys cannot be retired",
            "run gongzhi keys reseal",
        ),
    )
