"""Release, read again or discard what was kept out: one row from its page, or those that are ticked in the list."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import RedirectResponse, Response

from newshouse.dashboard.decisions import MOST_ROWS, Decision, TooManyError
from newshouse.dashboard.defence import check_csrf
from newshouse.dashboard.frame import Actor, Ask
from newshouse.dashboard.pages.rejections import article_of
from newshouse.dashboard.published import Edition
from newshouse.dashboard.table import Row
from newshouse.dashboard.writing import words
from newshouse.errors import ConfigError
from newshouse.quality.quarantine import ACTIONS

router = APIRouter()
_MOST_WHY = 500  # characters
_DOES = {"release": "Releasing", "reparse": "Reading again", "discard": "Discarding"}


@router.get("/decisions")
def waiting() -> Response:
    """For whoever loads the address of the form again: what is still to be decided on."""
    return RedirectResponse("./rejections?decided=no", 303)


@router.post("/decisions")
def decide(
    ask: Ask,
    who: Actor,
    action: Annotated[str, Form()],
    chosen: Annotated[list[str] | None, Form(alias="id")] = None,
    csrf: Annotated[str, Form()] = "",
    why: Annotated[str, Form(max_length=_MOST_WHY)] = "",
) -> Response:
    """Begin it, and send the reader to where its outcome stands."""
    check_csrf(ask.request, csrf)
    ids = list(dict.fromkeys(chosen or ()))
    wanted = next((known for known in ACTIONS if known == action), None)
    if wanted is None:
        raise HTTPException(400, f"action={action!r}: {', '.join(ACTIONS)}")
    if not 1 <= len(ids) <= MOST_ROWS:
        raise ConfigError(f"{len(ids)} rows are ticked. Tick 1 to {MOST_ROWS}.")
    if wanted != "reparse" and not why.strip():
        raise ConfigError(f"Why {action}? Give a reason, for others and for later.")
    if len(_rows(ask.edition, ids)) < len(ids):
        raise HTTPException(404, "no such rejection")
    try:
        name = ask.dashboard.decisions.begin(wanted, ids, who, why.strip())
    except TooManyError as error:
        raise HTTPException(429, str(error)) from error
    return RedirectResponse(f"./decisions/{name}", 303)


@router.get("/decisions/{name}")
def outcome(ask: Ask, name: str) -> Response:
    """How far it is, and what became of each row."""
    decision = ask.dashboard.decisions.get(name)
    if decision is None:
        raise HTTPException(404, "nothing is known of this decision here any more; the page of each row says what was "
                                 "decided on it")  # fmt: skip
    if not decision.running:
        ask.dashboard.published.renew()
    edition = ask.dashboard.published.edition()
    found = edition.once(("decision", decision.ids), lambda: _rows(edition, decision.ids))
    rows = [{**row, "said": _said(decision, row)} for row in found]
    doing = _DOES[decision.action]
    return ask.page("decision.html", "rejections", doing, decision=decision, rows=rows, doing=doing)


def _said(decision: Decision, row: Row) -> str:
    """What became of one row, in a sentence."""
    said = decision.outcomes.get(row["rejection_id"])
    if said is None:
        return "waiting" if decision.running else "nothing was done"
    if said["error"]:
        return f"nothing was done: {said['error']}"
    if said["reasons"]:
        return f"still rejected: {', '.join(map(words, said['reasons']))}"
    where = "it is in articles now"
    if decision.running or decision.problem:
        where = "it is being published" if decision.running else "it is not published yet"
    sentences = {
        "released": f"released: {where}",
        "reparsed": f"read again: {where}",
        "discarded": "discarded: it stays out",
    }
    return sentences.get(said["resolution"], str(said["resolution"]))


def _rows(edition: Edition, ids: tuple[str, ...] | list[str]) -> list[Row]:
    """The rows, each with its article where it has become one, and with the newest rejection of its page."""
    rows = edition.rows(
        """
        WITH chosen AS (
            SELECT rejection_id, url, url_key, source_id, reasons, article_id, rejected_at
            FROM rejections SEMI JOIN (SELECT unnest($ids) AS rejection_id) USING (rejection_id)
        ),
        newest AS (
            SELECT url_key, arg_max(rejection_id, rejected_at) AS newest_id
            FROM rejections SEMI JOIN chosen USING (url_key) GROUP BY url_key
        )
        SELECT chosen.*, coalesce(newest_id, rejection_id) AS newest_id
        FROM chosen LEFT JOIN newest USING (url_key) ORDER BY rejected_at DESC, rejection_id
        """,
        {"ids": list(ids)},
    )
    wanted = [article_of(row) for row in rows]
    query = "SELECT article_id, title FROM articles SEMI JOIN (SELECT unnest($ids) AS article_id) USING (article_id)"
    titles = {row["article_id"]: row["title"] for row in edition.rows(query, {"ids": wanted})}
    return [
        {**row, "article_id": id_ if id_ in titles else None, "title": titles.get(id_)}
        for row, id_ in zip(rows, wanted, strict=True)
    ]
