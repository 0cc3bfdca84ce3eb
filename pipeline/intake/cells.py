"""One cell of text -> one typed value. `None` means blank; `Unreadable` means it is neither."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from pipeline.intake.blanks import DASHES, MARKS, MONTH_NUMBERS, Unreadable, tidy
from pipeline.intake.sources import PROVIDER_TYPES, SAYS, Type

UNSEEN = re.compile(f"[{MARKS}]")
SURE_ID = re.compile(r"1-[0-9]{5,12}|(?=[A-Z0-9]*[0-9])[A-Z][A-Z0-9]{2,5}")
POSTCODE = re.compile(r"([A-Za-z]{1,2}[0-9][A-Za-z0-9]?) *([0-9][A-Za-z]{2})")
WRAPPED = re.compile(r"""=?["“”]([^"“”]*)["“”]|=?['‘’]([^'‘’]*)['‘’]|['‘’]([^'‘’]*)""")
POSSIBLE_ID = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")


def repaired_id(text: str) -> str:
    """Return an id without blanks at its ends and what people wrap it in against Excel (="1-234567890", '1-234567890), with
    plain dashes, `a-z` in capitals: nothing else is mended."""
    bare = tidy(text)
    if match := WRAPPED.fullmatch(bare):
        bare = tidy(match[1] or match[2] or match[3])
    return re.sub("[a-z]+", lambda found: found[0].upper(), bare.translate(DASHES))


def is_sure_id(text: str) -> bool:
    """Say whether text has the form of a CQC id that cannot be anything else (DATA 6)."""
    return SURE_ID.fullmatch(text) is not None


def count(text: str) -> int | None:
    """Read 1,234, 12.0 or 7 as a whole number."""
    text = tidy(text)
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,3}(,[0-9]{3}){1,2}|[0-9]{1,9}(\.0+)?", text):
        raise Unreadable("a whole number")
    return int(text.replace(",", "").split(".")[0])


def flag(text: str) -> bool | None:
    """Read Y, Yes, TRUE, 1, N, No, FALSE, 0; blank, `-` and `*` say nothing."""
    word = tidy(text).casefold()
    if word in ("", "-", "*"):
        return None
    if word in ("y", "yes", "true", "1"):
        return True
    if word in ("n", "no", "false", "0"):
        return False
    raise Unreadable("Y or N")


def pence(text: str) -> int:
    """Read 1234, 1,234.00, £ 1,234.00 or, as programs write it, 1234.0 as whole pence; zero and anything else is refused
    (RULES 7)."""
    match = re.fullmatch(r"£?\s?((?:[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,9})(?:\.[0-9]{1,2}0*)?)", tidy(text))
    if match is None or Decimal(match[1].replace(",", "")) == 0:
        raise Unreadable("a fee above zero such as 1234, 1,234.00 or £1234.00")
    return int(Decimal(match[1].replace(",", "")) * 100)


def provider_type(text: str) -> str | None:
    """Read Care Home or Home Care, in any case, with blanks or dashes."""
    word = " ".join(tidy(text).translate(DASHES).replace("-", " ").casefold().split())
    if not word:
        return None
    if word not in PROVIDER_TYPES:
        raise Unreadable("Care Home or Home Care")
    return PROVIDER_TYPES[word]


def registration_status(text: str) -> str:
    """Read Capacity Tracker's New or Established, with or without "(< 101 days)"."""
    word = tidy(text).casefold()
    for name in ("New", "Established"):
        if word.startswith(name.casefold()):
            return name
    if not word:
        return ""
    raise Unreadable("New or Established")


def method(text: str) -> str:
    """Read how a provider may be served."""
    word = tidy(text).casefold().replace("e-mail", "email")
    if word not in ("post", "email", "hand"):
        raise Unreadable("post, email or hand")
    return word


def postcode(text: str) -> str:
    """Return a postcode in capitals with one blank before its last three; what has not the form of one stays as it is."""
    text = tidy(text)
    match = POSTCODE.fullmatch(text)
    return f"{match[1]} {match[2]}".upper() if match else text


def says(text: str) -> str | None:
    """Return submitted or missed for a word under a month, or None for any other (a blank is no statement)."""
    return SAYS.get(tidy(text).casefold())


def is_answer(text: str) -> bool:
    """Say whether a word would be an answer if it stood under a month."""
    return says(text) is not None


READERS: dict[Type, Callable[[str], object]] = {
    Type.TEXT: tidy,
    Type.COUNT: count,
    Type.FLAG: flag,
    Type.POUNDS: pence,
    Type.PROVIDER_TYPE: provider_type,
    Type.REGISTRATION_STATUS: registration_status,
    Type.METHOD: method,
    Type.POSTCODE: postcode,
}


def month_heading(text: str) -> tuple[dt.date, bool] | None:
    """Return the month a heading names, and whether Excel had mangled it; None if it names no month.

    Raises Unreadable for a date on any day that cannot stand for a month (DATA 2).
    """
    text = tidy(UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold().translate(DASHES)))
    text = re.sub(r"^x(?=20[0-9]{2}\b)", "", " ".join(text.replace(".", " ").split()))  # R writes X2024.11
    if (match := re.fullmatch(r"([a-z]{3,9})[ \-'’/]{0,3}(20[0-9]{2}|[0-9]{2})", text)) and match[1] in MONTH_NUMBERS:
        return dt.date(_year(match[2]), MONTH_NUMBERS[match[1]], 1), False
    if match := re.fullmatch(r"(20[0-9]{2})[ -](0[1-9]|1[0-2])", text):
        return dt.date(int(match[1]), int(match[2]), 1), False
    if match := re.fullmatch(r"(0?[1-9]|1[0-2])/(20[0-9]{2})", text):
        return dt.date(int(match[2]), int(match[1]), 1), False
    if (match := re.fullmatch(r"([0-9]{2})-([a-z]{3,4})", text)) and match[2] in MONTH_NUMBERS:
        return _mangled(int(match[1]), MONTH_NUMBERS[match[2]])
    if match := re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/(20[0-9]{2})(?: 00:00(?::00)?)?", text):
        if int(match[1]) == 1 and 1 <= int(match[2]) <= 12:
            return dt.date(int(match[3]), int(match[2]), 1), False
        raise Unreadable("a month such as Nov 24, or its first day")
    if (match := re.fullmatch(r"([0-9]{1,2})[ -]([a-z]{3,9})[ -](20[0-9]{2}|[0-9]{2})", text)) and match[
        2
    ] in MONTH_NUMBERS:
        if int(match[1]) == 1:
            return dt.date(_year(match[3]), MONTH_NUMBERS[match[2]], 1), False
        raise Unreadable("a month such as Nov 24, or its first day")
    if match := re.fullmatch(r"(20[0-9]{2})[ -]([0-9]{2})[ -]([0-9]{2})(?: 00:00:00)?", text):
        if not 1 <= int(match[2]) <= 12:
            raise Unreadable("a month such as Nov 24, or its first day")
        if match[3] == "01":
            return dt.date(int(match[1]), int(match[2]), 1), False
        if 2000 + int(match[3]) > int(match[1]):  # the year of saving: no answers are known of later ones
            raise Unreadable("a month such as Nov 24, or its first day")
        return _mangled(int(match[3]), int(match[2]))
    return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _mangled(day: int, month: int) -> tuple[dt.date, bool]:
    if not 22 <= day <= 31:
        raise Unreadable("a month such as Nov 24")
    return dt.date(2000 + day, month, 1), True


def is_like_month(text: str) -> bool:
    """Say whether a heading that names no month begins with one, or is the number Excel keeps behind a month's first or last
    day: answers may stand below it."""
    text = tidy(UNSEEN.sub("", unicodedata.normalize("NFKC", text).casefold().translate(DASHES)))
    if re.fullmatch(r"x?[0-9]{5}(\.0+)?", text):
        day = dt.date(1899, 12, 30) + dt.timedelta(days=int(text.strip("x").split(".")[0]))
        return 2000 <= day.year < 2100 and 1 in (day.day, (day + dt.timedelta(days=1)).day)
    word = re.match(r"[a-z]+", text)
    if word and word[0] in MONTH_NUMBERS:
        return True
    return (
        re.match(r"x?20[0-9]{2}[-./ ](0[1-9]|1[0-2])(?![0-9])|(0?[1-9]|1[0-2])[-./]20[0-9]{2}(?![0-9])", text)
        is not None
    )


def names_month(text: str) -> bool:
    """Say whether a heading names a month and its year anywhere."""
    months = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
    return re.search(rf"\b({months})[ '’/._-]{{0,3}}(20)?[0-9]{{2}}\b", text.casefold()) is not None


def is_month(text: str) -> bool:
    """Say whether a heading names a month, or a date that cannot stand for one."""
    try:
        return month_heading(text) is not None
    except Unreadable:
        return True
