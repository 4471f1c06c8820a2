-- The last word on each URL key. Validators come from the last exchange that brought a body: a 304 or a failure
-- says nothing new about it, and an older one would ask for a version that is not the one we hold.
WITH exchanges AS (
    SELECT
        url_key,
        arg_max({'url': url, 'source_id': source_id, 'outcome': outcome}, requested_at) AS latest,
        min(requested_at) AS first_tried_at,
        max(requested_at) AS last_fetched_at,
        max(requested_at) FILTER (outcome IN ('fetched', 'unchanged', 'gone')) AS last_seen_at,
        arg_max({'etag': etag, 'last_modified': last_modified, 'url': final_url}, requested_at)
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
-- The article whose own address it is, by its id (`ids.article_id`); else one that was listed under it.
own AS (
    SELECT url_key, article_id, articles.first_seen_at
    FROM met JOIN articles ON article_id = left(sha256('article' || chr(31) || url_key), 32)
),
listed AS (
    SELECT url_key, article_id, first_seen_at
    FROM (SELECT url, url_key FROM fetches UNION ALL SELECT url, url_key FROM drops)
    ANTI JOIN own USING (url_key)
    JOIN articles USING (url)
    QUALIFY row_number() OVER (PARTITION BY url_key ORDER BY first_seen_at DESC, article_id) = 1
),
led_to AS (FROM own UNION ALL FROM listed)
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
    body.url AS validated_url
FROM met
LEFT JOIN led_to USING (url_key)
ORDER BY url_key
