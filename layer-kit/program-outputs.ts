import type * as pulumi from '@pulumi/pulumi';

type Deep<Value> = Value extends string | number | boolean | null
  ? Value
  : { readonly [Key in keyof Value]: Deep<Value[Key]> | pulumi.Output<Value[Key]> };

/** A layer's outputs as its program returns them: the contract's shape, with outputs of resources still unresolved. */
export type ProgramOutputs<Outputs> = { readonly [Key in keyof Outputs]: Deep<Outputs[Key]> | pulumi.Output<Outputs[Key]> };
