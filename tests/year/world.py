"""A year of invented services: what they answer window by window, as files, and the commands that are given on them."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flows.demo.files import write_settings
from tests.worlds import WORDS, Inbox, Unit, ordinary_units, rows_of, write_csv
from tests.year.dates import DAY, dates_of, given, law_allows_until, months_to, printed_until, run_day

URGENT = ("review_needed", "lapsed", "overdue", "decision_due")


@dataclass
class Service(Unit):
    """A unit that answers Yes in every window, but for those said otherwise: month -> a letter N ?."""

    said: dict[str, str] = field(default_factory=dict)

    @property
    def who(self) -> str:
        """The first name of its provider, by which the story speaks of it."""
        return self.provider.split()[0]

    def cells(self, months: Sequence[str]) -> list[str]:
        """Return its row of an export; the columns are months, as 2024-12."""
        own = [
            self.location_id, self.name or f"Service {self.location_id[-3:]}", self.provider_id, self.provider,
            self.authority, self.status, self.users,
        ]  # fmt: skip
        return [*own, *(WORDS[self.said.get(month, "Y")] for month in months)]


class Export(Inbox):
    """An inbox whose month columns are headed as Capacity Tracker heads them, for months as 2024-12."""

    def write_export(
        self, provider_type: str, units: Sequence[Unit] | None = None, extracted: str | None = None
    ) -> Path:
        chosen = [unit for unit in (units or self.units) if unit.provider_type == provider_type]
        titles = [f"{dt.date.fromisoformat(f'{month}-01'):%b %y}" for month in self.months]
        rows = [unit.cells(self.months) for unit in chosen]
        path = self.export_path(provider_type, extracted)
        own = ("CQC Location ID", "Location", "Provider ID", "Provider", "Local Authority", "Registration Status")
        return write_csv(path, [*own, "User Count", *titles], rows)


def ordinary_services() -> list[Service]:
    """Return ten services of each type that never miss a window; one of each type is New, of an unknown date."""
    units = [unit for unit in ordinary_units() if int(unit.location_id[-2:]) < 10]
    for unit in units[:2]:
        unit.registered = ""
    return [Service(**{**vars(unit), "provider_id": f"1-99{unit.location_id[-7:]}"}) for unit in units]


def missing(number: int, name: str, months: Iterable[str], kind: str = "care_home") -> Service:
    """Return a service of a provider of its own that missed these windows."""
    return Service(
        f"1-9000003{number:03d}", "", kind, provider_id=f"1-9800000{number:03d}", provider=f"{name} Care Ltd",
        street=f"{number} Invented Road", said=dict.fromkeys(months, "N"),
    )  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """A batch as a run published it: letters (rows of its manifest) and held reasons, by the provider's first name."""

    name: str
    release: str
    folder: Path
    letters: Mapping[str, dict[str, str]]
    held: Mapping[str, str]

    @property
    def refs(self) -> dict[str, str]:
        """The reference of each letter."""
        return {name: row["letter_ref"] for name, row in self.letters.items()}


@dataclass
class Year:
    """A home, the commands on it, and the services behind the files that are given to it each month."""

    asc: Callable[..., Any]
    folder: Path
    services: list[Service]
    without_fee: set[str] = field(default_factory=set)
    drafts: dict[str, Draft] = field(default_factory=dict)
    issued: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def configure(self) -> None:
        """Write specimen settings, which allow 28 days for payment from the day a final notice is given."""
        self.home.mkdir()
        write_settings(self.home / "settings.toml")

    def do(self, *words: object, code: int = 0) -> Any:
        """Give a command, which has to end with this exit code; return the answer."""
        answer = self.asc(*words, "--home", self.home)
        assert answer.code == code, (words, answer.code, answer.out, answer.err)
        return answer

    def ask(self, *words: object) -> Any:
        """Give a command and return its JSON document."""
        return json.loads(self.do(*words, "--json").out)

    def write(self, month: str, extracted: dt.date) -> Path:
        """Write the exports, register and fees of a month as they stood on a day, and return their folder."""
        folder = self.folder / f"inbox-{extracted}"
        export = Export(folder, [*ordinary_services(), *self.services], str(extracted), months_to(month))
        export.write_export("care_home")
        export.write_export("home_care")
        export.write_register(str(extracted))
        fees = {s.provider_id: 1000 + int(s.provider_id[-3:]) for s in self.services if s.who not in self.without_fee}
        headings = ["provider_id", "annual_fee_gbp", "scheme", "as_at", "source"]
        rows = [[provider, f"{pounds}.00", "invented", extracted, "invented"] for provider, pounds in fees.items()]
        write_csv(folder / f"provider_fees_{extracted}.csv", headings, rows)
        return folder

    def run(self, month: str, *more: object, as_at: dt.date | None = None, inbox: Path | None = None) -> Draft:
        """Run a month on its run day, or another; without a folder it goes by what was taken in before."""
        said = self.ask(
            "run", "--month", month, "--as-at", as_at or run_day(month), *(["--inbox", inbox] if inbox else []),
            "--accept", "missed-jump", "--because", "a small world: one miss is many points",
            "--accept", "at-risk-gone", "--because", "one answer is still to come", *more,
        )  # fmt: skip
        return self.drafted(said)

    def drafted(self, said: Mapping[str, Any]) -> Draft:
        """Return the batch that a run answers it drafted."""
        folder = Path(said["path"]) / "notices" / said["notices"]["batch"]
        letters = {row["provider_name"].split()[0]: row for row in rows_of(folder / "manifest.csv")}
        held = {row["provider_name"].split()[0]: row["reason"] for row in rows_of(folder / "held.csv")}
        assert (len(letters), len(held)) == (said["notices"]["letters"], said["notices"]["held"])
        self.drafts[folder.name] = Draft(folder.name, said["release"], folder, letters, held)
        return self.drafts[folder.name]

    def month(self, month: str, *more: object) -> Draft:
        """Write the inputs of a month on its run day, and run it."""
        return self.run(month, *more, inbox=self.write(month, run_day(month)))

    def approve(self, batch: str, by: str = "Sam Second") -> dict[str, Any]:
        """Approve a batch as a second person."""
        return dict(self.ask("notices", "approve", batch, "--by", by))

    def issue(self, batch: str, sent: dt.date, method: str = "post") -> dict[str, Any]:
        """Issue a batch, and check what is said of every letter that is sent: the dates by RULES 8, in the case too."""
        said = dict(self.ask("notices", "issue", batch, "--by", "Ida Issuer", "--sent-on", sent, "--method", method))
        for name, row in self.drafts[batch].letters.items():
            ref = row["letter_ref"]
            if ref not in said["taken_out"]:
                case, until = self.case(ref, sent), dt.date.fromisoformat(row["representations_until"])
                assert law_allows_until(sent, method) <= until
                assert dates_of(case) == [given(sent, method), until, until + 28 * DAY], name
                assert ref not in self.issued, "a reference is never used again"
                self.issued[ref] = row
        return said

    def send(self, draft: Draft, sent: dt.date) -> None:
        """Approve a batch, and issue it by post."""
        self.approve(draft.name)
        self.issue(draft.name, sent)

    def record(self, ref: str, event: str, on: str, *more: object, code: int = 0) -> Any:
        """Record an event of a case."""
        return self.do("cases", "record", ref, event, "--on", on, "--by", "Cara Caseworker", *more, code=code)

    def withdraw(self, ref: str, on: str, reason: str) -> None:
        """Withdraw a notice."""
        self.do("notices", "withdraw", ref, "--by", "Wyn Withdrawer", "--on", on, "--reason", reason, "--because", "so")

    def case(self, ref: str, as_at: dt.date | str) -> dict[str, Any]:
        """Return a case as it was on a day."""
        return dict(self.ask("cases", "show", ref, "--as-at", as_at))

    def state(self, ref: str, as_at: str) -> str:
        """Return the state of a case on a day."""
        return str(self.case(ref, as_at)["state"])

    def to_do(self, as_at: str) -> list[tuple[str, str]]:
        """Return (reference, state) of what has to be done within 14 days, which has to be in order."""
        listed = self.ask("cases", "list", "--due-within", 14, "--as-at", as_at)
        order = [URGENT.index(c["state"]) if c["state"] in URGENT else len(URGENT) for c in listed]
        assert order == sorted(order)
        later = [c["next"]["by"] for c in listed if c["state"] not in URGENT]
        last = str(dt.date.fromisoformat(as_at) + 14 * DAY)
        assert later == sorted(later) and all(day <= last for day in later)
        return [(c["letter_ref"], c["state"]) for c in listed]

    def outcomes(self, who: str, month: str) -> dict[str, str]:
        """Return the outcome of each window that `explain` shows of a provider's only service."""
        (unit,) = (service for service in self.services if service.who == who)
        said = self.ask("explain", unit.location_id, "--type", unit.provider_type, "--month", month)
        return {window["month"]: window["outcome"] for window in said["windows"]}

    def held(self) -> dict[str, dict[str, str]]:
        """Return who stands in the list of those held, by first name; what was opened is what was closed and stands."""
        listed = self.ask("held", "list")
        last = self.do("held", "list").out.strip().splitlines()[-1]
        standing, opened, closed = map(int, re.findall("[0-9]+", last))
        assert standing == len(listed) and opened == closed + standing
        return {entry["provider_name"].split()[0]: entry for entry in listed}

    def head(self) -> str:
        """Return the head of the register, everything being as it was written down."""
        return str(self.ask("verify")["head"])

    def windows(self, who: str, months: Iterable[str]) -> set[str]:
        """Return these windows of every service of a provider, as a manifest names them."""
        units = [service for service in self.services if service.who == who]
        return {f"{unit.location_id}:{unit.provider_type}:{month}" for unit in units for month in months}

    def check_letters(self, draft: Draft, months: Mapping[str, Sequence[str]], sent: dt.date) -> None:
        """Check whom the letters of a draft are for, on which windows they rely, and every date they print."""
        assert list(draft.letters) == list(months)
        until = printed_until(sent)
        for name, row in draft.letters.items():
            assert set(row["windows_relied_on"].split(";")) == self.windows(name, months[name]), name
            assert (row["send_on"], row["method"]) == (str(sent), "post")
            assert dates_of(row) == [given(sent, "post"), until, until + 28 * DAY], name
