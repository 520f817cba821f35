"""Settings of the web server, the same for ``make run`` and for the container image."""

import gc
import os

bind = os.environ.get("CASEFLOW_BIND", "127.0.0.1:8000")
# Threads rather than more processes: a phone on a slow line holds one for minutes while it uploads.
worker_class = "gthread"
workers = int(os.environ.get("CASEFLOW_WEB_PROCESSES", "2"))
threads = int(os.environ.get("CASEFLOW_WEB_THREADS", "16"))
# Loaded once, then forked: the processes share what they have in common. It opens no connection before.
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 15
# The heartbeat file must not wait for a busy disk, and the image's own files are read-only.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
control_socket_disable = True
# Addresses carry case numbers; what is worth keeping is written by the application itself.
accesslog = None
errorlog = "-"
proc_name = "caseflow"


def when_ready(_server: object) -> None:
    """Leave what was loaded alone when memory is tidied up, or every process would soon have its own copy."""
    gc.collect()
    gc.freeze()
