import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Attribute = { type: unknown; required?: true; decided?: true };
type BlockSchema = {
  attributes: Readonly<Record<string, Attribute>>;
  blocks: Readonly<Record<string, BlockSchema & { min?: number; max?: number }>>;
};
type Schema = { version: string; resources: Readonly<Record<string, BlockSchema>> };

/** What the google provider takes in the resources that we generate: the arguments' names, types and numbers, as it tells them. */
export const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'schema.json'), 'utf8')) as Schema;

// Terraform's own, in every resource.
const META = new Set(['lifecycle', 'depends_on', 'count', 'for_each', 'provider']);

/** What is wrong with the resources of a `*.tf.json` file, one sentence each. */
export function problemsOf(file: string, text: string): string[] {
  const { resource = {} } = JSON.parse(text) as { resource?: Record<string, Record<string, unknown>> };
  return Object.entries(resource).flatMap(([type, named]) => {
    const known = schema.resources[type];
    if (!known) return [`${file}: ${type} is no resource that this check knows`];
    return Object.entries(named).flatMap(([name, block]) => checkBlock(known, block, `${file}: ${type}.${name}`));
  });
}

/** How many resources a file has. */
export function countResources(text: string): number {
  const { resource = {} } = JSON.parse(text) as { resource?: Record<string, object> };
  return Object.values(resource).reduce((sum, named) => sum + Object.keys(named).length, 0);
}

function checkBlock({ attributes, blocks }: BlockSchema, body: unknown, path: string): string[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [`${path} must be a block`];
  const given = Object.entries(body).filter(([key]) => !META.has(key));
  const wrong = given.flatMap(([key, value]) => {
    const at = `${path}.${key}`;
    if (attributes[key]) return checkAttribute(attributes[key], value, at);
    const inner = blocks[key];
    if (!inner) return [`${at} is no argument`];
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const many =
      inner.max && list.length > inner.max ? [`${at} stands ${list.length} times, and may ${inner.max}`] : [];
    return [...many, ...list.flatMap(each => checkBlock(inner, each, at))];
  });
  const required = Object.entries(attributes).filter(([key, { required }]) => required && !(key in body));
  const needed = Object.entries(blocks).filter(([key, { min }]) => min && !(key in body));
  return [...wrong, ...[...required, ...needed].map(([key]) => `${path}.${key} is missing`)];
}

function checkAttribute({ type, decided }: Attribute, value: unknown, at: string): string[] {
  if (decided) return [`${at} is for the provider to decide`];
  return fits(type, value) ? [] : [`${at} must be ${JSON.stringify(type)}, not ${JSON.stringify(value)}`];
}

function fits(type: unknown, value: unknown): boolean {
  // What an expression gives is not known here.
  if (typeof value === 'string' && value.includes('${')) return true;
  const [kind, of] = Array.isArray(type) ? type : [type];
  switch (kind) {
    case 'string':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'bool':
      return typeof value === 'boolean';
    case 'list':
    case 'set':
      return Array.isArray(value) && value.every(each => fits(of, each));
    case 'map':
      return typeof value === 'object' && value !== null && Object.values(value).every(each => fits(of, each));
    default:
      return false;
  }
}
