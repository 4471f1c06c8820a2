"""`newshouse run`, one verb a stage, `load`, `publish` and `report`: the same functions that the DAGs call."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable

from newshouse.console.bars import watching
from newshouse.console.terminal import ERR, OUT
from newshouse.console.verbs.grammar import Verbs, day_of, run_id, which_run
from newshouse.launcher.newsroom import sample_newsroom
from newshouse.layout import DataLayout
from newshouse.plan import Manifest
from newshouse.report import StageReport
from newshouse.settings import Settings
from newshouse.summary import summarise, tell

STAGES = ("discover", "fetch", "parse", "validate")


def register(verbs: Verbs) -> None:
    """Add the verbs of the corridor, in its order."""
    verbs.add("run", run, "the whole corridor in this process", [which_run()], begins=True)
    for name in STAGES:
        text, begins = f"the {name} stage of a run, all batches or one", name == "discover"
        command = verbs.add(name, stage, text, [which_run()], begins=begins)
        command.add_argument("--batch", help="only this batch")
    verbs.add("load", load, "commit the finished batches of a run to the warehouse", [which_run()])
    verbs.add("publish", publish, "write the DuckDB file over the committed tables, and the search index")
    verbs.add("report", report, "what a run did, source by source", [which_run()])


def planned(settings: Settings, run: str) -> Manifest:
    """What was planned; only `run` and `discover` plan, so that a mistyped run is an error and not a new run."""
    return Manifest.read(DataLayout(settings.data).run(run).manifest)


def run(arguments: argparse.Namespace, settings: Settings) -> int:
    """The whole corridor."""
    from newshouse import pipeline  # noqa: PLC0415 -- brings all rooms along

    wanted = run_id(arguments, settings)
    with sample_newsroom(settings, day_of(arguments, settings)) as reachable, watching(ERR) as watch:
        since = reachable.now()
        summary = pipeline.run(reachable, wanted, watch)
    return tell(summary, OUT, since, as_json=arguments.json)


def stage(arguments: argparse.Namespace, settings: Settings) -> int:
    """One stage, of one batch or all."""
    from newshouse import pipeline  # noqa: PLC0415 -- brings all rooms along

    act: Callable[..., StageReport] = getattr(pipeline, arguments.name)
    wanted = run_id(arguments, settings)
    if arguments.name != "discover":
        planned(settings, wanted)
    with sample_newsroom(settings, day_of(arguments, settings)) as reachable, watching(ERR) as watch:
        if arguments.name == "discover":
            pipeline.plan(reachable, wanted)
        manifest = planned(reachable, wanted)
        if arguments.batch:
            manifest.sources_of(arguments.batch)  # an error, if there is no such batch
        for batch in [arguments.batch] if arguments.batch else manifest.batches:
            name = f"{arguments.name} {batch}"
            _say(arguments, act(reachable, wanted, batch, watch(name)))
    return 0


def load(arguments: argparse.Namespace, settings: Settings) -> int:
    """The load of a run."""
    from newshouse import pipeline  # noqa: PLC0415 -- brings all rooms along

    wanted = run_id(arguments, settings)
    planned(settings, wanted)
    with sample_newsroom(settings, day_of(arguments, settings)) as reachable:
        _say(arguments, pipeline.load(reachable, wanted))
    return 0


def publish(arguments: argparse.Namespace, settings: Settings) -> int:
    """The database, and the search index."""
    from newshouse import pipeline  # noqa: PLC0415 -- brings all rooms along

    path = pipeline.publish(settings)
    if arguments.json:
        OUT.print_json(json.dumps({"database": str(path)}))
    else:
        OUT.print(str(path), markup=False, soft_wrap=True)
    return 0


def report(arguments: argparse.Namespace, settings: Settings) -> int:
    """What a run did."""
    summary = summarise(DataLayout(settings.data), run_id(arguments, settings))
    return tell(summary, OUT, as_json=arguments.json)


def _say(arguments: argparse.Namespace, done: StageReport) -> None:
    summary = done.summary()
    if arguments.json:
        OUT.print_json(json.dumps(summary))
        return
    OUT.print(
        f"{done.stage} {done.batch}: {summary['in_count']} in, {summary['out_count']} out, "
        f"{summary['duplicate_count']} known or unchanged, {summary['rejected_count']} rejected"
    )
