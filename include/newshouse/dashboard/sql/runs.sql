WITH batches AS (
    SELECT run_id, stage, batch, max(seconds) AS seconds FROM memory.stages GROUP BY ALL
),
took AS (SELECT run_id, sum(seconds) AS seconds FROM batches GROUP BY run_id)
SELECT
    run_id,
    min(finished_at) AS began_at,
    max(finished_at) AS ended_at,
    bool_or(looked) AS looked,
    count(DISTINCT source_id) AS sources,
    coalesce(sum(in_count) FILTER (stage = 'discover'), 0)::BIGINT AS listed,
    coalesce(sum(out_count) FILTER (stage = 'discover'), 0)::BIGINT AS discovered,
    coalesce(sum(out_count) FILTER (stage = 'fetch'), 0)::BIGINT AS fetched,
    coalesce(sum(out_count) FILTER (stage = 'parse'), 0)::BIGINT AS parsed,
    coalesce(sum(out_count) FILTER (stage = 'validate'), 0)::BIGINT AS valid,
    coalesce(sum(out_count) FILTER (stage = 'load'), 0)::BIGINT AS loaded,
    coalesce(sum(rejected_count), 0)::BIGINT AS dropped,
    sum(out_count) FILTER (stage = 'validate') / nullif(sum(in_count) FILTER (stage = 'parse'), 0) AS pass_rate,
    coalesce(sum(bytes) FILTER (stage = 'fetch'), 0)::BIGINT AS bytes,
    any_value(took.seconds) AS seconds,
    sum(in_count - out_count - duplicate_count - rejected_count)::BIGINT AS lost
FROM memory.stages JOIN took USING (run_id)
WHERE len($sources) = 0 OR list_contains($sources, source_id)
GROUP BY run_id
HAVING max(day) >= $first AND min(day) <= $last
ORDER BY ended_at DESC, run_id DESC
