"""`notices approve`, `issue`, `redraft`, `withdraw`: acts in law, each by a named person, written down for good."""

from pathlib import Path
from typing import Annotated, Any

import typer

from flows.commands.notices import group
from flows.commands.options import DEFAULT_HOME, By, Home, Json, Preparer, one_of, preparer, say, say_json, tell

Batch = Annotated[str, typer.Argument(metavar="BATCH", help="As NOI-2024-12-01.")]
Ref = Annotated[str, typer.Argument(metavar="REF", help="The letter's reference, as NOI-2024-12-0001.")]
Signature = Annotated[
    Path | None,
    typer.Option("--signature", metavar="FILE", help="A signature of the checksum by ssh-keygen -Y, where settings list approvers."),
]  # fmt: skip
MethodName = Annotated[str, typer.Option("--method", metavar="post|email|hand", help="How it is sent (reg 7).")]
METHODS = ("post", "email", "hand")


def add_to(_: typer.Typer) -> None:
    """Add the commands to the group `notices`."""
    group.command("approve")(approve)
    group.command("issue")(issue)
    group.command("redraft")(redraft)
    group.command("withdraw")(withdraw)


def approve(
    batch: Batch, by: By, signature: Signature = None, as_json: Json = False, home: Home = DEFAULT_HOME
) -> None:
    """Approve a draft batch, as a second person; from then on its letters are cases."""
    from flows.approving import approve as approved
    from flows.settings import home_at, now

    answer = approved(home_at(home).made(), batch, by.strip(), signature, now())
    for ref, why in answer["void"].items():
        tell(f"{ref} is void and was not approved: {why}.")
    if as_json:
        say_json(answer)
        return
    say(
        f"{by.strip()} approved {batch}: {answer['letters']} letters, prepared by {answer['prepared_by']} ({answer['proof']})."
    )
    say(f"checksum    {answer['checksum']}")
    say(f"chain head  {answer['chain_head']}")
    say("Note both down: `asc-compliance verify --expect HEAD` proves that nothing before it was touched.")


def issue(
    batch: Batch,
    by: By,
    sent_on: Annotated[str, typer.Option("--sent-on", metavar="DATE", help="The day the letters are sent.")],
    method: MethodName,
    signature: Signature = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Issue an approved batch: check each letter again, write down what is given when, and build `dispatch/`."""
    from flows.issuing import Issue
    from flows.issuing import issue as issued
    from flows.settings import home_at, now
    from pipeline.rules.notice_dates import Method
    from pipeline.rules.windows import parse_day

    one_of(method, METHODS, "a method")
    order = Issue(batch, by.strip(), parse_day(sent_on), Method(method))
    answer = issued(home_at(home).made(), order, signature, now())
    for ref, why in answer["taken_out"].items():
        tell(f"{ref} was taken out: {why}.")
    if as_json:
        say_json(answer)
        return
    say(
        f"{batch} is issued: {answer['letters']} letters sent by {method} on {sent_on}, {len(answer['taken_out'])} taken out."
    )
    say(f"Post what is in {answer['dispatch']}, and nothing else.")
    say(f"Receipt: {answer['receipt']}")


def redraft(
    batch: Batch,
    send_on: Annotated[str, typer.Option("--send-on", metavar="DATE", help="The new planned sending day.")],
    method: MethodName = "post",
    by: Preparer = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Draft a batch anew for another sending day; the old one is replaced, and its approval void."""
    from flows.commands.month import say_published
    from flows.made_of import Order
    from flows.replacing import redraft_order
    from flows.run_month import run_month
    from flows.settings import home_at, london_day, now
    from pipeline.rules.notice_dates import Method
    from pipeline.rules.windows import month_text, parse_day

    moment, day = now(), parse_day(send_on)
    one_of(method, METHODS, "a method")
    asked = Order(home_at(home).made(), day, london_day(moment), preparer(by), send_on=day, method=Method(method))
    published = run_month(redraft_order(asked, batch), moment)
    say_published(month_text(published.month), published, as_json)


def withdraw(
    ref: Ref,
    by: By,
    reason: Annotated[
        str,
        typer.Option(
            "--reason", metavar="defect|data_supplied|excuse_accepted|record_wrong", help="Why, in the law's terms."
        ),
    ],
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why, in words.")],
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE", help="The day of the withdrawal (default: today).")
    ] = None,
    as_json: Json = False,
    home: Home = DEFAULT_HOME,
) -> None:
    """Withdraw a notice (reg 7(1)); but for a defect of the notice itself, its windows are excused."""
    from flows.casework import Record, record
    from flows.commands.cases import case_answer, say_case
    from flows.settings import home_at, london_day, now
    from pipeline.enforce.steps import WITHDRAWN_FOR
    from pipeline.errors import UsageError
    from pipeline.rules.windows import parse_day

    one_of(reason, WITHDRAWN_FOR, "a reason")
    if not (by.strip() and because.strip()):
        raise UsageError("A withdrawal needs the name of who withdraws, and why.")
    moment = now()
    day = parse_day(on) if on else london_day(moment)
    asked = Record(ref, "withdrawn", day, by.strip(), because.strip(), {"reason": reason})
    case = record(home_at(home).made(), asked, None, moment)
    answer: dict[str, Any] = case_answer(case, day)
    if as_json:
        say_json(answer)
        return
    say_case(answer)
    say(f"The provider has to be told in writing: asc-compliance cases letter {ref} withdrawal")
