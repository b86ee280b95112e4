import type { AccountId } from '../../contracts/ids';
import { positionOf } from '../config/file-positions';
import type { FleetConfig, OverrideMatch } from '../config/fleet-config';
import { didYouMean } from '../config/known-keys';
import { placeSettings } from '../config/place-settings';
import { unitMatcher, unitTreeMatcher } from '../config/unit-matcher';
import { problemAt, type Problem } from '../errors';

import type { Inventory } from './inventory';

/** What fleet.yaml names of the organisation that is not there. */
export interface ScopeFindings {
  /** It was never there, as far as anybody knows: most likely it is misspelt. */
  readonly refused: readonly Problem[];
  /** It was there once, or may be: nobody has to correct fleet.yaml before anything else. */
  readonly advice: readonly Problem[];
}

/** What is looked through. */
export interface ScopeInput {
  readonly config: FleetConfig;
  readonly inventory: Inventory;
}

type Path = readonly PropertyKey[];

interface Told {
  readonly path: Path;
  /** What it may have been meant to be, or could be. */
  readonly meant?: string;
  /** It matched once, or may match what could not be read. */
  readonly mayMatch?: boolean;
}

/**
 * Accounts, globs over units and matches of overrides that match nothing of the organisation, each with its place in fleet.yaml. What is
 * there but not deployed to (suspended, excluded) matches: an account that AWS suspends must not make fleet.yaml wrong. Pure.
 */
export function checkScope({ config, inventory }: ScopeInput): ScopeFindings {
  return new ScopeCheck({ config, inventory }).findings();
}

class ScopeCheck {
  readonly #refused: Problem[] = [];
  readonly #advice: Problem[] = [];
  readonly #config: FleetConfig;
  readonly #inventory: Inventory;
  readonly #ids: ReadonlySet<AccountId>;
  readonly #units: readonly string[];
  /** Where some account's unit or tags could not be read, what matches nothing may match that one. */
  readonly #unread: { readonly units: boolean; readonly tags: boolean };

  constructor({ config, inventory }: ScopeInput) {
    this.#config = config;
    this.#inventory = inventory;
    this.#ids = new Set(inventory.accounts.map(({ id }) => id));
    this.#units = [...new Set(inventory.accounts.flatMap(({ unit }) => (unit === null || unit === '' ? [] : [unit])))].sort();
    const unread = (key: 'unit' | 'tags') => inventory.accounts.some((account) => account[key] === null);
    this.#unread = { units: unread('unit'), tags: unread('unit') || unread('tags') };
  }

  findings(): ScopeFindings {
    const { units, exclude } = this.#config.workloads;
    units.forEach((glob, index) => this.#glob(glob, { matcher: unitMatcher, path: ['workloads', 'units', index] }));
    exclude.accounts.forEach((id, index) => this.#account(id, ['workloads', 'exclude', 'accounts', index]));
    exclude.units.forEach((glob, index) => this.#glob(glob, { matcher: unitTreeMatcher, path: ['workloads', 'exclude', 'units', index] }));
    this.#overrides();
    return { refused: this.#refused, advice: this.#advice };
  }

  #overrides(): void {
    const settingsAt = placeSettings(this.#config);
    const idle = new Set(this.#config.overrides.keys());
    // Most overrides hold in the first places there are: seldom are all of them looked at.
    for (const place of this.#places()) {
      if (idle.size === 0) return;
      for (const index of settingsAt(place).overrides) idle.delete(index);
    }
    for (const index of idle) this.#override(this.#config.overrides[index]?.match ?? {}, index);
  }

  #override(match: OverrideMatch, index: number): void {
    const before = this.#refused.length + this.#advice.length;
    const path = ['overrides', index, 'match'];
    if (match.account !== undefined) this.#account(match.account, [...path, 'account']);
    if (match.unit !== undefined) this.#glob(match.unit, { matcher: unitMatcher, path: [...path, 'unit'] });
    const { regions } = this.#config;
    if (match.region !== undefined && !regions.includes(match.region)) {
      const meant = didYouMean(match.region, regions) || `; regions has ${regions.join(', ')}`;
      this.#tell(`region ${match.region} is none of this fleet's`, { path: [...path, 'region'], meant });
    }
    if (match.environment !== undefined && !this.#holds({ environment: match.environment }, index)) {
      const message = `environment ${match.environment} is that of no account and region, by their tags and the overrides above`;
      this.#tell(message, { path: [...path, 'environment'], mayMatch: this.#unread.tags });
    }
    if (this.#refused.length + this.#advice.length > before) return;
    const whole = Object.entries(match).flatMap(([key, value]) => (value === undefined ? [] : [`${key} ${value}`]));
    this.#tell(`${whole.join(' and ')} match no account and region together`, { path, mayMatch: this.#unread.tags });
  }

  /** Whether a match would hold anywhere if it stood in the place of an override. */
  #holds(match: OverrideMatch, index: number): boolean {
    const overrides = [...this.#config.overrides.slice(0, index), { match, tags: {}, blocks: {} }];
    const settingsAt = placeSettings({ ...this.#config, overrides });
    for (const place of this.#places()) if (settingsAt(place).overrides.includes(index)) return true;
    return false;
  }

  *#places() {
    for (const { id, unit, tags } of this.#inventory.accounts)
      for (const region of this.#config.regions) yield { account: id, region, unit, accountTags: tags };
  }

  #account(id: AccountId, path: Path): void {
    if (this.#ids.has(id)) return;
    const { organizationId, departed = [] } = this.#inventory;
    if (departed.includes(id)) this.#tell(`account ${id} has left organisation ${organizationId}`, { path, mayMatch: true });
    else this.#tell(`account ${id} is no account of organisation ${organizationId}`, { path, meant: didYouMean(id, [...this.#ids]) });
  }

  #glob(glob: string, { matcher, path }: { readonly matcher: typeof unitMatcher; readonly path: Path }): void {
    const matches = matcher([glob]);
    if (this.#units.some(matches)) return;
    const meant = didYouMean(glob, globsLike(glob, this.#units));
    this.#tell(`glob ${glob} matches no unit that has accounts`, { path, meant, mayMatch: this.#unread.units });
  }

  #tell(message: string, { path, meant = '', mayMatch = false }: Told): void {
    const key = path.filter((step) => typeof step === 'string').join('.');
    const at = positionOf(this.#config.positions, path);
    (mayMatch ? this.#advice : this.#refused).push(problemAt(`${key}: ${message}${meant || ': correct or remove it'}`, at));
  }
}

/** What a person may have meant: every unit and those above it, with what is below only where that was said. */
function globsLike(glob: string, units: readonly string[]): readonly string[] {
  const below = /(?:\/\*{1,2})?$/.exec(glob)?.[0] ?? '';
  const paths = units.flatMap((unit) => {
    const names = unit.split('/');
    return names.map((_name, index) => names.slice(0, index + 1).join('/'));
  });
  return [...new Set(paths)].sort().map((path) => `${path}${below}`);
}
