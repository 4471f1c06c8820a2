-- One row a check over all its sources: how they stand now, and how many failed on each day of the window.
WITH recent AS (
    FROM memory.verdicts
    WHERE checked_at > (SELECT max(checked_at) FROM memory.verdicts) - INTERVAL 36 HOURS
        AND (len($sources) = 0 OR list_contains($sources, source_id))
    QUALIFY row_number() OVER (PARTITION BY source_id, suite, check_name ORDER BY checked_at DESC, batch) = 1
),
days AS (SELECT unnest(generate_series($first, $last, INTERVAL 1 DAY))::DATE AS day),
by_day AS (
    SELECT suite, check_name, day, count(*) FILTER (status <> 'pass') AS failed
    FROM memory.verdicts
    WHERE day BETWEEN $first AND $last AND (len($sources) = 0 OR list_contains($sources, source_id))
    GROUP BY ALL
),
named AS (SELECT DISTINCT suite, check_name, severity FROM memory.verdicts),
sparks AS (
    SELECT n.suite, n.check_name, list(b.failed ORDER BY days.day) AS spark, sum(b.failed)::BIGINT AS failures
    FROM (SELECT DISTINCT suite, check_name FROM named) AS n CROSS JOIN days
    LEFT JOIN by_day AS b ON b.suite = n.suite AND b.check_name = n.check_name AND b.day = days.day
    GROUP BY ALL
)
SELECT
    n.check_name, n.suite, n.severity,
    count(r.check_name) FILTER (r.status = 'pass') AS passing,
    count(r.check_name) FILTER (r.status <> 'pass') AS failing,
    max(r.checked_at) AS checked_at,
    any_value(s.spark) AS spark,
    coalesce(any_value(s.failures), 0) AS failures
FROM named AS n
LEFT JOIN recent AS r ON r.suite = n.suite AND r.check_name = n.check_name
LEFT JOIN sparks AS s ON s.suite = n.suite AND s.check_name = n.check_name
GROUP BY ALL
ORDER BY failing DESC, failures DESC, n.suite, n.check_name
