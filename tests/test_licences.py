from __future__ import annotations

import importlib.util
import re
from email.message import Message
from importlib.metadata import metadata
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


def load_check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", ROOT / ".ci" / "licences.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


licences = load_check()


def package(name: str = "sparrow", **fields: str | list[str]) -> Message:
    message = Message()
    message["Name"], message["Version"] = name, "1.0"
    for field, values in fields.items():
        for value in [values] if isinstance(values, str) else values:
            message[field.replace("_", "-")] = value
    return message


@pytest.mark.parametrize(
    ("expression", "verdict"),
    [
        ("MIT", "allowed"),
        ("Apache-2.0 OR BSD-3-Clause", "allowed"),
        ("BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", "allowed"),
        ("LGPL-2.1-or-later", "allowed"),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", "allowed"),
        ("GPL-2.0-only", "forbidden"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "forbidden"),
        ("AGPL-3.0-or-later", "forbidden"),
        ("MIT AND GPL-3.0-only", "forbidden"),
        ("MIT AND (GPL-3.0-only OR Apache-2.0)", "allowed"),
        ("(MIT OR Apache-2.0) AND AGPL-3.0-only", "forbidden"),
        ("SSPL-1.0", "forbidden"),
        ("LicenseRef-Ours", "unknown"),
        ("MIT AND LicenseRef-Ours", "unknown"),
        ("MIT OR (", "allowed"),
        ("GPL-3.0-only AND (", "forbidden"),
    ],
)
def test_an_expression_is_judged_by_its_best_choice_and_its_worst_part(expression: str, verdict: str) -> None:
    assert licences.judge(package(License_Expression=expression)) == verdict


@pytest.mark.parametrize(
    ("classifiers", "stated", "verdict"),
    [
        (["License :: OSI Approved :: MIT License"], "", "allowed"),
        (["License :: OSI Approved :: ISC License (ISCL)"], "UNKNOWN", "allowed"),
        (["License :: OSI Approved :: GNU Lesser General Public License v3 (LGPLv3)"], "", "allowed"),
        (["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"], "", "forbidden"),
        (["License :: OSI Approved :: GNU Affero General Public License v3"], "", "forbidden"),
        (["License :: OSI Approved :: MIT License"], "GPL-3.0", "forbidden"),
        (["Programming Language :: Python"], "", "unknown"),
        ([], "MIT -or- Apache License 2.0", "allowed"),
        ([], "GPL", "forbidden"),
        ([], "Copyright 2020 Somebody. " + "All rights reserved. MIT is a school. " * 5, "unknown"),
    ],
)
def test_a_package_without_an_expression_is_judged_by_all_that_it_says(
    classifiers: list[str], stated: str, verdict: str
) -> None:
    assert licences.judge(package(Classifier=classifiers, License=stated)) == verdict


def test_the_complaint_names_package_version_and_licence() -> None:
    packages = [package("wren", License_Expression="GPL-3.0-only"), package("robin", License="MIT"), package("owl")]
    first, second = licences.complaints(packages)
    assert first == "owl 1.0: unknown licence: [None]"
    assert second == "wren 1.0: forbidden licence: GPL-3.0-only"


def test_a_reviewed_package_passes() -> None:
    assert licences.complaints([package("text-unidecode", License="GPL")]) == []


def direct_dependencies() -> set[str]:
    names = set()
    for path in ROOT.glob("requirements*.in"):
        lines = path.read_text(encoding="utf-8").splitlines()
        names |= {match[0] for line in lines if (match := re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", line))}
    return names


def documented() -> dict[str, str]:
    """Package -> licence, from the tables of docs/dependencies.md."""
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", text, re.MULTILINE))


def test_the_document_lists_exactly_the_direct_dependencies() -> None:
    assert set(documented()) == direct_dependencies()


def test_each_documented_licence_is_one_we_may_ship_with() -> None:
    assert {name: licences.judge_expression(licence) for name, licence in documented().items()} == dict.fromkeys(
        documented(), "allowed"
    )


@pytest.mark.parametrize("name", ["apache-airflow", "pyarrow", "deltalake", "courlan", "ada-url", "tldextract"])
def test_a_documented_licence_is_what_the_package_says(name: str) -> None:
    assert documented()[name] == metadata(name)["License-Expression"]
