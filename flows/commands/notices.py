"""`notices list`, `notices show`: the batches of notices of intent; the group that the acts on them join."""

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import DEFAULT_HOME, Home, Json, say, say_json, table

if TYPE_CHECKING:
    from reports.batches import PublishedBatch

LETTER = re.compile(r"NOI-[0-9]{4}-[0-9]{2}-[0-9]{4}")
group = typer.Typer(no_args_is_help=True, help="The batches of notices of intent: read, approve, issue, withdraw.")


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group.command("list")(list_batches)
    group.command("show")(show)
    app.add_typer(group, name="notices")


def list_batches(as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """List the drafts of all current releases, and every batch that was approved once."""
    from flows.opening import register_of
    from flows.settings import home_at
    from pipeline.enforce.batches import records_of
    from reports.batches import batches

    folder = home_at(home)
    rows = []
    if folder.root.is_dir():
        register = register_of(folder.made())
        rows = [
            {
                "batch": batch.name, "month": batch.month, "letters": batch.summary["letters"],
                "held": batch.summary["held"], "send_on": batch.summary["send_on"], "state": batch.state, "release": batch.release,
            }
            for batch in batches(folder.releases, records_of(register))
        ]  # fmt: skip
        register.close()
    if as_json:
        say_json(rows)
    elif not rows:
        say("No batch of notices has been drafted yet. `asc-compliance run` drafts one with each month.")
    else:
        table(list(rows[0]), [list(row.values()) for row in rows])


def show(
    batch: Annotated[str, typer.Argument(metavar="BATCH", help="As NOI-2024-12-01, or a letter's reference.")],
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Show a batch: its letters, who is held and why, its checksum, who approved it; or one letter of it."""
    from flows.opening import register_of
    from flows.settings import home_at
    from pipeline.enforce.batches import records_of
    from reports.batches import batch_named, batches

    folder = home_at(home).made()
    register = register_of(folder)
    try:
        records = records_of(register)
        if LETTER.fullmatch(batch):
            every = [row for one in batches(folder.releases, records) for row in one.rows("manifest.csv")]
            _say_letter(batch, [row for row in every if row["letter_ref"] == batch], as_json)
            return
        asked = batch_named(folder.releases, batch, records)
        answer = {**asked.summary, **_known(register, asked), "checksum": asked.checksum}
    finally:
        register.close()
    if as_json:
        say_json(answer)
        return
    _say_batch(answer, asked)


def _say_batch(answer: dict[str, Any], asked: "PublishedBatch") -> None:
    for name in (
        "batch",
        "month",
        "state",
        "letters",
        "held",
        "pages",
        "send_on",
        "method",
        "prepared_by",
        "checksum",
        "chain_head",
    ):
        say(f"{name.replace('_', ' '):<12} {answer[name]}")
    for approval in answer["approvals"]:
        say(f"{'approved by':<12} {approval['by']}, {approval['at']} ({approval['proof']})")
    if answer["issued"]:
        done = answer["issued"]
        say(
            f"{'issued by':<12} {done['by']}, sent by {done['method']} on {done['sent_on']}, {len(done['taken_out'])} taken out"
        )
    say("")
    columns = ("letter_ref", "provider_id", "amount_gbp", "locations", "representations_until", "pages")
    table(columns, [[row[name] for name in columns] for row in asked.rows("manifest.csv")])
    if held := asked.rows("held.csv"):
        say("")
        why = ("provider_id", "reason", "locations", "detail")
        table([f"held: {why[0]}", *why[1:]], [[row[name] for name in why] for row in held])
    say("")
    say(f"In {asked.folder}")


def _say_letter(ref: str, found: list[dict[str, str]], as_json: bool) -> None:
    from pipeline.errors import UsageError

    if not found:
        raise UsageError(f'There is no letter "{ref}": its provider may be held.')
    if as_json:
        say_json(found[0])
        return
    for name, value in found[0].items():
        if value:
            say(f"{name.replace('_', ' '):<22} {value}")


def _known(register: Any, batch: "PublishedBatch") -> dict[str, Any]:
    """Return what the register knows of a batch."""
    made = register.events("release", batch.release)
    shown = ("by", "at", "checksum", "proof", "chain_head", "void")
    record = batch.record
    issued = ("by", "at", "sent_on", "method", "proof", "letters", "taken_out", "dispatch_sums")
    return {
        "prepared_by": made[-1].body["by"] if made else "",
        "approvals": [{name: record.approval[name] for name in shown}] if record else [],
        "issued": {name: record.issue[name] for name in issued} if record and record.issue else None,
        "state": batch.state,
        "chain_head": register.head(),
    }
