"""Starts bqemulator, mended where it is not what BigQuery is.

- Its GEOGRAPHY support needs an extension of DuckDB that would be downloaded at every start: left out.
- All its threads share one connection of DuckDB: a query that is answered while something is appended has the rows of another
  statement, or none. Here each thread has its own.
- Every append copies the whole table for time travel, which we do not use: left out.
- An answer may come from a cache that an append has overtaken: no cache.
"""

import os
import threading

from bqemulator.storage.engine import DuckDBEngine
from bqemulator.versioning.snapshots import SnapshotManager

os.environ["BQEMU_QUERY_CACHE_TTL_SECONDS"] = "0"

mended = (
    (DuckDBEngine, "_load_spatial"),
    (DuckDBEngine, "connection"),
    (DuckDBEngine, "start"),
    (SnapshotManager, "capture"),
)
for owner, name in mended:
    if not hasattr(owner, name):
        raise SystemExit(f"bqemulator no longer has {owner.__name__}.{name}: see what it does now")

of_thread = threading.local()
one_at_a_time = threading.Lock()
start = DuckDBEngine.start


async def start_with_root(self):
    await start(self)
    self.root = self._connection.cursor()


def connection_of_thread(self):
    if threading.current_thread() is threading.main_thread():
        return self._connection
    if not hasattr(of_thread, "connection"):
        with one_at_a_time:
            of_thread.connection = self.root.cursor()
    return of_thread.connection


DuckDBEngine._load_spatial = lambda self: None
DuckDBEngine.start = start_with_root
DuckDBEngine.connection = property(connection_of_thread)
SnapshotManager.capture = lambda self, *table, kind="AUTO": None

from bqemulator.cli import main  # noqa: E402: only now, for it reads the environment

main()
