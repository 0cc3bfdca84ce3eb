"""Dirty files as people's programs make them, and worlds in which many of them are taken in. All names are fictional.

Nothing here is the product's: it is driven through its command line, and read through the files it publishes.
"""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from flows.cli import main
from tests.conftest import Answer
from tests.worlds import Inbox, Unit, release_of, rows_of

Row = Sequence[object]
FILES = Path(__file__).parent / "files"
AFTER_CLOSE = "2024-12-17"  # the window of December 2024 closes at the end of the 16th
HEAD = ("CQC Location ID", "Location", "Provider ID", "Provider", "Local Authority", "User Count",
        "Oct 24", "Nov 24", "Dec 24")  # fmt: skip
ACCEPTED = ("rows-refused", "authority-unmatched", "unknown-jump", "missed-jump", "looks-filtered", "population-short")


def uid(case: int, number: int = 1) -> str:
    """Return an invented location id that tells its case: 1-9, the case in two digits, seven digits."""
    return f"1-9{case:02d}{number:07d}"


def provider_of(location_id: str) -> str:
    """Return an invented provider id."""
    return f"1-98{location_id[-8:]}"


def row(
    location_id: object, name: object = "Invented House", said: str = "YYY", *, users: object = "3", place: str = "Kent"
) -> list[object]:
    """Return a row under HEAD; `said` is October, November, December as Y, N or ? (blank)."""
    answers = ({"Y": "Yes", "N": "No", "?": ""}.get(letter, letter) for letter in said)
    provider = provider_of(str(location_id)) if str(location_id).startswith("1-9") else ""
    return [location_id, name, provider, "Invented Care Ltd", place, users, *answers]


def good(case: int, count: int = 4, first: int = 900) -> list[list[object]]:
    """Return ordinary rows that keep a file with one bad row from being refused whole."""
    return [row(uid(case, first + n)) for n in range(count)]


def lines(rows: Sequence[Row], delimiter: str = ",", end: str = "\n") -> str:
    """Return rows as the text of a CSV."""
    out = io.StringIO(newline="")
    has_breaks = any("\r" in str(cell) or "\n" in str(cell) for cells in rows for cell in cells)
    quoting: Literal[0, 1] = csv.QUOTE_ALL if has_breaks else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return out.getvalue()


def csv_of(*rows: Row, head: Row = HEAD, encoding: str = "utf-8") -> bytes:
    """Return rows below headings as the bytes of a CSV."""
    return lines([head, *rows]).encode(encoding)


def book_of(sheets: Mapping[str, Sequence[Row]], change: Callable[[Worksheet], None] | None = None) -> bytes:
    """Return sheets as the bytes of an .xlsx by openpyxl; `change` alters the last sheet before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(list(cells))
    if change is not None:
        change(book.worksheets[-1])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# --- the command line -------------------------------------------------------------------------------------------------


def call(*words: object) -> Answer:
    """Call the command line in this process; for fixtures that outlive one test (tests themselves use `asc`)."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in ("ASC_HOME", "ASC_REGISTER_URL", "ASC_SETTINGS"):
            patch.delenv(name, raising=False)
        patch.setenv("ASC_USER", "Pat Preparer")
        patch.setattr("sys.argv", ["asc-compliance", *map(str, words)])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
    return Answer(code, out.getvalue(), err.getvalue())


@dataclass(frozen=True)
class Looked:
    """What `check` says of one file."""

    document: Mapping[str, Any]

    @property
    def rules(self) -> dict[str, int]:
        return {finding["rule"]: finding["times"] for finding in self.document["findings"]}

    @property
    def severities(self) -> dict[str, str]:
        return {finding["rule"]: finding["severity"] for finding in self.document["findings"]}

    @property
    def rows(self) -> int:
        return int(self.document["rows"])

    @property
    def accepted(self) -> int:
        return int(self.document["accepted"])

    @property
    def months(self) -> list[str]:
        return list(self.document["months"])


def look(path: Path) -> Looked:
    """Check one file that must not be refused."""
    answer = call("check", path, "--json")
    assert answer.code == 0, answer.err
    (document,) = json.loads(answer.out)
    return Looked(document)


def look_at(folder: Path, name: str, data: bytes) -> Looked:
    """Write one file and check it."""
    (folder / name).write_bytes(data)
    return look(folder / name)


def refusal(folder: Path, name: str, data: bytes) -> str:
    """Write one file that must be refused with exit 3, and return the message."""
    (folder / name).write_bytes(data)
    answer = call("check", folder / name, "--json")
    assert answer.code == 3, f"exit {answer.code}, not 3: {answer.out}{answer.err}"
    assert name in answer.err and "Traceback" not in answer.err
    return answer.err


# --- worlds -----------------------------------------------------------------------------------------------------------


@dataclass
class World:
    """A home into which files were taken, whatever became of their neighbours, and then December 2024 published."""

    inbox: Path
    home: Path
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: str = ""
    ran: Answer = Answer(1, "", "not run")

    def took(self, *files: str) -> None:
        """Assert that files were taken in and the month published."""
        missing = [file for file in files if file not in self.taken]
        assert not missing, [line for line in self.refused.splitlines() if line.startswith(tuple(missing))]
        assert self.ran.code == 0, self.ran.err

    @cached_property
    def release(self) -> Path:
        assert self.ran.code == 0, self.ran.err
        return release_of(self.home)

    @cached_property
    def services(self) -> dict[str, dict[str, str]]:
        """The rows of services.csv by location id; home care under "<id> home_care"."""
        rows = rows_of(self.release / "national" / "services.csv")
        marks = {"care_home": "", "home_care": " home_care"}
        return {row["location_id"] + marks[row["provider_type"]]: row for row in rows}

    @cached_property
    def all_findings(self) -> list[dict[str, str]]:
        return rows_of(self.release / "findings.csv")

    def found(self, file: str, rule: str = "") -> list[dict[str, str]]:
        """Return the findings of one file, or of one rule in it."""
        return [one for one in self.all_findings if one["file"] == file and rule in ("", one["rule"])]

    def explained(self, location_id: str, *more: str) -> dict[str, dict[str, Any]]:
        """Return the windows of one unit by month."""
        assert self.ran.code == 0, self.ran.err
        answer = call("explain", location_id, *more, "--home", self.home, "--json")
        assert answer.code == 0, answer.err
        return {window["month"]: window for window in json.loads(answer.out)["windows"]}

    def found_by_name(self, text: str) -> list[dict[str, str]]:
        """Return what `find` answers."""
        answer = call("find", text, "--home", self.home, "--json")
        assert answer.code == 0, answer.err
        return list(json.loads(answer.out))


def world_of(
    folder: Path,
    files: Mapping[str, bytes],
    register: Sequence[Mapping[str, str]] = (),
    *,
    more: Sequence[str] = (),
    settings: str = "",
) -> World:
    """Take ordinary services and files in, each of which may be refused, and publish December 2024."""
    world = World(folder / "inbox", folder / "home")
    world.home.mkdir()
    if settings:
        (world.home / "settings.toml").write_text(settings, encoding="utf-8")
    base = Inbox(world.inbox)
    for provider_type in ("care_home", "home_care"):
        base.write_export(provider_type)
    ordinary = [ordinary_register_row(unit) for unit in base.units]
    (world.inbox / "HSCA_Active_Locations_2024-12-16.csv").write_bytes(register_csv(*ordinary, *register, more=more))
    for name, data in files.items():
        (world.inbox / name).write_bytes(data)
    took = call("ingest", world.inbox, "--home", world.home, "--json")
    world.taken, world.refused = {one["file"]: one for one in json.loads(took.out)}, took.err
    accept = [word for check in ACCEPTED for word in ("--accept", check, "--because", "dirt on purpose")]
    world.ran = call("run", "--month", "2024-12", "--as-at", "2024-12-31", "--home", world.home, *accept)
    return world


# --- the CQC register (DATA 4) ----------------------------------------------------------------------------------------


def register_headings() -> list[str]:
    """Return CQC's 122 headings."""
    path = Path(__file__).parents[2] / "data" / "reference" / "cqc_hsca_active_locations_headers_2026.csv"
    return [row["column"] for row in rows_of(path)]


def register_row(location_id: str, **said: str) -> dict[str, str]:
    """Return a care home as the register holds it; keywords replace what is said, `blank_` in a heading's place."""
    usual = {
        "Location ID": location_id, "Location HSCA start date": "25/04/2015", "Dormant (Y/N)": "N", "Care home?": "Y",
        "Location Name": "Invented House", "Care homes beds": "20", "Location Type/Sector": "Social Care Org",
        "Location Inspection Directorate": "Adult social care", "Location Region": "South East",
        "Location Local Authority": "Kent", "Location Street Address": "1 Invented Road", "Location City": "Nowhereton",
        "Location Postal Code": "ZZ99 1AA", "Location Telephone Number": "01632960001",
        "Provider ID": provider_of(location_id), "Provider Name": "Invented Care Ltd",
        "Provider HSCA start date": "25/04/2011", "Provider Type/Sector": "Social Care Org",
        "Provider Ownership Type": "Organisation", "Provider Street Address": "2 Invented Road",
        "Provider City": "Nowhereton", "Provider Postal Code": "ZZ99 1AB",
        "Service type - Care home service without nursing": "Y", "Location Dual Registered": "N",
    }  # fmt: skip
    return {**usual, **said}


def ordinary_register_row(unit: Unit) -> dict[str, str]:
    is_home = unit.provider_type == "care_home"
    changes = {
        "Location HSCA start date": "25/04/2015" if unit.registered == "01/04/2015" else unit.registered,
        "Care home?": "Y" if is_home else "N",
        "Service type - Care home service without nursing": "Y" if is_home else "",
        "Service type - Domiciliary care service": "" if is_home else "Y",
        "Location Local Authority": unit.authority,
        "Provider ID": unit.provider_id or f"1-99{unit.location_id[-7:]}",
    }
    return register_row(unit.location_id, **changes)


def register_csv(*rows: Mapping[str, str], more: Sequence[str] = ()) -> bytes:
    """Return a register with CQC's 122 headings, and further ones."""
    head = [*register_headings(), *more]
    return csv_of(*([said.get(heading, "") for heading in head] for said in rows), head=head)


# --- record-level extracts (DATA 3) -----------------------------------------------------------------------------------

CARE_HOME_HEAD = (
    "Local Authority", "location", "parentorganisation", "lrf", "localauthority", "region", "icb", "subicb", "cqcid",
    "odscode", "covidresidentstotal", "isacceptingadmissions", "nursesemployed", "nursesabsentgeneral",
    "nursesabsentcovid", "careworkersemployed", "careworkersabsentgeneral", "careworkersabsentcovid",
    "noncareworkersemployed", "noncareworkersabsentgeneral", "noncareworkersabsentcovid", "agencynursesemployed",
    "agencycareworkersemployed", "agencynoncareworkersemployed", "hourspaid", "hoursovertime", "hoursagency",
    "hoursabsence", "daysabsence", "lastupdatedutc", "lastupdatedbst",
)  # fmt: skip
HOME_CARE_HEAD = (
    "local_authority", "subicbname", "icbname", "regionname", "laname", "lrfname", "laregionname", "location", "cqcid",
    "odscode", "cqcsurveylastupdatedutc", "cqcsurveylastupdatedbst", "serviceusercount", "legacycovidconfirmed",
    "legacycovidsuspected", "cqccareworkersemployed", "cqccareworkersabsent", "canprovidermorehours",
    "extrahourscount", "confirmedsave", "hourspaiddomcare", "hoursovertimedomcare", "hoursagencydomcare",
    "hoursabsencedomcare", "daysabsencedomcare", "usersnhsla", "usersselffunded", "returnedpocpercent",
)  # fmt: skip
AUTHORITY_COLUMNS = ("Local Authority", "localauthority", "local_authority", "laname")


def stamped(location_id: str, utc: object, local: object = "", head: Sequence[str] = CARE_HOME_HEAD) -> list[object]:
    """Return a row of a record-level extract with its two stamps."""
    said: dict[str, object] = dict.fromkeys(head, "0")
    said |= dict.fromkeys(AUTHORITY_COLUMNS, "Kent County Council") | dict.fromkeys(
        ("region", "regionname"), "South East"
    )
    said |= {"cqcid": location_id, "location": "Invented House", "odscode": "VZZ99", "isacceptingadmissions": "Yes"}
    prefix = "lastupdated" if "lastupdatedutc" in head else "cqcsurveylastupdated"
    said |= {f"{prefix}utc": utc, f"{prefix}bst": local}
    return [said[heading] for heading in head]


def extract(*rows: Row, head: Sequence[str] = CARE_HOME_HEAD) -> bytes:
    """Return a record-level extract as a CSV."""
    return csv_of(*rows, head=head)


def serial(moment: str) -> float:
    """Return a moment as the serial number that Excel has for it (1900 system)."""
    return (dt.datetime.fromisoformat(moment) - dt.datetime.fromisoformat("1899-12-30")) / dt.timedelta(days=1)
