"""`settings init`, `settings check`: who sends notices, and how they are answered."""

import typer

from flows.commands.options import DEFAULT_HOME, Home, Json, say, say_json

WHAT_IT_STOPS = "Without it lists are published, and every provider due a notice is held with settings_missing."
OPERATIONS = (
    "# [inbox]",
    '# folder = "/srv/asc/inbox"         # where exports are dropped (default: inbox in the home)',
    "# alert_after_working_days = 3      # after the close, from when on it is an alert that exports have not come",
    "# [alerts]",
    '# to = ["operators@example.org"]    # who is told what went wrong, and of deadlines',
    '# approvers = ["lead@example.org"]  # who is told of batches that wait for approval',
    "# due_within_working_days = 5       # cases are told so long before their day",
    "# held_old_after_days = 30          # entries of those held are told from then on",
    "# [mail]",
    '# host = "mail.example.org"         # without it alerts stand in alerts.jsonl alone',
    "# port = 587",
    '# security = "starttls"             # or tls, none',
    '# sender = "asc@example.org"',
    '# user = "asc"',
    '# password_file = "/etc/asc-compliance/mail-password"',
)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    group = typer.Typer(no_args_is_help=True, help="Who sends notices, and how they are answered.")
    group.command("init")(init)
    group.command("check")(check)
    app.add_typer(group, name="settings")


def init(home: Home = DEFAULT_HOME) -> None:
    """Write a settings file to fill in; one that is there already is left alone."""
    from flows.final_notice import REQUIRED as FINAL
    from flows.sender import REQUIRED
    from flows.settings import home_at
    from pipeline.errors import UsageError
    from pipeline.record.home import write_whole

    folder = home_at(home).made()
    if folder.settings.exists():
        raise UsageError(f"{folder.settings} is there already. `asc-compliance settings check` says what it lacks.")
    lines = [
        "# Who sends notices of intent, and how they are answered. Fill in every line: there are no defaults.",
        f"# {WHAT_IT_STOPS}",
        "# No number that changes a result belongs here: those are dated parameters.",
    ]
    table = ""
    for key, meaning in REQUIRED.items():
        section, _, name = key.partition(".")
        if section != table:
            lines += ["", f"[{section}]"]
            table = section
        lines += [f"# {meaning}", f'{name} = ""']
    lines += ["", "# For final notices also, each under its table; without them none can be made:"]
    for key, meaning in FINAL.items():
        section, _, name = key.partition(".")
        lines.append(f'# [{section}] {name} = "..."  ({meaning})')
    lines += [
        "", "# Who may approve and issue, each with the line of their .pub file; then both need a signature:",
        "# [approvers]", '# "Jane Smith" = "ssh-ed25519 AAAA... jane"',
        "", "# How the monthly work runs by itself; nothing below changes a result.", *OPERATIONS,
    ]  # fmt: skip
    write_whole(folder.settings, ("\n".join(lines) + "\n").encode())
    say(f"Wrote {folder.settings}. Fill it in, then: asc-compliance settings check")


def check(as_json: Json = False, home: Home = DEFAULT_HOME) -> None:
    """Name each missing setting, and what it stops."""
    from flows.final_notice import REQUIRED as FINAL
    from flows.final_notice import missing_for_final
    from flows.operations import operations_of
    from flows.sender import REQUIRED, sender_of
    from flows.settings import home_at, settings_of

    settings, operations = settings_of(home_at(home)), operations_of(home_at(home))
    _, missing = sender_of(settings)
    final = missing_for_final(settings)
    mail = {
        "mail.host": operations.mail.host,
        "alerts.to": operations.alerts.to,
        "alerts.approvers": operations.alerts.approvers,
    }
    unmailed = [key for key, value in mail.items() if not value]
    if as_json:
        say_json({"missing": missing, "missing_for_final_notices": final, "missing_for_mail": unmailed,
                  "specimen": settings.get("specimen", False)})  # fmt: skip
        return
    for key in missing:
        say(f"missing: {key}{', ' + REQUIRED[key] if key in REQUIRED else ''}. {WHAT_IT_STOPS}")
    for key in final:
        say(f"missing: {key}, {FINAL[key]}. Without it no final notice can be made.")
    if unmailed:
        say(f"missing: {', '.join(unmailed)}. Without them nobody is mailed; alerts stand in alerts.jsonl of the home.")
    if not missing:
        say("Notices of intent can be made." + (" Every letter says SPECIMEN." if settings.get("specimen") else ""))
