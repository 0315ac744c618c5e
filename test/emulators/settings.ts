import { readSettings } from '../../cli/settings.ts';

/** The BigQuery emulator that the environment names, by the platform's own reading of it. */
export function bigQueryEmulator() {
  const { warehouse } = readSettings({ ...process.env, WAREHOUSE: 'bigquery' });
  if (warehouse.kind !== 'bigquery' || !warehouse.emulator) throw new Error('BIGQUERY_EMULATOR_HOST is not set');
  return warehouse.emulator;
}
