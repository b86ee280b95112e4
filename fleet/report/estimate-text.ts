import type { CostEstimate } from '../plan/estimate-cost';

import { textTable } from './terminal-text';

/** What a plan adds to the bill, on one line; null where that is nothing. */
export function estimateText({ monthly, lines, targets }: CostEstimate): string | null {
  if (lines.length === 0) return null;
  const layers = [...new Set(targets.map(({ layer }) => layer))].map((layer) => {
    const amounts = targets.filter((one) => one.layer === layer).map((one) => one.monthly);
    return `${layer} ${dollars(amounts.reduce((sum, amount) => sum + amount, 0))} (${each(amounts)})`;
  });
  const what =
    monthly === 0
      ? 'changes nothing in sum'
      : monthly > 0
        ? `adds about ${dollars(monthly)} a month`
        : `saves about ${dollars(-monthly)} a month`;
  return `${what}, without traffic${layers.length === 0 ? '' : `: ${layers.join(', ')}`}; --details has the items`;
}

/** Every item of an estimate, with quantity and rate, and where the rates come from. */
export function estimateDetails({ lines, monthly, rates }: CostEstimate): string {
  const rows = lines.map((line) => [
    line.layer,
    line.item,
    Number(line.quantity.toFixed(3)).toLocaleString('en-US'),
    `$${line.rate.toFixed(2)} per ${line.per}`,
    line.monthly.toFixed(2),
  ]);
  return [
    textTable(['LAYER', 'ITEM', 'QUANTITY', 'RATE', '$ A MONTH'], [...rows, ['in all', '', '', '', monthly.toFixed(2)]]),
    `estimated from ${rates.source} (${rates.asOf}); orders themselves cost more on top: invocations, logs, traces, storage`,
  ].join('\n');
}

function each(amounts: readonly number[]): string {
  const [least, most] = [Math.min(...amounts), Math.max(...amounts)];
  const range = least === most ? dollars(least) : `${dollars(least)} to ${dollars(most)}`;
  return `${amounts.length} x ${range}`;
}

/** Cents matter below ten dollars only. */
function dollars(amount: number): string {
  const size = Math.abs(amount);
  return `${amount < 0 ? '-' : ''}$${size < 10 ? size.toFixed(2) : Math.round(size).toLocaleString('en-US')}`;
}
