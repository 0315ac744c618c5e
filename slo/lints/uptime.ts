import { seriesOf } from '../causes.ts';
import type { Selection } from '../metric.ts';
import { selectionsOf } from '../sli.ts';
import { uptimeIdOf } from '../sources/uptime.ts';
import { type Found, type Lint, ofService } from './rule.ts';

const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;
const PATH = /^\/\S*$/;

/** What asks from outside. */
export const uptimeLints = {
  'uptime-address': {
    severity: 'error',
    explanation:
      'An uptime check asks https://HOST/PATH at port 443: its host is a bare name, and its path begins with a slash.',
    remedy: 'Part the address: host: "shop.example.com", path: "/health".',
    example: 'The host "https://shop.example.com/" is looked up as a name, and no name has a slash: every check fails.',
    rules: ofService(({ service: { uptime } }) =>
      uptime.flatMap(({ id, host, path }) => [
        HOST.test(host) ? undefined : `uptime check ${id} has the host ${JSON.stringify(host)}, which is no bare name`,
        PATH.test(path) ? undefined : `uptime check ${id} has the path ${JSON.stringify(path)}, which begins with no /`,
      ]),
    ),
  },
  'uptime-not-made': {
    severity: 'error',
    explanation:
      'An uptime check is made by the service that lists it. Of one that no service lists there is no answer, and what waits for it never has data.',
    remedy: 'Add it to the service: uptime: [check].',
    example:
      'availability({ sli: windows({ every: "1m", good: { anyTrue: uptimePassed(check) } }), … }) without uptime: [check].',
    rules: [],
    overall: ({ catalogue: { services } }) => {
      const made = new Set(services.flatMap(({ uptime }) => uptime.map(({ id }) => id)));
      const unmade = (selections: readonly Selection[], about: Omit<Found, 'message'>, name = ''): Found[] =>
        selections.flatMap(selection => {
          const id = uptimeIdOf(selection);
          if (id === undefined || made.has(id)) return [];
          return [{ ...about, message: `${name}waits for uptime check ${id}, and no service lists it` }];
        });
      return services.flatMap(({ id: service, objectives, causes }) => [
        ...objectives.flatMap(({ id, sli, definedAt }) =>
          unmade(selectionsOf(sli), { place: definedAt, service, slo: id }),
        ),
        ...causes.flatMap(({ id, when, definedAt }) =>
          unmade([seriesOf(when)], { place: definedAt, service }, `cause ${id} `),
        ),
      ]);
    },
  },
} as const satisfies Readonly<Record<string, Lint>>;
