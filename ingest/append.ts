import { performance } from 'node:perf_hooks';
import type { Span } from '@opentelemetry/api';
import { limits } from '../base/limits.ts';
import { within } from '../base/within.ts';
import type { RecordEvent, RowError, Warehouse } from '../records/warehouse.ts';
import { traceAppend } from '../telemetry/messages.ts';
import type { Telemetry } from '../telemetry/start.ts';
import { ingestErrors } from './errors.ts';

/** Appends events in one span, a child of the process spans of their messages, or of what is active. */
export type Append = (events: readonly RecordEvent[], processSpans?: readonly Span[]) => Promise<RowError[]>;

/** The warehouse's `append` with its span, its metrics and a limit on the wait for it: `store_silent`. */
export function createAppend({
  warehouse,
  telemetry: { tracer, instruments },
  timeoutMs = limits.receive_answer_ms_max,
}: {
  warehouse: Warehouse;
  telemetry: Pick<Telemetry, 'tracer' | 'instruments'>;
  timeoutMs?: number | undefined;
}): Append {
  return async (events, processSpans = []) => {
    const startedAtMs = performance.now();
    const measure = (outcome: 'ok' | 'error') =>
      instruments.appendDuration.record((performance.now() - startedAtMs) / 1000, { outcome });
    try {
      const errors = await traceAppend(
        { tracer, system: warehouse.system, rowCount: events.length, processSpans },
        () => within(timeoutMs, () => warehouse.append(events), silentWarehouse(timeoutMs)),
      );
      measure('ok');
      instruments.appendedRows.add(events.length - errors.length, { outcome: 'stored' });
      if (errors.length > 0) instruments.appendedRows.add(errors.length, { outcome: 'refused' });
      return errors;
    } catch (error) {
      measure('error');
      instruments.appendedRows.add(events.length, { outcome: 'failed' });
      throw error;
    }
  };
}

function silentWarehouse(timeoutMs: number) {
  return () =>
    ingestErrors.error(
      'store_silent',
      `The warehouse has not answered for ${timeoutMs / 1000} s, and what is stored is unknown: send it again`,
    );
}
