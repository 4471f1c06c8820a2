-- How the polls of each listing went. One that was not sent because its host had asked for a pause is no poll.
WITH polls AS (
    SELECT
        *,
        outcome IN ('fetched', 'unchanged') AS answered,
        outcome = 'fetched' AND warc_file IS NOT NULL AS has_body
    FROM fetches
    WHERE NOT (outcome = 'rate_limited' AND attempts = 0)
),
marked AS (
    SELECT
        *,
        max(requested_at) FILTER (answered) OVER listing AS answered_at,
        max(requested_at) FILTER (has_body) OVER listing AS had_body_at
    FROM polls
    WINDOW listing AS (PARTITION BY purpose, url)
)
SELECT
    purpose,
    url,
    max(requested_at) AS last_at,
    max(requested_at) FILTER (has_body) AS body_at,
    count(*) FILTER (answered_at IS NULL OR requested_at > answered_at) AS failures,
    count(*) FILTER (answered AND requested_at > had_body_at) AS quiet
FROM marked
GROUP BY purpose, url
ORDER BY purpose, url
