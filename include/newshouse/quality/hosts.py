"""The views `host_scoreboard` and `source_outcomes`: how every host answers, and how every candidate ended."""

HOST_SCOREBOARD_SQL = """
WITH last AS (SELECT max(requested_at) - INTERVAL 7 DAYS AS week FROM fetches),
asked AS (
    SELECT *, outcome IN ('fetched', 'unchanged', 'gone') AS answered
    FROM fetches, last
    WHERE host IS NOT NULL AND attempts > 0 AND requested_at > week
)
SELECT
    host,
    count(*) AS exchanges,
    count(DISTINCT source_id) AS sources,
    sum(attempts)::BIGINT AS requests,
    count(*) FILTER (answered) / count(*) AS answered_share,
    count(*) FILTER (outcome = 'unchanged') / count(*) AS unchanged_share,
    count(*) FILTER (outcome = 'rate_limited') AS rate_limited,
    max(retry_after_seconds) AS longest_pause_asked_seconds,
    mode(outcome) FILTER (NOT answered) AS main_failure,
    median(duration_seconds) AS median_seconds,
    quantile_cont(duration_seconds, 0.95) AS p95_seconds,
    coalesce(sum(body_bytes), 0)::BIGINT AS bytes,
    max(requested_at) AS last_asked_at,
    max(requested_at) FILTER (answered) AS last_answered_at
FROM asked
GROUP BY host
ORDER BY exchanges DESC, host
"""
"""A SELECT over the view `fetches`: one row a host, over the seven days before the newest exchange (so that the view
needs no clock). Shares are 0 to 1."""

HOST_SCOREBOARD_COLUMNS = {
    "host": "Host and port.",
    "exchanges": "Addresses asked for, each once, however many tries it took.",
    "sources": "Sources that have addresses there.",
    "requests": "Requests, all tries counted.",
    "answered_share": "Exchanges that ended with a page, with unchanged or with gone.",
    "unchanged_share": "Exchanges that ended with 304.",
    "rate_limited": "Exchanges that the host turned away for being too many.",
    "longest_pause_asked_seconds": "The longest Retry-After.",
    "main_failure": "The most frequent outcome of those that were not answered.",
    "median_seconds": "Of the last try, to the last byte.",
    "p95_seconds": "The same of the slowest twentieth.",
    "bytes": "Of the decoded bodies.",
    "last_asked_at": "UTC.",
    "last_answered_at": "UTC; NULL if it did not answer.",
}
"""What the columns of `HOST_SCOREBOARD_SQL` mean."""

SOURCE_OUTCOMES_SQL = """
WITH ends AS (
    SELECT source_id, run_id, url_key, outcome AS ended FROM fetches WHERE purpose = 'article'
    UNION ALL
    -- Never asked: put off by a budget. What was asked has its exchange already.
    SELECT source_id, run_id, url_key, reasons[1] FROM rejections
    WHERE stage = 'fetch' AND reasons[1] IN ('over_budget', 'host_over_budget')
)
SELECT
    source_id,
    run_id,
    ended AS outcome,
    count(*) AS candidates,
    count(*) / sum(count(*)) OVER (PARTITION BY source_id, run_id) AS share
FROM ends
GROUP BY source_id, run_id, ended
ORDER BY source_id, run_id, candidates DESC, outcome
"""
"""A SELECT over `fetches` and `rejections`: how the candidates of each source and run ended. Shares are 0 to 1."""

SOURCE_OUTCOMES_COLUMNS = {
    "source_id": "The publisher.",
    "run_id": "The run.",
    "outcome": "fetched, unchanged, gone, or why it was not fetched.",
    "candidates": "Candidates that ended so.",
    "share": "Of the candidates of this source and run.",
}
"""What its columns mean."""
