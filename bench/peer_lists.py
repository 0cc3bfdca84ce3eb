"""The analyst's lists: three national CSVs, and two for each authority."""

import datetime as dt
import re
from pathlib import Path

import pandas as pd

MONTH = dt.date(2024, 12, 1)
TYPES = {"care_home": "Care Home", "home_care": "Home Care"}
OUTCOMES = ["submitted", "missed", "excused", "not_required", "unknown"]
LISTED = ["notice_due", "at_risk", "watch"]

SERVICE_COLUMNS = [
    "month", "la_code", "local_authority", "region", "location_id", "location_name", "provider_id", "provider_name",
    "provider_type", "registration_status", "registered_on", "user_count", "outcome", "status", "reason",
    "windows_in_a_row", "missed_of_last_12", "windows_missed", "last_submitted_window",
]  # fmt: skip
COUNTS = ["services", *OUTCOMES, *LISTED, "new"]
PLACE = ["la_code", "local_authority", "region"]
ANSWER_WORDS = {"Yes": "Yes", "1": "Yes", "No": "No", "0": "No"}
TO_DO = "Ask the provider to update Capacity Tracker from Wednesday 8 January 2025 to Tuesday 14 January 2025."


def write(out: Path, services: pd.DataFrame, places: pd.DataFrame) -> None:
    """Write every list."""
    (out / "national").mkdir(parents=True)
    listed = services[services["status"].isin(LISTED)]
    services[SERVICE_COLUMNS].to_csv(out / "national" / "services.csv", index=False)
    listed[SERVICE_COLUMNS].to_csv(out / "national" / "at-risk.csv", index=False)
    summary(services, places).to_csv(out / "national" / "summary.csv", index=False)
    officers = for_officers(listed)
    for place in places.itertuples():
        folder = out / "local-authorities" / place.la_code
        folder.mkdir(parents=True)
        slug = re.sub("[^a-z0-9]+", "-", place.local_authority.casefold()).removesuffix("-council")
        for kind in TYPES:
            rows = officers[(listed["la_code"] == place.la_code) & (listed["provider_type"] == kind)]
            path = folder / f"at-risk-{slug}-{kind.replace('_', '-')}-{MONTH:%Y-%m}.csv"
            rows.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def write_workbooks(out: Path, services: pd.DataFrame, places: pd.DataFrame) -> None:
    """Write what an analyst sends: a workbook for each authority, cell by cell, and one for England."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    listed = services[services["status"].isin(LISTED)]
    books = [(place.la_code, listed[listed["la_code"] == place.la_code]) for place in places.itertuples()]
    for name, rows in [*books, ("England", listed)]:
        book = Workbook()
        book.remove(book.active)
        for kind, title in TYPES.items():
            sheet = book.create_sheet(title)
            table = for_officers(rows[rows["provider_type"] == kind])
            sheet.append(list(table.columns))
            for line in table.itertuples(index=False):
                sheet.append([None if pd.isna(cell) else cell for cell in line])
            for cell in sheet[1]:
                cell.font = Font(bold=True)
            for column in sheet.columns:
                sheet.column_dimensions[column[0].column_letter].width = max(
                    len(str(cell.value or "")) for cell in column
                )
        book.save(out / f"{name}.xlsx")


def summary(services: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the counts of England, the regions and the authorities, by provider type and together."""
    tested = [(services["outcome"] == name).rename(name) for name in OUTCOMES]
    tested += [(services["status"] == name).rename(name) for name in (*LISTED, "new")]
    counts = pd.concat([services[[*PLACE, "provider_type"]].assign(services=1), *tested], axis=1)
    both = pd.concat([counts, counts.assign(provider_type="")])
    levels = []
    for level, keys in {"england": [], "region": ["region"], "authority": PLACE}.items():
        wanted = places[keys].drop_duplicates().sort_values(keys) if keys else pd.DataFrame(index=[0])
        wanted = wanted.merge(pd.DataFrame({"provider_type": [*TYPES, ""]}), how="cross")
        summed = both.groupby([*keys, "provider_type"])[COUNTS].sum().reset_index()
        levels.append(wanted.merge(summed, on=[*keys, "provider_type"], how="left").assign(level=level))
    table = pd.concat(levels, ignore_index=True)
    table[COUNTS] = table[COUNTS].fillna(0).astype(int)
    rate = table["submitted"] / (table["submitted"] + table["missed"])
    table["compliance_rate"] = rate.map("{:.4f}".format).where(rate.notna(), "")
    return table[["level", *PLACE, "provider_type", *COUNTS, "compliance_rate"]]


def for_officers(listed: pd.DataFrame) -> pd.DataFrame:
    """Return the listed services in the words of an authority's officers."""
    is_run, run = listed["reason"].str.contains("in a row"), listed["windows_in_a_row"].astype(str)
    due = ("Missed " + run + " in a row").where(is_run, "Missed " + listed["missed_of_last_12"].astype(str) + " of 12")
    last = pd.to_datetime(listed["last_submitted_window"], format="%Y-%m").dt.strftime("Window %b %y")
    months = pd.period_range(end=MONTH, periods=12, freq="M")
    answers = {f"Window {month:%b %y}": listed[f"{month}"].map(ANSWER_WORDS) for month in months}
    return pd.DataFrame(
        {
            "CQC Location ID": listed["location_id"], "Location": listed["location_name"], "Provider": listed["provider_name"],
            "Provider Type": listed["provider_type"].map(TYPES), "Local Authority": listed["local_authority"],
            "Registration Status": listed["registration_status"], "User Count": listed["user_count"], **answers,
            "Status": due.where(listed["status"] == "notice_due", listed["status"].map({"at_risk": "At risk", "watch": "Watch"})),
            "Reason": listed["reason"], "Windows missed in a row": run, "Last window submitted": last,
            "Postcode": listed["postcode"], "Telephone": listed["telephone"],
            "Next window opens": "2025-01-08", "Next window closes": "2025-01-14", "What to do": TO_DO,
        }
    )  # fmt: skip
