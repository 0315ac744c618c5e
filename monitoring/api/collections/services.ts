import { apiErrors } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { serviceOf } from '../../resources/follow.ts';
import { checkDisplayName, checkUserLabels, must } from '../checks.ts';
import type { Collection } from '../collection.ts';
import type { Message } from '../messages/read.ts';
import type { Call } from '../router.ts';
import type { World } from '../world.ts';
import { explicit } from './explicit.ts';
import { checkObjective } from './objective.ts';

const SERVICE_ID = /^[a-z0-9-]{1,63}$/;
const OBJECTIVE_ID = /^[a-zA-Z0-9_:.-]{1,63}$/;

/** Services. One that is removed takes its SLOs along. */
export function services({ resources, newId, findMessage }: World): Collection {
  const identifiers = findMessage('google.monitoring.v3.Service').oneofs.identifier?.oneof ?? [];
  return {
    ...{ kind: 'services', under: '/v3/projects/{project}', message: 'google.monitoring.v3.Service' },
    list: { message: 'google.monitoring.v3.ListServicesResponse' },
    idOf: call => givenId(call, 'serviceId', SERVICE_ID, newId),
    check: json => [
      ...must(
        [...identifiers, 'basicService'].some(identifier => json[identifier] !== undefined),
        'custom',
        'must be there, or basicService, or another of what a service is',
      ),
      ...checkDisplayName(json.displayName, false),
      ...checkUserLabels(json.userLabels),
    ],
    parts: name => resources.list('serviceLevelObjectives', `${name}/`),
  };
}

/** The SLOs of a service. */
export function objectives(world: World): Collection {
  const { resources, newId } = world;
  return {
    ...{ kind: 'serviceLevelObjectives', under: '/v3/projects/{project}/services/{service}' },
    ...{ message: 'google.monitoring.v3.ServiceLevelObjective', itemsMax: limits.api_objectives_of_a_service_max },
    list: { message: 'google.monitoring.v3.ListServiceLevelObjectivesResponse' },
    idOf: call => givenId(call, 'serviceLevelObjectiveId', OBJECTIVE_ID, newId),
    check(json, name) {
      const service = resources.get('services', serviceOf(name));
      if (!service)
        throw apiErrors.error('resource_missing', `There is no ${serviceOf(name)}, to which ${name} would belong`);
      return checkObjective(json, service.json, world);
    },
    show({ name, json }, call) {
      const view = call?.query.get('view');
      const isExplicit = view === 'EXPLICIT' || view === '2';
      return isExplicit ? explicit(json, resources.get('services', serviceOf(name))?.json as Message) : json;
    },
  };
}

function givenId({ query }: Call, parameter: string, pattern: RegExp, newId: () => string): string {
  const id = query.get(parameter) || newId();
  if (pattern.test(id)) return id;
  const problems = must(false, parameter, `must match ${pattern.source}`, id);
  throw apiErrors.error('argument_invalid', `${parameter} must match ${pattern.source}, not "${id}"`, { problems });
}
