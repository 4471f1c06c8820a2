"""A data root on an object store: where it is, the way to it, and what it means when it refuses.

`NEWSHOUSE_DATA=s3://bucket/prefix` keeps there what must last, the Delta tables and the archive. All that can be made
again, and what belongs to one machine, lies in a folder on its disk. Credentials are found by the libraries of Arrow
and Delta themselves, the way of all AWS tools; nothing here reads, keeps or prints them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyarrow.fs as pa_fs

from newshouse.errors import ConfigError, NewshouseError, StorageError
from newshouse.storage.files import storage_errors, write_text

SCHEME = "s3://"
_NAME = re.compile(
    r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"
)  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
# Narrower than what S3 allows: Delta and Arrow spell other characters differently in the addresses of objects.
_PREFIX = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")
_MARK = "bucket"  # says in the local folder whose it is
_CONNECT_SECONDS, _REQUEST_SECONDS = 10, 60

_KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"
# What the two libraries say, in the order of asking -> the class of the error, and what to do.
_REFUSALS: tuple[tuple[str, type[NewshouseError], str], ...] = (
    (
        r"NO_SUCH_BUCKET|NoSuchBucket",
        ConfigError,
        "NEWSHOUSE_DATA: no such bucket. Make it, name another one, or set AWS_ENDPOINT_URL to the store that has it",
    ),
    (
        r"INVALID_ACCESS_KEY_ID|SIGNATURE_DOES_NOT_MATCH|INVALID_CLIENT_TOKEN|EXPIRED_TOKEN|ExpiredToken"
        r"|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|InvalidClientTokenId",
        ConfigError,
        f"the store of NEWSHOUSE_DATA does not know these credentials. Set {_KEYS}",
    ),
    (
        r"169\.254\.169\.254|NoCredentials|credentials provider|MISSING_AUTHENTICATION_TOKEN",
        ConfigError,
        f"no credentials for NEWSHOUSE_DATA. Set {_KEYS}",
    ),
    (
        r"ACCESS_DENIED|AccessDenied|403 Forbidden|HTTP status 403|lacked the necessary privileges",
        ConfigError,
        f"the store of NEWSHOUSE_DATA refuses access. Set {_KEYS}; they must allow listing the bucket, and reading, "
        "writing and deleting its objects",
    ),
    (
        r"PermanentRedirect|AuthorizationHeaderMalformed|HTTP status 301|301 Moved",
        ConfigError,
        "the bucket of NEWSHOUSE_DATA is in another region. Set AWS_REGION to it",
    ),
    (
        r"NETWORK_CONNECTION|curlCode|error sending request|tcp connect error|dns error|timed? ?out",
        StorageError,
        "the store of NEWSHOUSE_DATA does not answer. Is the network up, and AWS_ENDPOINT_URL right? Then run again",
    ),
    (
        r"SLOW_DOWN|SlowDown|50\d [A-Z][a-z]|HTTP status 50\d",
        StorageError,
        "the store of NEWSHOUSE_DATA is in trouble. Run again later",
    ),
)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A place in an object store, and the folder on this machine for all that need not lie there.

    Attributes:
        name: of the bucket.
        prefix: of all keys, without slashes at its ends; may be empty.
        local: the folder on this machine.
        endpoint: URL of a store that is not AWS; None for AWS.
        region: None for what the libraries find.
    """

    name: str
    prefix: str
    local: Path
    endpoint: str | None = None
    region: str | None = None

    @classmethod
    def at(
        cls, url: str, *, local: Path | None = None, endpoint: str | None = None, region: str | None = None
    ) -> Bucket:
        """Read an address `s3://bucket/prefix`.

        Args:
            local: by default a folder of its own below `data/s3/`.

        Raises:
            ConfigError: it is none; the message says what is wrong with it.
        """
        name, _, prefix = url.removeprefix(SCHEME).partition("/")
        prefix = prefix.rstrip("/")
        if "@" in name:  # whatever stands before it is not to be printed
            raise ConfigError(
                f"NEWSHOUSE_DATA: no credentials in the address. Write s3://bucket/prefix, and set {_KEYS}."
            )
        if not url.startswith(SCHEME) or not _NAME.fullmatch(name) or ".." in name:
            raise ConfigError(
                f"NEWSHOUSE_DATA={url}: not the address of a bucket. Write s3://bucket or s3://bucket/prefix; a bucket "
                "has 3 to 63 lower-case letters, digits, dots and hyphens."
            )
        if prefix and not _PREFIX.fullmatch(prefix):
            raise ConfigError(
                f"NEWSHOUSE_DATA={url}: {prefix!r} cannot be the prefix. Use letters, digits, '.', '_' and '-', with "
                "single slashes between, and no part that begins with a dot."
            )
        if endpoint is not None and not re.fullmatch(r"https?://[^/@?#\s]+/?", endpoint):
            raise ConfigError("AWS_ENDPOINT_URL: not the address of a store. Write http://host:port or https://host.")
        folder = local or Path("data") / "s3" / "--".join(filter(None, (name, *prefix.split("/"))))
        return cls(name, prefix, folder.absolute(), endpoint.rstrip("/") if endpoint else None, region)

    @property
    def url(self) -> str:
        """`s3://bucket/prefix`."""
        return f"{SCHEME}{self.path()}"

    @property
    def store(self) -> str:
        """Its endpoint, or AWS."""
        return self.endpoint or "AWS"

    def path(self, name: str = "") -> str:
        """The bucket and the key of a name below the prefix, as Arrow wants it."""
        return "/".join(filter(None, (self.name, self.prefix, name)))

    def options(self) -> dict[str, str]:
        """What Delta must be told to reach it. Credentials it finds itself."""
        options = {"AWS_REGION": self.region, "AWS_ENDPOINT_URL": self.endpoint}
        # Commits rest on this: of two writers of one version, the store takes the first and refuses the second.
        options["AWS_CONDITIONAL_PUT"] = "etag"
        options["AWS_FORCE_CREDENTIAL_LOAD"] = "true"  # else profiles are looked for on AWS alone
        if self.endpoint and self.endpoint.startswith("http:"):
            options["AWS_ALLOW_HTTP"] = "true"
        return {key: value for key, value in options.items() if value}


@cache
def opened(bucket: Bucket) -> pa_fs.FileSystem:
    """Reach the store for the first time in this process. Paths are `bucket/key`.

    Raises:
        ConfigError: no such bucket, credentials that it does not take, a local folder that belongs to other data, or
            a store that does not keep the condition that commits rest on, which is tried once for a local folder.
        StorageError: it does not answer, or the local folder cannot be written.
    """
    owned = _is_owned(bucket)
    with refusals(bucket.url):
        found = pa_fs.S3FileSystem(
            region=bucket.region,
            endpoint_override=bucket.endpoint,
            connect_timeout=_CONNECT_SECONDS,
            request_timeout=_REQUEST_SECONDS,
            allow_delayed_open=True,  # one request for a small object
        )
        with suppress(FileNotFoundError):  # nothing has this prefix yet
            found.get_file_info(pa_fs.FileSelector(bucket.path()))
    if not owned:
        from newshouse.storage.condition import check_condition  # noqa: PLC0415 -- Delta takes a while to import

        check_condition(bucket, found)
        write_text(bucket.local / _MARK, f"{bucket.url}\n{bucket.store}\n")
    return found


def _is_owned(bucket: Bucket) -> bool:
    """Whether the folder on this disk is marked as this bucket's: all in it is made of its tables, or on its way there.

    A mark of an earlier release names no store: it is taken for this one, and written anew.

    Raises:
        ConfigError: it belongs to other data.
    """
    mark = bucket.local / _MARK
    with storage_errors(mark):
        said = mark.read_text(encoding="utf-8").split() if mark.exists() else []
    owner, store = said[0] if said else None, said[1:]
    if owner is None and (bucket.local / "warehouse").exists():
        raise ConfigError(
            f"NEWSHOUSE_LOCAL={bucket.local}: is a data folder of its own. Name another, or an empty one."
        )
    if owner not in (None, bucket.url):
        raise ConfigError(f"NEWSHOUSE_LOCAL={bucket.local}: belongs to {owner}. Name another folder for {bucket.url}.")
    if store not in ([], [bucket.store]):
        raise ConfigError(
            f"NEWSHOUSE_LOCAL={bucket.local}: belongs to {owner} at {store[0]}. Name another folder for "
            f"{bucket.store}; if that is the same store under another name, delete {mark}."
        )
    return bool(store)


@contextmanager
def refusals(what: str) -> Iterator[None]:
    """What a store refuses about `what`, as an error that says what to do.

    What is missing, and errors of the disk, pass unchanged.

    Raises:
        ConfigError, StorageError: see `refusal`.
    """
    try:
        yield
    except OSError as error:
        if isinstance(error, FileNotFoundError) or error.errno is not None:  # the disk speaks
            raise
        raise refusal(what, error) from error


def refusal(what: str, error: Exception) -> NewshouseError:
    """The error of the house for one of Arrow or Delta. Its text may hold the key id: only the beginning is told."""
    text = str(error)
    for pattern, kind, advice in _REFUSALS:
        if re.search(pattern, text, re.IGNORECASE):
            return kind(f"{what}: {advice}.")
    said = " ".join(re.sub(r"\x1b\[\d+m", "", text).partition("<")[0].split())[:200]
    return StorageError(f"{what}: the object store refuses ({said}). See that it is up, then run again.")
