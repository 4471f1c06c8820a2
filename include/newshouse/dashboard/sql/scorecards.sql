WITH days AS (SELECT unnest(generate_series($first, $last, INTERVAL 1 DAY))::DATE AS day),
looked AS (SELECT DISTINCT source_id, day FROM memory.stages WHERE looked),
sparks AS (
    SELECT
        s.source_id,
        list(CASE WHEN a.articles IS NULL AND l.day IS NULL THEN NULL ELSE coalesce(a.articles, 0) END ORDER BY days.day)
            AS spark
    FROM memory.scorecard AS s CROSS JOIN days
    LEFT JOIN memory.arrivals AS a ON a.source_id = s.source_id AND a.day = days.day
    LEFT JOIN looked AS l ON l.source_id = s.source_id AND l.day = days.day
    GROUP BY s.source_id
)
SELECT s.*, sparks.spark
FROM memory.scorecard AS s LEFT JOIN sparks USING (source_id)
WHERE len($sources) = 0 OR list_contains($sources, s.source_id)
ORDER BY s.source_id
