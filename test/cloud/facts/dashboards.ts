import { compared, type Fact } from '../fact.ts';

const OURS = 40;
const WIDGETS = [OURS, 60, 100];
const COLUMNS = 48;

/** How large a dashboard may be. */
export const dashboardFacts: readonly Fact[] = [
  {
    id: 'dashboard-widgets',
    question: 'How many widgets may a dashboard have?',
    believed: `${OURS} at the least, on a grid of ${COLUMNS} columns; ours have fewer`,
    dependsOn: ['dashboards/layout.ts', 'dashboards/service.ts', 'dashboards/fleet.ts', 'dashboards/pipeline.ts'],
    does: `Asks for dashboards with ${WIDGETS.join(', ')} widgets.`,
    setting:
      'How many SLOs and signals `dashboards/service.ts`, `fleet.ts` and `pipeline.ts` put on one page; `COLUMNS` in `dashboards/layout.ts`',
    async settle(world) {
      const path = `/v1/projects/${world.project}/dashboards`;
      const answers = await Promise.all(
        WIDGETS.map(count => {
          const body = {
            displayName: `${world.run} ${count}`,
            labels: world.labels,
            mosaicLayout: { columns: COLUMNS, tiles: tilesOf(count) },
          };
          return world.make<{ name: string }>('POST', 'monitoring', path, body, ({ name }) => `/v1/${name}`);
        }),
      );
      const said = answers.map((answer, n) => `${WIDGETS[n]} ${answer.said}`);
      return compared(answers[0]?.taken === true, said.join('; '));
    },
  },
];

const tilesOf = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    ...{ xPos: (n % 4) * 12, yPos: Math.floor(n / 4) * 8, width: 12, height: 8 },
    widget: { title: `${n}`, text: { content: `${n}`, format: 'RAW' } },
  }));
