-- One row per location of a unit that CQC puts in another region than that of its authority.
SELECT
    register_now.intake_no,
    '' AS source_sheet,
    register_now.source_row,
    'Location Region' AS source_column,
    register_now.region_raw || ' / ' || unit.local_authority || ': ' || unit.region AS value_raw
FROM unit
INNER JOIN register_now USING (location_id)
INNER JOIN region_of AS named ON named.raw = register_now.region_raw
WHERE named.region <> unit.region
GROUP BY ALL
