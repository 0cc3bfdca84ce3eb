"""`status`, `find`, `explain`, `findings`: what the store says now, and why."""

import datetime as dt
from typing import Annotated, Any

import typer

from flows.commands.options import DEFAULT_HOME, AsAt, Home, Json, Month, one_of, say, say_json, table, tell


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("status")(status)
    app.command("find")(find)
    app.command("explain")(explain)
    app.command("findings")(findings)


def _judged(home: Any, month: str | None, as_at: str | None) -> Any:
    """Return a context that yields (stores, judgement) with the month judged; says so where a run is going on."""
    from contextlib import contextmanager

    from flows.opening import reading
    from flows.settings import calendar_of, home_at, london_day, now
    from flows.skipping import left_out_of
    from pipeline.assess.assessment import Judgement, assess
    from pipeline.record.acceptances import whole_registers
    from pipeline.record.decisions import decisions_in_force
    from pipeline.rules.windows import add_months, month_text, parse_day, parse_month, window_for
    from reports.release import accepted_in, current, manifest_of

    @contextmanager
    def opened() -> Any:
        folder, moment = home_at(home), now()
        day = parse_day(as_at) if as_at else london_day(moment)
        days = calendar_of(folder)
        with reading(folder, moment) as (stores, busy):
            if busy:
                tell("A run is going on; this answers from what was published before it.")
            wanted = parse_month(month) if month else _newest(folder)
            if wanted is None:
                wanted = day.replace(day=1)
                while window_for(wanted, days, stores.parameters).closes_on >= day:
                    wanted = add_months(wanted, -1)
            release = current(folder.releases, month_text(wanted))
            accepted = frozenset(
                accepted_in(manifest_of(folder.releases, month_text(wanted), release)) if release else ()
            )
            decisions = decisions_in_force(stores.register)
            left_out = left_out_of(stores, wanted)
            registers = whole_registers(stores.register, month_text(wanted))
            judgement = Judgement(wanted, day, days, stores.parameters, decisions, accepted, registers, left_out)
            assess(stores.facts, judgement)
            yield stores, judgement

    return opened()


def _newest(folder: Any) -> dt.date | None:
    from pipeline.rules.windows import parse_month

    months = sorted(path.parent.name for path in folder.releases.glob("????-??/CURRENT"))
    return parse_month(months[-1]) if months else None


def status(
    month: Month = None,
    la: Annotated[
        str | None, typer.Option("--la", metavar="CODE|NAME", help="Only this authority, with its services.")
    ] = None,
    provider: Annotated[
        str | None, typer.Option("--provider", metavar="ID", help="Only this provider, with its services.")
    ] = None,
    as_at: AsAt = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Say how many services have which status; with --la or --provider, say which."""
    from collections import Counter

    from pipeline.assess.assessment import Status
    from pipeline.errors import UsageError
    from pipeline.rules.windows import month_text
    from reports.lists.services import services_of

    with _judged(home, month, as_at) as (stores, judgement):
        services = services_of(stores.facts, judgement)
        if la is not None:
            authority = judgement.authorities.find(la, judgement.decisions.authority_codes)
            if authority is None:
                raise UsageError(f'No authority is called "{la}", and none has that code.')
            services = [service for service in services if service.la_code == authority.la_code]
        if provider is not None:
            services = [service for service in services if service.provider_id == provider]
            if not services:
                raise UsageError(f"No service of provider {provider} is listed in {month_text(judgement.month)}.")
    counter = Counter(service.status for service in services)
    counts = {one.value: counter[one] for one in Status}
    answer: dict[str, Any] = {"month": month_text(judgement.month), "counts": counts}
    if la is not None or provider is not None:
        answer["services"] = [
            {"location_id": s.location_id, "provider_type": s.provider_type, "location_name": s.location_name,
             "la_code": s.la_code, "status": s.status, "reason": s.reason}
            for s in services
        ]  # fmt: skip
    if as_json:
        say_json(answer)
        return
    say(f"{answer['month']}")
    table(["status", "services"], [[name, f"{n:,}"] for name, n in counts.items()])
    if "services" in answer:
        say("")
        table(
            ["location", "type", "status", "reason", "name"],
            [[s.location_id, s.provider_type, s.status, s.reason, s.location_name] for s in services],
        )


def find(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="Part of a name, a postcode, an id, or a letter's reference.")
    ],
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Find services, and cases of notices, by any name, postcode, id or reference, as last published."""
    from flows.commands.cases import case_answer
    from flows.finding import cases_found, services_found
    from flows.settings import home_at, london_day, now
    from pipeline.errors import UsageError
    from pipeline.rules.windows import month_text

    folder, words = home_at(home), text.casefold().split()
    newest = _newest(folder)
    if newest is None:
        raise UsageError(f"{home}: nothing is published here yet. Start with `asc-compliance run`.")
    if not words:
        raise UsageError("Say what to look for.")
    folder.made()
    if folder.is_busy():
        tell("A run is going on; this answers from what was published before it.")
    services = services_found(folder, month_text(newest), words)
    found = [case_answer(case, london_day(now())) for case in cases_found(folder, words)]
    if as_json:
        say_json([*services, *({"letter_ref": case["letter_ref"], **case} for case in found)])
        return
    if not services and not found:
        say(f'Nothing is called "{text}".')
    if services:
        columns = ["location_id", "provider_type", "status", "postcode", "location_name", "provider_name"]
        table(columns, [[row[name] for name in columns] for row in services])
    if found:
        columns = ["letter_ref", "provider_id", "provider_name", "state", "decide_by"]
        table(columns, [[case[name] for name in columns] for case in found])


def explain(
    location_id: Annotated[str, typer.Argument(metavar="LOCATION_ID", help="The CQC location id.")],
    provider_type: Annotated[
        str | None,
        typer.Option("--type", metavar="care_home|home_care", help="Which of a location's two returns."),
    ] = None,
    month: Month = None,
    as_at: AsAt = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Say why a service has its status: every window, its evidence, the rules and their authority."""
    from importlib.metadata import version

    from flows.settings import home_at
    from pipeline.assess.explain import explain as explained
    from pipeline.record.archive import digest_of

    if provider_type is not None:
        one_of(provider_type, ["care_home", "home_care"], "a provider type")
    with _judged(home, month, as_at) as (stores, judgement):
        answer = explained(stores.facts, judgement, location_id, provider_type)
        calendar = home_at(home).calendar
        sha256 = digest_of(calendar) if calendar.exists() else "none"
    if as_json:
        say_json(answer)
        return
    reason = f": {answer['reason']}" if answer["reason"] else ""
    say(f"{answer['location_id']}, {answer['provider_type']}, {answer['month']}: {answer['status']}{reason}")
    say("")
    rows = []
    for window in answer["windows"]:
        counted = "counted" if window["counted"] else ""
        proof = next((one for one in window["evidence"] if one["decides"]), None)
        words = "none that counts"
        if proof is not None:
            words = f'{proof["file"]}, row {proof["row"]}, {proof["column"]}: "{proof["value"]}"'
        if "decision" in window:
            words = f"excused by {window['decision']['by']}: {window['decision']['because']}"
        rows.append([window["month"], window["opens_on"], window["closes_on"], window["outcome"], counted, words])
    table(["month", "opens", "closes", "outcome", "", "evidence that decides"], rows)
    say("")
    table(
        ["rule", "value", "from", "authority"],
        [[p["name"], p["value"], p["from"], p["authority"]] for p in answer["parameters"]],
    )
    say("")
    say(f"Calendar of the home: {sha256}. Made with asc-compliance {version('asc-compliance')}.")


def findings(
    month: Month = None,
    rule: Annotated[str | None, typer.Option("--rule", metavar="RULE", help="Every place of this rule.")] = None,
    as_at: AsAt = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Say what is wrong with the inputs of a month, by who can mend it; with --rule, say where."""
    from pipeline.assess import findings_of_month
    from pipeline.intake.findings import catalogue
    from reports.month_page import findings_by_owner, owner_words

    if rule is not None:
        one_of(rule, sorted(catalogue()), "a rule")
    with _judged(home, month, as_at) as (stores, judgement):
        findings_of_month.find(stores.facts, judgement)
        found = [row for row in findings_of_month.findings(stores.facts) if rule in (None, row[-1])]
        in_force = judgement.parameters.on(judgement.month)
    words = catalogue(in_force)
    if as_json:
        names = ("file", "sha256", "sheet", "row", "column", "value", "rule")
        say_json([{**dict(zip(names, row, strict=True)), **words[row[-1]]} for row in found])
    elif rule is not None:
        say(f"{rule} ({words[rule]['severity']}), {len(found):,} times. {words[rule]['action']}")
        table(["file", "sheet", "row", "column", "value"], [(row[0], row[2], row[3] or "", *row[4:6]) for row in found])
    elif not found:
        say("Nothing to report.")
    else:
        for owner, rules in findings_by_owner(found, in_force):
            say(f"{owner_words(owner)}:")
            for one in rules:
                say(f"  {one.severity}: {one.name}, {one.count:,} times. {one.action}")
        say("")
        say("With --rule RULE every place is shown.")
