"""Tiny invented inboxes, written as the real files are laid out. All ids and names are fictional."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2

MONTHS = (
    "Jan 24",
    "Feb 24",
    "Mar 24",
    "Apr 24",
    "May 24",
    "Jun 24",
    "Jul 24",
    "Aug 24",
    "Sep 24",
    "Oct 24",
    "Nov 24",
    "Dec 24",
)
WORDS = {"Y": "Yes", "N": "No", "?": "", "0": "0", "1": "1", "%": "50 %"}
EXPORT_HEADINGS = (
    "CQC Location ID",
    "Location",
    "Provider ID",
    "Provider",
    "Local Authority",
    "Registration Status",
    "User Count",
)
REGISTER_HEADINGS = (
    "Location ID", "Location HSCA start date", "Care home?", "Location Name", "Location Local Authority", "Provider ID",
    "Provider Name", "Location Postal Code", "Location Telephone Number", "Service type - Domiciliary care service",
    "Provider Street Address", "Provider City", "Provider Postal Code",
)  # fmt: skip


@dataclass
class Unit:
    """One row of an export: what it says under each month, newest last, as letters Y N ?."""

    location_id: str
    history: str
    provider_type: str = "care_home"
    name: str = ""
    provider_id: str = ""
    provider: str = "Invented Care Ltd"
    authority: str = "Kent"
    status: str = "Established (≥ 101 days)"
    users: str = "3"
    registered: str = "01/04/2015"
    in_register: bool = True
    street: str = "1 Invented Road"

    def cells(self, months: Sequence[str]) -> list[str]:
        history = self.history.rjust(len(MONTHS), "Y")[-len(MONTHS) :]
        said = dict(zip(MONTHS, (WORDS[letter] for letter in history), strict=True))
        return [
            self.location_id, self.name or f"Service {self.location_id[-3:]}", self.provider_id or f"1-99{self.location_id[-7:]}",
            self.provider, self.authority, self.status, self.users, *(said[month] for month in months),
        ]  # fmt: skip


def ordinary_units() -> list[Unit]:
    """Return a dozen services of each type in two regions; one of each type is New, none is on a list."""
    units = []
    for n in range(12):
        for kind, digit in (("care_home", 1), ("home_care", 2)):
            place = "Kent" if n % 2 else "Oxfordshire"
            units.append(Unit(f"1-9000000{digit}{n:02d}", "Y" * 12, kind, authority=place))
    for unit in units[:2]:
        unit.registered, unit.status = "01/11/2024", "New (< 101 days)"
    return units


@dataclass
class Inbox:
    """A folder of inputs that can be changed and written again."""

    folder: Path
    units: list[Unit] = field(default_factory=ordinary_units)
    extracted: str = "2024-12-17"
    months: Sequence[str] = MONTHS

    def export_path(self, provider_type: str, extracted: str | None = None) -> Path:
        return self.folder / f"status-{provider_type.replace('_', '-')}-{extracted or self.extracted}.csv"

    def write_export(
        self, provider_type: str, units: Sequence[Unit] | None = None, extracted: str | None = None
    ) -> Path:
        chosen = [unit for unit in (self.units if units is None else units) if unit.provider_type == provider_type]
        path = self.export_path(provider_type, extracted)
        return write_csv(path, [*EXPORT_HEADINGS, *self.months], [unit.cells(self.months) for unit in chosen])

    def write_register(self, day: str = "2024-12-16", units: Sequence[Unit] | None = None) -> Path:
        by_location: dict[str, list[Unit]] = {}
        for unit in self.units if units is None else units:
            if unit.in_register:
                by_location.setdefault(unit.location_id, []).append(unit)
        rows = []
        for location_id, group in by_location.items():
            kinds, first = {unit.provider_type for unit in group}, group[0]
            rows.append([
                location_id, first.registered, "Y" if "care_home" in kinds else "N", first.name or "As registered", first.authority,
                first.provider_id or f"1-99{location_id[-7:]}", first.provider, "ZZ99 1AA", "01632960001",
                "Y" if "home_care" in kinds else "", first.street, "Nowhereton", "ZZ99 1AB",
            ])  # fmt: skip
        return write_csv(self.folder / f"HSCA_Active_Locations_{day}.csv", REGISTER_HEADINGS, rows)

    def write(self) -> Path:
        """Write both exports and the register, and return the folder."""
        self.write_export("care_home")
        self.write_export("home_care")
        self.write_register()
        return self.folder

    def write_fees(self, pounds: str = "1234.00", day: str = "2024-12-02") -> Path:
        """Write one fee for every provider."""
        providers = sorted({unit.provider_id or f"1-99{unit.location_id[-7:]}" for unit in self.units})
        rows = [[provider_id, pounds, "invented scheme", day, "invented"] for provider_id in providers]
        return write_csv(
            self.folder / "provider_fees.csv", ["provider_id", "annual_fee_gbp", "scheme", "as_at", "source"], rows
        )

    def deactivate(self, location_id: str, ended: str, day: str = "2024-12-16") -> Path:
        headings = ["Location ID", "Location HSCA start date", "Location HSCA End Date"]
        return write_csv(
            self.folder / f"Deactivated_Locations_{day}.csv", headings, [[location_id, "01/04/2015", ended]]
        )


def write_csv(path: Path, headings: Sequence[str], rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        has_cr = any("\r" in str(cell) for row in rows for cell in row)
        writer = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_ALL if has_cr else csv.QUOTE_MINIMAL)
        writer.writerow(headings)
        writer.writerows(rows)
    return path


def release_of(home: Path, month: str = "2024-12") -> Path:
    """Return the folder of a month's current release."""
    return home / "releases" / month / (home / "releases" / month / "CURRENT").read_text().strip()


def services_of(home: Path, month: str = "2024-12") -> dict[tuple[str, str], dict[str, str]]:
    """Return the rows of the current `services.csv` by location id and provider type."""
    with (release_of(home, month) / "national" / "services.csv").open(encoding="utf-8", newline="") as file:
        return {(row["location_id"], row["provider_type"]): row for row in csv.DictReader(file)}


def findings_of(home: Path, rule: str, month: str = "2024-12") -> list[dict[str, str]]:
    """Return the findings of one rule in the current release."""
    with (release_of(home, month) / "findings.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["rule"] == rule]


def tree_bytes(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    if not folder.exists():
        return {}
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def batch_of(home: Path, month: str = "2024-12") -> Path:
    """Return the folder of a month's first batch of notices."""
    return release_of(home, month) / "notices" / f"NOI-{month}-01"


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def letter_text(path: Path) -> str:
    """Return what a letter says, with single blanks and without invisible characters."""
    with pypdfium2.PdfDocument(path) as document:
        pages = [page.get_textpage().get_text_range() for page in document]
    return " ".join(" ".join(pages).replace("\u200b", "").replace("\ufffe", "-").split())
