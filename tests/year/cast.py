"""Who plays in the year: each provider with the windows it missed, and the references its notices get."""

from tests.year.dates import months_to
from tests.year.world import Service, missing

AUTUMN = months_to("2024-12", 3)
ALL_YEAR = months_to("2025-10", 13)
NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Gorse", "Hazel", "Ivy", "Juniper")
DECEMBER = {name: f"NOI-2024-12-{number:04d}" for number, name in enumerate(NAMES, 1)}
LAUREL = "NOI-2024-12-0012"  # after the eleventh, Ivy's, who is numbered again with the second batch
GORSE_AGAIN = "NOI-2025-01-0004"
SPRING = {"Alder": "NOI-2025-03-0001", "Elm": "NOI-2025-03-0002", "Ivy": "NOI-2025-03-0004"}
MAPLE = "NOI-2025-04-0004"
SUMMER = {"Alder": "NOI-2025-06-0005", "Ivy": "NOI-2025-06-0007"}
ONE_PERSON = ("Pat Preparer", " pat  PREPARER ", "Pát Prepärer", "PatPreparer")


def cast() -> list[Service]:
    """Return a service of each provider of the story, and two of Juniper's at one place."""
    juniper = [missing(10, "Juniper", AUTUMN, kind) for kind in ("care_home", "home_care")]
    laurel = missing(11, "Laurel", [*AUTUMN, "2025-01"])
    laurel.said["2024-12"] = "?"  # until the export is corrected
    return [
        missing(1, "Alder", ALL_YEAR),
        missing(2, "Birch", AUTUMN),
        missing(3, "Cedar", [*AUTUMN, "2025-01", "2025-02", "2025-07"], "home_care"),
        missing(4, "Dogwood", AUTUMN),
        missing(5, "Elm", months_to("2025-03", 6)),
        missing(6, "Fir", AUTUMN),
        missing(7, "Gorse", [*AUTUMN, "2025-01"], "home_care"),
        missing(8, "Hazel", ALL_YEAR),
        missing(9, "Ivy", ALL_YEAR),
        *juniper,
        laurel,
        missing(12, "Maple", months_to("2025-06", 9)[::2]),
    ]
