"""Problems that only show once a month is judged; each rule is one query in findings/."""

from importlib.resources import files

from pipeline.assess.assessment import SQL, Judgement, last_seq
from pipeline.record.facts import Facts, Row, sql

PLACE = "intake_no, source_sheet, source_row, source_column, value_raw, rule"


def rules() -> list[str]:
    """Return the names of the rules that look at a judged month, sorted."""
    names = [entry.name for entry in files(SQL).joinpath("findings").iterdir()]
    return sorted(name.removesuffix(".sql") for name in names if name.endswith(".sql"))


def find(facts: Facts, judgement: Judgement) -> None:
    """Make the table `finding`: all that was found in known files, and all that shows in the judged month; and `unmatched`:
    the services that only one of Capacity Tracker and CQC knows."""
    in_force = judgement.parameters.on(judgement.month)
    parameters: dict[str, object] = {
        "month": judgement.month,
        "last_seq": last_seq(facts, judgement.month),
        "run_on": judgement.window.run_on,
        "within": in_force.number("notice_within_windows"),
        **{name: in_force.number(name) for name in ("user_count_advice_up_to", "fee_pounds_least", "fee_pounds_most")},
    }
    facts.make("unmatched", sql(SQL, "sql/unmatched.sql"), parameters)
    facts.make("finding", sql(SQL, "sql/finding.sql"), parameters)
    for rule in rules():
        facts.query(
            f"INSERT INTO finding ({PLACE}) SELECT *, $rule FROM ({sql(SQL, f'findings/{rule}.sql')})",
            {**parameters, "rule": rule},
        )


def findings(facts: Facts) -> list[Row]:
    """Return (file, sha256, sheet, row, column, value, rule) of every finding, in the order of CONTRACT 5."""
    return facts.query(
        "SELECT coalesce(intake.file_name, ''), coalesce(intake.sha256, ''), finding.source_sheet, finding.source_row,"
        " finding.source_column, finding.value_raw, finding.rule"
        " FROM finding LEFT JOIN known_intake AS intake USING (intake_no) ORDER BY 1, 3, 4, 5, 7, 2, 6"
    )
