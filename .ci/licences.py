"""Fail when a package of this environment brings a licence that Newshouse may not ship with.

Allowed: permissive licences, LGPL and MPL. Not allowed: the GPL and AGPL, source-available licences, and packages that
do not say. A package offered under several licences is judged by the best one.

    python .ci/licences.py
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from email.message import Message
from importlib.metadata import distributions
from typing import Literal

Verdict = Literal["allowed", "forbidden", "unknown"]

# What the metadata cannot say, looked up by a person.
REVIEWED = {
    "text-unidecode": "its README: Artistic License or GPL, at the user's choice; the classifiers cannot say 'or'",
}

_FORBIDDEN = re.compile(
    r"\bA?GPL|\bGNU (Affero )?General Public|\bSSPL|Server Side Public|\bBUSL|Business Source|Elastic|Commons Clause"
    r"|\bCC-BY-(NC|SA|ND)|\bEUPL|\bOSL-|Proprietary|Commercial",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\bMIT\b|BSD|Apache|\bISCL?\b|\bPSF|Python Software Foundation|\bMPL|Mozilla Public|\bLGPL|Lesser General Public"
    r"|\bZlib|\bCC0|Unlicense|CNRI-Python|Artistic|\bHPND|\bZPL|\bBSL-1|Boost",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\(|\)|\b(?:AND|OR)\b|[^\s()]+(?:\s+WITH\s+[^\s()]+)?")
_SHORT_CHARACTERS = 100  # a License field longer than this is the text of a licence, not its name


def judge(metadata: Message) -> Verdict:
    """The verdict on one package's core metadata (PEP 566, PEP 639)."""
    expression = metadata.get("License-Expression")
    if expression:
        return judge_expression(expression)
    verdicts = {judge_name(name) for name in _classifiers(metadata)}
    stated = (metadata.get("License") or "").strip()
    if stated and len(stated) <= _SHORT_CHARACTERS:
        verdicts.add(judge_expression(stated))
    return next((verdict for verdict in ("forbidden", "allowed") if verdict in verdicts), "unknown")


def judge_expression(text: str) -> Verdict:
    """The verdict on an SPDX licence expression; on anything else, the verdict on it as a name."""
    tokens = _TOKEN.findall(text)
    try:
        verdict = _any_of(tokens)
    except IndexError:
        return judge_name(text)
    return judge_name(text) if tokens else verdict


def judge_name(name: str) -> Verdict:
    """The verdict on the name of one licence."""
    if _FORBIDDEN.search(name):
        return "forbidden"
    return "allowed" if _ALLOWED.search(name) else "unknown"


def _any_of(tokens: list[str]) -> Verdict:
    """`a OR b`: the best of them. Takes its tokens off the front."""
    verdicts = [_all_of(tokens)]
    while tokens and tokens[0] == "OR":
        tokens.pop(0)
        verdicts.append(_all_of(tokens))
    return next(verdict for verdict in ("allowed", "unknown", "forbidden") if verdict in verdicts)


def _all_of(tokens: list[str]) -> Verdict:
    """`a AND b`: the worst of them."""
    verdicts = [_one(tokens)]
    while tokens and tokens[0] == "AND":
        tokens.pop(0)
        verdicts.append(_one(tokens))
    return next(verdict for verdict in ("forbidden", "unknown", "allowed") if verdict in verdicts)


def _one(tokens: list[str]) -> Verdict:
    name = tokens.pop(0)
    if name != "(":
        return judge_name(name)
    verdict = _any_of(tokens)
    tokens.pop(0)  # the closing bracket
    return verdict


def _classifiers(metadata: Message) -> Iterator[str]:
    for classifier in metadata.get_all("Classifier") or []:
        if classifier.startswith("License :: "):
            yield classifier.rpartition(" :: ")[2]


def complaints(packages: Iterable[Message]) -> list[str]:
    """One line for each package that may not be here."""
    lines = set()
    for metadata in packages:
        verdict, name = judge(metadata), metadata["Name"]
        if verdict != "allowed" and name not in REVIEWED:
            stated = metadata.get("License-Expression") or [*_classifiers(metadata), metadata.get("License")]
            lines.add(f"{name} {metadata['Version']}: {verdict} licence: {str(stated)[:200]}")
    return sorted(lines)


def main() -> None:
    """Check the environment that runs this."""
    packages = [distribution.metadata for distribution in distributions()]
    problems = complaints(packages)
    if problems:
        problems.append(
            "Drop the package, or, if a person has read its licence, add it to REVIEWED in .ci/licences.py."
        )
        sys.exit("\n".join(problems))
    sys.stdout.write(f"{len(packages)} packages, all under allowed licences.\n")


if __name__ == "__main__":
    main()
