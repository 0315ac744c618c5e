import { Copy, DockerfileParser, Entrypoint, Env, From, Healthcheck, type Instruction } from 'dockerfile-ast';

/** One instruction of a Dockerfile, as far as we use it; a command in exec form is its arguments, in shell form `undefined`. */
export type Step =
  | { kind: 'copy'; from?: string; sources: string[]; to: string }
  | { kind: 'env'; values: Record<string, string> }
  | { kind: 'workdir' | 'user' | 'run' | 'arg' | 'other'; text: string }
  | { kind: 'entrypoint' | 'healthcheck'; argv: string[] | undefined };

/** A stage: its name, the stage or the image that it is built on, and its own steps. */
export type Stage = { name: string; on: string; steps: Step[] };

/** Reads the stages of a Dockerfile. */
export function readStages(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const instruction of DockerfileParser.parse(text).getInstructions()) {
    if (instruction instanceof From) {
      const name = instruction.getBuildStage() ?? String(stages.length);
      stages.push({ name, on: instruction.getImage() ?? '', steps: [] });
    } else {
      stages.at(-1)?.steps.push(stepOf(instruction));
    }
  }
  return stages;
}

/** All that makes up a stage, with what it is built on first. Throws where there is no such stage. */
export function stepsOf(stages: readonly Stage[], name: string): Step[] {
  const stage = stages.find(each => each.name === name);
  if (!stage) throw new Error(`The Dockerfile has no stage ${name}, only ${stages.map(each => each.name).join(', ')}`);
  const isOnStage = stages.some(each => each.name === stage.on);
  return [...(isOnStage ? stepsOf(stages, stage.on) : []), ...stage.steps];
}

/** The last step of a kind, which is the one that counts. */
export function lastOf<Kind extends Step['kind']>(steps: readonly Step[], kind: Kind): Step & { kind: Kind } {
  const step = steps.findLast((each): each is Step & { kind: Kind } => each.kind === kind);
  if (!step) throw new Error(`The Dockerfile has no ${kind.toUpperCase()} there`);
  return step;
}

function stepOf(instruction: Instruction): Step {
  const text = instruction.getArgumentsContent() ?? '';
  if (instruction instanceof Copy) {
    const paths = instruction.getArguments().map(argument => argument.getValue());
    const from = instruction.getFromFlag()?.getValue();
    return { kind: 'copy', ...(from && { from }), sources: paths.slice(0, -1), to: paths.at(-1) ?? '' };
  }
  if (instruction instanceof Env) {
    const values = instruction.getProperties().map(property => [property.getName(), property.getValue() ?? '']);
    return { kind: 'env', values: Object.fromEntries(values) };
  }
  if (instruction instanceof Entrypoint) return { kind: 'entrypoint', argv: execForm(text) };
  if (instruction instanceof Healthcheck) return { kind: 'healthcheck', argv: execForm(text.replace(/^CMD\s+/, '')) };
  const kind = (['WORKDIR', 'USER', 'RUN', 'ARG'] as const).find(keyword => keyword === instruction.getKeyword());
  return { kind: kind ? (kind.toLowerCase() as 'workdir' | 'user' | 'run' | 'arg') : 'other', text };
}

function execForm(text: string): string[] | undefined {
  return text.startsWith('[') ? (JSON.parse(text) as string[]) : undefined;
}
