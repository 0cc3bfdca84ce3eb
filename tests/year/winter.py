"""The year from its first notices to the end of March."""

from pathlib import Path

from tests.worlds import letter_text, rows_of, services_of, tree_bytes
from tests.year.cast import AUTUMN, DECEMBER, GORSE_AGAIN, LAUREL, NAMES, ONE_PERSON, SPRING
from tests.year.dates import DAY, law_allows_until, months_to, planned, printed_until, run_day
from tests.year.world import Draft, Year


def december_is_drafted_and_approved(year: Year) -> tuple[Draft, str]:
    """Three misses make a draft, which a second person has to approve, once."""
    draft = year.month("2024-12")
    listed = [name for name in NAMES if name != "Ivy"]
    year.check_letters(draft, dict.fromkeys(listed, AUTUMN), planned("2024-12"))
    assert draft.refs == {name: DECEMBER[name] for name in listed} and draft.held == {"Ivy": "amount_unknown"}
    assert draft.letters["Alder"]["amount_gbp"] == "1001.00"
    until = printed_until(planned("2024-12"))
    assert f"{until.day} {until:%B %Y}" in letter_text(draft.folder / draft.letters["Alder"]["pdf_file"])
    for name in ONE_PERSON:
        year.do("notices", "approve", draft.name, "--by", name, code=5)
    issuing = ("notices", "issue", draft.name, "--by", "Ida Issuer", "--method", "post", "--sent-on")
    year.do(*issuing, planned("2024-12"), code=5)
    head = year.approve(draft.name)["chain_head"]
    year.do("notices", "approve", draft.name, "--by", "Tess Third", code=5)
    before = tree_bytes(year.home / "releases")
    assert year.run("2024-12") == draft and tree_bytes(year.home / "releases") == before
    return draft, head


def a_correction_takes_a_letter_out(year: Year, draft: Draft) -> None:
    """What is put right between approval and issue is not sent; too late a day is refused, and so is a second issue."""
    corrected = {service.who: service.said for service in year.services}
    del corrected["Birch"]["2024-12"]
    corrected["Laurel"]["2024-12"] = "N"
    year.do("ingest", year.write("2024-12", planned("2024-12") - 7 * DAY))
    sent, until = planned("2024-12"), printed_until(planned("2024-12"))
    late = next(day for day in (sent + n * DAY for n in range(30)) if law_allows_until(day, "post") > until)
    issuing = ("notices", "issue", draft.name, "--by", "Ida Issuer", "--method", "post", "--sent-on")
    year.do(*issuing, late, code=5)
    said = year.issue(draft.name, sent)
    assert list(said["taken_out"]) == [DECEMBER["Birch"]]
    dispatch = Path(said["dispatch"])
    remaining = sorted(set(draft.refs.values()) - {DECEMBER["Birch"]})
    assert sorted(path.stem for path in (dispatch / "letters").iterdir()) == remaining
    assert [row["letter_ref"] for row in rows_of(dispatch / "print" / "index.csv")] == remaining
    assert [row["reference"] for row in rows_of(dispatch / "notify-recipients.csv")] == remaining
    reasons = {row["letter_ref"]: (row["status"], row["reason"]) for row in rows_of(dispatch / "issued.csv")}
    assert reasons.pop(DECEMBER["Birch"]) == ("taken_out", said["taken_out"][DECEMBER["Birch"]])
    assert "2024-12 is submitted" in said["taken_out"][DECEMBER["Birch"]] and set(reasons.values()) == {("issued", "")}
    assert year.case(DECEMBER["Birch"], sent)["given_on"] is None
    before, head = tree_bytes(year.home / "releases"), year.head()
    year.do(*issuing, sent + DAY, code=5)
    year.do(*issuing, sent)
    assert (tree_bytes(year.home / "releases"), year.head()) == (before, head)


def december_is_run_again(year: Year, draft: Draft) -> None:
    """As at the same day it is the same release; with the correction, a second batch goes on numbering beside the first."""
    before = tree_bytes(year.home / "releases")
    assert year.run("2024-12") == draft and tree_bytes(year.home / "releases") == before
    sent = planned("2024-12") + 24 * DAY
    second = year.run("2024-12", "--send-on", sent, as_at=planned("2024-12") + DAY)
    year.check_letters(second, {"Laurel": AUTUMN}, sent)
    assert (second.name, second.refs, second.held) == ("NOI-2024-12-02", {"Laurel": LAUREL}, {"Ivy": "amount_unknown"})
    after = tree_bytes(year.home / "releases")
    assert {path: after[path] for path in before if not path.endswith("CURRENT")} == {
        path: content for path, content in before.items() if not path.endswith("CURRENT")
    }
    year.approve(second.name)
    assert year.held()["Ivy"]["since"] == "2024-12"


def january(year: Year) -> None:
    """A notice withdrawn for a defect is made anew; one for data supplied excuses; who has an open case is held."""
    year.withdraw(DECEMBER["Gorse"], "2025-01-10", "defect")
    year.record(DECEMBER["Fir"], "data_supplied", "2025-01-13")
    year.withdraw(DECEMBER["Fir"], "2025-01-13", "data_supplied")
    draft = year.month("2025-01")
    year.check_letters(draft, {"Gorse": [*AUTUMN, "2025-01"]}, planned("2025-01"))
    waiting = dict.fromkeys(("Alder", "Cedar", "Elm", "Hazel", "Laurel"), "open_case")
    assert draft.refs == {"Gorse": GORSE_AGAIN} and draft.held == {**waiting, "Ivy": "amount_unknown"}
    assert {year.outcomes("Fir", "2025-01")[month] for month in AUTUMN} == {"excused"}
    assert {year.outcomes("Gorse", "2025-01")[month] for month in AUTUMN} == {"missed"}
    year.approve(draft.name)
    before = tree_bytes(year.home / "releases")
    assert year.run("2025-01") == draft
    assert tree_bytes(year.home / "releases") == before
    year.issue(draft.name, planned("2025-01") + DAY)
    before = tree_bytes(year.home / "releases")
    assert year.run("2025-01") == draft
    assert tree_bytes(year.home / "releases") == before


def decisions_are_made_in_their_time(year: Year) -> None:
    """A decision follows the last day of representations (30 January), a final notice the decision, payment the notice."""
    alder, juniper = DECEMBER["Alder"], DECEMBER["Juniper"]
    year.issue("NOI-2024-12-02", planned("2024-12") + 24 * DAY)
    year.record(alder, "representations_received", "2025-01-20", "--because", "They say it was the computer.")
    assert year.state(alder, "2025-01-20") == "representations_received"
    for early in ("2025-01-29", "2025-01-30"):
        year.record(alder, "penalty_decided", early, code=5)
        year.record(DECEMBER["Elm"], "no_penalty", early, code=5)
    year.record(alder, "final_notice", "2025-01-31", code=5)
    year.record(alder, "penalty_decided", "2025-01-31")
    year.record(alder, "final_notice", "2025-02-03")
    said = year.case(alder, "2025-02-03")
    assert (said["state"], said["appeal_until"], said["pay_by"]) == ("final_notice", "2025-03-03", "2025-03-06")
    for name in ("Cedar", "Dogwood", "Juniper"):
        year.record(DECEMBER[name], "penalty_decided", "2025-02-05")
        year.record(DECEMBER[name], "final_notice", "2025-02-06", "--method", "hand")
        assert year.case(DECEMBER[name], "2025-02-06")["appeal_until"] == "2025-03-06"
    year.record(juniper, "paid", "2025-02-20")
    assert (year.state(juniper, "2025-02-19"), year.state(juniper, "2025-02-20")) == ("final_notice", "paid")
    year.record(DECEMBER["Elm"], "no_penalty", "2025-02-07", "--reason", "excuse_accepted", "--because", "A flood.")


def february(year: Year) -> None:
    """What an accepted excuse excuses is no miss any more; a penalty that is not paid is overdue."""
    draft = year.month("2025-02")
    assert draft.held == {**dict.fromkeys(("Alder", "Cedar", "Hazel"), "open_case"), "Ivy": "amount_unknown"}
    assert draft.letters == {}
    outcomes = year.outcomes("Elm", "2025-02")
    assert [outcomes[month] for month in months_to("2025-02", 5)] == ["excused"] * 3 + ["missed"] * 2
    elm = services_of(year.home, "2025-02")["1-9000003005", "care_home"]
    assert (elm["status"], elm["windows_missed"], elm["missed_of_last_12"]) == ("at_risk", "2025-01;2025-02", "2")
    year.record(GORSE_AGAIN, "penalty_decided", "2025-02-17", code=5)
    year.record(GORSE_AGAIN, "penalty_decided", "2025-02-18")
    year.record(GORSE_AGAIN, "final_notice", "2025-02-18", "--method", "hand")
    assert [year.state(GORSE_AGAIN, day) for day in ("2025-03-18", "2025-03-19")] == ["final_notice", "overdue"]
    year.record(DECEMBER["Cedar"], "appealed", "2025-02-28")
    year.record(DECEMBER["Dogwood"], "appealed", "2025-03-03")


def nobody_decides_about_hazel(year: Year) -> None:
    """A notice that nobody decides about lapses the day after 27 February, and can only be reviewed."""
    hazel = DECEMBER["Hazel"]
    days = ("2025-01-30", "2025-01-31", "2025-02-27", "2025-02-28")
    assert [year.state(hazel, day) for day in days] == ["issued", "decision_due", "decision_due", "lapsed"]
    for event in ("penalty_decided", "no_penalty"):
        year.record(hazel, event, "2025-02-28", code=5)
    year.record(DECEMBER["Alder"], "paid", "2025-03-05")


def march(year: Year) -> None:
    """A fee that comes at last makes a letter; whose case has ended can get a new one, for what was missed since."""
    year.without_fee.clear()
    sent = run_day("2025-03") + 8 * DAY  # its 21 days end on Good Friday
    draft = year.month("2025-03", "--send-on", sent)
    new = months_to("2025-03", 3)
    year.check_letters(draft, {"Alder": new, "Elm": new, "Ivy": [*AUTUMN, *new]}, sent)
    assert str(printed_until(sent)) == "2025-04-22"
    assert (draft.refs, draft.held) == (SPRING, {"Hazel": "open_case"})
    assert year.held()["Ivy"]["since"] == "2024-12"
    year.approve(draft.name)
    assert "Ivy" not in year.held()
    listed = [(DECEMBER["Hazel"], "lapsed"), (GORSE_AGAIN, "overdue"), (LAUREL, "decision_due")]
    assert year.to_do("2025-03-20") == [*listed, *((ref, "approved") for ref in SPRING.values())]
    year.record(DECEMBER["Hazel"], "reviewed", "2025-03-21")
    assert year.state(DECEMBER["Hazel"], "2025-03-21") != "lapsed"
    year.record(DECEMBER["Hazel"], "penalty_decided", "2025-03-21", code=5)
    year.record(GORSE_AGAIN, "paid", "2025-03-24")
    year.record(LAUREL, "no_penalty", "2025-03-26", "--reason", "record_wrong", code=5)
    year.record(LAUREL, "no_penalty", "2025-03-25", "--reason", "record_wrong")
    year.issue(draft.name, sent)
