import { createNoopMeter, type Meter, type MeterProvider } from '@opentelemetry/api';

export type DropReason = 'queue_full' | 'export_failed';

/**
 * A meter provider that hears what the SDK's batch processors and exporters report of themselves, and keeps only what was
 * lost. Their counters carry an `error.type` for items that never left.
 */
export function createDropListener(onDropped: (items: number, reason: DropReason) => void): MeterProvider {
  // A layer over the no-op meter, which is one object for the whole process.
  const meter: Meter = Object.create(createNoopMeter());
  meter.createCounter = () => ({
    add(items, attributes) {
      const errorType = attributes?.['error.type'];
      if (errorType !== undefined) onDropped(items, errorType === 'queue_full' ? 'queue_full' : 'export_failed');
    },
  });
  return { getMeter: () => meter };
}
