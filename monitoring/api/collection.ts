import { createHash } from 'node:crypto';
import { describeProblems, type Problem } from '../../base/errors.ts';
import { apiErrors } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Kind, Resource } from '../resources/resources.ts';
import { selectedBy } from './list-filter.ts';
import { applyMask } from './masks.ts';
import type { Message } from './messages/read.ts';
import { readPage, toPage } from './pages.ts';
import type { Call, Route } from './router.ts';
import type { World } from './world.ts';

/** A kind of resource that can be made, changed and removed. */
export type Collection = {
  kind: Kind;
  /** `/v3/projects/{project}` */
  under: string;
  message: string;
  /** The message of a list, and the name of the list in it. */
  list: { message: string; field?: string };
  update?: 'PATCH' | 'PUT';
  /** How many there may be under one parent. */
  itemsMax?: number;
  /** The id of a new one: the client's, or one of our own. */
  idOf(call: Call): string;
  /** What is wrong with it. Throws where something that it belongs to is not there. */
  check(json: Message, name: string): readonly Problem[];
  /** What the server adds, or keeps of what was there before. */
  complete?(json: Message, name: string, before?: Resource): Message;
  /** How it is shown. */
  show?(resource: Resource, call?: Call): Message;
  /** Throws `precondition_failed` where something else needs it. */
  refuseRemoval?(name: string, call: Call): void;
  /** What goes with it. */
  parts?(name: string): readonly Resource[];
};

/** Fields that only the server sets. */
const OUTPUT_ONLY = ['etag', 'creationRecord', 'mutationRecord', 'mutationRecords', 'verificationStatus', 'validity'];

/** The methods of a collection, and `put`, which keeps a resource under the name that it has. */
export function createCollection(collection: Collection, world: World): { routes: Route[]; put(json: Message): void } {
  const { kind, under, message, list, update = 'PATCH' } = collection;
  const { resources } = world;
  const type = world.findMessage(message);
  const one = `${under}/${kind}/{id}`;
  const parentOf = ({ params }: Call) =>
    under.replace(/^\/v\d\//, '').replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');
  const nameOf = (call: Call) => `${parentOf(call)}/${kind}/${call.params.id}`;
  const show = (resource: Resource, call?: Call) => collection.show?.(resource, call) ?? resource.json;

  function find(name: string): Resource {
    const found = resources.get(kind, name);
    if (found) return found;
    throw apiErrors.error('resource_missing', `There is no ${name}`);
  }

  function keep(name: string, json: Message, { isTrial = false } = {}): Resource {
    const before = resources.get(kind, name);
    const given = Object.fromEntries(Object.entries({ ...json, name }).filter(([key]) => !OUTPUT_ONLY.includes(key)));
    const whole = collection.complete?.(given, name, before) ?? given;
    const problems = collection.check(whole, name);
    if (problems.length > 0) {
      throw apiErrors.error('argument_invalid', `${name} is not valid: ${describeProblems(problems)}`, { problems });
    }
    const parent = name.slice(0, name.lastIndexOf('/') + 1);
    const { itemsMax = limits.api_resources_of_a_kind_max } = collection;
    if (!before && resources.list(kind, parent).length >= itemsMax) {
      throw apiErrors.error('precondition_failed', `${parent} has ${itemsMax} already, and that is the most`);
    }
    if (!isTrial) return resources.put(kind, name, whole);
    return { kind, name, json: whole, etag: '', createdMs: 0, updatedMs: 0 };
  }

  const isTrial = ({ query }: Call) => query.get('validateOnly') === 'true';

  const routes: Route[] = [
    {
      ...{ method: 'GET', path: `${under}/${kind}`, answers: list.message },
      handle(call) {
        const parent = parentOf(call);
        if (under.includes('{service}') && !resources.get('services', parent)) {
          throw apiErrors.error('resource_missing', `There is no ${parent}`);
        }
        const isSelected = selectedBy(call.query.get('filter') ?? '');
        const shown = resources.list(kind, `${parent}/`).map(resource => show(resource, call));
        return toPage(list.field ?? kind, shown.filter(isSelected), readPage(call.query, limits.api_page_items_max));
      },
    },
    { method: 'GET', path: one, answers: message, handle: call => show(find(nameOf(call)), call) },
    {
      ...{ method: 'POST', path: `${under}/${kind}`, takes: message, answers: message },
      handle(call) {
        const name = `${parentOf(call)}/${kind}/${collection.idOf(call)}`;
        if (resources.get(kind, name)) throw apiErrors.error('resource_exists', `${name} is there already`);
        return show(keep(name, call.body, { isTrial: isTrial(call) }));
      },
    },
    {
      ...{ method: update, path: one, takes: message, answers: message },
      handle(call) {
        const before = find(nameOf(call));
        const { etag } = call.body;
        if (etag !== undefined && etag !== '' && etag !== before.etag) {
          throw apiErrors.error('etag_stale', `${before.name} has changed since it was read: read it again`);
        }
        const json = applyMask(type, before.json, call.body, call.query.get('updateMask') ?? '');
        return show(keep(before.name, json, { isTrial: isTrial(call) }));
      },
    },
    {
      ...{ method: 'DELETE', path: one },
      handle(call) {
        const { name } = find(nameOf(call));
        collection.refuseRemoval?.(name, call);
        for (const part of collection.parts?.(name) ?? []) resources.remove(part.kind, part.name);
        resources.remove(kind, name);
        return {};
      },
    },
  ];
  function put(json: Message): void {
    const { name = '' } = json as { name?: string };
    if (!name.startsWith(`projects/${world.project}/`)) {
      throw apiErrors.error(
        'argument_invalid',
        `name must be of projects/${world.project}, which is served, not ${name}`,
      );
    }
    keep(name, json);
  }

  return { routes, put };
}

/** An id of digits, as Google makes them. */
export function numericId({ newId }: Pick<World, 'newId'>): string {
  return String(createHash('sha256').update(newId()).digest().readBigUInt64BE() >> 1n);
}
