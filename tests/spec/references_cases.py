"""The life of a case once more, as plainly as possible. Nothing of the product is imported here."""

import datetime as dt

SENT, UNTIL, DECIDE_BY, PAY_BY = dt.date(2025, 1, 6), dt.date(2025, 1, 30), dt.date(2025, 2, 27), dt.date(2025, 3, 6)
STAGES = {
    "issued": "issued", "representations_received": "representations_received", "penalty_decided": "penalty_decided",
    "no_penalty": "no_penalty", "final_notice": "final_notice", "paid": "paid", "appealed": "appealed",
    "appeal_decided": "appeal_decided", "appeal_withdrawn": "final_notice", "withdrawn": "withdrawn", "taken_out": "withdrawn",
}  # fmt: skip
Done = tuple[str, dt.date, str]


def state(is_sent: bool, history: list[Done], asked: Done | None, on: dt.date) -> str:
    """Return the state at the end of the day, or refused."""
    done = ([("issued", SENT, "")] if is_sent else []) + history
    if asked is not None:
        if not may(done, asked):
            return "refused"
        done = [*done, asked]
    return seen([one for one in done if one[1] <= on], on)


def stage(done: list[Done]) -> str:
    now = "approved"
    for name, _, _ in done:
        if name in STAGES and not (name == "representations_received" and now not in ("issued", name)):
            now = STAGES[name]
    return now


def suspended(done: list[Done]) -> dt.timedelta:
    began = [day for name, day, _ in done if name == "appealed"]
    ended = [day for name, day, _ in done if name in ("appeal_withdrawn", "appeal_decided")]
    return ended[-1] - began[-1] if began and ended else dt.timedelta()


def asks_for_review(done: list[Done]) -> bool:
    names = [name for name, _, _ in done if name in ("review_needed", "reviewed")]
    return names[-1:] == ["review_needed"]


def seen(done: list[Done], on: dt.date) -> str:
    now = stage(done)
    if now in ("no_penalty", "paid", "withdrawn"):
        return now
    if asks_for_review(done):
        return "review_needed"
    if now in ("issued", "representations_received"):
        if on > DECIDE_BY:
            return "reviewed" if any(name == "reviewed" and day > DECIDE_BY for name, day, _ in done) else "lapsed"
        return "decision_due" if on > UNTIL else now
    owed = now == "final_notice" or (now == "appeal_decided" and not any(result == "quashed" for _, _, result in done))
    return "overdue" if owed and on > PAY_BY + suspended(done) else now


def may(done: list[Done], asked: Done) -> bool:
    name, on, _ = asked
    now = stage(done)
    last = done[-1][1] if done else dt.date(2025, 1, 1)
    ended = now in ("no_penalty", "paid", "withdrawn") or any(result == "quashed" for _, _, result in done)
    sent = ("issued", SENT, "") in done
    if name in ("call", "note"):
        return True
    if ended or (sent and on < SENT):
        return False
    if name == "issued" or name == "taken_out":
        return now == "approved"
    if name == "withdrawn":
        return True
    if not sent:
        return False
    undecided = now in ("issued", "representations_received")
    if name == "representations_received":
        decided = [day for what, day, _ in done if what == "penalty_decided"]
        return on <= decided[-1] if decided else undecided and on <= DECIDE_BY
    if name in ("penalty_decided", "no_penalty"):
        in_time = UNTIL < on <= DECIDE_BY
        return undecided and in_time and not (name == "penalty_decided" and asks_for_review(done))
    if name == "final_notice":
        return now == "penalty_decided" and on >= last and not asks_for_review(done)
    if name == "appealed":
        return now == "final_notice" and on >= last
    if name in ("appeal_decided", "appeal_withdrawn"):
        return now == "appealed"
    if name == "paid":
        return now in ("final_notice", "appealed", "appeal_decided")
    if name == "reviewed":
        return asks_for_review(done) or (undecided and on > DECIDE_BY)
    return name in ("data_supplied", "returned_undelivered")
