"""What does the scheduler cost on top of the command? `python -m bench.scheduled [--units N] [--rounds N]`.

Beside a running server on PostgreSQL, in turn, each in a fresh process on a fresh home: `asc-compliance monthly`, and the flow of
the same work; then the same again, when nothing is due. The server itself is not counted.
"""

import argparse
import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.measuring import PRODUCT, Measured, facts, measured
from deploy.servers import Servers

DAY = "2024-12-17"
FLOW = (
    "import sys, datetime as dt; from pathlib import Path; from flows.scheduled.monthly_close import monthly_close; "
    f"sys.exit(not monthly_close(Path(sys.argv[1]), dt.date.fromisoformat('{DAY}'), return_state=True).is_completed())"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.scheduled", description="The flow beside the command.")
    parser.add_argument("--units", type=int, default=28_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="asc-bench-"))
    world = folder / "world"
    measured([PRODUCT, "demo", "--only-inputs", "--out", world, "--units", asked.units, "--months", 24])
    with socket.create_server(("127.0.0.1", 0)) as free:
        servers = Servers(folder / "servers", free.getsockname()[1], world / "home")
    figures: dict[str, list[Measured]] = {}
    try:
        servers.start_server()
        os.environ.update(servers.environment(), ASC_INBOX__FOLDER=str(world / "inbox"))
        for number in range(asked.rounds):
            for name in ("command", "flow"):
                home = folder / f"{name}-{number}"
                shutil.copytree(world / "home", home)
                plain: list[object] = [PRODUCT, "monthly", "--as-at", DAY, "--home", home]
                for what in ("a month", "nothing due"):
                    order = plain if name == "command" else [sys.executable, "-c", FLOW, home]
                    figures.setdefault(f"{what}, {name}", []).append(measured(order))
    finally:
        servers.stop()
        shutil.rmtree(folder)
    print(facts())
    cpu = {what: median(figure.cpu for figure in found) for what, found in figures.items()}
    for what, found in figures.items():
        print(f"{what:<22} {cpu[what]:6.1f} s of CPU  {median(figure.wall for figure in found):6.1f} s of time")
    for what in ("a month", "nothing due"):
        flow, command = cpu[f"{what}, flow"], cpu[f"{what}, command"]
        print(f"{what}: flow / command {flow / command:.2f}, {flow - command:+.1f} s of CPU")


if __name__ == "__main__":
    main()
