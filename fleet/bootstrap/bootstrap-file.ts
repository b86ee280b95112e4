import * as z from 'zod';

import { controlProblems } from '../../contracts/control-roles';
import { organizationConfigParts } from '../../contracts/organization';
import { readYamlFile } from '../config/yaml-file';

const { organization, control, state, cost, bootstrapRole, tagPolicy } = organizationConfigParts;

/** What `fleet bootstrap` is told beside fleet.yaml: decisions about the organisation, which no rollout needs to know. */
export const bootstrapFileSchema = z.strictObject({
  /** Roles of the management account. */
  control: z.strictObject({ roles: control.shape.roles, operators: control.shape.operators }).superRefine((named, context) => {
    for (const { path, message } of controlProblems(named)) context.addIssue({ code: 'custom', path: [...path], message });
  }),
  units: organization.shape.units,
  bootstrapRole,
  state: z
    .strictObject({
      keyAlias: state.shape.keyAlias.optional(),
      takeOver: state.shape.takeOver,
      oldVersionsDays: state.shape.oldVersionsDays,
    })
    .prefault({}),
  tagPolicy,
  cost: z.strictObject({
    budgets: z.strictObject({ perAccountUsd: cost.shape.budgets.shape.perAccountUsd }),
    anomalies: cost.shape.anomalies,
    emails: cost.shape.emails,
    activateTags: cost.shape.activateTags,
  }),
});

/** bootstrap.yaml, with its defaults. */
export type BootstrapFile = z.output<typeof bootstrapFileSchema>;

/** Reads bootstrap.yaml. Throws one `user/bootstrap-file` {@link FleetError} with every problem, each with its position. */
export function readBootstrapFile(path: string): BootstrapFile {
  return readYamlFile(path, { schema: bootstrapFileSchema, what: 'bootstrap-file' }).data;
}
