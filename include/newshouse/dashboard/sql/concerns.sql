-- The incident that a concern belongs to, if there is one, says who looks after it.
-- What is wrong now: checks whose latest result is not a pass, and sources whose last run says it plainly.
-- Latest means within 36 hours of the newest check, so that a source that was removed drops out.
WITH recent AS (
    FROM memory.verdicts
    WHERE checked_at > (SELECT max(checked_at) FROM memory.verdicts) - INTERVAL 36 HOURS
    QUALIFY row_number() OVER (PARTITION BY source_id, suite, check_name ORDER BY checked_at DESC, batch) = 1
),
failing AS (FROM recent WHERE status <> 'pass'),
passed AS (
    SELECT source_id, suite, check_name, max(checked_at) AS passed_at
    FROM memory.verdicts WHERE status = 'pass' GROUP BY ALL
),
began AS (
    SELECT v.source_id, v.suite, v.check_name, min(v.checked_at) AS since_at
    FROM memory.verdicts AS v
    SEMI JOIN failing AS f
        ON v.source_id IS NOT DISTINCT FROM f.source_id AND v.suite = f.suite AND v.check_name = f.check_name
    LEFT JOIN passed AS p
        ON v.source_id IS NOT DISTINCT FROM p.source_id AND v.suite = p.suite AND v.check_name = p.check_name
    WHERE v.status <> 'pass' AND (p.passed_at IS NULL OR v.checked_at > p.passed_at)
    GROUP BY ALL
)
SELECT c.*, i.incident_id, i.status AS incident_status
FROM (
SELECT
    f.source_id, f.check_name, f.suite, f.severity, f.value, f.threshold, f.detail, f.checked_at,
    coalesce(b.since_at, f.checked_at) AS since_at
FROM failing AS f
LEFT JOIN began AS b
    ON f.source_id IS NOT DISTINCT FROM b.source_id AND f.suite = b.suite AND f.check_name = b.check_name
UNION ALL
SELECT
    source_id, 'answers', 'last run', 'critical', 100 * failed_exchange_share, 'at most 50 % of requests without an answer',
    'the last run found nothing: the source does not answer', last_run_at, last_run_at
FROM memory.scorecard
WHERE discovered = 0 AND failed_exchange_share > 0.5
UNION ALL
SELECT
    source_id, 'asked', 'last run', 'info', NULL, 'asked by every run',
    'no run has asked it since', last_run_at, last_run_at
FROM memory.scorecard
WHERE last_run_at < (SELECT max(last_run_at) FROM memory.scorecard) - INTERVAL 36 HOURS
) AS c
LEFT JOIN (
    SELECT incident_id, source_id, status, unnest(check_names) AS check_name FROM incidents WHERE status <> 'resolved'
) AS i
    ON c.source_id IS NOT DISTINCT FROM i.source_id AND c.check_name = i.check_name
ORDER BY severity = 'critical' DESC, severity = 'warning' DESC, since_at, source_id, check_name
