import { isDeepStrictEqual } from 'node:util';
import type { Service } from '../../slo/resources/service.ts';
import type { Resources } from '../compile.ts';
import { idOf, keyOf, objectiveKey } from '../terraform/names.ts';
import { serviceBlock } from '../terraform/resources.ts';

/** What is destroyed and cannot be brought back by undoing the change. */
export type Loss = {
  kind: 'service' | 'slo';
  name: string;
  /** Where Terraform has it, inside the generated module: `google_monitoring_slo.checkout_latency`. */
  address: string;
  /**
   * `id`: nothing has its id any more. `type`: its service becomes a custom one, or is no longer one. `binding`: its service is bound
   * to something else.
   */
  cause: 'id' | 'type' | 'binding';
};

/** What a change of specs destroys: what is gone, and what Google deletes with a service that is made anew under its old id. */
export function lossesOf(before: Resources, after: Resources): Loss[] {
  const services = new Map(after.services.map(service => [service.name, service]));
  const objectives = new Set(after.objectives.map(({ name }) => name));
  const causes = new Map(before.services.map(service => [service.name, causeOf(service, services.get(service.name))]));
  return [
    ...before.services.flatMap((service): Loss[] => {
      const cause = causes.get(service.name);
      const address = `${serviceBlock(service, true).type}.${keyOf(idOf(service))}`;
      return cause ? [{ kind: 'service', name: idOf(service), address, cause }] : [];
    }),
    ...before.objectives.flatMap((objective): Loss[] => {
      const [, , , service = '', , slo] = objective.name.split('/');
      const ofService = causes.get(objective.name.slice(0, objective.name.indexOf('/serviceLevelObjectives/')));
      const cause = objectives.has(objective.name) ? ofService : 'id';
      const address = `google_monitoring_slo.${objectiveKey(objective)}`;
      return cause ? [{ kind: 'slo', name: `${service}/${slo}`, address, cause }] : [];
    }),
  ];
}

/** Why a service is lost, where it is: Terraform has a type for custom services and another for all else, and no binding can change. */
function causeOf(before: Service, after: Service | undefined): Loss['cause'] | undefined {
  if (!after) return 'id';
  if (serviceBlock(before, true).type !== serviceBlock(after, true).type) return 'type';
  return isDeepStrictEqual(before.basicService, after.basicService) ? undefined : 'binding';
}
