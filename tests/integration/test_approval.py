"""Approving and issuing: a second person, bound to the checksum; what is sent is what was approved and still stands."""

import base64
import json
import shutil
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from tests.conftest import Command
from tests.enforcement import APPROVER, BATCH, MONTH, Office
from tests.worlds import Inbox, batch_of, release_of, rows_of, tree_bytes

pytestmark = pytest.mark.slow


@pytest.fixture
def office(asc: Command, inbox: Inbox, home: Path) -> Office:
    """Three providers due, and their batch drafted by Pat Preparer."""
    made = Office(asc, inbox, home)
    for number in (1, 2, 3):
        made.due(number)
    made.write()
    made.run()
    return made


def dispatch(home: Path, batch: str = BATCH) -> Path:
    return home / "releases" / MONTH / "dispatch" / batch


@pytest.mark.parametrize("name", ["Pat Preparer", " pat  PREPARER ", "Pát Preparer", "Preparer, Pat", "Pa t Preparer"])
def test_nobody_approves_their_own_batch(office: Office, name: str) -> None:
    assert "a second person" in office.refused("notices", "approve", BATCH, "--by", name)
    assert office.notices("show", BATCH)["state"] == "draft"


def test_an_approval_is_bound_to_the_checksum_and_opens_the_cases(office: Office) -> None:
    answer = office.approve()
    shown = office.notices("show", BATCH)
    assert answer["letters"] == 3 and answer["checksum"] == shown["checksum"]
    assert (shown["state"], shown["prepared_by"]) == ("approved", "Pat Preparer")
    (approval,) = shown["approvals"]
    assert (approval["by"], approval["proof"]) == (APPROVER, "a bare name, for a specimen")
    assert approval["chain_head"] == answer["chain_head"] != shown["chain_head"]
    cases = office.said("cases", "list", "--as-at", "2025-01-06", "--home", office.home, "--json")
    assert [(case["letter_ref"], case["state"]) for case in cases] == [
        (f"NOI-2024-12-{n:04d}", "approved") for n in (1, 2, 3)
    ]
    assert "approved it before" in office.refused("notices", "approve", BATCH, "--by", "Robin")


def test_a_batch_that_nobody_approved_is_not_issued(office: Office) -> None:
    words = ("notices", "issue", BATCH, "--by", APPROVER, "--sent-on", "2025-01-06", "--method", "post")
    assert "nobody has approved it" in office.refused(*words)
    assert not dispatch(office.home).exists()


@pytest.mark.parametrize("file", ["letters/NOI-2024-12-0002.pdf", "manifest.csv", "held.csv", "batch.json", "SHA256SUMS",
                                  "evidence/NOI-2024-12-0001.json", "evidence/NOI-2024-12-0001.pdf"])  # fmt: skip
def test_one_changed_byte_stops_approval_and_issue(office: Office, file: str) -> None:
    path = batch_of(office.home) / file
    whole = path.read_bytes()
    path.write_bytes(whole[:20] + bytes([whole[20] ^ 1]) + whole[21:])
    assert "not as it was published" in office.refused("notices", "approve", BATCH, "--by", APPROVER)
    path.write_bytes(whole)
    office.approve()
    path.write_bytes(whole[:20] + bytes([whole[20] ^ 1]) + whole[21:])
    words = ("notices", "issue", BATCH, "--by", APPROVER, "--sent-on", "2025-01-06", "--method", "post")
    assert "its approval has lapsed" in office.refused(*words)
    assert office.asc("verify", "--home", office.home).code == 1


def test_issuing_writes_down_what_is_given_when_and_builds_what_is_posted(office: Office) -> None:
    office.approve()
    answer = office.issue()
    assert (answer["letters"], answer["taken_out"]) == (3, {})
    sent = {row["letter_ref"]: row for row in rows_of(dispatch(office.home) / "issued.csv")}
    assert {
        (row["status"], row["given_on"], row["representations_until"], row["decide_by"]) for row in sent.values()
    } == {("issued", "2025-01-09", "2025-01-30", "2025-02-27")}
    for ref in sent:
        letter = dispatch(office.home) / "letters" / f"{ref}.pdf"
        assert letter.read_bytes() == (batch_of(office.home) / "letters" / f"{ref}.pdf").read_bytes()
    assert [row["reference"] for row in rows_of(dispatch(office.home) / "notify-recipients.csv")] == list(sent)
    receipt = json.loads(Path(str(answer["receipt"])).read_text())
    assert receipt["chain_head"] == office.notices("show", BATCH)["chain_head"]
    assert office.asc("verify", "--expect", receipt["chain_head"], "--home", office.home).code == 0


def test_every_letter_of_a_print_file_begins_on_a_sheet_of_its_own(office: Office) -> None:
    office.approve()
    office.issue()
    index = rows_of(dispatch(office.home) / "print" / "index.csv")
    assert [row["letter_ref"] for row in index] == [f"NOI-2024-12-{n:04d}" for n in (1, 2, 3)]
    assert all(int(row["first_page"]) % 2 for row in index)
    with pikepdf.open(dispatch(office.home) / index[0]["print_file"]) as merged:
        assert len(merged.pages) >= int(index[-1]["first_page"]) + int(index[-1]["pages"]) - 1


@pytest.mark.parametrize(
    ("sent_on", "method", "rule"),
    [("2025-01-15", "post", "have to allow them until"), ("2025-01-20", "email", "have to allow them until"),
     ("2024-12-24", "post", "over Christmas")],
)  # fmt: skip
def test_a_day_that_the_printed_period_does_not_allow_is_refused(
    office: Office, sent_on: str, method: str, rule: str
) -> None:
    office.approve()
    words = ("notices", "issue", BATCH, "--by", APPROVER, "--sent-on", sent_on, "--method", method)
    assert rule in office.refused(*words)
    assert not dispatch(office.home).exists()


def test_a_later_day_within_the_printed_period_is_lawful(office: Office) -> None:
    office.approve()
    office.issue(sent_on="2025-01-08")
    case = office.case("NOI-2024-12-0001", "2025-01-20")
    assert (case["given_on"], case["representations_until"]) == ("2025-01-13", "2025-01-30")


def test_issuing_twice_sends_nothing_twice_and_puts_back_what_was_lost(office: Office) -> None:
    office.approve()
    office.issue()
    before, events = tree_bytes(dispatch(office.home)), office.notices("show", BATCH)["chain_head"]
    shutil.rmtree(dispatch(office.home))
    assert "missing; the same `notices issue` again" in office.asc("verify", "--home", office.home).out
    office.issue()
    assert tree_bytes(dispatch(office.home)) == before
    assert office.notices("show", BATCH)["chain_head"] == events
    words = ("notices", "issue", BATCH, "--by", APPROVER, "--sent-on", "2025-01-07", "--method", "post")
    assert "issued it before" in office.refused(*words)
    assert office.asc("verify", "--home", office.home).code == 0


def test_who_no_longer_stands_is_taken_out_and_cannot_be_posted(office: Office) -> None:
    """One submitted after all, one was deregistered, one is withdrawn: nothing of them is in the dispatch."""
    office.due(4)
    office.write()
    office.run()
    office.approve()
    office.inbox.units[-4].history = "NNY"
    office.inbox.write_export("care_home", extracted="2024-12-19")
    office.inbox.deactivate(office.inbox.units[-3].location_id, "02/01/2025", "2025-01-03")
    office.notices("withdraw", "NOI-2024-12-0003", "--by", "Ann", "--reason", "defect", "--because", "wrong name")
    office.said("ingest", office.inbox.folder, "--home", office.home)
    answer = office.issue()
    assert answer["letters"] == 1
    assert {ref: why.split(" now")[0] for ref, why in answer["taken_out"].items()} == {
        "NOI-2024-12-0001": "1-9000004001:care_home:2024-12 is submitted",
        "NOI-2024-12-0002": "1-9000004002 care_home was deregistered on 2025-01-02",
        "NOI-2024-12-0003": "withdrawn",
    }
    assert [path.name for path in (dispatch(office.home) / "letters").iterdir()] == ["NOI-2024-12-0004.pdf"]
    assert [row["letter_ref"] for row in rows_of(dispatch(office.home) / "print" / "index.csv")] == ["NOI-2024-12-0004"]
    assert office.case("NOI-2024-12-0001", "2025-01-06")["state"] == "withdrawn"


def test_a_rerun_after_approval_writes_nothing_and_after_a_change_drafts_beside_it(office: Office) -> None:
    release, before = release_of(office.home).name, tree_bytes(office.home / "releases")
    office.approve()
    office.issue()
    kept = {path: content for path, content in tree_bytes(office.home / "releases").items() if "dispatch" not in path}
    assert kept == before
    assert office.run()["release"] == release
    assert {p: c for p, c in tree_bytes(office.home / "releases").items() if "dispatch" not in p} == before
    office.due(4)
    office.inbox.write_export("care_home", extracted="2024-12-18")
    office.inbox.write_register("2024-12-18")
    office.inbox.write_fees(day="2024-12-03")
    answer = office.run(as_at="2024-12-18")
    assert answer["notices"] == {"batch": "NOI-2024-12-02", "letters": 1, "held": 0}
    (row,) = rows_of(release_of(office.home) / "notices" / "NOI-2024-12-02" / "manifest.csv")
    assert (row["letter_ref"], row["provider_id"]) == ("NOI-2024-12-0004", "1-9700000004")
    states = {one["batch"]: one["state"] for one in office.notices("list")}
    assert states == {BATCH: "issued", "NOI-2024-12-02": "draft"}
    assert office.asc("verify", "--home", office.home).code == 0


def test_a_redraft_replaces_a_batch_and_voids_its_approval(office: Office) -> None:
    office.approve()
    answer = office.notices("redraft", BATCH, "--send-on", "2025-01-20", "--by", "Pat Preparer")
    assert answer["notices"] == {"batch": "NOI-2024-12-02", "letters": 3, "held": 0}
    words = ("notices", "issue", BATCH, "--by", APPROVER, "--sent-on", "2025-01-06", "--method", "post")
    assert "it was replaced" in office.refused(*words)
    rows = rows_of(release_of(office.home) / "notices" / "NOI-2024-12-02" / "manifest.csv")
    assert [(row["letter_ref"], row["send_on"]) for row in rows] == [
        (f"NOI-2024-12-{n:04d}", "2025-01-20") for n in (4, 5, 6)
    ]
    office.approve("NOI-2024-12-02")
    assert office.issue("NOI-2024-12-02", "2025-01-20")["letters"] == 3
    assert "it is issued" in office.refused("notices", "redraft", "NOI-2024-12-02", "--send-on", "2025-01-27")


def test_a_draft_is_drafted_anew_under_the_same_ids(office: Office) -> None:
    answer = office.notices("redraft", BATCH, "--send-on", "2025-01-20", "--by", "Pat Preparer")
    assert answer["notices"] == {"batch": BATCH, "letters": 3, "held": 0}
    assert rows_of(batch_of(office.home) / "manifest.csv")[0]["send_on"] == "2025-01-20"


def signed(key: ed25519.Ed25519PrivateKey, namespace: str, text: str) -> str:
    """Return an SSH signature as `ssh-keygen -Y sign` writes it (PROTOCOL.sshsig)."""
    import hashlib

    def string(data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + data

    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    head = string(namespace.encode()) + string(b"") + string(b"sha512")
    made = key.sign(b"SSHSIG" + head + string(hashlib.sha512(text.encode()).digest()))
    public = string(b"ssh-ed25519") + string(raw)
    blob = b"SSHSIG" + (1).to_bytes(4, "big") + string(public) + head + string(string(b"ssh-ed25519") + string(made))
    body = base64.b64encode(blob).decode()
    lines = [body[n : n + 70] for n in range(0, len(body), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def test_where_approvers_have_keys_a_signature_over_the_checksum_is_needed(office: Office, tmp_path: Path) -> None:
    keys = [ed25519.Ed25519PrivateKey.generate() for _ in range(2)]
    line = (
        keys[0].public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()
    )
    settings = office.home / "settings.toml"
    text = settings.read_text().replace("specimen = true", "")
    settings.write_text(f'{text}\n[approvers]\n"{APPROVER}" = "{line} alex"\n')
    office.run()
    checksum = str(office.notices("show", BATCH)["checksum"])
    approve = ("notices", "approve", BATCH, "--by", APPROVER)
    assert "--signature is missing" in office.refused(*approve)
    assert "not among the approvers" in office.refused("notices", "approve", BATCH, "--by", "Somebody Else")
    signature = tmp_path / "approve.sig"
    for key, act, what in (
        (keys[1], "approve", checksum),
        (keys[0], "issue", checksum),
        (keys[0], "approve", "0" * 64),
    ):
        signature.write_text(signed(key, f"asc-compliance-{act}", what))
        assert "does not fit" in office.refused(*approve, "--signature", signature)
    signature.write_text("no signature")
    assert "does not fit" in office.refused(*approve, "--signature", signature)
    signature.write_text(signed(keys[0], "asc-compliance-approve", f"{checksum}\n"))
    assert office.notices(*approve[1:], "--signature", signature)["proof"] == "an SSH signature"
    issue = ("notices", "issue", BATCH, "--by", APPROVER, "--sent-on", "2025-01-06", "--method", "post")
    assert "does not fit" in office.refused(*issue, "--signature", signature)
    signature.write_text(signed(keys[0], "asc-compliance-issue", checksum))
    receipt = office.notices(*issue[1:], "--signature", signature)
    assert receipt["approved"]["proof"] == receipt["issued"]["proof"] == "an SSH signature"
    assert receipt["issued"]["key"].startswith("SHA256:")


def test_packs_are_the_same_bytes_every_time(office: Office, tmp_path: Path) -> None:
    assert "nobody has approved it" in office.refused("notices", "pack", BATCH, "--out", tmp_path / "a")
    office.approve()
    assert len(office.notices("pack", BATCH, "--out", tmp_path / "a")) == 1
    office.issue()
    first, second = (office.notices("pack", BATCH, "--out", tmp_path / name) for name in ("a", "b"))
    assert [one["sha256"] for one in first] == [one["sha256"] for one in second] and len(first) == 2
