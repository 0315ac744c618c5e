import { createRequire } from 'node:module';
import protobuf from 'protobufjs';

/** Finds a message by its whole name, as `google.monitoring.v3.AlertPolicy`. */
export type FindMessage = (name: string) => protobuf.Type;

const DASHBOARDS = 'google.monitoring.dashboard.';

/** Our own message: who acknowledges an alert. */
export const ACKNOWLEDGE = 'AcknowledgeAlertRequest';
const acknowledge = new protobuf.Type(ACKNOWLEDGE).add(new protobuf.Field('by', 1, 'string'));

/** Loads the descriptions of all messages that come with Google's own clients: what the API is, to the last field. */
export function loadMessages(): FindMessage {
  const require = createRequire(import.meta.url);
  const open = (library: string) =>
    protobuf.Root.fromJSON(
      require(`@google-cloud/${library}/build/protos/protos.json`) as protobuf.INamespace,
    ).resolveAll();
  const monitoring = open('monitoring');
  const dashboards = open('monitoring-dashboards');
  const known = new Map([[ACKNOWLEDGE, acknowledge]]);
  return name => {
    const found = known.get(name) ?? (name.startsWith(DASHBOARDS) ? dashboards : monitoring).lookupType(name);
    known.set(name, found);
    return found;
  };
}

/** The message or enum that a field holds; `undefined` where it holds a scalar. */
export function typeOf(field: protobuf.Field): protobuf.Type | protobuf.Enum | undefined {
  return field.resolve().resolvedType ?? undefined;
}

/** A field by its name in JSON; the name in the proto, with underscores, is taken too. */
export function fieldOf(type: protobuf.Type, name: string): protobuf.Field | undefined {
  const camel = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  return Object.hasOwn(type.fields, camel) ? type.fields[camel] : undefined;
}

/** A message's whole name, without the dot before it. */
export function nameOf(type: protobuf.Type | protobuf.Enum): string {
  return type.fullName.replace(/^\./, '');
}
