import { testChanges } from '../changes.contract.ts';
import { createFakeChanges } from './fakes.ts';

testChanges('fake table', async () => {
  const { changes, commit, erase } = createFakeChanges();
  let stamp = 0;
  const append = async (events: Parameters<typeof commit>[0]) => {
    stamp += 1;
    commit(events, stamp);
  };
  return {
    ...{ changes, append },
    erase: async id => erase(id, Date.now() * 1000),
    appendUnaware: event => append([event]),
  };
});
