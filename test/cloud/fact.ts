import type { World } from './world.ts';

/** What became of a belief. `not settled` says why in `observed`. */
export type Outcome = { answer: 'as believed' | 'otherwise' | 'not settled'; observed: string };

/** Something that the platform or the toolkit relies on, and that no documentation says beyond doubt. */
export type Fact = {
  id: string;
  question: string;
  /** What is taken for granted. */
  believed: string;
  /** Our files that are wrong where it is otherwise. */
  dependsOn: readonly string[];
  /** What the script makes, sends and looks at. */
  does: string;
  /** What to change where it is otherwise. */
  setting: string;
  /** How long it may take; five minutes where it is not said. */
  msMax?: number;
  settle(world: World): Promise<Outcome>;
};

/** What no script can settle, and who can. */
export type BeyondScript = Pick<Fact, 'id' | 'question' | 'believed' | 'dependsOn'> & { because: string };

/** What was seen, held against what was believed. */
export function compared(isAsBelieved: boolean, observed: string): Outcome {
  return { answer: isAsBelieved ? 'as believed' : 'otherwise', observed };
}

export const notSettled = (observed: string): Outcome => ({ answer: 'not settled', observed });
