-- One row: how many units the files of one day hold, and how many of them those of a later day lack without their being
-- deregistered: by sets of locations, not by sizes (CONTRACT 2).
SELECT
    count(*) AS units,
    count(*) FILTER (later.unit_no IS NULL AND NOT before.is_deregistered) AS lacking
FROM day_unit AS before
LEFT JOIN day_unit AS later
    ON later.provider_type = before.provider_type AND later.unit_no = before.unit_no AND later.day = $later
WHERE before.provider_type = $provider_type AND before.day = $before
