"""An invented world to try the product on: fictional services, plainly so, in files like the real ones."""

import shutil
from pathlib import Path

from flows.demo.files import write_inbox, write_settings
from flows.demo.world import MONTH, World
from flows.settings import parameters
from pipeline.errors import UsageError
from pipeline.rules.windows import month_text, window_for
from pipeline.rules.working_days import WorkingDays


def invent(out: Path, units: int, months: int, seed: int) -> None:
    """Write `out/inbox/` and `out/home/settings.toml`; the same arguments give the same bytes."""
    inbox, home = out / "inbox", out / "home"
    if home.exists() and not (home / "settings.toml").exists():
        raise UsageError(f"{home} is somebody's home, not a demonstration. Choose another --out.")
    if inbox.exists():
        shutil.rmtree(inbox)
    inbox.mkdir(parents=True)
    home.mkdir(mode=0o700, exist_ok=True)
    write_inbox(inbox, World(units, months, seed))
    write_settings(home / "settings.toml")


def command_for(out: Path) -> list[str]:
    """Return the arguments that run the invented month."""
    run_on = window_for(MONTH, WorkingDays(), parameters()).run_on
    inbox, home = out / "inbox", out / "home"
    return [
        "run",
        "--month",
        month_text(MONTH),
        "--inbox",
        str(inbox),
        "--home",
        str(home),
        "--as-at",
        run_on.isoformat(),
    ]
