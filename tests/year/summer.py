"""The year from April on, and what holds over all of it."""

from collections import Counter

from tests.year.cast import AUTUMN, DECEMBER, MAPLE, SPRING, SUMMER
from tests.year.dates import DAY, months_to, planned
from tests.year.world import Year


def april_and_may(year: Year) -> None:
    """Four of twelve are due as well; an appeal quashes or upholds; the notices of March are decided on."""
    waiting = dict.fromkeys(("Alder", "Hazel", "Ivy"), "open_case")
    draft = year.month("2025-04")
    year.check_letters(draft, {"Maple": ["2024-10", "2024-12", "2025-02", "2025-04"]}, planned("2025-04"))
    assert (draft.refs, draft.held) == ({"Maple": MAPLE}, waiting)
    year.approve(draft.name)
    year.issue(draft.name, planned("2025-04"))
    for name in ("Alder", "Ivy"):
        year.record(SPRING[name], "penalty_decided", "2025-04-22", code=5)
        year.record(SPRING[name], "penalty_decided", "2025-04-23")
        year.record(SPRING[name], "final_notice", "2025-04-24")
    year.record(DECEMBER["Cedar"], "appeal_decided", "2025-05-01", "--result", "quashed")
    year.record(DECEMBER["Cedar"], "paid", "2025-05-02", code=5)
    year.record(DECEMBER["Dogwood"], "appeal_decided", "2025-05-01", "--result", "upheld")
    year.record(DECEMBER["Dogwood"], "paid", "2025-05-12")
    assert year.month("2025-05").held == waiting
    for name, paid in (("Alder", "2025-05-20"), ("Ivy", "2025-05-22")):
        year.record(SPRING[name], "paid", paid)
    year.record(SPRING["Elm"], "no_penalty", "2025-05-21", code=5)
    year.record(SPRING["Elm"], "no_penalty", "2025-05-20")
    year.record(MAPLE, "no_penalty", "2025-05-21")


def june_is_drafted_anew(year: Year) -> None:
    """A batch that is approved and not sent in time is drafted anew; its references are used up."""
    draft, new = year.month("2025-06"), months_to("2025-06", 3)
    held = {"Hazel": "open_case", "Maple": "no_fresh_windows"}
    year.check_letters(draft, {"Alder": new, "Ivy": new}, planned("2025-06"))
    assert draft.held == held
    year.approve(draft.name)
    sent = planned("2025-06") + 7 * DAY
    again = year.drafted(year.ask("notices", "redraft", draft.name, "--send-on", sent))
    year.check_letters(again, {"Alder": new, "Ivy": new}, sent)
    assert (again.name, again.refs, again.held) == ("NOI-2025-06-02", SUMMER, held)
    year.do("notices", "issue", draft.name, "--by", "Ida", "--sent-on", sent, "--method", "post", code=5)
    year.approve(again.name)
    year.issue(again.name, sent + DAY, "hand")


def july_to_october(year: Year) -> None:
    """Who never stops missing gets a notice for each three new windows, and none while a case is open."""
    waiting = dict.fromkeys(("Alder", "Hazel", "Ivy"), "open_case")
    assert year.month("2025-07").held == {**waiting, "Cedar": "no_fresh_windows"}
    assert year.held()["Cedar"]["reason"] == "no_fresh_windows"
    year.record(SUMMER["Ivy"], "penalty_decided", "2025-07-28")
    year.record(SUMMER["Ivy"], "final_notice", "2025-07-29")
    assert year.month("2025-08").held == waiting
    assert "Cedar" not in year.held()
    year.record(SUMMER["Ivy"], "paid", "2025-09-01")
    year.withdraw(SUMMER["Alder"], "2025-09-01", "record_wrong")
    draft, new = year.month("2025-09"), months_to("2025-09", 3)
    year.check_letters(draft, {"Alder": new, "Ivy": new}, planned("2025-09"))
    assert draft.held == {"Hazel": "open_case"}
    year.approve(draft.name)
    year.issue(draft.name, planned("2025-09"))
    last = year.month("2025-10")
    assert (last.letters, last.held, set(year.held())) == ({}, waiting, set(waiting))


def no_window_is_relied_on_twice(year: Year) -> None:
    """Over all letters sent, only what a notice withdrawn for a defect relied on is relied on again; nothing asked for a review."""
    relied_on = Counter(window for row in year.issued.values() for window in row["windows_relied_on"].split(";"))
    assert {window for window, times in relied_on.items() if times > 1} == year.windows("Gorse", AUTUMN)
    cases = year.ask("cases", "list", "--all", "--as-at", "2026-12-31")
    assert len({case["letter_ref"] for case in cases}) == len(cases) >= len(year.issued)
    assert not any(event["event"] == "review_needed" for case in cases for event in case["events"])
