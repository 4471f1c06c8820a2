-- What an analyst asks first. Days are UTC days of published_at; articles without a date are in no day.

CREATE VIEW daily_counts AS
SELECT
    (published_at AT TIME ZONE 'UTC')::DATE AS day,
    source_id,
    count(*) AS articles,
    count(duplicate_of) AS copies,
    sum(word_count)::BIGINT AS words
FROM articles
WHERE published_at IS NOT NULL
GROUP BY ALL;
COMMENT ON VIEW daily_counts IS 'Articles a UTC day of publication and source; copies are those whose body appeared before.';

CREATE VIEW source_scorecard AS
WITH written AS (
    SELECT
        source_id,
        count(*) AS articles,
        max(published_at) AS latest_published_at,
        max(fetched_at) AS latest_fetched_at,
        avg((title IS NOT NULL)::INT) AS with_title,
        avg((published_at IS NOT NULL)::INT) AS with_date,
        avg((len(authors) > 0)::INT) AS with_author,
        avg((len(quality_flags) > 0)::INT) AS flagged,
        avg((duplicate_of IS NOT NULL)::INT) AS copies,
        avg((vanished_at IS NOT NULL)::INT) AS vanished,
        avg((revision > 1)::INT) AS revised
    FROM articles
    GROUP BY source_id
),
dropped AS (
    SELECT source_id, count(*) AS rejections FROM rejections WHERE released_at IS NULL GROUP BY source_id
),
asked AS (
    SELECT
        source_id,
        count(*) AS exchanges,
        avg((outcome NOT IN ('fetched', 'unchanged', 'gone'))::INT) AS failed_exchanges
    FROM fetches
    GROUP BY source_id
)
SELECT
    source_id,
    sources.name,
    coalesce(articles, 0) AS articles,
    latest_published_at,
    latest_fetched_at,
    with_title,
    with_date,
    with_author,
    flagged,
    copies,
    vanished,
    revised,
    coalesce(rejections, 0) AS rejections,
    coalesce(exchanges, 0) AS exchanges,
    failed_exchanges
FROM written
FULL JOIN dropped USING (source_id)
FULL JOIN asked USING (source_id)
LEFT JOIN sources ON sources.id = source_id;
COMMENT ON VIEW source_scorecard IS 'One row a source: how much there is, how fresh and how whole. Shares are 0 to 1.';

CREATE MACRO articles_on(day) AS TABLE
SELECT * FROM articles
WHERE published_at >= (day::DATE)::TIMESTAMP AT TIME ZONE 'UTC'
    AND published_at < ((day::DATE) + 1)::TIMESTAMP AT TIME ZONE 'UTC'
ORDER BY published_at, article_id;
COMMENT ON MACRO TABLE articles_on IS 'Articles published on a UTC day: FROM articles_on(''2026-11-23'').';

CREATE MACRO story(id) AS TABLE
SELECT * FROM articles
WHERE story_id = id OR story_id IN (SELECT told.story_id FROM articles AS told WHERE told.article_id = id)
ORDER BY published_at, article_id;
COMMENT ON MACRO TABLE story IS 'All articles that tell the story of this article or story id, oldest first.';

CREATE MACRO revisions_of(id) AS TABLE
SELECT * FROM revisions WHERE article_id = id ORDER BY revision;
COMMENT ON MACRO TABLE revisions_of IS 'Every version of one article, first to latest.';
