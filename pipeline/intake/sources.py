"""What each kind of input looks like, declared once: reader, messages, samples and documentation follow from it."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of input (CONTRACT 4)."""

    MONTHLY_STATUS = "monthly_status"
    RECORD_LEVEL = "record_level"
    SERVICE_REGISTER = "service_register"
    DEACTIVATED_LOCATIONS = "deactivated_locations"
    PROVIDER_FEES = "provider_fees"
    PUBLIC_BODIES = "public_bodies"
    SERVICE_ADDRESSES = "service_addresses"


class Type(StrEnum):
    """How the cells of a column are read."""

    LOCATION_ID = "location_id"
    PROVIDER_ID = "provider_id"
    TEXT = "text"
    DATE = "date"
    COUNT = "count"
    FLAG = "flag"
    POUNDS = "pounds"
    PROVIDER_TYPE = "provider_type"
    REGISTRATION_STATUS = "registration_status"
    METHOD = "method"
    STAMP = "stamp"
    POSTCODE = "postcode"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in our tables, how it is read, and whether a row must fill it."""

    name: str
    type: Type = Type.TEXT
    required: bool = False  # a row without a readable value is refused
    strict: bool = False  # a row with an unreadable value is refused; a blank is not


@dataclass(frozen=True, slots=True)
class Source:
    """One layout of one kind of file: its columns, and the headings by which it is told from the others."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    needs: frozenset[str]  # columns without which a file is not of this kind
    needs_one: frozenset[str] = frozenset()  # and of these one at least
    lacks: frozenset[str] = frozenset()  # headings (of other kinds) that a file of this kind does not have
    has_months: bool = False
    provider_type: str = ""  # where the layout itself says it
    named: str = ""  # the layout's name in headings.toml, where a kind has several
    again: str = "Correct the file and give it again."

    @property
    def layout(self) -> str:
        """The name under which headings.toml lists the headings of this layout."""
        return self.named or self.kind

    @property
    def id_column(self) -> str:
        """The column that says whom a row is about."""
        return self.columns[0].name


INFORMATIONAL = frozenset({  # nothing is decided by them: of two columns for one the first is used
    "location_name", "provider_name", "name", "user_count", "last_submission", "telephone", "postcode", "scheme",
    "source", "region_raw",
})  # fmt: skip

LOCATION, PROVIDER = (
    Column("location_id", Type.LOCATION_ID, True),
    Column("provider_id", Type.PROVIDER_ID, True),
)


def _record_level(provider_type: str, words: str) -> Source:
    """Return the layout of the record-level extract of one provider type; they differ in their headings only."""
    return Source(
        Kind.RECORD_LEVEL,
        f"Record-level extract, {words}",
        (
            LOCATION,
            Column("location_name"),
            Column("provider_name"),
            Column("local_authority_raw"),
            Column("updated_utc", Type.STAMP),
            Column("updated_local", Type.STAMP),
        ),
        needs=frozenset({"location_id"}),
        needs_one=frozenset({"updated_utc", "updated_local"}),
        provider_type=provider_type,
        named=f"record_level_{provider_type}",
        again=f"Take the record-level extract of {words} again, with its last-updated columns.",
    )


SOURCES = (
    Source(
        Kind.MONTHLY_STATUS,
        'Monthly status ("Update monthly status ASC collection")',
        (
            LOCATION,
            Column("location_name"),
            Column("provider_id", Type.PROVIDER_ID),
            Column("provider_name"),
            Column("local_authority_raw"),
            Column("provider_type", Type.PROVIDER_TYPE, strict=True),
            Column("registration_status", Type.REGISTRATION_STATUS),
            Column("user_count", Type.COUNT),
            Column("last_submission"),
            Column("registered_on", Type.DATE),
            Column("account"),
        ),
        needs=frozenset({"location_id"}),
        has_months=True,
        again='Export the "Update monthly status ASC collection" list again without removing columns.',
    ),
    _record_level("care_home", "care homes"),
    _record_level("home_care", "home care"),
    Source(
        Kind.SERVICE_REGISTER,
        "CQC register (HSCA active locations)",
        (
            LOCATION,
            Column("location_name"),
            Column("provider_id", Type.PROVIDER_ID),
            Column("provider_name"),
            Column("ownership_type"),
            Column("registered_on", Type.DATE),
            Column("dormant", Type.FLAG),
            Column("care_home", Type.FLAG),
            Column("domiciliary_care", Type.FLAG),
            Column("supported_living", Type.FLAG),
            Column("extra_care", Type.FLAG),
            Column("shared_lives", Type.FLAG),
            Column("local_authority_raw"),
            Column("region_raw"),
            Column("postcode", Type.POSTCODE),
            Column("telephone"),
            Column("provider_started_on", Type.DATE),
            Column("provider_address_1"),
            Column("provider_address_2"),
            Column("provider_city"),
            Column("provider_county"),
            Column("provider_postcode", Type.POSTCODE),
            Column("predecessor_id", Type.PROVIDER_ID),
            Column("as_at", Type.DATE),
        ),
        needs=frozenset({"location_id"}),
        needs_one=frozenset({"care_home", "registered_on"}),
        lacks=frozenset({"deregistered_on"}),
        again="Give the HSCA_Active_Locations list with the headings CQC publishes.",
    ),
    Source(
        Kind.SERVICE_REGISTER,
        "CQC register (weekly directory)",
        (
            LOCATION,
            Column("location_name"),
            Column("provider_id", Type.PROVIDER_ID),
            Column("provider_name"),
            Column("service_types"),
            Column("local_authority_raw"),
            Column("region_raw"),
            Column("postcode", Type.POSTCODE),
            Column("telephone"),
        ),
        needs=frozenset({"location_id", "service_types"}),
        named="weekly_directory",
        again="Give the weekly directory with the headings CQC publishes.",
    ),
    Source(
        Kind.DEACTIVATED_LOCATIONS,
        "Deactivated locations (CQC)",
        (
            LOCATION,
            Column("registered_on", Type.DATE),
            Column("deregistered_on", Type.DATE, True),
            Column("as_at", Type.DATE),
        ),
        needs=frozenset({"location_id", "deregistered_on"}),
        again="Give the Deactivated_Locations list with the headings CQC publishes.",
    ),
    Source(
        Kind.PROVIDER_FEES,
        "Provider fees",
        (
            PROVIDER,
            Column("annual_fee_pence", Type.POUNDS, True),
            Column("scheme"),
            Column("as_at", Type.DATE, strict=True),
            Column("source"),
        ),
        needs=frozenset({"provider_id", "annual_fee_pence"}),
    ),
    Source(
        Kind.PUBLIC_BODIES,
        "Public bodies",
        (PROVIDER, Column("name"), Column("basis", required=True), Column("as_at", Type.DATE)),
        needs=frozenset({"provider_id", "basis"}),
    ),
    Source(
        Kind.SERVICE_ADDRESSES,
        "Service addresses",
        (
            PROVIDER,
            Column("method", Type.METHOD, True),
            Column("address", required=True),
            Column("source", required=True),
            Column("as_at", Type.DATE, strict=True),
        ),
        needs=frozenset({"provider_id", "method", "address"}),
    ),
)

ALLOWED = {  # what a cell may hold that refuses its row
    Type.POUNDS: "a fee above zero such as 1234, 1,234.00 or £1234.00", Type.DATE: "a date such as 17/12/2024 or 2024-12-17",
    Type.METHOD: "post, email or hand", Type.PROVIDER_TYPE: "Care Home or Home Care", Type.TEXT: "any text, but no blank",
}  # fmt: skip

OWING = {
    "care_home": ("care_home",),
    "home_care": ("domiciliary_care", "supported_living", "extra_care", "shared_lives"),
}  # which services make a location owe which return

SERVICE_TYPES = {
    "nursing homes": "care_home",
    "residential homes": "care_home",
    "homecare agencies": "domiciliary_care",
    "supported living": "supported_living",
    "supported housing": "extra_care",
    "extra care housing": "extra_care",
    "shared lives": "shared_lives",
}  # words of the weekly directory, whose extra care is called supported housing

SAYS = {
    "yes": "submitted", "y": "submitted", "true": "submitted", "1": "submitted", "1.0": "submitted",
    "no": "missed", "n": "missed", "false": "missed", "0": "missed", "0.0": "missed",
}  # fmt: skip

PROVIDER_TYPES = {
    "care home": "care_home", "care homes": "care_home", "carehome": "care_home",
    "home care": "home_care", "homecare": "home_care",
}  # fmt: skip
