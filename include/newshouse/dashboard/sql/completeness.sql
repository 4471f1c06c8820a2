SELECT
    day,
    sum(articles)::BIGINT AS articles,
    sum(untitled) / sum(articles) AS untitled,
    sum(unsigned) / sum(articles) AS unsigned,
    sum(undated) / sum(articles) AS undated,
    sum(words) / sum(articles) AS words
FROM memory.arrivals
WHERE day BETWEEN $first AND $last AND (len($sources) = 0 OR list_contains($sources, source_id))
GROUP BY ALL
ORDER BY day
