"""Starts bqemulator, mended where it is not what BigQuery is.

- Its GEOGRAPHY support needs an extension of DuckDB that would be downloaded at every start: left out.
- All its threads share one connection of DuckDB: a query that is answered while something is appended has the rows of another
  statement, or none. Here each thread has its own.
- Every append copies the whole table for time travel, which we do not use: left out.
- An answer may come from a cache that an append has overtaken: no cache.
- It reads rows of an append value by value, for 50 µs each: twice what all else of an append costs. Here they are
  read column by column, where all are plain values; the columns that result are the same.
"""

import os
import threading

import pyarrow as pa
from bqemulator.grpc_api import write_servicer
from bqemulator.storage.engine import DuckDBEngine
from bqemulator.versioning.snapshots import SnapshotManager
from google.protobuf.descriptor import FieldDescriptor

os.environ["BQEMU_QUERY_CACHE_TTL_SECONDS"] = "0"

mended = (
    (DuckDBEngine, "_load_spatial"),
    (DuckDBEngine, "connection"),
    (DuckDBEngine, "start"),
    (SnapshotManager, "capture"),
    (write_servicer, "_rows_for_request"),
    (write_servicer, "proto_rows_to_arrow_table"),
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


kinds = FieldDescriptor
# The values of protocol buffers that an Arrow column takes as they are.
plain = {
    kinds.TYPE_STRING: pa.types.is_string,
    kinds.TYPE_BYTES: pa.types.is_binary,
    kinds.TYPE_DOUBLE: pa.types.is_floating,
    kinds.TYPE_INT64: lambda column: pa.types.is_int64(column) or pa.types.is_timestamp(column),
}


def is_plain(field, column):
    return field.has_presence and not field.is_repeated and field.type in plain and plain[field.type](column)


def column_by_column(decoder, rows, schema):
    fields = decoder._descriptor.fields_by_name
    if not all(is_plain(fields[column.name], column.type) for column in schema if column.name in fields):
        return write_servicer.proto_rows_to_arrow_table(decoder, list(rows), schema)
    read = decoder._message_class.FromString
    messages = [read(row) for row in rows]

    def values_of(name):
        if name not in fields:
            return [None] * len(messages)
        return [getattr(message, name) if message.HasField(name) else None for message in messages]

    columns = {column.name: pa.array(values_of(column.name), type=column.type) for column in schema}
    return pa.table(columns, schema=schema)


rows_for_request = write_servicer._rows_for_request


def rows_of_request(request, decoder, *others):
    plain_request = type(request).pb(request)
    sent = plain_request.proto_rows
    if sent.HasField("writer_schema"):
        decoder = write_servicer.ProtoRowDecoder(sent.writer_schema.proto_descriptor)
    if decoder is None or not plain_request.HasField("proto_rows"):
        return rows_for_request(request, decoder, *others)
    arrow_schema, schema = others
    return column_by_column(decoder, sent.rows.serialized_rows, schema), decoder, arrow_schema


write_servicer._rows_for_request = rows_of_request
DuckDBEngine._load_spatial = lambda self: None
DuckDBEngine.start = start_with_root
DuckDBEngine.connection = property(connection_of_thread)
SnapshotManager.capture = lambda self, *table, kind="AUTO": None

from bqemulator.cli import main  # noqa: E402: only now, for it reads the environment

main()
