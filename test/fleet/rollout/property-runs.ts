/** How often a property is tried. Under mutation a tenth is enough to see most mutants, and tables see the rest. */
export const runs = (amount: number): number => (process.env.STRYKER_MUTATOR_WORKER === undefined ? amount : Math.ceil(amount / 10));
