import type * as z from 'zod';

import type { ChangeRequest, Properties, Refusal, RenderContext, ResourceType, WorldView } from '../../resource-type';

/** A change request with its inputs parsed: defaults filled in, types known. */
export interface TypedRequest<Inputs> extends Omit<ChangeRequest, 'inputs'> {
  readonly key: string;
  readonly inputs: Inputs;
}

/** A {@link ResourceType} whose functions get parsed inputs. */
export interface ResourceDefinition<Shape extends z.ZodType<object>> extends Omit<ResourceType, 'inputs' | 'key' | 'render' | 'refuse'> {
  readonly inputs: Shape;
  readonly key: (inputs: z.output<Shape>, context: RenderContext) => string;
  /** Id and what AWS computes; the parsed inputs, the region and the tags are added to the outputs. */
  readonly render: (
    inputs: z.output<Shape>,
    context: RenderContext & { readonly key: string },
  ) => { readonly id: string; readonly computed: Properties };
  readonly refuse?: (request: TypedRequest<z.output<Shape>>, world: WorldView) => Refusal | undefined;
}

/** Makes a resource type: outputs are the inputs with defaults, `region` (not for types of account scope), `tagsAll` and what is computed. */
export function defineType<Shape extends z.ZodType<object>>(definition: ResourceDefinition<Shape>): ResourceType {
  const { inputs: shape, key, render, refuse, ...rest } = definition;
  const parsed = new ParsedInputs(shape);
  return {
    ...rest,
    inputs: shape,
    key: (inputs, context) => key(parsed.of(inputs), context),
    render: (inputs, context) => {
      const wanted = parsed.of(inputs);
      const { id, computed } = render(wanted, context);
      const region = rest.scope === 'account' ? {} : { region: context.place.region };
      return { id, outputs: withoutUndefined({ ...wanted, ...region, ...tagOutputs(rest.taggable, wanted), ...computed }) };
    },
    ...(refuse && {
      refuse: (request, world) => {
        const inputs = parsed.tried(request.inputs);
        // Only a delete can meet inputs that no longer fit: they were accepted by an older shape, and nothing holds the delete back.
        return inputs && refuse({ ...request, inputs }, world);
      },
    }),
  };
}

function tagOutputs(taggable: boolean, inputs: object): Properties {
  if (!taggable) return {};
  const tags = ('tags' in inputs ? inputs.tags : undefined) ?? {};
  return { tags, tagsAll: tags };
}

function withoutUndefined(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined));
}

/** Inputs, which do not change, parsed once: a resource's key, outputs and refusals are all asked for with the same object. */
class ParsedInputs<Shape extends z.ZodType<object>> {
  readonly #shape: Shape;
  readonly #known = new WeakMap<object, z.output<Shape>>();

  constructor(shape: Shape) {
    this.#shape = shape;
  }

  of(inputs: object): z.output<Shape> {
    return this.tried(inputs) ?? this.#shape.parse(inputs);
  }

  /** Undefined where they do not fit. */
  tried(inputs: object): z.output<Shape> | undefined {
    const known = this.#known.get(inputs) ?? this.#shape.safeParse(inputs).data;
    if (known) this.#known.set(inputs, known);
    return known;
  }
}
