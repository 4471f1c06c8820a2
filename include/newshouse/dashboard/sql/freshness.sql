-- At the end of each day: how old was the newest article that had arrived by then?
WITH newest AS (
    SELECT day, max(newest_at) AS newest_at FROM memory.arrivals
    WHERE day <= $last AND (len($sources) = 0 OR list_contains($sources, source_id))
    GROUP BY day
),
days AS (
    SELECT unnest(generate_series(least($first, (SELECT min(day) FROM newest)), $last, INTERVAL 1 DAY))::DATE AS day
),
so_far AS (
    SELECT days.day, max(newest.newest_at) OVER (ORDER BY days.day) AS newest_at
    FROM days LEFT JOIN newest USING (day)
)
SELECT
    day, newest_at,
    greatest(0, date_diff('second', newest_at, least((day + 1)::TIMESTAMP AT TIME ZONE 'UTC', $now::TIMESTAMPTZ)) / 3600) AS age_hours
FROM so_far
WHERE day BETWEEN $first AND $last AND newest_at IS NOT NULL
ORDER BY day
