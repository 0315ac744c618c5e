"""Starts bqemulator without its GEOGRAPHY support, whose extension DuckDB would download at every start."""

from bqemulator.cli import main
from bqemulator.storage.engine import DuckDBEngine

if not hasattr(DuckDBEngine, "_load_spatial"):
    raise SystemExit("bqemulator no longer loads its extension in DuckDBEngine._load_spatial: see what it does now")
DuckDBEngine._load_spatial = lambda self: None
main()
