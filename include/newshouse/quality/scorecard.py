"""The view `source_scorecard`: one row a source, what its last run gave and how complete it was."""

SOURCE_SCORECARD_SQL = """
WITH last_runs AS (
    SELECT source_id, arg_max(run_id, finished_at) AS run_id, max(finished_at) AS last_run_at
    FROM runs WHERE stage = 'discover' AND NOT starts_with(run_id, 'import-') GROUP BY source_id
),
funnel AS (
    SELECT
        source_id,
        sum(out_count) FILTER (stage = 'discover') AS discovered,
        sum(out_count) FILTER (stage = 'fetch') AS fetched,
        sum(out_count) FILTER (stage = 'parse') AS parsed,
        sum(out_count) FILTER (stage = 'validate') AS accepted,
        sum(out_count) FILTER (stage = 'load') AS loaded,
        sum(in_count) FILTER (stage = 'parse') AS pages
    FROM runs JOIN last_runs USING (source_id, run_id) GROUP BY source_id
),
dropped AS (
    SELECT
        source_id,
        count(*) FILTER (stage = 'validate') AS quarantined,
        mode(reasons[1]) AS main_reason
    FROM rejections JOIN last_runs USING (source_id, run_id) GROUP BY source_id
),
exchanges AS (
    SELECT source_id, count(*) FILTER (outcome NOT IN ('fetched', 'unchanged', 'gone')) / count(*) AS failed_share
    FROM fetches JOIN last_runs USING (source_id, run_id) GROUP BY source_id
),
written AS (
    SELECT
        source_id,
        count(*) AS articles,
        count(*) FILTER (first_seen_at > last_run_at - INTERVAL 24 HOURS) AS new_articles,
        date_diff('second', max(least(published_at, first_seen_at)), any_value(last_run_at)) / 3600 AS freshness_hours,
        1 - count(title) / count(*) AS title_null_rate,
        1 - count(published_at) / count(*) AS published_at_null_rate,
        count(*) FILTER (coalesce(len(authors), 0) = 0) / count(*) AS authors_null_rate
    FROM articles JOIN last_runs USING (source_id) GROUP BY source_id
)
SELECT
    source_id,
    run_id AS last_run_id,
    last_run_at,
    coalesce(discovered, 0)::BIGINT AS discovered,
    coalesce(fetched, 0)::BIGINT AS fetched,
    coalesce(parsed, 0)::BIGINT AS parsed,
    coalesce(quarantined, 0) AS quarantined,
    coalesce(accepted, 0)::BIGINT AS accepted,
    coalesce(loaded, 0)::BIGINT AS loaded,
    accepted / nullif(pages, 0) AS pass_rate,
    main_reason,
    failed_share AS failed_exchange_share,
    coalesce(articles, 0) AS articles,
    coalesce(new_articles, 0) AS new_articles,
    freshness_hours,
    title_null_rate,
    authors_null_rate,
    published_at_null_rate
FROM last_runs
LEFT JOIN funnel USING (source_id)
LEFT JOIN dropped USING (source_id)
LEFT JOIN exchanges USING (source_id)
LEFT JOIN written USING (source_id)
"""
"""A SELECT over the views `articles`, `rejections`, `runs` and `fetches`.

A run of `newshouse import` asked no publisher, and is nobody's last run.

Counts, `pass_rate` (accepted of pages that came to parse) and `main_reason` are of the source's last run;
`freshness_hours` is the age of the newest article at that run, `new_articles` those of its last 24 hours; null rates
are over all its articles. Shares are 0 to 1.
"""

SOURCE_SCORECARD_COLUMNS = {
    "source_id": "The publisher.",
    "last_run_id": "The last run that asked it.",
    "last_run_at": "When that run had read its feeds, UTC.",
    "discovered": "Addresses that this run found worth fetching.",
    "fetched": "Of these, fetched.",
    "parsed": "Of these, articles.",
    "quarantined": "Of these, kept out by a row rule.",
    "accepted": "Of the parsed, let in.",
    "loaded": "Of these, new or revised in the warehouse.",
    "pass_rate": "Accepted of the pages that came to parse.",
    "main_reason": "The most frequent reason for which something was dropped in that run.",
    "failed_exchange_share": "Exchanges of that run that ended neither with a page nor with unchanged or gone.",
    "articles": "All its articles.",
    "new_articles": "First seen in the 24 hours before that run.",
    "freshness_hours": "Age of its newest article at that run.",
    "title_null_rate": "Of all its articles, those without a headline.",
    "authors_null_rate": "Of all its articles, those without an author.",
    "published_at_null_rate": "Of all its articles, those without a publication date.",
}
"""What its columns mean."""
