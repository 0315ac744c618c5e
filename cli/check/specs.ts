import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { Catalogue } from '../../slo/catalogue.ts';
import { compileServices } from '../../slo/compile.ts';
import { specErrors } from '../../slo/errors.ts';
import type { Finding } from '../../slo/lints/finding.ts';
import { lint } from '../../slo/lints/lint.ts';
import type { Place } from '../../slo/place.ts';
import type { ServiceSpec } from '../../slo/service.ts';
import { readConfig } from '../../slo/spec-files/find.ts';
import { loadSpecs } from '../../slo/spec-files/load.ts';

/** Specs that load, and what the lints say of them. */
export type CheckedSpecs = { specs: ServiceSpec[]; catalogue: Catalogue; findings: Finding[] };

/** Loads and lints the specs of a folder. Throws where some do not load or are no services. */
export async function checkSpecs(root: string, files: readonly string[] = []): Promise<CheckedSpecs> {
  const specs = await loadSpecs({ root, files });
  const areBoundsGenerated = readConfig(root).outputs?.includes('boundaries') ?? true;
  const check = (some: ServiceSpec[]) => {
    const compiled = compileServices(some, { project: '$project', nameSuffix: '' });
    const findings = lint(compiled, {
      runbookExists: path => existsSync(join(root, 'alerts', path)),
      areBoundsGenerated,
    });
    return { specs, catalogue: compiled.catalogue, findings };
  };
  try {
    return check(specs);
  } catch (error) {
    throw refusal(specs, { root, error, check });
  }
}

/** A spec need not have been type-checked. Where one of another shape breaks the check, this finds it by checking each alone. */
function refusal(
  specs: readonly ServiceSpec[],
  { root, error, check }: { root: string; error: unknown; check(some: ServiceSpec[]): void },
) {
  const problems = specs.flatMap(onesOf).flatMap(({ spec, place }) => {
    try {
      check([spec]);
      return [];
    } catch (cause) {
      return [
        { field: `${relative(root, place.file)}:${place.line}`, rule: `does not type-check: ${messageOf(cause)}` },
      ];
    }
  });
  const detail = problems.map(({ field, rule }) => `${field}: ${rule}`).join('\n');
  return specErrors.error('specs_refused', detail || messageOf(error), { problems, cause: error });
}

/** The service once for each of its objectives, with that one alone. */
function onesOf(spec: ServiceSpec): { spec: ServiceSpec; place: Place }[] {
  if (!Array.isArray(spec.slos) || spec.slos.length === 0) return [{ spec, place: spec.definedAt }];
  return spec.slos.map(slo => ({ spec: { ...spec, slos: [slo] }, place: slo?.definedAt ?? spec.definedAt }));
}
