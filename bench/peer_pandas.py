"""The month as an analyst would work it out with pandas: the same lists, without findings, archive and checks.

`python -m bench.peer_pandas INBOX OUT` judges unit by unit with groupby.apply; with `--better` whole columns at a time;
`--workbooks` adds the workbooks an analyst sends, with openpyxl.
It trusts its files, except for stray blanks and dashes in ids.
"""

import datetime as dt
import json
import re
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from bench.peer_lists import LISTED, MONTH, write, write_workbooks

REFERENCE = Path(__file__).parent.parent / "data" / "reference"
EXPORT = {
    "CQC Location ID": "location_id", "Location": "location_name", "Provider ID": "provider_id", "Provider": "provider_name",
    "Local Authority": "local_authority", "Registration Status": "registration_status", "User Count": "user_count",
}  # fmt: skip
REGISTER = {
    "Location ID": "location_id", "Location HSCA start date": "registered_on", "Location Local Authority": "local_authority",
    "Provider ID": "provider_id", "Provider Name": "provider_name", "Location Postal Code": "postcode",
    "Location Telephone Number": "telephone",
}  # fmt: skip
GONE = {
    "Location ID": "location_id",
    "Location HSCA start date": "started_on",
    "Location HSCA End Date": "deregistered_on",
}
ANSWERS = {"yes": "submitted", "1": "submitted", "no": "missed", "0": "missed"}
STATUSES = [*LISTED, "missed", "unknown", "new", "compliant", "not_required"]


def read(path: Path, columns: dict[str, str], *, keep_rest: bool = False) -> pd.DataFrame:
    """Return a file as text under our own column names, ids cleaned, rows without an id dropped."""
    names = None if keep_rest else list(columns)
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", usecols=names)
    table = table.rename(columns=columns)
    ids = table["location_id"].str.replace(r"\s", "", regex=True).str.replace(r"[‐-―]", "-", regex=True)
    return table.assign(location_id=ids)[ids != ""]


def read_export(path: Path, provider_type: str) -> pd.DataFrame:
    """Return a status export, its month columns named as 2024-12."""
    table = read(path, EXPORT, keep_rest=True).drop(columns="Provider Type", errors="ignore")
    months = {c: c.replace("-", " ") for c in table.columns if re.fullmatch(r"[A-Z][a-z]{2}[ -](20)?\d\d", c)}
    named = {c: f"{pd.to_datetime(t, format='%b %y' if len(t) == 6 else '%b %Y'):%Y-%m}" for c, t in months.items()}
    return table.rename(columns=named).assign(provider_type=provider_type)


def windows_of(months: list[str]) -> pd.DataFrame:
    """Return when each window opened and closed: the 8th to the 14th, rolled to a working day."""
    events = json.loads((REFERENCE / "govuk_bank_holidays_2012_2028.json").read_text(encoding="utf-8"))
    holidays = {event["date"] for event in events["england-and-wales"]["events"]}
    rows = []
    for seq, month in enumerate(months, 1):
        closes = dt.date.fromisoformat(f"{month}-14")
        while closes.weekday() > 4 or closes.isoformat() in holidays:
            closes += dt.timedelta(days=1)
        rows.append((month, seq, pd.Timestamp(f"{month}-08"), pd.Timestamp(closes)))
    return pd.DataFrame(rows, columns=["window", "seq", "opens_on", "closes_on"])


def authorities() -> pd.DataFrame:
    """Return the authorities under the names exports use."""
    table = pd.read_csv(REFERENCE / "la_asc_authorities_153.csv", dtype=str, keep_default_na=False)
    table = table.rename(columns={"nice_name": "local_authority", "gss_code_2025": "la_code"})
    return table[["local_authority", "la_code", "region"]].sort_values("la_code")


def read_units(inbox: Path, places: pd.DataFrame) -> pd.DataFrame:
    """Return one row per unit; what the register holds goes before what the export says."""
    exports = [
        read_export(next(inbox.glob(f"*status*{kind.replace('_', '-')}*.csv")), kind)
        for kind in ("care_home", "home_care")
    ]
    register = read(next(inbox.glob("HSCA_Active_Locations*.csv")), REGISTER)
    gone = read(next(inbox.glob("Deactivated_Locations*.csv")), GONE)
    units = pd.concat(exports, ignore_index=True)
    units = units.merge(register, on="location_id", how="left", suffixes=("_export", ""))
    units = units.merge(gone, on="location_id", how="left")
    for name in ("provider_id", "provider_name", "local_authority"):
        units[name] = units[name].fillna(units[f"{name}_export"])
    units["registered_on"] = units["registered_on"].fillna(units["started_on"])
    for name in ("registered_on", "deregistered_on"):
        units[name] = pd.to_datetime(units[name], format="%d/%m/%Y")
    units["registration_status"] = units["registration_status"].str.split(" ").str[0]
    return units.merge(places, on="local_authority", how="left").rename_axis("unit")


def outcomes_of(units: pd.DataFrame, windows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per unit and window, oldest first; a miss while the unit was new is not counted."""
    dates = ["registered_on", "deregistered_on"]
    long = units.reset_index().melt(["unit", *dates], list(windows["window"]), var_name="window", value_name="answer")
    long = long.merge(windows, on="window").sort_values(["unit", "seq"])
    said = long["answer"].str.strip().str.lower().map(ANSWERS)
    is_not_required = (long["registered_on"] > long["closes_on"]) | (long["deregistered_on"] < long["opens_on"])
    tests = [is_not_required, said == "submitted", said == "missed"]
    long["outcome"] = np.select(tests, ["not_required", "submitted", "missed"], "unknown")
    is_new = (long["closes_on"] - long["registered_on"]).dt.days < 101
    long["counted"] = (long["outcome"] == "missed") & ~is_new
    return long


def counts_of_unit(misses: pd.Series) -> pd.Series:
    """Return the run and the counts of one unit from its windows, oldest first."""
    counted = misses.tolist()
    run = 0
    while run < len(counted) and counted[-1 - run]:
        run += 1
    return pd.Series(
        {"windows_in_a_row": run, "missed_of_last_12": sum(counted[-12:]), "of_last_11": sum(counted[-11:])}
    )


def counts_by_unit(long: pd.DataFrame) -> pd.DataFrame:
    """Return run and counts, one unit at a time."""
    return long.groupby("unit")["counted"].apply(counts_of_unit).unstack()


def counts_by_column(long: pd.DataFrame) -> pd.DataFrame:
    """Return run and counts, all units at once."""
    last, counted, unit = long["seq"].max(), long["counted"], long["unit"]
    return pd.DataFrame(
        {
            "windows_in_a_row": last - long["seq"].where(~counted, 0).groupby(unit).max(),
            "missed_of_last_12": (counted & (long["seq"] > last - 12)).groupby(unit).sum(),
            "of_last_11": (counted & (long["seq"] > last - 11)).groupby(unit).sum(),
        }
    )


def history_of(long: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Return run, counts, and the months that belong to them, by unit."""
    recent = long[long["counted"] & (long["seq"] > long["seq"].max() - 12)]
    history = counts.assign(
        outcome=long.groupby("unit")["outcome"].last(),
        windows_missed=recent.groupby("unit")["window"].agg(";".join),
        last_submitted_window=long[long["outcome"] == "submitted"].groupby("unit")["window"].last(),
    )
    return history.fillna("")


def judge(units: pd.DataFrame, history: pd.DataFrame, closes_on: pd.Timestamp) -> pd.DataFrame:
    """Return the units with status and reason, in the order of the lists."""
    table = units.join(history)
    run, of_12, of_11 = table["windows_in_a_row"], table["missed_of_last_12"], table["of_last_11"]
    is_missed = table["outcome"] == "missed"
    days = (closes_on - table["registered_on"]).dt.days
    is_new = (days < 101) | (days.isna() & (table["registration_status"] == "New"))
    tests = [
        table["outcome"] == "not_required", is_new, table["outcome"] == "unknown", is_missed & ((run >= 3) | (of_12 >= 4)),
        run >= 2, of_11 >= 3, is_missed,
    ]  # fmt: skip
    names = ["not_required", "new", "unknown", "notice_due", "at_risk", "watch", "missed"]
    table["status"] = np.select(tests, names, "compliant")
    row_words, count_words = run.astype(str) + " windows in a row", of_12.astype(str) + " of the last 12 windows"
    is_due, is_run, is_count = table["status"] == "notice_due", run >= 3, of_12 >= 4
    tests = [
        is_due & is_run & is_count,
        is_due & is_run,
        is_due,
        table["status"] == "at_risk",
        table["status"] == "watch",
    ]
    words = [
        row_words + "; " + count_words,
        row_words,
        count_words,
        row_words,
        of_11.astype(str) + " of the last 11 windows",
    ]
    table["reason"] = np.select(tests, words, "")
    table["order"] = table["status"].map(STATUSES.index)
    table["sort_name"] = table["location_name"].str.casefold()
    return table.assign(month=f"{MONTH:%Y-%m}").sort_values(["order", "sort_name", "location_id", "provider_type"])


def main() -> None:
    """Read an inbox, judge the month, write the lists."""
    inbox, out = Path(sys.argv[1]), Path(sys.argv[2])
    counts_of = counts_by_column if "--better" in sys.argv[3:] else counts_by_unit
    places = authorities()
    units = read_units(inbox, places)
    windows = windows_of(sorted(name for name in units.columns if re.fullmatch(r"\d{4}-\d\d", name)))
    long = outcomes_of(units, windows)
    history = history_of(long, counts_of(long))
    services = judge(units, history, windows["closes_on"].iloc[-1])
    write(out, services, places)
    if "--workbooks" in sys.argv[3:]:
        write_workbooks(out, services, places)


if __name__ == "__main__":
    main()
