import type { Resources } from '../compile.ts';
import { idOf, keyOf, objectiveKey } from '../terraform/names.ts';
import { serviceBlock } from '../terraform/resources.ts';

/** What is destroyed and cannot be brought back by undoing the change. */
export type Loss = {
  kind: 'service' | 'slo';
  name: string;
  /** Where Terraform has it, inside the generated module: `google_monitoring_slo.checkout_latency`. */
  address: string;
};

/** An SLO or service with another id is another one: the old one's history goes with it. */
export function lossesOf(before: Resources, after: Resources): Loss[] {
  const services = new Set(after.services.map(({ name }) => name));
  const objectives = new Set(after.objectives.map(({ name }) => name));
  const gone = before.services.filter(({ name }) => !services.has(name));
  const lost = before.objectives.filter(({ name }) => !objectives.has(name));
  return [
    ...gone.map((service): Loss => {
      const id = idOf(service);
      return { kind: 'service', name: id, address: `${serviceBlock(service, true).type}.${keyOf(id)}` };
    }),
    ...lost.map((objective): Loss => {
      const [, , , service, , slo] = objective.name.split('/');
      return { kind: 'slo', name: `${service}/${slo}`, address: `google_monitoring_slo.${objectiveKey(objective)}` };
    }),
  ];
}
