import { appendFileSync } from 'node:fs';
import { messageOf } from '../../base/errors.ts';
import type { Judgement } from '../../slo/gate/gate.ts';
import type { Verdict } from '../../slo/gate/reason.ts';
import { cliErrors } from '../errors.ts';

/** Who went on against the gate, when, why, and against what. */
export type Override = { at: string; by: string; reason: string; verdict: Verdict };

/** A judgement that may have been overridden. */
export type Decision = Judgement & { override?: Override };

/** Whose command it is. Throws where the environment does not say: an override of nobody's is none. */
export function whoOverrides(env: NodeJS.ProcessEnv): string {
  const by = env.GITHUB_ACTOR || env.USER;
  if (by) return by;
  throw cliErrors.error('usage', '--override needs a name to record: set GITHUB_ACTOR or USER');
}

/** Turns a judgement into go, and records that in a file of JSON lines before anything goes on. Throws where it cannot be recorded. */
export function override(
  judgement: Judgement,
  { by, reason, record }: { by: string; reason: string; record: string },
): Decision {
  const { at, service, verdict, reasons } = judgement;
  const overridden: Override = { at, by, reason, verdict };
  const against = reasons.filter(({ verdict }) => verdict !== 'go').map(({ sentence }) => sentence);
  try {
    appendFileSync(record, `${JSON.stringify({ ...overridden, service, against })}\n`);
  } catch (error) {
    const detail = `the override cannot be recorded, so it does not count: ${messageOf(error)}`;
    throw cliErrors.error('override_unrecorded', detail, { cause: error });
  }
  const sentence = `${verdict} overridden by ${by}: ${reason}`;
  return {
    ...judgement,
    ...{ verdict: 'go', reasons: [{ source: 'override', verdict: 'go', sentence }, ...reasons] },
    override: overridden,
  };
}
