"""The units for a real host: loopback only, no secret in the environment, commands that exist."""

import re
import shlex
from pathlib import Path

import pytest
import typer.main
import yaml

from flows.cli import app

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def lines(unit: Path, key: str) -> list[str]:
    return re.findall(rf"^{key}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_runs_as_its_own_user_and_is_watched(unit: Path) -> None:
    assert lines(unit, "User") == ["asc"] and lines(unit, "UMask") == ["0077"]
    assert lines(unit, "ProtectSystem") == ["strict"] and lines(unit, "NoNewPrivileges") == ["true"]
    assert unit.name == "asc-alarm@.service" or lines(unit, "OnFailure") == ["asc-alarm@%n.service"]


def test_the_commands_of_the_services_exist() -> None:
    started = [
        shlex.split(text) for unit in UNITS for text in lines(unit, "ExecStart") if "/asc-compliance " in f"{text} "
    ]
    started = [words for words in started if words[0].endswith("/bin/asc-compliance")]
    assert {words[1] for words in started} == {"monthly", "tell-approvers", "deadlines", "backup", "alarm"}
    for words in started:
        options = {name for option in COMMANDS[words[1]].params for name in option.opts}
        assert {word for word in words[2:] if word.startswith("--")} <= options


def test_the_server_is_bound_to_loopback_and_tells_nobody_of_us() -> None:
    (server,) = lines(DEPLOY / "systemd" / "asc-prefect-server.service", "ExecStart")
    assert "--host 127.0.0.1" in server and "0.0.0.0" not in server
    shared = (DEPLOY / "systemd" / "environment").read_text(encoding="utf-8")
    assert "PREFECT_SERVER_ANALYTICS_ENABLED=false" in shared


def test_secrets_are_files() -> None:
    for path in [DEPLOY / "systemd" / "environment", *UNITS]:
        for name, value in re.findall(r"([A-Z_]*(?:PASSWORD|URL)[A-Z_]*)=(\S+)", path.read_text(encoding="utf-8")):
            assert name.endswith("_FILE") or name == "PREFECT_API_URL" or "cat " in path.read_text(encoding="utf-8"), (
                name,
                value,
            )


def test_the_automation_knows_every_state_a_run_ends_in() -> None:
    (automation,) = yaml.safe_load((DEPLOY / "automations.yaml").read_text(encoding="utf-8"))["automations"]
    source = "".join(path.read_text(encoding="utf-8") for path in (DEPLOY.parent / "flows" / "scheduled").glob("*.py"))
    named = set(re.findall(r'name="([A-Z][a-z]+)"', source)) | set(re.findall(r': "([A-Z][a-z]+)"', source))
    assert {"Skipped", "Waiting", "Busy", "Stopped", "Refused"} <= named
    assert {f"prefect.flow-run.{name}" for name in named} <= set(automation["trigger"]["expect"])
