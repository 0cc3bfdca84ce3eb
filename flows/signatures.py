"""Who may approve and issue, and with which SSH key (settings, `approvers`)."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flows.settings import settings_of
from pipeline.enforce.batches import is_name
from pipeline.errors import InputRefused, UnlawfulStep, UsageError
from pipeline.record.home import Home
from pipeline.record.register import Events

SPECIMEN = "a bare name, for a specimen"
NO_KEYS = "a bare name: no approver's key is configured"
NAMESPACE = "asc-compliance-{act}"  # ssh-keygen -n: a signature to approve is none to issue


def approvers_of(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return the approvers by name, each with an OpenSSH public key; empty where none is configured."""
    table = settings.get("approvers", {})
    if not isinstance(table, dict) or not all(isinstance(key, str) and key.strip() for key in table.values()):
        raise InputRefused(
            "settings.toml", "approvers is no table of names and keys.",
            'Write [approvers], and under it a line for each: "Jane Smith" = "ssh-ed25519 AAAA...".',
        )  # fmt: skip
    return {str(name): key.strip() for name, key in table.items()}


def drafted_settings(register: Events, home: Home, release: str) -> dict[str, Any]:
    """Return what decides who may act on a batch: whether it was drafted as a specimen, and the approvers of today, or those
    of the day it was drafted where there are none today."""
    drafted = register.events("release", release)[-1].body
    approvers = approvers_of(settings_of(home)) or drafted.get("approvers", {})
    return {"specimen": drafted.get("specimen", False), "approvers": approvers}


def proof_of(
    settings: Mapping[str, Any], act: str, batch: str, checksum: str, by: str, signature: Path | None
) -> dict[str, str]:
    """Return how a person proved who acts: the signature and its key's fingerprint, or why a bare name served.

    `act` is approve or issue. Raises UnlawfulStep for a signature that is missing or does not fit, and for a name that is
    no approver's.
    """
    if not is_name(by):
        raise UsageError("--by needs the name of a person.")
    approvers = approvers_of(settings)
    if signature is None and (settings.get("specimen") is True or not approvers):
        return {"proof": SPECIMEN if settings.get("specimen") is True else NO_KEYS}
    if by not in approvers:
        known = ", ".join(sorted(approvers)) or "nobody"
        raise UnlawfulStep(batch, act, f'"{by}" is not among the approvers of the settings ({known})')
    if signature is None:
        raise UnlawfulStep(
            batch, act, f"the settings list approvers with keys, and --signature is missing. {how(act, checksum)}"
        )
    return {"proof": "an SSH signature", **_verified(approvers[by], act, batch, checksum, by, signature)}


def _verified(key_text: str, act: str, batch: str, checksum: str, by: str, path: Path) -> dict[str, str]:
    import sshsig
    from cryptography.exceptions import UnsupportedAlgorithm

    if not path.is_file():
        raise UsageError(f"{path}: there is no such file.")
    armored = path.read_bytes()
    try:
        key = sshsig.PublicKey.from_openssh_str(key_text)
    except (ValueError, NotImplementedError, UnsupportedAlgorithm):
        raise InputRefused(
            "settings.toml", f'the key of "{by}" is no ed25519 or RSA public key.', "Copy the line of their .pub file."
        ) from None
    problem: Exception | None = None
    for text in (f"{checksum}\n", checksum):
        try:
            sshsig.verify(text, armored, [key], NAMESPACE.format(act=act))
            return {"key": key.sha256_str(), "signature": armored.decode("ascii", "replace")}
        except (sshsig.InvalidSignature, NotImplementedError, ValueError) as error:
            problem = error
    raise UnlawfulStep(batch, act, f"the signature does not fit ({problem}). {how(act, checksum)}")


def how(act: str, checksum: str) -> str:
    """Return the command that signs a checksum."""
    return f"Sign with: echo {checksum} | ssh-keygen -Y sign -f YOUR_KEY -n {NAMESPACE.format(act=act)} > {act}.sig"
