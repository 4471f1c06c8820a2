-- Articles a day
SELECT day, sum(articles) AS articles, sum(copies) AS copies
FROM daily_counts
GROUP BY day
ORDER BY day

-- Articles by source
SELECT source_id, count(*) AS articles, max(published_at) AS latest
FROM articles
GROUP BY ALL
ORDER BY articles DESC

-- One day
SELECT published_at, source_id, title, word_count
FROM articles_on('{day}')

-- Why pages were dropped
SELECT stage, reasons[1] AS reason, count(*) AS pages
FROM rejections
GROUP BY ALL
ORDER BY pages DESC

-- Articles that were changed
SELECT title, source_id, revision, fetched_at
FROM articles
WHERE revision > 1
ORDER BY fetched_at DESC

-- Stories told by several sources
SELECT story_id, count(*) AS articles, list(DISTINCT source_id) AS sources, any_value(title) AS title
FROM articles
WHERE story_id IS NOT NULL
GROUP BY story_id
HAVING len(sources) > 1
ORDER BY articles DESC

-- How hosts answer
FROM host_scoreboard

-- Failing checks
SELECT checked_at, source_id, check_name, value, threshold
FROM checks
WHERE status <> 'pass'
ORDER BY checked_at DESC
