from __future__ import annotations

import socket

import pytest

from newshouse.errors import ConfigError
from newshouse.launcher.standalone import _free


def test_port_0_becomes_one_that_is_free_before_anything_starts() -> None:
    port = _free(0)
    assert port > 0
    assert _free(port) == port


def test_a_port_in_use_or_out_of_range_is_an_error_that_names_it() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        with pytest.raises(ConfigError, match=f"port {taken} .* make up PORT="):
            _free(taken)
    with pytest.raises(ConfigError, match="port 70000"):
        _free(70_000)
