"""`notices list`, `notices show`: the batches of notices of intent."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.commands.options import DEFAULT_HOME, Home, Json, say, say_json, table

if TYPE_CHECKING:
    from pipeline.record.home import Home as HomeFolder


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group = typer.Typer(no_args_is_help=True, help="The batches of notices of intent.")
    group.command("list")(list_batches)
    group.command("show")(show)
    app.add_typer(group, name="notices")


def list_batches(as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """List the batches of all current releases."""
    from pipeline.record.home import Home as HomeFolder
    from reports.batches import batches

    rows = [
        {
            "batch": batch.folder.name, "month": batch.month, "letters": batch.summary["letters"],
            "held": batch.summary["held"], "send_on": batch.summary["send_on"], "state": "draft", "release": batch.release,
        }
        for batch in batches(HomeFolder(home).releases)
    ]  # fmt: skip
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
    """Show a batch: its letters, who is held and why, its checksum; or one letter of it."""
    import re

    from pipeline.record.home import Home as HomeFolder
    from reports.batches import batch_named, batches

    releases = HomeFolder(home).releases
    if re.fullmatch(r"NOI-[0-9]{4}-[0-9]{2}-[0-9]{4}", batch):
        found = [row for one in batches(releases) for row in one.rows("manifest.csv") if row["letter_ref"] == batch]
        _say_letter(batch, found, as_json)
        return
    asked = batch_named(releases, batch)
    answer = {**asked.summary, **_known(HomeFolder(home), asked.release), "checksum": asked.checksum}
    if as_json:
        say_json(answer)
        return
    for name in ("batch", "month", "state", "letters", "held", "pages", "send_on", "method", "prepared_by", "checksum"):
        say(f"{name.replace('_', ' '):<12} {answer[name]}")
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
        raise UsageError(f'There is no letter "{ref}" in a current release: its provider may be held.')
    if as_json:
        say_json(found[0])
        return
    for name, value in found[0].items():
        if value:
            say(f"{name.replace('_', ' '):<22} {value}")


def _known(home: "HomeFolder", release: str) -> dict[str, Any]:
    """Return what the register knows of a batch that nobody has approved."""
    from flows.opening import register_of

    register = register_of(home)
    try:
        made = register.events("release", release)
        return {
            "prepared_by": made[-1].body["by"] if made else "",
            "approvals": [],
            "issued": None,
            "state": "draft",
            "chain_head": register.head(),
        }
    finally:
        register.close()
