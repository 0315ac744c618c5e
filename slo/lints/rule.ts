import type { ObjectiveEntry, ServiceEntry } from '../catalogue.ts';
import type { CauseAlert } from '../causes.ts';
import type { CompiledServices } from '../compile.ts';
import type { Place } from '../place.ts';
import type { CutSli, RatioSli, WindowsSli } from '../sli.ts';
import type { Tier } from '../tiers.ts';

/** What lints look at. */
export type Linted = Pick<CompiledServices, 'services' | 'catalogue'> & {
  /** Whether the file of a runbook is there, its path relative to `alerts/`. */
  runbookExists(path: string): boolean;
  /** Whether `boundaries.ts` is generated, and OpenTelemetry's histograms have bounds at all thresholds. */
  areBoundsGenerated: boolean;
};

type Subject = { service: ServiceEntry; objective: ObjectiveEntry };

/** What a lint may be asked about, and what it is told with it. An SLI is also the one that windows are judged by. */
export type Subjects = {
  service: { service: ServiceEntry };
  cause: { service: ServiceEntry; cause: CauseAlert };
  objective: Subject;
  ratio: Subject & { ratio: RatioSli };
  cut: Subject & { cut: CutSli };
  windows: Subject & { windows: WindowsSli };
  /** Where goal and period can be: else a tier has no numbers to judge. */
  tier: Subject & { tier: Tier };
};
/** A kind of subject. */
export type Scope = keyof Subjects;

/** What is wrong in one sentence or several, or nothing. */
type Sentences = string | undefined | readonly (string | undefined)[];

/** What a lint says of each subject of a kind. */
type Rule<S extends Scope> = { of: S; say(subject: Subjects[S], linted: Linted): Sentences };
/** A rule for some kind of subject. */
export type AnyRule = { [S in Scope]: Rule<S> }[Scope];

/** Where something is wrong, and what in one sentence with the numbers. */
export type Found = { place: Place; service: string; slo?: string; message: string };

/** A lint: when it fires, and what `burnline check --explain` says of it. */
export type Lint = {
  /** An error makes `check` and `generate` refuse; a warning is shown. */
  severity: 'error' | 'warning';
  /** Why it is wrong: the maths, or the limit. */
  explanation: string;
  remedy: string;
  /** One case with its numbers. */
  example: string;
  rules: readonly AnyRule[];
  /** What shows only in all services together. */
  overall?(linted: Linted): Found[];
};

function rulesOf<S extends Scope>(of: S): (say: Rule<S>['say']) => Rule<S>[] {
  return say => [{ of, say }];
}

/** What a lint says of each service as a whole. */
export const ofService = rulesOf('service');
/** What a lint says of each cause alert; the sentence goes on after its id. */
export const ofCause = rulesOf('cause');
/** What a lint says of each objective. */
export const ofObjective = rulesOf('objective');
/** What a lint says of each SLI that is a ratio. */
export const ofRatio = rulesOf('ratio');
/** What a lint says of each SLI that is a range of a distribution. */
export const ofCut = rulesOf('cut');
/** What a lint says of each SLI of windows. */
export const ofWindows = rulesOf('windows');
/** What a lint says of each tier; the sentence goes on after its name. */
export const ofTier = rulesOf('tier');
