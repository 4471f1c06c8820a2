-- An address first; the beginning of an id only counts where none fits.
SELECT article_id, title
FROM (
    SELECT
        article_id,
        title,
        CASE
            WHEN $wanted IN (url, final_url, canonical_url) THEN 1
            WHEN starts_with(article_id, $wanted) THEN 2
        END AS fit
    FROM articles
)
WHERE fit IS NOT NULL
QUALIFY fit = min(fit) OVER ()
ORDER BY article_id
