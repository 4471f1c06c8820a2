"""Whether a host name stands for a name. Apart from `urls.py`, whose lists of suffixes bring an HTTP client along."""

from __future__ import annotations

import ada_url

A_LABEL = "xn--"


def names_a_host(hostname: str) -> bool:
    """Whether each ``xn--`` label of a parsed host stands for a name (https://url.spec.whatwg.org/#idna).

    ada-url asks that only of hosts that are written in other letters than ASCII; decoding leaves a false one as it is.
    """
    return not any(label.startswith(A_LABEL) for label in ada_url.idna_to_unicode(hostname).split("."))
