"""The Airflow side of alerts: a notifier for tasks that fail, and where secrets come from. The rest is in the package.

Like `corridor.py` it lies beside the DAGs, and is no DAG file itself.
"""

import logging
from urllib.parse import urlsplit

from airflow.sdk import BaseNotifier, Connection
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException
from airflow.sdk.log import mask_secret, redact

LOG = logging.getLogger(__name__)


class Alarm(BaseNotifier):
    """Tells of a task that failed for good, over the channels of alerts.yaml that take everything; once a run.

    `@task(on_failure_callback=Alarm())` serves in any other DAG, too.
    """

    def notify(self, context):
        """Tell it. Without alerts.yaml, nobody is told; a channel that fails is named in the log."""
        from newshouse.alerts.job import tell_failure  # noqa: PLC0415 -- when a task fails, not with the DAG file
        from newshouse.settings import Settings  # noqa: PLC0415

        ti, error = context["ti"], context.get("exception")
        # Our own errors come as the text of an AirflowFailException (see `corridor`).
        named = "" if isinstance(error, AirflowException) else f"{type(error).__name__}: "
        what = redact(f"{named}{error}") if error else "no error of its own: it was killed, or Airflow lost it"
        run = f"{ti.dag_id} {ti.run_id}"
        repairs = getattr(context.get("dag_run"), "clear_number", None) or 0
        told = tell_failure(Settings.from_env(), run, ti.task_id, what, ti.log_url, secret_of, repairs=repairs)
        for delivery in told:
            self.log.log(logging.WARNING if delivery.failure else logging.INFO, "%s", delivery)


def secret_of(name):
    """What a key ending in `_from` names: a variable of the process, else the password of a connection named so."""
    from newshouse.settings import secret  # noqa: PLC0415 -- see above

    value = secret(name)
    if value is None:
        try:
            value = Connection.get(name.lower()).password
        except AirflowNotFoundException:
            return None
        except Exception as error:  # noqa: BLE001 -- a backend may raise anything; it costs its own channel alone
            # Nothing of its text: it may quote what it has read.
            LOG.warning("connection %s could not be read: %s", name.lower(), type(error).__name__)
            return None
    if value:
        mask_secret(value)
        mask_secret([part for part in address_parts(value) if part])
    return value


def address_parts(value):
    """Of an address that is a secret: what of it alone may turn up in a log, as in ``POST /services/…``."""
    try:
        address = urlsplit(value)
    except ValueError:
        return []
    return [address.path, address.query] if address.scheme in ("http", "https") and len(address.path) > 1 else []
