"""Where councils and other public bodies are: a provider at the same address may be their own company (RULES 5)."""

from collections import Counter

from pipeline.assess.assessment import Judgement
from pipeline.enforce.grounds import Address, Grounds
from pipeline.enforce.names import names_held
from pipeline.record.facts import Facts

Place = tuple[str, str]  # first line and postcode


def public_places(facts: Facts, judgement: Judgement, grounds: Grounds) -> dict[Place, str]:
    """Return the places of public bodies, and of providers that sound like one, each with whose it is; a place that many
    providers share is nobody's."""
    in_force = judgement.parameters.on(judgement.month)
    most = in_force.number("public_place_providers_most")
    shared = Counter(place_of(address) for addresses in grounds.addresses.values() for address in addresses)
    known = dict.fromkeys(grounds.public_bodies, "a public body")
    known |= names_held(facts, set(in_force.words("public_body_words")))
    return {
        place: name
        for provider_id, name in known.items()
        if judgement.decisions.provider_kinds.get(provider_id, {}).get("decision") != "private"
        for address in grounds.addresses.get(provider_id, ())
        if (place := place_of(address)) is not None and shared[place] <= most
    }


def place_of(address: Address | None) -> Place | None:
    """Return the place of an address: its first line, in any case, and its postcode."""
    if address is None or len(address.lines) < 2:
        return None
    return address.lines[0].casefold(), address.lines[-1]
