"""The dataset card: README.md with the front matter that Hugging Face reads.

The fields: https://huggingface.co/docs/hub/datasets-cards
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from newshouse import __version__
from newshouse.schemas import ARTICLES
from newshouse.warehouse.dictionary import type_name

_SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
)
_LOADERS = {"parquet": "parquet", "csv": "csv", "jsonl": "json", "arrow": "arrow"}


@dataclass(slots=True)
class Contents:
    """What was written, counted on the way.

    Attributes:
        chosen: option -> what was asked for.
    """

    form: str
    chosen: Mapping[str, str]
    created_at: datetime
    rows: int = 0
    words: int = 0
    files: list[str] = field(default_factory=list)
    sources: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None

    def take(self, batch: pa.RecordBatch) -> None:
        """Count the rows of a batch."""
        names = ("source_id", "language", "rights", "word_count", "published_at")
        self.rows += batch.num_rows
        for source, language, rights, words, published in zip(*(batch[n].to_pylist() for n in names), strict=True):
            self.sources[source] += 1
            self.languages[language or "unknown"] += 1
            self.licences[(rights or {}).get("licence") or "none stated"] += 1
            self.words += words or 0
            if published is not None:
                self.first = min(self.first or published, published)
                self.last = max(self.last or published, published)


def card(contents: Contents) -> str:
    """The whole document."""
    return "\n".join([*_front_matter(contents), *_text(contents), *_columns()]) + "\n"


def _front_matter(contents: Contents) -> Iterator[str]:
    yield "---"
    yield "pretty_name: News articles"
    known = sorted(set(contents.languages) - {"unknown"})
    yield from ["language:", *(f"- {language!r}" for language in known)] if known else []
    yield from ("license: other", "license_name: rights-of-the-publishers", "size_categories:")
    yield f"- {next((name for limit, name in _SIZES if contents.rows < limit), 'n>10M')}"
    yield from ("tags:", "- news", "configs:", "- config_name: default", "  data_files:")
    yield from ("  - split: train", f"    path: data/*.{contents.form}", "---", "")


def _text(contents: Contents) -> Iterator[str]:
    span = f" from {contents.first:%Y-%m-%d} to {contents.last:%Y-%m-%d}" if contents.first and contents.last else ""
    yield "# News articles\n"
    yield (
        f"{contents.rows:,} articles{span}, {contents.words:,} words, one row an article in its latest version. "
        f"Written by Newshouse {__version__} on {contents.created_at:%Y-%m-%d %H:%M} UTC."
    )
    if contents.chosen:
        yield "\nChosen by: " + ", ".join(f"{name} {value}" for name, value in contents.chosen.items()) + "."
    yield "\n## Rights\n"
    yield (
        "The texts belong to their publishers. This card gives no licence to them: whether you may keep, mine or share "
        "them is decided by the law where you are and by what each publisher says. `rights` has what the pages said: "
        "robots directives, noarchive, TDM reservation (1: text and data mining is reserved), licence. When a "
        "publisher asks you to remove an article, do so: `url` finds it."
    )
    yield "\n## How to read it\n"
    yield "```python\nfrom datasets import load_dataset\n"
    loader, files = _LOADERS[contents.form], f"data/*.{contents.form}"
    yield f'articles = load_dataset("{loader}", data_files="{files}", split="train")\n```'
    yield f"\n{len(contents.files)} file{'' if len(contents.files) == 1 else 's'} in `data/`. Times are UTC."
    if contents.form == "csv":
        yield "Lists and structs are JSON inside of their cells."
    for title, counts in (
        ("source", contents.sources),
        ("language", contents.languages),
        ("licence", contents.licences),
    ):
        yield f"\n| {title} | articles |\n|---|---:|"
        yield from (
            f"| {_cell(name)} | {count:,} |" for name, count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
        )


def _columns() -> Iterator[str]:
    yield "\n## Columns\n"
    yield "A value that the page does not give is null.\n"
    yield "| column | type | meaning |\n|---|---|---|"
    yield from (f"| `{column.name}` | {type_name(column.type)} | {column.doc} |" for column in ARTICLES.columns)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())[:200]
