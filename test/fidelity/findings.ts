/** One resource as the provider is told: secrets revealed, default tags merged. */
export interface EmittedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** One stack. */
export interface EmittedTarget {
  readonly id: string;
  readonly resources: readonly EmittedResource[];
}

/** One shape of a fleet or an organisation, with all that its programs ask for. */
export interface EmittedShape {
  readonly name: string;
  readonly targets: readonly EmittedTarget[];
}

/** What a checker found; those in Python print the same. */
export interface CheckerReport {
  readonly name: string;
  readonly counts: Readonly<Record<string, number>>;
  /** Places by what is wrong there. */
  readonly refusals: Readonly<Record<string, readonly string[]>>;
  readonly planted: { readonly of: number; readonly seen: number; readonly unseen: readonly string[] };
}

/** Looks at one target's resources. Tells `refuse` what is wrong with one of them, and answers how many things it looked at. */
export interface Checker {
  readonly name: string;
  /** What is counted. */
  readonly unit: string;
  readonly check: (target: EmittedTarget, refuse: (resource: EmittedResource, what: string) => void) => number;
  readonly plants: readonly Plant[];
}

/** A fault in the first resource of a type that has the place for it. */
export interface Plant {
  readonly type: string;
  /** Spoils the inputs, a copy; false where they have no place for it. */
  readonly spoil: (inputs: Record<string, unknown>) => boolean;
  /** Part of what the checker says of it. */
  readonly seen: string;
}

/** What a checker says of all shapes, and whether it sees what is planted. */
export function runChecker(checker: Checker, shapes: readonly EmittedShape[]): CheckerReport {
  const refusals: Record<string, string[]> = {};
  let count = 0;
  for (const { name, targets } of shapes)
    for (const target of targets)
      count += checker.check(target, (resource, what) => {
        (refusals[what] ??= []).push(`${name} > ${target.id} > ${resource.name}`);
      });
  const unseen = checker.plants.filter((plant) => !sees(checker, plant, shapes)).map(({ type, seen }) => `${type}: ${seen}`);
  const of = checker.plants.length;
  return { name: checker.name, counts: { [checker.unit]: count }, refusals, planted: { of, seen: of - unseen.length, unseen } };
}

function sees(checker: Checker, { type, spoil, seen }: Plant, shapes: readonly EmittedShape[]): boolean {
  for (const target of shapes.flatMap(({ targets }) => targets))
    for (const resource of target.resources.filter((one) => one.type === type)) {
      const inputs = structuredClone(resource.inputs) as Record<string, unknown>;
      if (!spoil(inputs)) continue;
      const spoilt = { ...target, resources: target.resources.map((one) => (one === resource ? { ...one, inputs } : one)) };
      const said: string[] = [];
      checker.check(spoilt, (_resource, what) => said.push(what));
      return said.some((what) => what.includes(seen));
    }
  return false;
}

/** A plant that sets an input, nested ones by a dotted path. */
export function setting(type: string, path: string, { to, seen }: { readonly to: unknown; readonly seen: string }): Plant {
  return {
    type,
    seen,
    spoil: (inputs) => {
      const keys = path.split('.');
      const last = keys.pop() ?? '';
      let at: unknown = inputs;
      for (const key of keys) at = (at as Readonly<Record<string, unknown>> | undefined)?.[key];
      if (typeof at !== 'object' || at === null) return false;
      (at as Record<string, unknown>)[last] = to;
      return true;
    },
  };
}
