-- The lasting tables of facts.duckdb: what each intake said, typed, with the row it stood in.
-- `intake_no` is the number of the intake's event in the register.  Moments are UTC.

-- One row per intake.
CREATE TABLE core_intake (
    intake_no INTEGER NOT NULL,
    sha256 VARCHAR NOT NULL,
    file_name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    provider_type VARCHAR NOT NULL,   -- care_home, home_care, both, or blank for kinds that have none
    extracted_at TIMESTAMP,           -- as stated by the file's name or a person; NULL if nobody said
    ranked_at TIMESTAMP NOT NULL,     -- where it stands among others of its kind
    ranked_on DATE NOT NULL,          -- that day in Europe/London
    known_until TIMESTAMP NOT NULL,   -- what happened from then on it cannot know: the end of the day, where only a day was stated
    rows_read INTEGER NOT NULL,
    rows_refused INTEGER NOT NULL,
    layout VARCHAR NOT NULL           -- which layout of its kind the file has
);

-- One row per unit row of a monthly status export or a record-level extract (which has no months, and says nothing there).
CREATE TABLE core_unit_row (
    intake_no INTEGER NOT NULL,
    row_no INTEGER NOT NULL,          -- counts the rows of the intake, over all its sheets
    source_row INTEGER NOT NULL,
    source_sheet VARCHAR NOT NULL,
    provider_type VARCHAR NOT NULL,
    location_id VARCHAR NOT NULL,
    id_is_sure BOOLEAN NOT NULL,      -- false: an id only if the register holds it
    location_name VARCHAR NOT NULL,
    sort_name VARCHAR NOT NULL,
    provider_id VARCHAR NOT NULL,
    provider_name VARCHAR NOT NULL,
    local_authority_raw VARCHAR NOT NULL,
    registration_status VARCHAR NOT NULL,
    user_count INTEGER,
    registered_on DATE,
    said VARCHAR NOT NULL,            -- a letter a month column: Y submitted, N missed, ? neither, _ blank
    answers VARCHAR NOT NULL          -- the cells under the month columns as they stood, U+001F between them
);

-- One row per sheet with unit rows.
CREATE TABLE core_unit_sheet (
    intake_no INTEGER NOT NULL,
    source_sheet VARCHAR NOT NULL,
    columns VARCHAR NOT NULL          -- the columns it has, with blanks around each: what it lacks it does not say
);

-- One row per month column of a monthly status export.
CREATE TABLE core_status_column (
    intake_no INTEGER NOT NULL,
    source_sheet VARCHAR NOT NULL,
    column_no SMALLINT NOT NULL,      -- counts the month columns of the sheet, oldest month first
    heading VARCHAR NOT NULL,
    window_month DATE NOT NULL
);

-- One row per location of a CQC register.
CREATE TABLE core_register_row (
    intake_no INTEGER NOT NULL,
    source_row INTEGER NOT NULL,
    location_id VARCHAR NOT NULL,
    location_name VARCHAR NOT NULL,
    provider_id VARCHAR NOT NULL,
    provider_name VARCHAR NOT NULL,
    provider_started_on DATE,                  -- since when the provider itself is registered
    ownership_type VARCHAR DEFAULT '',         -- from here on, what the weekly directory does not say is blank
    registered_on DATE,
    dormant BOOLEAN,
    owes_care_home BOOLEAN,                    -- NULL: the list has no column that says it
    owes_home_care BOOLEAN,
    local_authority_raw VARCHAR NOT NULL,
    region_raw VARCHAR NOT NULL,
    postcode VARCHAR NOT NULL,
    telephone VARCHAR NOT NULL,
    provider_address_1 VARCHAR DEFAULT '',
    provider_address_2 VARCHAR DEFAULT '',
    provider_city VARCHAR DEFAULT '',
    provider_county VARCHAR DEFAULT '',
    provider_postcode VARCHAR DEFAULT '',
    predecessor_id VARCHAR DEFAULT ''          -- the location whose registration this one follows, where CQC says so
);

-- One row per location of a list of deactivated locations.
CREATE TABLE core_deactivated_row (
    intake_no INTEGER NOT NULL,
    source_row INTEGER NOT NULL,
    location_id VARCHAR NOT NULL,
    registered_on DATE,
    deregistered_on DATE NOT NULL
);

-- One row per provider of a fees file.
CREATE TABLE core_provider_fee (
    intake_no INTEGER NOT NULL,
    source_row INTEGER NOT NULL,
    provider_id VARCHAR NOT NULL,
    annual_fee_pence BIGINT NOT NULL,
    scheme VARCHAR NOT NULL,
    as_at DATE,
    source VARCHAR NOT NULL
);

-- One row per provider of a public bodies file.
CREATE TABLE core_public_body (
    intake_no INTEGER NOT NULL,
    source_row INTEGER NOT NULL,
    provider_id VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    basis VARCHAR NOT NULL
);

-- One row per address recorded for service.
CREATE TABLE core_service_address (
    intake_no INTEGER NOT NULL,
    source_row INTEGER NOT NULL,
    provider_id VARCHAR NOT NULL,
    method VARCHAR NOT NULL,
    address VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    as_at DATE
);

-- One row per unit row of a record-level extract that has a last update.
CREATE TABLE core_stamp (
    intake_no INTEGER NOT NULL,
    row_no INTEGER NOT NULL,          -- the row in core_unit_row
    heading VARCHAR NOT NULL,
    value_raw VARCHAR NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    other_at TIMESTAMP                -- what another column of the row says, where it contradicts
);

-- One row per problem met in a file.
CREATE TABLE core_finding (
    intake_no INTEGER NOT NULL,
    source_sheet VARCHAR NOT NULL,
    source_row INTEGER NOT NULL,
    source_column VARCHAR NOT NULL,
    value_raw VARCHAR NOT NULL,
    rule VARCHAR NOT NULL
)
;

-- The cell under a month as it stood: the nth of a row's answers.
CREATE MACRO answer_at(answers, n) AS string_split(answers, chr(31))[n];

-- One row per filled cell under a month, with the place an officer finds it at.  `says` is submitted, missed, or NULL for
-- a word that says neither; the word itself is `answer_at(answers, column_no)`, split only where somebody asks for it.
-- Grain: (intake_no, row_no, column_no).
CREATE VIEW status_cell AS
SELECT
    row.intake_no,
    row.row_no,
    named.column_no,
    row.source_sheet,
    row.source_row,
    named.heading AS source_column,
    named.window_month,
    row.answers,
    CASE substr(row.said, named.column_no, 1) WHEN 'Y' THEN 'submitted' WHEN 'N' THEN 'missed' END AS says
FROM core_unit_row AS row
INNER JOIN core_status_column AS named ON named.intake_no = row.intake_no AND named.source_sheet = row.source_sheet
WHERE substr(row.said, named.column_no, 1) <> '_'
