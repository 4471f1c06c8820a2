from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from newshouse.errors import StorageError
from newshouse.storage.files import open_parquet, pieces, read_parquet, replacing, write_parquet, write_text

TABLE = pa.table({"n": [1, 2, 3]})


def test_a_write_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    write_text(path, "old")

    with pytest.raises(RuntimeError), replacing(path) as draft:
        draft.write_text("half")
        raise RuntimeError

    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EDQUOT, "quota"),
        (errno.EIO, "the disk fails"),
    ],
)
def test_storage_trouble_says_what_to_do(tmp_path: Path, number: int, advice: str) -> None:
    with pytest.raises(StorageError, match=advice), replacing(tmp_path / "a.txt"):
        raise OSError(number, "", str(tmp_path / "a.txt"))


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()

    with pytest.raises(StorageError, match=rf"^{tmp_path / 'out.csv'}: a folder is where a file should be"):
        write_text(tmp_path / "out.csv", "x")

    assert list(tmp_path.iterdir()) == [tmp_path / "out.csv"]


def test_two_writers_with_one_process_id_do_not_share_a_draft(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"

    with replacing(path) as one:
        one.write_text("one")
        with replacing(path) as other:
            assert other != one
            other.write_text("other")
        assert one.name.startswith("."), "hidden from who lists *.txt"

    assert path.read_text() == "one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_data_folder_below_a_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(StorageError, match="NEWSHOUSE_DATA"):
        write_text(tmp_path / "data" / "a.txt", "x")


def test_a_file_past_the_size_limit_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    write_parquet(path, TABLE)
    code = (
        "import resource, signal, sys, pathlib; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "from newshouse.storage.files import write_text; from newshouse.errors import StorageError\n"
        "try: write_text(pathlib.Path(sys.argv[1]), 'x' * 100_000)\n"
        "except StorageError as error: sys.exit(0 if 'limit' in str(error) else 1)\n"
        "sys.exit(2)"
    )

    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)

    assert done.returncode == 0
    assert read_parquet(path, TABLE.schema).equals(TABLE)
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_stage_file_names_itself_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"gone.parquet: missing. Run the stage before"):
        read_parquet(tmp_path / "gone.parquet", TABLE.schema)


def test_a_damaged_stage_file_names_itself(tmp_path: Path) -> None:
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 but not really")

    with pytest.raises(StorageError, match=r"bad.parquet: unreadable"):
        read_parquet(tmp_path / "bad.parquet", TABLE.schema)


def test_a_column_that_the_file_does_not_have_yet_is_null(tmp_path: Path) -> None:
    write_parquet(tmp_path / "old.parquet", TABLE)
    schema = pa.schema([pa.field("new", pa.string()), *TABLE.schema, pa.field("newer", pa.list_(pa.string()))])

    rows = read_parquet(tmp_path / "old.parquet", schema)

    assert rows.schema == schema
    assert rows.to_pylist() == [{"new": None, "n": n, "newer": None} for n in (1, 2, 3)]


@pytest.mark.parametrize("names", [["other"], ["n", "other"]])
def test_a_file_that_lacks_what_must_be_there_or_holds_what_nobody_knows_is_refused(tmp_path: Path, names) -> None:
    write_parquet(tmp_path / "odd.parquet", pa.table({name: [1] for name in names}))

    with pytest.raises(StorageError, match=r"odd.parquet: unreadable"):
        read_parquet(tmp_path / "odd.parquet", pa.schema([pa.field("n", pa.int64(), nullable=False)]))


@pytest.mark.parametrize("count", [0, 1, 2500])
def test_a_file_is_read_whole_with_each_column_in_one_piece(tmp_path: Path, count: int) -> None:
    people = [[{"name": f"n{n}", "role": None}] * (n % 3) for n in range(count)]
    fields = [("word", pa.string()), ("people", pa.list_(pa.struct([("name", pa.string()), ("role", pa.string())])))]
    fields += [("number", pa.int64())]
    columns = [[f"{n}" * 9 for n in range(count)], people, list(range(count))]
    rows = pa.table(columns, schema=pa.schema(fields))
    write_parquet(tmp_path / "rows.parquet", rows)
    found = read_parquet(tmp_path / "rows.parquet", rows.schema)
    assert found.equals(rows)
    assert all(column.num_chunks <= 1 for column in found.columns)


def test_a_file_comes_in_pieces_and_in_order(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", pa.table({"n": range(2500), "other": range(2500)}))

    got = list(pieces(open_parquet(tmp_path / "a.parquet"), ["n"]))

    assert max(piece.num_rows for piece in got) <= 1000
    assert pa.concat_tables(got).to_pydict() == {"n": list(range(2500))}


def test_damage_that_is_met_only_on_the_way_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bad.parquet"
    write_parquet(path, pa.table({"n": [f"{n:032x}" for n in range(5000)]}))
    data = bytearray(path.read_bytes())
    data[200 : len(data) // 2] = bytes(len(data) // 2 - 200)  # the footer is sound
    path.write_bytes(data)
    rows = open_parquet(path)

    with pytest.raises(StorageError, match=r"bad.parquet: unreadable"):
        list(pieces(rows, ["n"]))


def _whole(path: Path) -> pa.Table:
    return read_parquet(path, SAMPLE.schema)


def _in_pieces(path: Path) -> pa.Table:
    return pa.concat_tables(pieces(open_parquet(path), SAMPLE.column_names))


SAMPLE = pa.table(
    {
        "n": range(1500),
        "name": [f"{n % 40} of the harbour" for n in range(1500)],
        "body": [f"The {n}th paragraph of a long day at the port, and one more ship. " * 6 for n in range(1500)],
        "tags": [["sea", str(n)] for n in range(1500)],
    }
)


@pytest.mark.parametrize("read", [_whole, _in_pieces])
def test_a_bit_that_the_disk_turned_is_told_and_never_read(tmp_path: Path, read: Callable[[Path], pa.Table]) -> None:
    path = tmp_path / "turned.parquet"
    write_parquet(path, SAMPLE)
    data = path.read_bytes()
    told = 0

    for turn, place in enumerate(range(4, len(data), len(data) // 150)):  # in pages, their heads, and the footer
        path.write_bytes(data[:place] + bytes([data[place] ^ 1 << turn % 8]) + data[place + 1 :])
        try:
            assert read(path).equals(SAMPLE)  # some bits tell nothing, such as those of bounds
        except StorageError as error:
            assert str(path) in str(error)
            told += 1

    assert told > 75


def test_a_missing_file_is_named_before_its_pieces_are_read(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"gone.parquet: missing. Run the stage before"):
        open_parquet(tmp_path / "gone.parquet")


@pytest.mark.parametrize("error", [OSError(errno.EMFILE, "Too many open files"), pa.ArrowInvalid("a bug in a rule")])
def test_the_file_is_not_blamed_for_what_goes_wrong_with_its_rows(tmp_path: Path, error: Exception) -> None:
    write_parquet(tmp_path / "a.parquet", TABLE)

    with pytest.raises(type(error)) as raised:
        for _ in pieces(open_parquet(tmp_path / "a.parquet"), ["n"]):
            raise error

    assert raised.value is error
