"""The view `listings`: how each feed, sitemap, list and front page does that sources are read from."""

LISTINGS_SQL = """
WITH last AS (SELECT max(requested_at) - INTERVAL 30 DAYS AS since FROM fetches),
-- What answers with something that cannot be read gives nothing: most feeds that die lead to the front page.
unread AS (
    SELECT source_id, run_id, url, min(reasons[1]) AS reason
    FROM rejections
    WHERE stage = 'discover' AND reasons[1] IN
        ('feed_is_html', 'not_a_feed', 'sitemap_is_html', 'not_a_sitemap', 'entity_bomb', 'empty_body')
    GROUP BY ALL
),
asked AS (
    SELECT fetches.* REPLACE (if(outcome IN ('fetched', 'unchanged'), coalesce(reason, outcome), outcome) AS outcome)
    FROM fetches LEFT JOIN unread USING (source_id, run_id, url)
    WHERE purpose IN ('feed', 'sitemap', 'page')
),
polls AS (
    SELECT
        *,
        outcome IN ('fetched', 'unchanged') AS answered,
        outcome = 'fetched' AND warc_file IS NOT NULL AS brought,
        -- Only where each hop says that it is for good (RFC 9110, 15.4.2 and 15.4.9).
        len(redirects) > 0 AND len(list_filter(redirects, lambda hop: hop.status NOT IN (301, 308))) = 0 AS moved
    FROM asked, last
    -- One that was not sent because its host had asked for a pause is no poll.
    WHERE NOT (outcome = 'rate_limited' AND attempts = 0) AND requested_at > since
),
marked AS (
    SELECT *, max(requested_at) FILTER (answered) OVER (PARTITION BY source_id, purpose, url) AS answered_at FROM polls
),
board AS (
    SELECT
        source_id,
        purpose,
        url,
        arg_max(outcome, requested_at) AS last_outcome,
        count(*) FILTER (answered_at IS NULL OR requested_at > answered_at) AS failures,
        arg_max_null(CASE WHEN moved THEN final_url END, requested_at) FILTER (answered) AS moved_to,
        max(requested_at) AS last_asked_at,
        max(requested_at) FILTER (answered) AS last_answered_at,
        max(requested_at) FILTER (brought) AS last_changed_at
    FROM marked
    GROUP BY source_id, purpose, url
)
SELECT
    source_id,
    purpose,
    url,
    CASE
        WHEN failures > 1 AND last_outcome = 'gone' THEN 'gone'
        WHEN failures > 1 THEN 'failing'
        WHEN moved_to IS NOT NULL THEN 'moved'
        ELSE 'well'
    END AS state,
    moved_to,
    last_outcome,
    failures,
    last_asked_at,
    last_answered_at,
    last_changed_at
FROM board
ORDER BY source_id, purpose, url
"""
"""A SELECT over `fetches` and `rejections`: one row a listing, over the thirty days before the newest exchange."""

LISTINGS_COLUMNS = {
    "source_id": "The publisher.",
    "purpose": "feed (lists of URLs as well), sitemap or page.",
    "url": "As asked for: what stands in the source file, a part of a sitemap, or a page of a feed.",
    "state": "well; moved: its last answer came from another address, for good; gone: 404 or 410, and failed before; "
    "failing: no answer that can be read, twice in a row and more.",
    "moved_to": "Where permanent redirects (301, 308) led the last time; NULL where they did not.",
    "last_outcome": "fetched, unchanged, gone, or the reason of the failure; of an answer that cannot be read, such as "
    "feed_is_html, as well.",
    "failures": "Polls in a row that failed, the last included.",
    "last_asked_at": "UTC.",
    "last_answered_at": "UTC, with something that can be read; NULL if it never was.",
    "last_changed_at": "When an answer last brought something else than the one before, UTC; NULL if none did.",
}
"""What the columns of `LISTINGS_SQL` mean."""
