"""The life of a case: every step, the stages it is lawful from, and the stage it leads to (RULES 9, regs 4 to 8)."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """What a case has come to, as its events say; `cases.State` adds what follows from the day."""

    APPROVED = "approved"
    ISSUED = "issued"
    REPRESENTATIONS_RECEIVED = "representations_received"
    PENALTY_DECIDED = "penalty_decided"
    NO_PENALTY = "no_penalty"
    FINAL_NOTICE = "final_notice"
    PAID = "paid"
    APPEALED = "appealed"
    APPEAL_DECIDED = "appeal_decided"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of event: the stages it is lawful from, where it leads (None: the stage stays), and the rule that says so."""

    event: str
    lawful_from: tuple[Stage, ...]
    leads_to: Stage | None
    rule: str


A, S, R, D = Stage.APPROVED, Stage.ISSUED, Stage.REPRESENTATIONS_RECEIVED, Stage.PENALTY_DECIDED
F, P, L, LD = Stage.FINAL_NOTICE, Stage.PAID, Stage.APPEALED, Stage.APPEAL_DECIDED
GIVEN = (S, R, D, F, L, LD)
ENDED = (Stage.NO_PENALTY, Stage.PAID, Stage.WITHDRAWN)  # and an appeal that quashes

STEPS = {
    step.event: step
    for step in (
        # event                         lawful from     leads to            rule
        Step("issued",                  (A,),           S,                  "reg 4: a notice of intent is given once, after its approval"),
        Step("taken_out",               (A,),           Stage.WITHDRAWN,    "only a letter that is approved and not issued can be taken out"),
        Step("replaced",                (A,),           Stage.WITHDRAWN,    "only a letter that is approved and not issued can be replaced"),
        Step("representations_received", GIVEN,         R,                  "reg 5: representations follow a notice of intent"),
        Step("penalty_decided",         (S, R),         D,                  "reg 6(1): a decision follows a notice of intent, once"),
        Step("no_penalty",              (S, R),         Stage.NO_PENALTY,   "reg 6(1): a decision follows a notice of intent, once"),
        Step("final_notice",            (D,),           F,                  "reg 6(2): a final notice follows a decision to impose the penalty"),
        Step("paid",                    (F, L, LD),     P,                  "reg 6(3): a penalty is paid after the final notice"),
        Step("appealed",                (F,),           L,                  "reg 8: an appeal is made against a final notice"),
        Step("appeal_decided",          (L, LD),        LD,                 "reg 8: only an appeal that was made can be decided"),
        Step("appeal_withdrawn",        (L,),           F,                  "reg 8: only an appeal that was made can be withdrawn"),
        Step("withdrawn",               (A, *GIVEN),    Stage.WITHDRAWN,    "reg 7(1): only a notice that stands can be withdrawn"),
        Step("review_needed",           (A, *GIVEN),    None,               "an ended case needs no review"),
        Step("reviewed",                (A, *GIVEN),          None,               "only a case that needs a review, or has lapsed, is reviewed"),
        Step("data_supplied",           GIVEN,          None,               "data supplied is recorded on a case that is open"),
        Step("returned_undelivered",    GIVEN,          None,               "only a notice that was sent can be returned"),
        Step("letter_made",             (*Stage,),      None,               ""),
        Step("as_before",               (*Stage,),      None,               ""),
        Step("call",                    (*Stage,),      None,               ""),
        Step("note",                    (*Stage,),      None,               ""),
    )
}  # fmt: skip
RECORDED = ("representations_received", "data_supplied", "call", "returned_undelivered", "penalty_decided", "no_penalty",
            "final_notice", "paid", "appealed", "appeal_decided", "appeal_withdrawn", "reviewed", "note")  # fmt: skip
DECISIONS = ("penalty_decided", "no_penalty")
ALWAYS = ("call", "note", "letter_made", "as_before")
STOPPED_BY_REVIEW = ("penalty_decided", "final_notice")

WITHDRAWN_FOR = ("defect", "data_supplied", "excuse_accepted", "record_wrong")
EXCUSES = ("data_supplied", "excuse_accepted", "record_wrong")  # these make the windows relied on excused (RULES 5)
RESULTS = ("quashed", "upheld")
