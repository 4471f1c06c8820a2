-- The last word on each URL key. Validators come from the last exchange that brought a body: a 304 or a failure
-- says nothing new about it, and an older one would ask for a version that is not the one we hold.
WITH exchanges AS (
    SELECT
        url_key,
        arg_max({'url': url, 'source_id': source_id, 'outcome': outcome}, requested_at) AS latest,
        min(requested_at) AS first_tried_at,
        max(requested_at) AS last_fetched_at,
        max(requested_at) FILTER (outcome IN ('fetched', 'unchanged', 'gone')) AS last_seen_at,
        arg_max({
            'etag': etag, 'last_modified': last_modified, 'payload_digest': payload_digest,
            'warc_file': warc_file, 'warc_offset': warc_offset, 'warc_length': warc_length
        }, requested_at)
            FILTER (outcome = 'fetched' OR (outcome = 'unchanged' AND status = 200)) AS body
    FROM fetches
    GROUP BY url_key
),
-- Put off by every run so far: nothing was asked, so there is no exchange.
waiting AS (
    SELECT
        url_key,
        arg_max({'url': url, 'source_id': source_id, 'outcome': 'over_budget'}, rejected_at) AS latest,
        min(rejected_at) AS first_tried_at,
        max(rejected_at) AS last_fetched_at
    FROM drops ANTI JOIN fetches USING (url_key)
    WHERE reasons[1] IN ('over_budget', 'host_over_budget')
    GROUP BY url_key
),
met AS (FROM exchanges UNION ALL BY NAME FROM waiting),
-- An address may be an article's own and have led to another one before: its own counts.
led_to AS (
    SELECT * FROM articles
    QUALIFY row_number() OVER (PARTITION BY url_key ORDER BY own DESC, first_seen_at DESC, article_id) = 1
)
SELECT
    latest.url AS url,
    url_key,
    latest.source_id AS source_id,
    led_to.article_id,
    least(first_tried_at, led_to.first_seen_at) AS first_seen_at,
    last_fetched_at,
    latest.outcome AS last_outcome,
    last_seen_at,
    body.etag AS etag,
    body.last_modified AS last_modified,
    body.payload_digest AS payload_digest,
    body.warc_file AS warc_file,
    body.warc_offset AS warc_offset,
    body.warc_length AS warc_length
FROM met
LEFT JOIN led_to USING (url_key)
ORDER BY url_key
