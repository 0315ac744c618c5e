import { describeShare } from '../../base/durations.ts';
import type { Catalogue } from '../../slo/catalogue.ts';
import { describePeriod } from '../../slo/period.ts';
import { GENERATED, type GeneratedFile } from '../file.ts';
import { page, table } from './markdown.ts';
import { describeBudget, servicePage } from './service.ts';

const MARK = `<!-- ${GENERATED} -->`;

const HOW_TO_READ = `## How to read it

The error budget is what of all events may be bad in a period: \`1 - goal\` of them. It is told in minutes of total outage: at 10 % bad
events it lasts ten times as long. A chapter says of each service what counts as good, why so much of it is promised, who is called
how soon, and which SLIs were thought of and not taken.`;

const HOW_ALERTS_WORK = `## How alerts work

The burn rate is how many times faster than evenly the budget is spent: 1 spends it in exactly one period. A tier fires while the burn
rate is above its threshold in a long window, which shows that it matters, and in a short one, which shows that it still goes on. A page
wakes somebody; a ticket waits for working hours.

The times in the chapters hold at a constant rate of requests with a whole long window of history: falling traffic delays a tier,
rising traffic or a young service hastens it. In brackets stands what to expect on Google Cloud, where a point is sampled and read
later. After a total outage a tier closes as said, later with less traffic, up to its whole short window, and by itself where no data
comes.`;

const HOW_DEPLOYS_STOP = `## How deploys stop

\`burnline gate\` asks before a deploy. Each chapter says under which share of a budget it stops, and down to what a fix goes, which is
announced by \`--change fix\`. It stops as well where another hour like the last one (\`--window\`) would take a budget that far, where a
page is open, and where the load test failed a threshold or shows, at 95 % confidence, that a goal is missed. It does not pass where
data is missing or old, nor where the load test had too few requests to prove a goal: with none bad, 99.9 % takes 2,995. What ends an
incident, or cannot wait, goes by an override with a reason, which is recorded.`;

/**
 * The SLO handbook in Markdown: an index, and a chapter for each service.
 *
 * @param options.root the folder that sources are named from; the handbook stands two folders below it
 */
export function* toHandbook({ catalogue, root }: { catalogue: Catalogue; root: string }): Generator<GeneratedFile> {
  yield { path: 'index.md', text: `${MARK}\n\n${indexPage(catalogue)}` };
  for (const service of catalogue.services) {
    yield { path: `${service.id}.md`, text: `${MARK}\n\n${servicePage(catalogue, service, root)}` };
  }
}

function indexPage({ services }: Catalogue): string {
  const rows = services.flatMap(({ id, title, owner, objectives }) =>
    objectives.map(objective => [
      ...[`[${title}](${id}.md)`, objective.title, describeShare(objective.goal), describePeriod(objective.period)],
      ...[describeBudget(objective), owner],
    ]),
  );
  const columns = ['Service', 'SLO', 'Goal', 'Period', 'Error budget', 'Owner'];
  return page(['# Service level objectives', table(columns, rows), HOW_TO_READ, HOW_ALERTS_WORK, HOW_DEPLOYS_STOP]);
}
