"""The command line: exit codes, one-line errors, and output that scripts can read."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from newshouse import cli, pipeline
from newshouse.sample.server import serve
from newshouse.settings import Settings


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with one run of the sample newsroom."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    with serve(datetime.now(UTC).date() - timedelta(days=4), lambda: datetime.now(UTC)) as newsroom:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NEWSHOUSE_PROXY", newsroom.proxy_url)
            patch.setenv("NEWSHOUSE_DELAY_SECONDS", "0")
            assert cli.main(["run", "--run", "first", "--data", str(folder)]) == 0
        yield folder


def call(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli.main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def one(capsys: pytest.CaptureFixture[str], data: Path, query: str) -> dict:
    _, out, _ = call(capsys, "sql", query, "--format", "json", "--data", str(data))
    (line,) = out.splitlines()
    return json.loads(line)


def test_sql_prints_a_table_for_people(capsys, data: Path) -> None:
    code, out, _ = call(capsys, "sql", "SELECT count(*) AS n FROM articles", "--data", str(data))

    assert code == 0
    assert "n" in out and "1 row" in out


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_sql_writes_the_whole_result_to_a_file(capsys, data: Path, tmp_path: Path, form: str) -> None:
    output = tmp_path / f"out.{form}"
    query = "SELECT article_id, authors, published_at FROM articles ORDER BY article_id"

    code, _, _ = call(capsys, "sql", query, "--format", form, "--output", str(output), "--data", str(data))

    expected = one(capsys, data, "SELECT count(*) AS n FROM articles")["n"]
    count = pq.read_table(output).num_rows if form == "parquet" else len(output.read_text().splitlines())
    assert code == 0
    assert count == expected + (form == "csv")


def test_an_sql_error_is_one_line_without_a_traceback(capsys, data: Path) -> None:
    code, out, err = call(capsys, "sql", "SELECT nosuch FROM articles", "--data", str(data))

    assert (code, out) == (2, "")
    assert "nosuch" in err and "Traceback" not in err


def test_sql_refuses_to_change_anything(capsys, data: Path) -> None:
    code, _, err = call(capsys, "sql", "CREATE TABLE t AS SELECT 1", "--data", str(data))

    assert code == 2
    assert "SELECT" in err


def test_without_a_database_the_way_to_one_is_told(capsys, tmp_path: Path) -> None:
    code, _, err = call(capsys, "sql", "SELECT 1", "--data", str(tmp_path))

    assert code == 2
    assert "make run" in err


def test_show_prints_the_origin_of_each_field(capsys, data: Path) -> None:
    row = one(capsys, data, "SELECT article_id, title FROM articles WHERE field_origin['title'] = 'jsonld' LIMIT 1")

    code, out, _ = call(capsys, "show", row["article_id"][:12], "--data", str(data))

    assert code == 0
    assert row["title"][:20] in out and "jsonld" in out


def test_show_raw_gives_the_archived_response(capsysbinary, data: Path) -> None:
    cli.main(["sql", "SELECT article_id FROM articles LIMIT 1", "--format", "json", "--data", str(data)])
    article_id = json.loads(capsysbinary.readouterr().out)["article_id"]

    assert cli.main(["show", article_id, "--raw", "--data", str(data)]) == 0

    raw = capsysbinary.readouterr().out
    assert raw.startswith(b"HTTP 200\r\n")
    assert b"</html>" in raw.lower()


def test_an_unknown_article_is_an_error_that_names_it(capsys, data: Path) -> None:
    code, _, err = call(capsys, "show", "ffffffffffff", "--data", str(data))

    assert code == 2
    assert "ffffffffffff" in err


def test_report_gives_json_that_balances(capsys, data: Path) -> None:
    code, out, _ = call(capsys, "report", "--run", "first", "--json", "--data", str(data))

    summary = json.loads(out)
    assert code == 0
    assert summary["balanced"] and summary["unfinished"] == []
    assert sum(line["loaded"] for line in summary["lines"]) > 0


def test_stages_one_by_one_reach_the_same_end(capsys, data: Path, tmp_path: Path) -> None:
    for verb in ("parse", "validate", "load"):
        code, out, _ = call(capsys, verb, "--run", "first", "--data", str(data))
        assert code == 0
        assert verb in out


def test_a_stage_before_its_turn_says_which_to_run_first(capsys, settings: Settings) -> None:
    pipeline.plan(settings, "second")

    code, _, err = call(capsys, "fetch", "--run", "second", "--data", str(settings.data))

    assert code == 5
    assert "Run the stage before this one first" in err


@pytest.mark.parametrize("verb", ["fetch", "parse", "validate", "load", "assess", "report"])
def test_a_mistyped_run_is_an_error_and_not_a_new_run(capsys, tmp_path: Path, verb: str) -> None:
    code, out, err = call(capsys, verb, "--run", "typo", "--data", str(tmp_path))

    assert (code, out) == (2, "")
    assert "no such run" in err and "newshouse discover --run typo" in err
    assert not any(tmp_path.iterdir())


def test_a_batch_that_is_not_in_the_run_is_named(capsys, data: Path) -> None:
    code, _, err = call(capsys, "parse", "--run", "first", "--batch", "99", "--data", str(data))

    assert code == 2
    assert "run first has no batch '99'" in err


def test_a_fresh_machine_runs_the_sample_newsroom_without_any_setting(
    capsys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSHOUSE_DELAY_SECONDS", "0")
    where = ("--day", "2026-03-04", "--data", str(tmp_path / "data"))

    for verb in ("discover", "fetch", "parse", "validate", "load"):
        assert call(capsys, verb, *where)[0] == 0
    code, out, _ = call(capsys, "run", *where, "--json")

    summary = json.loads(out)
    dropped = {reason for line in summary["lines"] for reason in line["rejected"]}
    assert code == 0
    assert sum(line["loaded"] for line in summary["lines"]) > 10
    assert not dropped & {"fetch: dns_failure", "discover: dns_failure", "validate: published_in_future"}


def test_publish_and_report_speak_json(capsys, data: Path) -> None:
    code, out, _ = call(capsys, "publish", "--json", "--data", str(data))

    assert (code, json.loads(out)) == (0, {"database": str(data / "newshouse.duckdb")})


def test_json_of_sql_is_its_json_format(capsys, data: Path) -> None:
    assert call(capsys, "sql", "SELECT 7 AS n", "--json", "--data", str(data))[:2] == (0, '{"n": 7}\n')
    assert call(capsys, "sql", "SELECT 7 AS n", "--json", "--format", "csv", "--data", str(data))[0] == 2


def test_assess_judges_the_warehouse_and_says_how_many_checks(capsys, data: Path) -> None:
    code, out, _ = call(capsys, "assess", "--run", "first", "--data", str(data))
    _, told, _ = call(capsys, "assess", "--run", "first", "--json", "--data", str(data))

    results = json.loads(told)
    assert results and f"{len(results)} checks" in out
    assert code == any(r["severity"] == "critical" and r["status"] != "pass" for r in results)
    stored = one(capsys, data, "SELECT count(*) AS n FROM checks WHERE suite = 'history'")
    assert stored["n"] == len(results)


def test_maintain_finds_a_whole_warehouse_whole(capsys, data: Path) -> None:
    code, out, _ = call(capsys, "maintain", "--data", str(data))

    assert (code, out) == (0, "no problems in the warehouse\n")
    assert call(capsys, "maintain", "--json", "--data", str(data))[1] == "[]\n"


def test_a_damaged_file_is_named_by_maintain_and_by_doctor(capsys, data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data[1]"
    shutil.copytree(data, copy)
    victim = next((copy / "warehouse" / "articles").glob("month=*/*.parquet"))
    whole = victim.read_bytes()
    victim.write_bytes(whole[:4] + bytes(1000) + whole[1004:])

    code, out, _ = call(capsys, "maintain", "--data", str(copy))
    assert code == 1 and victim.name in out

    code, out, _ = call(capsys, "doctor", "--json", "--data", str(copy))
    findings = {finding["check"]: finding for finding in json.loads(out)}
    assert code == 1
    assert not findings["warehouse"]["ok"] and victim.name in findings["warehouse"]["detail"]

    _, out, _ = call(capsys, "doctor", "--data", str(copy))
    assert str(copy) in out, "a path with brackets is printed whole"


def test_airflow_up_offers_no_json() -> None:
    with pytest.raises(SystemExit):
        cli.main(["airflow", "up", "--json"])


def test_doctor_finds_what_would_stop_a_run(capsys, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    code, out, _ = call(capsys, "doctor", "--data", str(tmp_path / "file" / "data"))

    assert code == 1
    assert "NEWSHOUSE_DATA" in out


def test_doctor_asks_for_a_contact_before_real_publishers_are_read(capsys, tmp_path: Path) -> None:
    (tmp_path / "post.yaml").write_text(
        "id: post\nname: Post\ncountry: GB\nlanguage: en\ntimezone: UTC\nhomepage: https://post.example/\n"
    )

    code, out, _ = call(capsys, "doctor", "--json", "--sources", str(tmp_path), "--data", str(tmp_path / "data"))

    findings = {finding["check"]: finding for finding in json.loads(out)}
    assert code == 1
    assert "NEWSHOUSE_CONTACT" in findings["contact"]["detail"]


def test_sources_check_lists_each_problem_with_its_line(capsys, tmp_path: Path) -> None:
    (tmp_path / "post.yaml").write_text("id: post\nnaem: Post\n")

    code, out, _ = call(capsys, "sources", "check", "--sources", str(tmp_path))

    assert code == 1
    assert "post.yaml:2" in out and "name" in out


def test_a_reader_that_stops_early_is_no_error(data: Path) -> None:
    command = f"{sys.executable} -m newshouse sql 'FROM range(200000)' --format csv --data {data} | head -1"

    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")


def test_help_names_every_verb(capsys) -> None:
    with pytest.raises(SystemExit) as stop:
        cli.main(["--help"])

    assert stop.value.code == 0
    out = capsys.readouterr().out
    for verb in (
        "run",
        "discover",
        "fetch",
        "parse",
        "validate",
        "load",
        "publish",
        "assess",
        "maintain",
        "sql",
        "show",
        "sources",
        "doctor",
    ):
        assert verb in out


@pytest.mark.parametrize(
    "verb",
    [
        ["sql", "SELECT 1 AS n"],
        ["incidents", "list"],
        ["quarantine", "list"],
        ["quality"],
        ["search", "harbour"],
        ["show", "a"],
        ["diff", "a"],
        ["report"],
        ["sources", "list"],
    ],
    ids=" ".join,
)
def test_verbs_that_read_wait_for_no_module_that_they_do_not_need(data: Path, verb: list[str]) -> None:
    code = (
        "import sys; from newshouse.__main__ import main; main(); "
        "needless = {'pandas', 'requests', 'newshouse.pipeline', 'newshouse.urls'}.intersection(sys.modules); "
        "print('came along:', *needless)"
    )
    ask = [sys.executable, "-c", code, *verb, "--data", str(data)]
    said = subprocess.run(ask, check=True, capture_output=True, text=True).stdout
    assert said.splitlines()[-1].strip() == "came along:"


def test_frames_are_made_where_arrow_was_to_find_no_pandas() -> None:
    code = (
        "import sys, pyarrow as pa; from newshouse.console.lean import without_pandas; without_pandas(); "
        "rows = pa.table({'n': pa.array([1, 2])}); print('pandas' in sys.modules, rows.to_pandas()['n'].sum())"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert said.split() == ["False", "3"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_that_cannot_show_a_letter_shows_its_number(data: Path, encoding: str) -> None:
    ask = [sys.executable, "-m", "newshouse", "sql", "SELECT 'みさき…' AS name", "--data", str(data)]
    env = os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}

    done = subprocess.run(ask, env=env, check=True, capture_output=True, text=True, encoding=encoding)

    assert r"\u307f\u3055\u304d\u2026" in done.stdout


def test_what_the_disk_refuses_outside_of_the_data_folder_is_told_in_a_line(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("newshouse.console.verbs.corridor.summarise", full)

    assert cli.main(["report", "--data", str(data)]) == 5
    assert "temporary files: the disk is full: free some space" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        (["serch", "harbour"], "search"),
        (["incidents", "lst"], "list"),
        (["search", "harbour", "--sorce", "vale"], "--source"),
        (["sql", "SELECT 1", "--formt=csv"], "--format"),
    ],
)
def test_of_a_mistyped_verb_or_option_the_nearest_one_is_told(capsys, typed: list[str], nearest: str) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(typed)
    assert left.value.code == 2
    assert f"Did you mean {nearest}?" in capsys.readouterr().err


@pytest.mark.parametrize("typed", [[], ["archive"]])
def test_without_a_verb_the_verbs_are_listed(capsys, typed: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(typed)
    assert left.value.code == 2
    assert "verify" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["sql 1", "verify", "maintain", "publish", "dashboard", "incidents list", "forget x"])
def test_a_mistyped_data_folder_is_an_error_and_not_a_new_folder(capsys, tmp_path: Path, verb: str) -> None:
    code, out, err = call(capsys, *verb.split(), "--data", str(tmp_path / "dta"))

    assert (code, out) == (2, "")
    assert f"{tmp_path / 'dta'}: no such data folder" in err
    assert not (tmp_path / "dta").exists()


def test_what_goes_into_a_pipe_is_not_broken_at_80_characters(data: Path) -> None:
    query = "SELECT 'http://www.valecourier.example/' || repeat('a', 200) AS url"
    command = [sys.executable, "-m", "newshouse", "sql", query, "--data", str(data)]

    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "http://www.valecourier.example/" + "a" * 200 in told


def test_a_closed_standard_output_is_no_error() -> None:
    command = f"{sys.executable} -m newshouse sources list >&-"
    told = subprocess.run(command, shell=True, stderr=subprocess.PIPE, text=True, check=False)  # noqa: S602 -- closes it
    assert (told.returncode, told.stderr) == (0, "")


def test_a_word_like_no_verb_gets_no_suggestion(capsys) -> None:
    with pytest.raises(SystemExit):
        cli.main(["zzzz"])
    said = capsys.readouterr().err
    assert "'zzzz'" in said and "Did you mean" not in said


def interrupted(arguments: list[str], once: str) -> tuple[int, str]:
    """Exit code and messages of a command that gets a Ctrl-C when it imports the module `once`."""
    code = (
        "import os, signal, sys\n"
        "class Presser:\n"
        "    def find_spec(self, name, *_):\n"
        f"        if name == {once!r}:\n"
        "            sys.meta_path.remove(self)\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "sys.meta_path.insert(0, Presser())\n"
        "from newshouse.__main__ import main\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], check=False, capture_output=True, text=True, timeout=60
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize("once", ["newshouse.cli", "pyarrow", "newshouse.console.verbs"])
def test_ctrl_c_before_the_command_has_begun_ends_it_without_a_word(once: str) -> None:
    assert interrupted(["sql", "SELECT 1"], once) == (-signal.SIGINT, "")


def test_ctrl_c_while_a_verb_starts_is_told_in_a_line(data: Path) -> None:
    code, said = interrupted(["sql", "SELECT 1", "--data", str(data)], "newshouse.console.tables")
    assert code == 130
    assert said.startswith("interrupted;") and said.count("\n") == 1


def test_ctrl_c_ends_a_query_that_would_take_for_ever(data: Path) -> None:
    endless = "SELECT count(*) FROM range(100_000_000_000_000) t(n) WHERE n % 7 = 3"
    code = (
        "import os, signal, threading, sys; from newshouse.cli import main; "
        "signal.signal(signal.SIGINT, signal.default_int_handler); "
        "threading.Timer(2, os.kill, (os.getpid(), signal.SIGINT)).start(); sys.exit(main(sys.argv[1:]))"
    )
    ask = [sys.executable, "-c", code, "sql", endless, "--data", str(data)]
    done = subprocess.run(ask, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 130
    assert done.stderr.startswith("interrupted;")


def test_a_program_that_calls_the_command_line_keeps_its_pandas(data: Path) -> None:
    code = (
        "import sys, pyarrow as pa; from newshouse.cli import main; main(sys.argv[1:]); "
        "import pandas as pd; print(pa.array(pd.Series([1.0, None])).null_count)"
    )
    ask = [sys.executable, "-c", code, "incidents", "list", "--data", str(data)]
    assert subprocess.run(ask, check=True, capture_output=True, text=True).stdout.splitlines()[-1] == "1"


@pytest.mark.parametrize("stage", ["parse", "validate", "load", "publish"])
def test_ctrl_c_in_an_import_keeps_what_is_finished_and_the_same_command_goes_on(
    capsys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, stage: str
) -> None:
    dump, folder = tmp_path / "dump", tmp_path / "data"
    dump.mkdir()
    for number in range(3):
        text = f"The river rose in town {number} on Monday, and people left their homes for the hills."
        (dump / f"{number}.txt").write_text(f"Flood in town {number}\n\n{text}\n\n{text} It rained for days.\n")

    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    pressed.__name__ = stage  # what the progress bar is called after
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, stage, pressed)
        code, _, err = call(capsys, "import", str(dump), "--data", str(folder))
        assert (code, err.startswith("interrupted;")) == (130, True)

    assert call(capsys, "import", str(dump), "--data", str(folder))[0] == 0
    assert one(capsys, folder, "SELECT count(*) AS n, count(DISTINCT article_id) AS ids FROM articles") == {
        "n": 3,
        "ids": 3,
    }
