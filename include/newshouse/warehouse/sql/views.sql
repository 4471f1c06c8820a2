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
SELECT * FROM revisions WHERE article_id = id ORDER BY fetched_at, revision;
COMMENT ON MACRO TABLE revisions_of IS 'Every version of one article, in the order of time.';
