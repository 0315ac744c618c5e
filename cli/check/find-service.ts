import type { ServiceEntry } from '../../slo/catalogue.ts';
import { compileServices } from '../../slo/compile.ts';
import { gateErrors } from '../../slo/errors.ts';
import type { Target } from '../../slo/metric.ts';
import type { ServiceSpec } from '../../slo/service.ts';

/** A service among specs by its id, compiled for a target. Throws `service_missing`, naming those that there are. */
export function findService(specs: readonly ServiceSpec[], id: string, target: Target): ServiceEntry {
  const { services } = compileServices(specs, target).catalogue;
  const service = services.find(service => service.id === id);
  if (service) return service;
  const known = services.map(service => service.id).join(', ');
  throw gateErrors.error('service_missing', `no spec has a service ${JSON.stringify(id)}: there are ${known}`);
}
