-- What an analyst asks first. Days are UTC days of published_at; articles without a date are in no day.

CREATE VIEW daily_counts AS
SELECT
    -- A day of UTC by arithmetic: AT TIME ZONE asks the library of time zones for every row, and takes half of the time.
    DATE '1970-01-01' + floor(epoch_us(published_at) / 86400000000)::INTEGER AS day,
    source_id,
    count(*) AS articles,
    count(duplicate_of) AS copies,
    sum(word_count)::BIGINT AS words
FROM articles
WHERE published_at IS NOT NULL
GROUP BY ALL;
COMMENT ON VIEW daily_counts IS 'Articles a UTC day of publication and source; copies are those whose body appeared before.';
COMMENT ON COLUMN daily_counts.day IS 'UTC day of publication.';
COMMENT ON COLUMN daily_counts.source_id IS 'The publisher.';
COMMENT ON COLUMN daily_counts.articles IS 'Articles, copies included.';
COMMENT ON COLUMN daily_counts.copies IS 'Articles whose body appeared before, at this or another publisher.';
COMMENT ON COLUMN daily_counts.words IS 'Words of all bodies.';

CREATE VIEW authors AS
SELECT
    trim(author.name) AS name,
    author.role AS role,
    author.organisation AS organisation,
    article_id,
    source_id,
    title,
    section,
    language,
    published_at,
    word_count,
    duplicate_of
FROM (SELECT *, unnest(authors) AS author FROM articles)
WHERE trim(author.name) <> '';
COMMENT ON VIEW authors IS 'One row an author and article. People are told apart by name only: two of one name are one here. Desks, houses and agencies are in articles.credit.';
COMMENT ON COLUMN authors.name IS 'The author as the page names him or her.';
COMMENT ON COLUMN authors.role IS 'Reporter, photographer, …, when the page says so.';
COMMENT ON COLUMN authors.organisation IS 'Who the author works for, when the page says so.';
COMMENT ON COLUMN authors.article_id IS 'The article.';
COMMENT ON COLUMN authors.source_id IS 'The publisher.';
COMMENT ON COLUMN authors.title IS 'Headline of the article.';
COMMENT ON COLUMN authors.section IS 'Section as the publisher names it.';
COMMENT ON COLUMN authors.language IS 'ISO 639-1 code.';
COMMENT ON COLUMN authors.published_at IS 'First publication, UTC.';
COMMENT ON COLUMN authors.word_count IS 'Words of the body.';
COMMENT ON COLUMN authors.duplicate_of IS 'article_id of the first article with the same body; NULL for originals.';

CREATE VIEW author_counts AS
SELECT
    name,
    source_id,
    count(*) AS articles,
    count(*) FILTER (duplicate_of IS NULL) AS originals,
    sum(word_count)::BIGINT AS words,
    min(published_at) AS first_published_at,
    max(published_at) AS last_published_at
FROM authors
GROUP BY name, source_id;
COMMENT ON VIEW author_counts IS 'One row an author and source: how much, and from when to when.';
COMMENT ON COLUMN author_counts.name IS 'The author as the page names him or her.';
COMMENT ON COLUMN author_counts.source_id IS 'The publisher.';
COMMENT ON COLUMN author_counts.articles IS 'Articles, copies included.';
COMMENT ON COLUMN author_counts.originals IS 'Articles whose body did not appear before.';
COMMENT ON COLUMN author_counts.words IS 'Words of all bodies.';
COMMENT ON COLUMN author_counts.first_published_at IS 'Of the oldest dated article, UTC.';
COMMENT ON COLUMN author_counts.last_published_at IS 'Of the newest dated article, UTC.';

CREATE MACRO articles_on(day) AS TABLE
SELECT * FROM articles
WHERE published_at >= (day::DATE)::TIMESTAMP AT TIME ZONE 'UTC'
    AND published_at < ((day::DATE) + 1)::TIMESTAMP AT TIME ZONE 'UTC'
ORDER BY published_at, article_id;
COMMENT ON MACRO TABLE articles_on IS 'Articles published on a UTC day: FROM articles_on(''2026-11-23'').';

CREATE MACRO search(words) AS TABLE
SELECT
    regexp_matches(coalesce(title, ''), regexp_escape(words), 'i') AS in_title,
    *
FROM articles
WHERE regexp_matches(coalesce(title, ''), regexp_escape(words), 'i') OR regexp_matches(body, regexp_escape(words), 'i')
ORDER BY in_title DESC, published_at DESC NULLS LAST, article_id;
COMMENT ON MACRO TABLE search IS 'Articles with these very words in title or body, whatever the case: FROM search(''nuclear talks''). It reads every body that the WHERE of your query leaves; `newshouse search` asks an index instead.';

CREATE MACRO story(id) AS TABLE
-- Not one condition with OR: that reads all columns of all articles.
SELECT * FROM articles WHERE story_id = id
UNION ALL
SELECT * FROM articles
WHERE story_id = (SELECT told.story_id FROM articles AS told WHERE told.article_id = id) AND story_id <> id
ORDER BY published_at, article_id;
COMMENT ON MACRO TABLE story IS 'All articles that tell the story of this article or story id, oldest first.';

COMMENT ON MACRO TABLE revisions_of IS 'Every version of one article, in the order of time.';

-- Words of headlines, each once an article; copies do not count, or one wire story would be a trend by itself.
-- Chinese and Japanese write no spaces: there, pairs of neighbouring characters stand for words.
-- Both halves name the table: what they shared would be made first, of the headlines of all months.
CREATE VIEW headline_words AS
SELECT article_id, source_id, language, published_at, title, term
FROM (
    SELECT
        article_id, source_id, language, published_at, title,
        unnest(list_distinct(regexp_extract_all(lower(title), '[\p{L}\p{M}\p{N}]{3,}'))) AS term
    FROM articles
    WHERE duplicate_of IS NULL AND published_at IS NOT NULL
        AND NOT regexp_matches(title, '[\p{Han}\p{Hiragana}\p{Katakana}]')
    UNION ALL
    SELECT DISTINCT
        article_id, source_id, language, published_at, title,
        CASE WHEN place = 0 THEN run ELSE substr(run, place, 2) END AS term
    FROM (
        SELECT
            *,
            unnest(CASE
                WHEN regexp_matches(run, '[\p{Han}\p{Hiragana}\p{Katakana}]') THEN range(1, length(run))
                WHEN length(run) > 2 THEN [0]
            END) AS place
        FROM (
            SELECT
                article_id, source_id, language, published_at, title,
                unnest(regexp_extract_all(lower(title), '[\p{L}\p{M}\p{N}]+')) AS run
            FROM articles
            WHERE duplicate_of IS NULL AND published_at IS NOT NULL
                AND regexp_matches(title, '[\p{Han}\p{Hiragana}\p{Katakana}]')
        )
    )
)
WHERE regexp_matches(term, '\P{N}');
COMMENT ON VIEW headline_words IS 'One row an article and word of its headline, copies left out; of Chinese and Japanese, pairs of characters.';
COMMENT ON COLUMN headline_words.article_id IS 'The article.';
COMMENT ON COLUMN headline_words.source_id IS 'The publisher.';
COMMENT ON COLUMN headline_words.language IS 'ISO 639-1 code.';
COMMENT ON COLUMN headline_words.published_at IS 'First publication, UTC.';
COMMENT ON COLUMN headline_words.title IS 'The headline.';
COMMENT ON COLUMN headline_words.term IS 'The word, in lower case.';

CREATE MACRO trending(day, window_days := 1, baseline_days := 28) AS TABLE
-- Constants, where a table of bounds would be joined: they go down to the scan, which skips all other months.
WITH said AS (
    SELECT *, published_at >= ((day::DATE) + 1 - window_days)::TIMESTAMP AT TIME ZONE 'UTC' AS is_new
    FROM headline_words
    WHERE published_at >= ((day::DATE) + 1 - window_days - baseline_days)::TIMESTAMP AT TIME ZONE 'UTC'
        AND published_at < ((day::DATE) + 1)::TIMESTAMP AT TIME ZONE 'UTC'
),
volume AS (
    SELECT
        language,
        count(DISTINCT article_id) FILTER (is_new) AS of_window,
        count(DISTINCT article_id) FILTER (NOT is_new) AS of_baseline
    FROM said GROUP BY language
),
counted AS (
    SELECT
        term,
        language,
        count(*) FILTER (is_new) AS articles,
        count(DISTINCT source_id) FILTER (is_new) AS sources,
        count(*) FILTER (NOT is_new) AS before,
        arg_max(title, (published_at, article_id)) FILTER (is_new) AS example
    FROM said GROUP BY term, language
)
SELECT
    term,
    c.language,
    articles,
    sources,
    -- Half an article more than counted: a word that was never said before is no certain nothing.
    (before + 0.5) * of_window / (of_baseline + 1) AS expected,
    articles / expected AS lift,
    (articles - expected) / sqrt(expected + 1) AS score,
    example
FROM counted AS c JOIN volume AS v ON v.language IS NOT DISTINCT FROM c.language
WHERE articles >= 2 AND articles > expected
ORDER BY score DESC, articles DESC, term;
COMMENT ON MACRO TABLE trending IS 'Words of headlines that were said more often in the window_days up to a UTC day than in the baseline_days before, as their language had articles then: FROM trending(''2026-11-23'', window_days := 3). score is how far beyond chance; expected is the count that the baseline would give.';
