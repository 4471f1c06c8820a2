SELECT
    stage,
    sum(in_count)::BIGINT AS in_count,
    sum(out_count)::BIGINT AS out_count,
    sum(duplicate_count)::BIGINT AS duplicate_count,
    sum(rejected_count)::BIGINT AS rejected_count,
    (
        SELECT list(reason || ' ' || pages ORDER BY pages DESC, reason)
        FROM (
            SELECT reason, sum(pages) AS pages FROM memory.drops
            WHERE run_id = $run AND drops.stage = stages.stage
                AND (len($sources) = 0 OR list_contains($sources, source_id))
            GROUP BY reason
        )
    ) AS reasons
FROM memory.stages
WHERE run_id = $run AND (len($sources) = 0 OR list_contains($sources, source_id))
GROUP BY stage
ORDER BY list_position(['discover', 'fetch', 'parse', 'validate', 'load'], stage)
