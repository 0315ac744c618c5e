import type { Catalogue } from '../slo/catalogue.ts';
import type { ServiceSpec } from '../slo/service.ts';
import { toBoundaries } from './boundaries.ts';
import { GENERATED, type GeneratedFile } from './file.ts';
import { toGrafanaDashboards } from './grafana/dashboards.ts';
import { toHandbook } from './handbook/handbook.ts';
import { toK6Thresholds } from './k6.ts';
import { toOpenSlo } from './openslo/openslo.ts';
import { toPrometheusRules } from './prometheus/rules.ts';
import { isTemplateAsWritten } from './terraform/dashboards.ts';
import { toTerraform } from './terraform/module.ts';

/** What may be generated. */
export const outputNames = ['terraform', 'k6', 'boundaries', 'prometheus', 'openslo', 'grafana', 'handbook'] as const;
export type OutputName = (typeof outputNames)[number];

/** One kind of output: a folder, and the files in it; which others in the folder were generated, and may be removed. */
export type Output = {
  name: OutputName;
  folder: string;
  files: Iterable<GeneratedFile>;
  owns(path: string, text: string): boolean;
};

const isMarked = (_path: string, text: string) => text.includes(GENERATED);

/**
 * Everything that specs generate, as far as it is asked for. Outputs and their files are made one by one, as they are read: all of
 * them together are much to keep.
 *
 * @param options.catalogue of the specs, compiled for the project `$project`
 */
export function* generate(
  specs: readonly ServiceSpec[],
  options: { catalogue: Catalogue; root: string; only: readonly OutputName[]; isDestroyable: boolean },
): Generator<Output> {
  const { catalogue } = options;
  const makers: Readonly<Record<OutputName, () => Omit<Output, 'name'>>> = {
    terraform: () => ({
      folder: 'terraform/monitoring',
      files: toTerraform(specs, options),
      owns: (path, text) => isMarked(path, text) || (path.startsWith('dashboards/') && isTemplateAsWritten(text)),
    }),
    k6: () => one('load-tests', 'thresholds.ts', toK6Thresholds(catalogue)),
    boundaries: () => one('telemetry', 'boundaries.ts', toBoundaries(catalogue)),
    prometheus: () => ({ folder: 'generated/prometheus', files: toPrometheusRules(catalogue), owns: isMarked }),
    openslo: () => ({ folder: 'generated/openslo', files: toOpenSlo(catalogue), owns: isMarked }),
    grafana: () => ({ folder: 'generated/grafana', files: grafanaFiles(catalogue), owns: isMarked }),
    handbook: () => ({ folder: 'docs/slo', files: toHandbook(options), owns: isMarked }),
  };
  for (const name of options.only) yield { name, ...makers[name]() };
}

/** A file of ours in a folder that is not. */
function one(folder: string, path: string, text: string): Omit<Output, 'name'> {
  return { folder, files: [{ path, text }], owns: () => false };
}

function* grafanaFiles(catalogue: Catalogue): Generator<GeneratedFile> {
  for (const { path, json } of toGrafanaDashboards({ catalogue })) {
    yield { path, text: `${JSON.stringify(json, undefined, 2)}\n` };
  }
}
