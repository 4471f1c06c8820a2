-- Counted once after each publish, so that no page has to scan the articles. Days and hours are UTC.

-- What arrived: by the day of the first capture.
CREATE TABLE memory.arrivals AS
SELECT
    source_id,
    (first_seen_at AT TIME ZONE 'UTC')::DATE AS day,
    count(*) AS articles,
    count(*) - count(title) AS untitled,
    count(*) FILTER (coalesce(len(authors), 0) = 0) AS unsigned,
    count(*) - count(published_at) AS undated,
    count(duplicate_of) AS copies,
    sum(word_count)::BIGINT AS words,
    quantile_cont(word_count, 0.5) AS median_words,
    max(least(published_at, first_seen_at)) AS newest_at
FROM articles
GROUP BY ALL;

-- When it was published, and how long it then took to be seen first; a date after the capture counts as the capture.
-- What was out before the source was asked at all says nothing about how soon it is read.
CREATE TABLE memory.publications AS
SELECT
    source_id,
    (least(published_at, first_seen_at) AT TIME ZONE 'UTC')::DATE AS day,
    hour(least(published_at, first_seen_at) AT TIME ZONE 'UTC') AS hour,
    count(*) AS articles,
    median(greatest(epoch(first_seen_at - published_at), 0) / 3600) FILTER (published_at >= asked_since) AS delay_hours
FROM (SELECT *, min(first_seen_at) OVER (PARTITION BY source_id) AS asked_since FROM articles)
WHERE published_at IS NOT NULL AND published_at_precision IN ('second', 'minute', 'hour')
GROUP BY ALL;

-- Where an article stands in a list by time: where it has no date, when it was first seen.
CREATE TABLE memory.placed AS
SELECT
    source_id,
    language,
    (coalesce(published_at, first_seen_at) AT TIME ZONE 'UTC')::DATE AS day,
    count(*) AS articles,
    count(duplicate_of) AS copies
FROM articles
GROUP BY ALL;

-- How the pages of a day are made: where the mix turns, the layout changed.
CREATE TABLE memory.templates AS
SELECT
    source_id,
    (first_seen_at AT TIME ZONE 'UTC')::DATE AS day,
    coalesce(template, 'not read from mark-up') AS template,
    count(*) AS articles
FROM articles
GROUP BY ALL;

CREATE TABLE memory.drops AS
SELECT
    run_id,
    source_id,
    (rejected_at AT TIME ZONE 'UTC')::DATE AS day,
    stage,
    reasons[1] AS reason,
    count(*) AS pages,
    count(released_at) AS released
FROM rejections
GROUP BY ALL;

CREATE TABLE memory.stages AS
SELECT
    run_id, stage, batch, source_id, in_count, out_count, duplicate_count, rejected_count, bytes, seconds, finished_at, task_log,
    (finished_at AT TIME ZONE 'UTC')::DATE AS day,
    stage = 'discover' AND NOT starts_with(run_id, 'import-') AS looked -- an import asks no publisher
FROM runs;

CREATE TABLE memory.exchanges AS
SELECT
    source_id,
    (requested_at AT TIME ZONE 'UTC')::DATE AS day,
    outcome,
    count(*) AS exchanges,
    coalesce(sum(body_bytes), 0)::BIGINT AS bytes,
    sum(duration_seconds) AS seconds
FROM fetches
GROUP BY ALL;

CREATE TABLE memory.verdicts AS
SELECT
    source_id, suite, check_name, severity, status, value, threshold, failed_count, row_count, detail, run_id, batch,
    checked_at, (checked_at AT TIME ZONE 'UTC')::DATE AS day
FROM checks;

CREATE TABLE memory.scorecard AS FROM source_scorecard;
