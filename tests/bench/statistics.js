/** @param {readonly number[]} values at least one @param {number} part 0.5: the median @returns {number} linear between neighbours, as numpy's */
export function quantile(values, part) {
  const sorted = values.slice().sort((a, b) => a - b);
  const at = part * (sorted.length - 1);
  const below = Math.floor(at);
  return sorted[below] + (at - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
}

/** @param {readonly number[]} values @returns {{ median: number, quartiles: [number, number] }} */
export const summary = (values) => ({ median: quantile(values, 0.5), quartiles: [quantile(values, 0.25), quantile(values, 0.75)] });

/**
 * The greatest difference between two results, as a part of the greatest number in the first.
 * @param {Float32Array} expected
 * @param {Float32Array} actual
 * @returns {number} Infinity if their lengths differ, or where one has NaN
 */
export function difference(expected, actual) {
  if (expected.length !== actual.length) return Infinity;
  let greatest = 0;
  let apart = 0;
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(expected[i] - actual[i]);
    if (!(error <= apart)) apart = Number.isNaN(error) ? Infinity : error;
    greatest = Math.max(greatest, Math.abs(expected[i]));
  }
  return apart === 0 || apart === Infinity ? apart : apart / greatest;
}

/**
 * Results with their ratios: time of the contender over ours, or over that of ours which does the same.
 * @param {Record<string, { median?: number }>} results ours among them
 * @param {Record<string, { against?: string }>} contenders
 * @param {Record<string, number>} goals the least ratio aimed at
 * @returns {Record<string, any>} with ratio, goal, and whether it is met
 */
export function compared(results, contenders, goals) {
  const entries = Object.entries(results).map(([key, result]) => {
    const base = results[contenders[key].against] ?? results.ours;
    if (key === 'ours' || result.median === undefined) return [key, result];
    const ratio = result.median / base.median;
    const goal = goals[key];
    return [key, { ...result, ratio, ...(goal !== undefined && { goal, met: ratio >= goal }) }];
  });
  return Object.fromEntries(entries);
}
