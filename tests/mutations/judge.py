"""Whether the answer to a mutated world is a right one, and what is wrong with it where it is not."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutations import columns, forms, lists, months, names, places, rows, values
from tests.mutations.kinds import ALIKE, GONE, KINDS, REFUSED, STOPPED, TOLD, Answer, Kind
from tests.mutations.world import Change, Release, Unit, World

THEMES = (columns, rows, values, months, names, places, lists, forms)
SEVERITIES = ("info", "warning", "error")
EXITS = {3: REFUSED, 4: STOPPED}
Finding = tuple[str, str, str, str]


@dataclass(frozen=True)
class Judgement:
    """What a run came to, in short, and everything that is wrong with it."""

    came_to: str
    wrong: tuple[str, ...]


def judge(kind: Kind, world: World, folder: Path) -> Judgement:
    """Mutate a world, run its month, and compare what came of it with the clean release."""
    right = kind.right_with(world.has_earlier)
    assert right is not None
    change = kind.change(world)
    answer, release = world.judged(folder, change)
    if "Traceback" in answer.err or answer.code not in (0, *EXITS):
        return Judgement(f"exit {answer.code}", (f"exit {answer.code}: {answer.err[-1500:]}",))
    if answer.code:
        came_to = EXITS[answer.code]
        return Judgement(f"exit {answer.code}", tuple(_of_exit(came_to, right, change, answer.err, release)))
    assert release is not None
    new = release.findings - world.clean.findings
    is_alike = release.services == world.clean.services
    wrong = tuple(_of_publication(kind, world, change, release, new, right))
    rules = Counter(rule for rule, _, _, _ in new)
    told = ", ".join(f"{rule} {times}" for rule, times in sorted(rules.items())) or "no finding"
    return Judgement(f"exit 0, {'alike' if is_alike else 'other answers'}, {told}", wrong)


def _of_exit(came_to: Answer, right: Answer, change: Change, said: str, release: Release | None) -> Iterator[str]:
    if came_to not in right:
        yield f"{came_to.name} is not right here ({right}): {said[-600:]}"
    if release is not None:
        yield "something was published all the same"
    put = [name for name, data in change.files.items() if data is not None]
    if came_to is REFUSED and put and not any(name in said for name in put):
        yield f"the refusal names none of {put}: {said[-600:]}"


def _of_publication(
    kind: Kind, world: World, change: Change, release: Release, new: Counter[Finding], right: Answer
) -> Iterator[str]:
    clean = world.clean
    touched = change.touched
    everybody = clean.units.keys() | release.units.keys()
    other = {unit for unit in everybody if clean.said(unit) != release.said(unit)}
    strangers = {unit for unit in other if unit not in touched}
    if strangers:
        yield f"{len(strangers)} units that nothing touched answer otherwise, as {_shown(strangers, clean, release)}"
    accused = {rule for rule, _, _, _ in new if rule in kind.never.split()}
    if accused:
        yield f"findings accuse somebody of what this file cannot say: {sorted(accused)}"
    yield from _of_letters(world, change, release)
    if ALIKE in right and release.services == clean.services:
        return
    if TOLD not in right:
        wanted = "the bytes of services.csv differ" if right is ALIKE else "published, where it must not be"
        yield f"{wanted}: {len(other)} units answer otherwise, as {_shown(other, clean, release)}; new findings: {_rules(new)}"
        return
    telling = [finding for finding in new if _tells(kind, finding)]
    if not telling:
        yield f"no finding tells it; {len(other)} units answer otherwise, as {_shown(other, clean, release)}; new: {_rules(new)}"
    if kind.everyone and other:
        yield f"{len(other)} units answer otherwise, as {_shown(other, clean, release)}"
    if kind.each:
        changed = {unit for unit in other & touched if _status(clean, unit) != _status(release, unit)}
        silent = {unit for unit in changed if not _is_named(unit, telling, new, release, world)}
        if silent:
            yield f"{len(silent)} of {len(changed)} units whose status changed are not named, as {_shown(silent, clean, release)}"
    if kind.nothing:
        asked = {
            unit for unit in touched if release.units.get(unit, {}).get("outcome") not in ("unknown", "not_required")
        }
        if asked:
            yield f"{len(asked)} cells that say nothing are answers, as {_shown(asked, clean, release)}"


def _of_letters(world: World, change: Change, release: Release) -> Iterator[str]:
    """Letters to providers of whom nothing was touched stay; nobody unknown to the clean release gets one."""
    touched = {world.providers.get(location_id, "") for location_id, _ in change.touched} | change.providers
    before, after = ({letter for letter in one.letters if letter[0] not in touched} for one in (world.clean, release))
    if before != after:
        yield f"letters to providers of whom nothing was touched differ: {sorted(before ^ after)[:2]}"
    known = {f"{location_id}:{provider_type}" for location_id, provider_type in world.clean.units}
    relied_on = {window.rsplit(":", 1)[0] for _, windows, _ in release.letters for window in windows.split(";")}
    if relied_on - known:
        yield f"letters rely on {len(relied_on - known)} units that the clean release has not: {sorted(relied_on - known)[:3]}"


def _tells(kind: Kind, finding: Finding) -> bool:
    rule, severity = finding[:2]
    is_fit = any(re.fullmatch(pattern, rule) for pattern in kind.rules.split())
    return is_fit and SEVERITIES.index(severity) >= SEVERITIES.index(kind.least)


def _is_named(unit: Unit, telling: list[Finding], new: Counter[Finding], release: Release, world: World) -> bool:
    """Return whether a finding stands at the unit's row, or holds its id; of one that is gone, that it is gone."""
    location_id = unit[0]
    fit = [*telling, *(finding for finding in new if unit not in release.units and finding[0] in GONE)]
    if unit not in release.units and location_id not in world.registered and not world.has_earlier:
        return True  # nobody but the changed file knew of it
    return any(location_id == at or location_id in value for _, _, at, value in fit)


def _rules(new: Counter[Finding]) -> dict[str, int]:
    return dict(Counter(rule for rule, _, _, _ in new))


def _shown(some: set[Unit], clean: Release, release: Release) -> str:
    if not some:
        return "none"
    worst = min(some, key=lambda unit: (_rank(clean, unit), unit))
    return f"{worst[0]} {worst[1]}: {clean.said(worst)} became {release.said(worst)}"


def _status(release: Release, unit: Unit) -> str:
    return release.units[unit]["status"] if unit in release.units else ""


def _rank(release: Release, unit: Unit) -> int:
    return 0 if unit in release.units and release.units[unit]["status"] in ("notice_due", "at_risk") else 1


def all_kinds() -> list[Kind]:
    """Return every kind, theme by theme."""
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    order = [theme.__name__.rsplit(".", 1)[1] for theme in THEMES]
    return sorted(KINDS, key=lambda kind: order.index(kind.theme))
