-- One row per unit that at most one person can update.
SELECT intake_no, source_sheet, source_row, 'User Count' AS source_column, CAST(user_count AS VARCHAR) AS value_raw
FROM unit
WHERE user_count <= $user_count_advice_up_to
