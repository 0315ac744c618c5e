import type { Clock } from '../../base/clock.ts';
import type { NewId } from '../../base/ids.ts';
import type { Evaluator } from '../evaluate/evaluator.ts';
import type { IncidentLog } from '../incidents/log.ts';
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
  incidents: Pick<IncidentLog, 'list' | 'acknowledge'>;
  clock: Clock;
  newId: NewId;
  findMessage: FindMessage;
};
