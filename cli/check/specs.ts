import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalogue } from '../../slo/catalogue.ts';
import { compileServices } from '../../slo/compile.ts';
import type { Finding } from '../../slo/lints/finding.ts';
import { lint } from '../../slo/lints/lint.ts';
import type { ServiceSpec } from '../../slo/service.ts';
import { loadSpecs } from '../../slo/spec-files/load.ts';

/** Specs that load, and what the lints say of them. */
export type CheckedSpecs = { specs: ServiceSpec[]; catalogue: Catalogue; findings: Finding[] };

/** Loads and lints the specs of a folder. Throws where some do not load or are no services. */
export async function checkSpecs(root: string, files: readonly string[] = []): Promise<CheckedSpecs> {
  const specs = await loadSpecs({ root, files });
  const { catalogue } = compileServices(specs, { project: 'project', nameSuffix: '' });
  const findings = lint(catalogue, { runbookExists: path => existsSync(join(root, 'alerts', path)) });
  return { specs, catalogue, findings };
}
