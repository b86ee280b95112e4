/** The first of `length` indices that fits, where all after it fit as well; `length` where none does. Looks at a few of them only. */
export function firstIndex(length: number, fits: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (fits(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
