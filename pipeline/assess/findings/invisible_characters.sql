-- One row per unit in whose names stands a character nobody can see; lists keep it, letters leave it out.
SELECT
    intake_no,
    source_sheet,
    source_row,
    'Location or Provider' AS source_column,
    location_id AS value_raw
FROM unit
WHERE regexp_matches(location_name || provider_name, '[\x{00AD}\x{200B}\x{200C}\x{200D}\x{2060}\x{FEFF}]')
