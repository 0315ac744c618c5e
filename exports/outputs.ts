import type { Catalogue } from '../slo/catalogue.ts';
import { compileServices } from '../slo/compile.ts';
import type { ServiceSpec } from '../slo/service.ts';
import { toBoundaries } from './boundaries.ts';
import { compile } from './compile.ts';
import { GENERATED, type GeneratedFile } from './file.ts';
import { toGrafanaDashboards } from './grafana/dashboards.ts';
import { toHandbook } from './handbook/handbook.ts';
import { toK6Thresholds } from './k6.ts';
import { toOpenSlo } from './openslo/openslo.ts';
import { toPrometheusRules } from './prometheus/rules.ts';
import { toTerraform } from './terraform/module.ts';
import { terraformTarget } from './terraform/names.ts';

/** What may be generated. */
export const outputNames = ['terraform', 'k6', 'boundaries', 'prometheus', 'openslo', 'grafana', 'handbook'] as const;
export type OutputName = (typeof outputNames)[number];

/** One kind of output: a folder, and the files in it; which others in the folder were generated, and may be removed. */
export type Output = {
  name: OutputName;
  folder: string;
  files: GeneratedFile[];
  owns(path: string, text: string): boolean;
};

const isMarked = (_path: string, text: string) => text.includes(GENERATED);
const always = () => true;

/** Everything that specs generate, as far as it is asked for. */
export function generate(
  specs: readonly ServiceSpec[],
  options: { root: string; only: readonly OutputName[]; isDestroyable: boolean },
): Output[] {
  const { catalogue } = compileServices(specs, { project: '$project', nameSuffix: '' });
  const makers: Readonly<Record<OutputName, () => Omit<Output, 'name'>>> = {
    terraform: () => ({
      folder: 'terraform/monitoring',
      files: toTerraform(compile(specs, terraformTarget), options),
      owns: (path, text) => isMarked(path, text) || path.startsWith('dashboards/'),
    }),
    k6: () => one('load-tests', 'thresholds.ts', toK6Thresholds(catalogue)),
    boundaries: () => one('telemetry', 'boundaries.ts', toBoundaries(catalogue)),
    prometheus: () => ({ folder: 'generated/prometheus', files: toPrometheusRules(catalogue), owns: always }),
    openslo: () => ({ folder: 'generated/openslo', files: toOpenSlo(catalogue), owns: always }),
    grafana: () => ({ folder: 'generated/grafana', files: grafanaFiles(catalogue), owns: always }),
    handbook: () => ({ folder: 'docs/slo', files: toHandbook({ catalogue, root: options.root }), owns: isMarked }),
  };
  return options.only.map(name => ({ name, ...makers[name]() }));
}

/** A file of ours in a folder that is not. */
function one(folder: string, path: string, text: string): Omit<Output, 'name'> {
  return { folder, files: [{ path, text }], owns: () => false };
}

function grafanaFiles(catalogue: Catalogue): GeneratedFile[] {
  return toGrafanaDashboards({ catalogue }).map(({ path, json }) => ({
    path,
    text: `${JSON.stringify(json, undefined, 2)}\n`,
  }));
}
