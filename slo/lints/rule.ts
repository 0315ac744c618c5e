import type { ObjectiveEntry, ServiceEntry } from '../catalogue.ts';
import type { CauseAlert } from '../causes.ts';
import type { CompiledServices } from '../compile.ts';
import type { Place } from '../place.ts';
import type { Tier } from '../tiers.ts';
import type { Finding } from './finding.ts';

/** What a lint looks at. */
export type Linted = Pick<CompiledServices, 'services' | 'catalogue'> & {
  /** Whether the file of a runbook is there, its path relative to `alerts/`. */
  runbookExists(path: string): boolean;
};

type Found = Omit<Finding, 'code'>;

/** A lint: when it fires, and what `burnline check --explain` says of it. */
export type Lint = {
  /** An error makes `check` and `generate` refuse; a warning is shown. */
  severity: 'error' | 'warning';
  /** Why it is wrong: the maths, or the limit. */
  explanation: string;
  remedy: string;
  /** One case with its numbers. */
  example: string;
  find(linted: Linted): Found[];
};

/** One sentence, several, or nothing to say. */
type Sentences = string | readonly string[] | undefined;

// A check of many services shall take no time: the loops below make nothing where there is nothing to say.

/** A lint of a service as a whole. */
export function ofService(say: (service: ServiceEntry, linted: Linted) => Sentences): Lint['find'] {
  return linted => {
    const found: Found[] = [];
    for (const service of linted.catalogue.services) {
      add(found, say(service, linted), service.definedAt, { service: service.id });
    }
    return found;
  };
}

/** A lint of each objective. */
export function ofObjective(
  say: (objective: ObjectiveEntry, service: ServiceEntry, linted: Linted) => Sentences,
): Lint['find'] {
  return linted => {
    const found: Found[] = [];
    for (const service of linted.catalogue.services) {
      for (const objective of service.objectives) {
        const sentences = say(objective, service, linted);
        if (sentences) add(found, sentences, objective.definedAt, { service: service.id, slo: objective.id });
      }
    }
    return found;
  };
}

/** A lint of each tier. Where goal or period cannot be, a tier has no numbers to judge. */
export function ofTier(
  say: (tier: Tier, objective: ObjectiveEntry, service: ServiceEntry) => string | undefined,
): Lint['find'] {
  return ofObjective((objective, service) => {
    if (!isGoalPossible(objective.goal) || !isPeriodPossible(objective.period)) return undefined;
    let found: string[] | undefined;
    for (const tier of objective.tiers) {
      const sentence = say(tier, objective, service);
      if (sentence !== undefined) found = [...(found ?? []), `tier ${tier.name} ${sentence}`];
    }
    return found;
  });
}

/** A lint of each cause alert. */
export function ofCause(say: (cause: CauseAlert, linted: Linted) => Sentences): Lint['find'] {
  return linted => {
    const found: Found[] = [];
    for (const service of linted.catalogue.services) {
      for (const cause of service.causes) {
        const sentences = [say(cause, linted) ?? []].flat().map(sentence => `cause ${cause.id} ${sentence}`);
        add(found, sentences, cause.definedAt, { service: service.id });
      }
    }
    return found;
  };
}

/** A lint that looks at several things. */
export function ofEach(...finds: readonly Lint['find'][]): Lint['find'] {
  return linted => finds.flatMap(find => find(linted));
}

function add(found: Found[], sentences: Sentences, place: Place, about: { service: string; slo?: string }): void {
  if (sentences === undefined) return;
  for (const message of typeof sentences === 'string' ? [sentences] : sentences)
    found.push({ message, place, ...about });
}

/** The greatest goal that Cloud Monitoring takes. */
export const GOAL_MAX = 0.9999;
/** The longest rolling period that Cloud Monitoring takes, in days. */
export const PERIOD_DAYS_MAX = 30;

export function isGoalPossible(goal: number): boolean {
  return goal > 0 && goal <= GOAL_MAX;
}

export function isPeriodPossible(period: ObjectiveEntry['period']): boolean {
  if (!period.rolling) return Number.isFinite(period.seconds);
  const days = period.seconds / 86_400;
  return Number.isInteger(days) && days >= 1 && days <= PERIOD_DAYS_MAX;
}
