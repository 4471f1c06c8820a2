SELECT
    looks.day,
    coalesce(sum(a.articles), 0)::BIGINT AS articles
FROM (
    -- The days on which a run asked: of the others, no article says nothing.
    SELECT DISTINCT day, source_id FROM memory.stages
    WHERE looked AND day BETWEEN $first AND $last
        AND (len($sources) = 0 OR list_contains($sources, source_id))
    UNION
    SELECT day, source_id FROM memory.arrivals
    WHERE day BETWEEN $first AND $last AND (len($sources) = 0 OR list_contains($sources, source_id))
) AS looks
LEFT JOIN memory.arrivals AS a USING (day, source_id)
GROUP BY ALL
ORDER BY looks.day
