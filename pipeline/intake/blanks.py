"""What stands around and between words in people's files: blanks, dashes, names of months."""

BLANKS = " \t\r\n\u00a0\u200b\u200c\u200d\u2060\ufeff\u2002\u2003\u2007\u2009\u202f"
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d_", "-"))
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
MONTH_NUMBERS = {name: n for n, name in enumerate(MONTHS, 1)} | {name[:3]: n for n, name in enumerate(MONTHS, 1)}
MONTH_NUMBERS["sept"] = 9


class Unreadable(ValueError):
    """The cell holds something that is no value of its column; the text says what was allowed."""


def tidy(text: str) -> str:
    """Return text without blanks of any kind at its ends."""
    return text.strip(BLANKS)
