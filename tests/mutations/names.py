"""Right contents under a name that says another type or another day, or neither."""

import random

from tests.mutations.kinds import ALIKE, LOUD, REFUSED, TOLD, dated, exchanged, kind, of_name, without_type_column
from tests.mutations.tables import File
from tests.mutations.world import TYPES, Change, World, november_export, units

WORDS = {"care-home": "home-care", "home-care": "care-home"}


def other_name(stem: str) -> str:
    """Return the name of the export of the other type."""
    mine = next(word for word in WORDS if word in stem)
    return stem.replace(mine, WORDS[mine])


# --- types ------------------------------------------------------------------------------------------------------------


@kind(LOUD)
def both_names_swapped(world: World, rng: random.Random) -> Change:
    files: dict[str, bytes | None] = {file.name: None for file in world.exports.values()}
    tables = []
    for file in world.exports.values():
        after = File(other_name(file.stem) + ".csv", without_type_column(file.table))
        files[after.name] = after.data()
        tables.append(after)
    return Change(files, frozenset(world.clean.units), tuple(tables))


@kind(LOUD)
def one_export_under_the_other_types_name(world: World, rng: random.Random) -> Change:
    """Both files say the same type, and nobody exported the other."""
    file = world.exports[rng.choice(TYPES)]
    after = File(other_name(file.stem) + " 2.csv", without_type_column(file.table))
    return Change({file.name: None, after.name: after.data()}, frozenset(world.clean.units), (after,))


@kind(LOUD)
def one_export_under_both_names(world: World, rng: random.Random) -> Change:
    """The other type's export is overwritten by this one."""
    file = world.exports[rng.choice(TYPES)]
    other = next(one for one in world.exports.values() if one is not file)
    one = File(file.stem + ".csv", without_type_column(file.table))
    two = File(other.stem + ".csv", one.table)
    files: dict[str, bytes | None] = {file.name: None, other.name: None}
    return Change({**files, one.name: one.data(), two.name: two.data()}, frozenset(world.clean.units), (one, two))


@kind(LOUD)
def one_export_also_under_the_other_types_name(world: World, rng: random.Random) -> Change:
    """Beside both right ones stands a copy under the other type's name."""
    file = world.exports[rng.choice(TYPES)]
    copy = File(other_name(file.stem) + " copy.csv", without_type_column(file.table))
    return Change({copy.name: copy.data()}, frozenset(world.clean.units) | units(file.table.locations()), (copy,))


@of_name(REFUSED)
def no_type_in_the_name(stem: str, rng: random.Random) -> str:
    return "update-monthly-status-asc-collection-2024-12-17"


@of_name(REFUSED)
def both_types_in_the_name(stem: str, rng: random.Random) -> str:
    return "update-monthly-status care-home and home-care 2024-12-17"


@of_name(ALIKE)
def the_type_in_other_words(stem: str, rng: random.Random) -> str:
    mine = next(word for word in WORDS if word in stem)
    forms = (
        mine.upper(),
        mine.replace("-", "_"),
        mine.replace("-", "\u2013"),
        mine.replace("-", " ").title(),
        mine.replace("-", " ") + "s",
    )
    return stem.replace(mine, rng.choice(forms[:4] if mine == "home-care" else forms))


# --- days -------------------------------------------------------------------------------------------------------------


@of_name(LOUD)
def no_day_in_the_name(stem: str, rng: random.Random) -> str:
    """It ranks at the opening of its newest month, so its No is no evidence."""
    return dated(stem, "")


@of_name(LOUD)
def a_day_within_the_window(stem: str, rng: random.Random) -> str:
    return dated(stem, f"2024-12-{rng.randrange(9, 17):02d}")


@of_name(LOUD)
def a_day_before_the_window_opens(stem: str, rng: random.Random) -> str:
    return dated(stem, f"2024-12-{rng.randrange(1, 8):02d}")


@of_name(LOUD)
def a_day_of_the_month_before(stem: str, rng: random.Random) -> str:
    """December is answered in a file of November."""
    return dated(stem, f"2024-11-{rng.randrange(19, 30)}")


@of_name(LOUD)
def a_day_of_the_year_before(stem: str, rng: random.Random) -> str:
    return dated(stem, "2023-12-17")


@of_name(LOUD)
def a_day_to_come(stem: str, rng: random.Random) -> str:
    """Nobody knows the file yet on the day of the run."""
    return dated(stem, f"2025-01-{rng.randrange(1, 30):02d}")


@of_name(LOUD)
def two_days_in_the_name(stem: str, rng: random.Random) -> str:
    return dated(
        stem,
        rng.choice(("2024-12-01 to 2024-12-17", "1.12.24 - 17.12.24", "2024-12-08_2024-12-17", "17.12.24 (16.12.24)")),
    )


@of_name(LOUD)
def a_day_that_does_not_exist(stem: str, rng: random.Random) -> str:
    return dated(stem, rng.choice(("2024-12-45", "2024-13-17", "20241732", "31.11.24")))


@of_name(ALIKE)
def the_day_as_people_write_it(stem: str, rng: random.Random) -> str:
    forms = (
        "17-12-2024",
        "17.12.2024",
        "17.12.24",
        "17_December_2024",
        "17th December 2024",
        "17 Dec 2024",
        "20241217",
    )
    return dated(stem, rng.choice(forms))


@of_name(LOUD)
def a_zone_that_puts_it_before_the_close(stem: str, rng: random.Random) -> str:
    """Half past midnight one hour east is half past eleven in London, with the window still open."""
    return dated(stem, "2024-12-17T003000+0100")


@of_name(ALIKE)
def a_zone_that_changes_nothing(stem: str, rng: random.Random) -> str:
    return dated(stem, rng.choice(("2024-12-17T000000Z", "2024-12-17T003000Z", "2024-12-17T003000+0000")))


@kind(TOLD, rules="same_bytes", everyone=True)
def the_same_bytes_under_two_days(world: World, rng: random.Random) -> Change:
    file = world.exports[rng.choice(TYPES)]
    data = (world.inbox / file.name).read_bytes()
    later = File(file.name.replace("2024-12-17", "2024-12-18"), file.table)
    return Change({later.name: data}, frozenset(), (later,), as_at="2024-12-18")


@kind(LOUD)
def last_months_file_under_this_months_name(world: World, rng: random.Random) -> Change:
    provider_type = rng.choice(TYPES)
    file = world.exports[provider_type]
    after = File(file.stem + ".csv", without_type_column(november_export(world, provider_type)))
    return exchanged(file, after, provider_type, is_all=True)
