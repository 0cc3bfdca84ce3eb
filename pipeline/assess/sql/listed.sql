-- One row per status row of the exports that give the population of the month; the first in turn is the unit's
-- (of two rows at one time one that says New: doubt never counts).
-- Grain: (intake_no, row_no).
SELECT
    unit_row.unit_no,
    row.intake_no,
    row.row_no,
    row_number() OVER (
        PARTITION BY unit_row.unit_no
        ORDER BY
            intake.ranked_at DESC, row.registration_status = 'New' DESC, row.location_name, row.provider_id, row.provider_name, row.local_authority_raw,
            row.registration_status, row.user_count, row.registered_on, intake.sha256, row.row_no
    ) AS turn
FROM unit_row
INNER JOIN core_unit_row AS row ON row.intake_no = unit_row.intake_no AND row.row_no = unit_row.row_no
INNER JOIN known_intake AS intake ON intake.intake_no = row.intake_no
INNER JOIN population_file AS file ON file.provider_type = row.provider_type AND file.intake_no = row.intake_no
