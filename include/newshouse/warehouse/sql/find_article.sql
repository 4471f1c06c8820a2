-- By whole id first; an address or the beginning of an id only counts where no id fits.
SELECT * EXCLUDE (fit)
FROM (
    SELECT
        *,
        CASE
            WHEN article_id IN ($wanted, $id) THEN 1
            WHEN $wanted IN (url, final_url, canonical_url) THEN 2
            WHEN starts_with(article_id, $wanted) THEN 3
        END AS fit
    FROM articles
)
WHERE fit IS NOT NULL
QUALIFY fit = min(fit) OVER ()
ORDER BY article_id
