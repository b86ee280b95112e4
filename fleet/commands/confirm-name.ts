import { userError } from '../errors';

/** Throws a user error where what was typed is not the fleet's name. `nothing` says what was not done: `nothing was destroyed`. */
export function refuseOtherName(typed: string, { name, nothing }: { readonly name: string; readonly nothing: string }): void {
  if (typed.trim() === name) return;
  throw userError('not-confirmed', `${JSON.stringify(typed.trim())} is not the name of this fleet, ${name}: ${nothing}`);
}

/** Throws a user error where `--yes` stands in for the name, which it does not. */
export function refuseYesAlone({ yes, confirm }: { readonly yes?: boolean; readonly confirm?: string }, verb: string): void {
  if (yes === true && confirm === undefined)
    throw userError('not-confirmed', `--yes does not confirm a ${verb}: add --confirm <fleet name>`);
}
