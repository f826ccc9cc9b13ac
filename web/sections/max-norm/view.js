/** From what the package answered to what each row of the drawing says. No value is made here, only sorted and counted. */
import { strings } from '../../strings/index.js';
import { words } from './words.js';

/**
 * @param {import('../layer.js').Call} call
 * @param {{ indices: number[], maxNorm: number | null }} choice
 * @param {boolean} wantsCall whether the reader has looked up; a call that fails is not shown as one
 */
export function viewOf(call, { indices, maxNorm }, wantsCall) {
  const { error } = call;
  const called = wantsCall && error === null;
  const table = called ? call.after : call.before;
  const counts = table.rows.map((_, row) => indices.filter((index) => index === row).length);
  const outside = table.outside.filter((row) => counts[row] === 0);
  const total = counts.filter((count) => count > 0).length;
  const repeated = call.rescaled.filter((row) => counts[row] > 1);
  const marks = counts.map((count, row) => ({
    count,
    kind: count > 0 ? 'used' : outside.includes(row) ? 'outside' : 'idle',
    fate: fateOf({ count, called, failed: error !== null, limited: maxNorm !== null, rescaled: call.rescaled.includes(row), outside: table.outside.includes(row) }),
  }));
  const facts = { rescaled: call.rescaled, total, outside, repeated, maxNorm };
  const status = error !== null ? strings.call.errorLead : called ? words().status.called(facts) : words().status.ready(facts);
  const position = error?.message.match(/position \[(\d+)\]/);
  return {
    call, called, error, table, marks, status,
    badPosition: position ? Number(position[1]) : null,
    suggestion: outside[0] ?? 1,
  };
}

function fateOf({ count, called, failed, limited, rescaled, outside }) {
  const { table } = words();
  if (count === 0) return outside ? table.stays : table.idle;
  if (failed) return table.failed;
  if (!limited) return called ? table.copiedUnlimited : table.waitingUnlimited;
  if (called) return rescaled ? table.rescaled : table.copied;
  return rescaled ? table.willRescale : table.waiting;
}
