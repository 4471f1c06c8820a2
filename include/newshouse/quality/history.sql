-- One row a source and day. Day 0 ends $now. A publication date after the capture counts as the capture: a date that
-- lies ahead is no news.
WITH polled AS (
    SELECT source_id, min(finished_at) AS first_polled_at
    FROM runs
    WHERE stage = 'discover' AND NOT starts_with(run_id, 'import-') -- an import asks nobody
    GROUP BY source_id
),
dated AS (
    SELECT
        *,
        (epoch_us($now::TIMESTAMPTZ) - epoch_us(first_seen_at)) // 86400000000 AS day,
        published_at_precision IN ('second', 'minute', 'hour') AS has_time,
        arg_max(parser_version, first_seen_at) OVER (PARTITION BY source_id) AS newest_parser
    FROM articles LEFT JOIN polled USING (source_id)
    WHERE first_seen_at <= $now::TIMESTAMPTZ
),
seen AS (
    SELECT
        source_id,
        day,
        count(*) AS articles,
        [
            count(*) - count(title),
            count(*) FILTER (coalesce(len(authors), 0) = 0),
            count(*) - count(published_at)
        ] AS absent,
        [
            count(subtitle),
            count(section),
            count(*) FILTER (len(tags) > 0),
            count(byline),
            count(modified_at),
            count(*) FILTER (len(media) > 0),
            count(canonical_url),
            count(language)
        ] AS filled,
        count(duplicate_of) AS copies,
        count(*) FILTER (published_at > first_seen_at + INTERVAL 1 HOUR) AS ahead,
        median(word_count)::DOUBLE AS words,
        quantile_cont((epoch_us(first_seen_at) - epoch_us(published_at)) / 3600e6, [0.1, 0.5, 0.9])
            FILTER (has_time) AS lag_hours,
        -- What was out before anybody asked came late by no fault of ours.
        median(epoch_us(published_at)) FILTER (published_at > first_polled_at) AS middle_us,
        histogram(coalesce(published_at_utc_offset_min::VARCHAR, 'none')) FILTER (has_time) AS offsets,
        [
            histogram(field_origin['title']) FILTER (field_origin['title'] IS NOT NULL),
            histogram(field_origin['authors']) FILTER (field_origin['authors'] IS NOT NULL),
            histogram(field_origin['published_at']) FILTER (field_origin['published_at'] IS NOT NULL),
            histogram(field_origin['body']) FILTER (field_origin['body'] IS NOT NULL)
        ] AS origins,
        histogram(md5(concat(extractor, field_origin::VARCHAR))) AS provenances,
        histogram(template) FILTER (template IS NOT NULL AND parser_version IS NOT DISTINCT FROM newest_parser) AS templates,
        histogram(section) FILTER (section IS NOT NULL) AS sections,
        min(epoch_us($now::TIMESTAMPTZ) - epoch_us(least(published_at, first_seen_at))) / 3600e6 AS newest_hours_ago
    FROM dated
    GROUP BY source_id, day
),
looked AS (
    SELECT
        source_id,
        (epoch_us($now::TIMESTAMPTZ) - epoch_us(finished_at)) // 86400000000 AS day,
        count(*) FILTER (stage = 'discover' AND NOT starts_with(run_id, 'import-')) AS looks,
        max(finished_at) FILTER (stage = 'load') AS loaded_at,
        coalesce(sum(in_count) FILTER (stage = 'parse'), 0)::BIGINT AS pages,
        coalesce(sum(rejected_count) FILTER (stage IN ('parse', 'validate')), 0)::BIGINT AS rejected,
        coalesce(
            sum(list_sum([reasons[name] FOR name IN $empty])) FILTER (stage IN ('parse', 'validate')), 0
        )::BIGINT AS empty,
        coalesce(
            sum(list_sum([reasons[name] FOR name IN $paywalled])) FILTER (stage IN ('parse', 'validate')), 0
        )::BIGINT AS paywalled
    FROM runs
    WHERE finished_at <= $now::TIMESTAMPTZ
    GROUP BY ALL
)
SELECT
    source_id,
    day,
    coalesce(looks, 0) AS looks,
    coalesce(articles, 0) AS articles,
    absent,
    filled,
    coalesce(copies, 0) AS copies,
    coalesce(ahead, 0) AS ahead,
    words,
    lag_hours,
    (epoch_us(loaded_at) - middle_us) / 3600e6 AS loaded_hours,
    offsets,
    origins,
    provenances,
    templates,
    sections,
    coalesce(pages, 0) AS pages,
    coalesce(rejected, 0) AS rejected,
    coalesce(empty, 0) AS empty,
    coalesce(paywalled, 0) AS paywalled,
    newest_hours_ago
FROM seen FULL JOIN looked USING (source_id, day)
