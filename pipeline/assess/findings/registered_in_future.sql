-- One row per registration date later than the file it stands in: it was not used.
SELECT detail_intake_no AS intake_no, '' AS source_sheet, detail_row AS source_row, 'Location HSCA start date' AS source_column, strftime(registered_on_raw, '%Y-%m-%d') AS value_raw
FROM register_now
WHERE registered_on IS NULL AND registered_on_raw IS NOT NULL
UNION ALL
SELECT row.intake_no, row.source_sheet, row.source_row, 'Registered On' AS source_column, strftime(row.registered_on, '%Y-%m-%d') AS value_raw
FROM listed
INNER JOIN core_unit_row AS row ON row.intake_no = listed.intake_no AND row.row_no = listed.row_no
INNER JOIN known_intake AS intake ON intake.intake_no = row.intake_no
WHERE row.registered_on > intake.ranked_on AND intake.extracted_at IS NOT NULL
UNION ALL
SELECT row.intake_no, '' AS source_sheet, row.source_row, 'Location HSCA start date' AS source_column, strftime(row.registered_on, '%Y-%m-%d') AS value_raw
FROM core_deactivated_row AS row
INNER JOIN known_intake AS intake USING (intake_no)
INNER JOIN unit USING (location_id)
WHERE row.registered_on > intake.ranked_on AND intake.extracted_at IS NOT NULL
