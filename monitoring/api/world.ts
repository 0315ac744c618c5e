import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { Evaluator } from '../evaluate/evaluator.ts';
import type { Incident } from '../evaluate/incidents.ts';
import type { SeriesStore } from '../model.ts';
import type { Resources } from '../resources/resources.ts';
import type { FindMessage } from './messages/types.ts';

/** What the API answers from. */
export type World = {
  /** The one project that is served, by its id. */
  project: string;
  store: SeriesStore;
  resources: Resources;
  evaluator: Pick<Evaluator, 'objective'>;
  incidents: IncidentLog;
  clock: Clock;
  newId: NewId;
  findMessage: FindMessage;
};

/** The incidents that there were, open or closed, newest first. */
export type IncidentLog = { list(): readonly Incident[] };
