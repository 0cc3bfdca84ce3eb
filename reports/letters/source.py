"""Wording and values -> Typst source in which a value can only ever be text."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError, TemplateSyntaxError

from pipeline.errors import InputRefused

LETTERS = Path(str(files("templates").joinpath("letters")))
FONTS = LETTERS / "fonts"
NOTICE_OF_INTENT = "notice_of_intent.typ.j2"
WITHDRAWAL = "withdrawal.typ.j2"
NO_PENALTY = "no_penalty.typ.j2"
FINAL_NOTICE = "final_notice.typ.j2"
PARTS = {  # what the law wants a letter to say: the block of the wording that says it, and the regulation
    NOTICE_OF_INTENT: {
        "amount": "reg 4(2)(a)", "reasons": "reg 4(2)(b)", "circumstances": "reg 4(2)(c)", "representations": "reg 4(2)(d)",
    },
    WITHDRAWAL: {"withdrawal": "reg 7(1)", "reason": "reg 7(1)"},
    NO_PENALTY: {"decision": "reg 6(1)", "reason": "reg 6(1)"},
    FINAL_NOTICE: {
        "amount": "reg 6(3)", "grounds": "reg 6(3)", "payment": "reg 6(3)", "payment_period": "reg 6(3)", "appeal": "reg 6(3)",
        "non_payment": "reg 6(3)",
    },
}  # fmt: skip


class Code(str):
    """Typst code made by the filter `code` alone: literals, and arrays of literals."""

    __slots__ = ()


def literal(text: str) -> str:
    """Return text as a Typst string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def code(value: object) -> Code:
    """Return text, a truth value or a sequence of them as Typst code."""
    if isinstance(value, bool):
        return Code("true" if value else "false")
    if isinstance(value, str):
        return Code(literal(value))
    if isinstance(value, Sequence):
        return Code("(" + "".join(f"{code(item)}, " for item in value) + ")")
    raise TypeError(f"a letter cannot hold {type(value).__name__}")


def finished(value: object) -> str:
    """Return what stands in the source for a value: code as it is, text as a literal, anything else refused."""
    if isinstance(value, Code):
        return value
    if not isinstance(value, str):
        raise TypeError(f"a letter cannot hold {type(value).__name__}")
    return f"#{literal(value)};"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(LETTERS, encoding="utf-8"), finalize=finished, undefined=StrictUndefined, autoescape=False,
        trim_blocks=True, lstrip_blocks=True, comment_start_string="((#", comment_end_string="#))",
    )  # fmt: skip
    environment.filters["code"] = code
    return environment


def source_of(template: str, values: Mapping[str, object]) -> str:
    """Return the Typst source of one letter, each part that the law wants checked by name before.

    Raises InputRefused for a part that the wording lacks or that says nothing, for an editor's slip, and for a value that
    the wording asks for in vain.
    """
    try:
        return _rendered(template, values)
    except TemplateError as error:
        line = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
        raise InputRefused(template, f"the wording cannot be read{line} ({error}).", "Correct the wording.") from None


def _rendered(template: str, values: Mapping[str, object]) -> str:
    wording = _environment().get_template(template)
    for part, law in PARTS.get(template, {}).items():
        block = wording.blocks.get(part)
        if block is None or not "".join(block(wording.new_context(dict(values)))).strip():
            raise InputRefused(
                template,
                f"the part {part} ({law}) is missing.",
                f"Write it between {{% block {part} %}} and {{% endblock %}}.",
            )
    return wording.render(values)
