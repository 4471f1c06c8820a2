"""Writes docs/hostile-web.md: what the tests in this folder do to the fetcher. `python tests/chaos/catalogue.py`"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "hostile-web.md"
_LEFT_OUT = "test_catalogue.py"


def collected() -> list[str]:
    """The ids of all tests here, as `file.py::test[behaviour]`."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", str(HERE)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, cwd=HERE.parents[1]).stdout.splitlines()
    ids = [line.rpartition("/")[2] if "[" not in line else line for line in lines if "::test_" in line]
    return [line.removeprefix("tests/chaos/") for line in ids if _LEFT_OUT not in line]


def text() -> str:
    """The page."""
    rooms: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    ids = collected()
    for line in ids:
        file, _, rest = line.partition("::")
        test, _, behaviour = rest.partition("[")
        rooms[file][test.removeprefix("test_").replace("_", " ")].append(behaviour.removesuffix("]"))
    parts = [
        "# A hostile web\n\n"
        "What `tests/chaos/` does to discovery and fetching, on loopback. `make chaos` does those that are a fixed "
        "reply, and\nmore, to 10,000 URLs at once ([figures](../benchmarks/results/chaos.md)). Written by "
        f"`python tests/chaos/catalogue.py`;\n{len(ids)} cases.\n"
    ]
    for file, tests in sorted(rooms.items()):
        parts.append(f"\n## {ast.get_docstring(ast.parse((HERE / file).read_text(encoding='utf-8')))}\n")
        for sentence, behaviours in tests.items():
            named = "; ".join(name.replace("|", r"\|") for name in behaviours if name)
            parts.append(f"- {sentence}" + (f" ({len(behaviours)}): {named}\n" if named else "\n"))
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
