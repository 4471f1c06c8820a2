"""The page of the console, and what its script asks for."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, Field

from newshouse.dashboard.console import saved, schema
from newshouse.dashboard.console.pool import FILE_SECONDS, GRID_SECONDS, BusyError, Pool, QueryError
from newshouse.dashboard.defence import HEADER, check_csrf
from newshouse.dashboard.frame import Actor, Ask, House

router = APIRouter()
_MOST_CHARACTERS = 100_000
_KINDS = {"csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]


class RunOrder(BaseModel):
    """A query for the grid. `name` is made by the page, to stop the query by."""

    query: Annotated[str, Field(max_length=_MOST_CHARACTERS)]
    name: Name


class SaveOrder(BaseModel):
    """A query to keep, and its name."""

    query: str
    name: str


class ForgetOrder(BaseModel):
    """The name of the query to forget."""

    name: str


class StopOrder(BaseModel):
    """The name of the query to stop."""

    name: Name


def _from_our_page(request: Request) -> None:
    check_csrf(request, request.headers.get(HEADER, ""))


def _pool(request: Request) -> Pool:
    pool: Pool = request.app.state.pool
    return pool


Workers = Annotated[Pool, Depends(_pool)]


@router.get("/sql")
def page(ask: Ask, pool: Workers) -> Response:
    """The console."""
    pool.warm()
    return ask.page(
        "sql.html",
        "sql",
        "SQL",
        tables=schema.tables(ask.edition),
        examples=schema.examples((ask.edition.looked_at or ask.now).date()),
        saved=saved.read(ask.dashboard.layout.queries),
        seconds=GRID_SECONDS,
        file_seconds=FILE_SECONDS,
    )


@router.post("/sql/run", dependencies=[Depends(_from_our_page)])
def run(order: RunOrder, pool: Workers) -> Response:
    """The first rows of a result."""
    began = time.monotonic()
    try:
        answer = json.loads(b"".join(pool.ask(order.name, order.query, "grid")))
    except QueryError as error:
        return _refusal(error)
    finally:
        pool.warm()
    answer["seconds"] = round(time.monotonic() - began, 3)
    return JSONResponse(answer)


@router.post("/sql/stop", dependencies=[Depends(_from_our_page)])
def stop(order: StopOrder, pool: Workers) -> Response:
    """End a query."""
    return JSONResponse({"stopped": pool.stop(order.name)})


@router.post("/sql/download")
def download(
    request: Request,
    pool: Workers,
    query: Annotated[str, Form(max_length=_MOST_CHARACTERS)],
    form: Annotated[str, Form()],
    csrf: Annotated[str, Form()] = "",
    name: Annotated[str, Form(pattern=r"^[A-Za-z0-9-]{1,64}$")] = "download",
) -> Response:
    """The whole result as a file. If it breaks off, so does the download: never a part that looks like the whole."""
    check_csrf(request, csrf)
    if form not in _KINDS:
        raise HTTPException(400, f"form={form!r}: csv or parquet")
    try:
        pieces = pool.ask(name, query, form)
    except QueryError as error:
        return _refusal(error)
    headers = {"Content-Disposition": f'attachment; filename="newshouse.{form}"'}
    return StreamingResponse(_whole(pieces), media_type=_KINDS[form], headers=headers)


@router.post("/sql/save", dependencies=[Depends(_from_our_page)])
def save(order: SaveOrder, house: House, who: Actor) -> Response:
    """Keep a query for all readers."""
    return _saved(saved.save(house.layout.queries, order.name, order.query, who=who, now=house.now()))


@router.post("/sql/forget", dependencies=[Depends(_from_our_page)])
def forget(order: ForgetOrder, house: House, _who: Actor) -> Response:
    """Drop a query that was kept."""
    return _saved(saved.forget(house.layout.queries, order.name))


def _saved(queries: list[saved.SavedQuery]) -> Response:
    return JSONResponse({"queries": [asdict(one) for one in queries]})


def _whole(pieces: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from pieces
    finally:
        close: Any = getattr(pieces, "close", None)
        if close:
            close()  # the reader has gone: end the query


def _refusal(error: QueryError) -> Response:
    return JSONResponse({"error": str(error)}, 429 if isinstance(error, BusyError) else 400)
