"""`newshouse export`: what was written, in a line."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from newshouse.console.bars import watching
from newshouse.export.dataset import Choice, export
from newshouse.layout import DataLayout
from newshouse.settings import Settings


def export_articles(
    settings: Settings, folder: Path, form: str, choice: Choice, out: Console, err: Console, *, as_json: bool
) -> int:
    """Write the folder. Returns the exit code.

    Raises:
        ConfigError: the folder is there already, or nothing fits.
    """
    with watching(err) as watch:
        done = export(DataLayout(settings.data), folder, form, choice, now=settings.now(), progress=watch("export"))
    if as_json:
        row = {"folder": str(folder.absolute()), "articles": done.rows, "files": done.files}
        out.print_json(json.dumps(row))
    else:
        told = f"{folder}: {done.rows} articles in {len(done.files)} {form} file{'' if len(done.files) == 1 else 's'}"
        out.print(f"{told}, and README.md", markup=False, soft_wrap=True)
    return 0
