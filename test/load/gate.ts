import type { Reason } from '../../slo/gate/reason.ts';
import { type Ended, run } from './k6.ts';
import { SERVICE } from './monitoring.ts';

/** What the gate has said, and why. */
export type Said = Ended & { reasons: readonly Reason[] };

/** What the gate makes of a k6 result file and of what a local Cloud Monitoring has. */
export async function askGate(file: string, endpoint: string): Promise<Said> {
  const where = ['--service', SERVICE, '--endpoint', endpoint, '--project', 'local'];
  const ended = await run(process.execPath, ['cli/burnline.ts', 'gate', ...where, '--k6', file, '--format', 'json']);
  const { reasons = [] } = (ended.stdout === '' ? {} : JSON.parse(ended.stdout)) as { reasons?: readonly Reason[] };
  return { ...ended, reasons };
}

/** The SLOs about which a source says so. */
export function slosOf(
  { reasons }: Said,
  source: Reason['source'],
  verdict: Reason['verdict'],
): (string | undefined)[] {
  return reasons.filter(reason => reason.source === source && reason.verdict === verdict).map(({ slo }) => slo);
}
