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
    running = not decision.ended.is_set()
    edition = ask.dashboard.published.edition()  # after that look: it ends when the edition with its outcome is open
    rows = [{**row, "said": _said(decision, row, running)} for row in _rows(edition, decision.ids)]
    doing = _DOES[decision.action]
    return ask.page("decision.html", "rejections", doing, decision=decision, running=running, rows=rows, doing=doing)


def _said(decision: Decision, row: Row, running: bool) -> str:
    """What became of one row, in a sentence."""
    said = decision.outcomes.get(row["rejection_id"])
    if said is None:
        return "waiting" if running else "nothing was done"
    if said["error"]:
        return f"nothing was done: {said['error']}"
    if said["reasons"]:
        return f"still rejected: {', '.join(said['reasons'])}"
    where = "it is being published" if running else "it is in articles now"
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
        WITH newest AS (
            SELECT url_key, arg_max(rejection_id, rejected_at) AS newest_id FROM rejections GROUP BY url_key
        )
        SELECT
            rejection_id, url, url_key, source_id, reasons, article_id, coalesce(newest_id, rejection_id) AS newest_id
        FROM rejections LEFT JOIN newest USING (url_key)
        WHERE list_contains($ids, rejection_id) ORDER BY rejected_at DESC, rejection_id
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
