/**
 * What was measured, as a text for the terminal and as a chart: a way for each kind of table.
 */
import { growthChart, ratioChart, valueChart } from './chart.js';
import { cell, columns, grouped, megabytesText, ratioText, shapeText, timeText } from './report.js';

/**
 * @typedef {object} Measured
 * @property {string} title
 * @property {Record<string, string>} labels of the contenders that took part, ours first
 * @property {{ kernel: string, shape: import('./inputs.js').Shape, results: Record<string, any> }[]} rows
 */
/** @typedef {(measured: Measured, machine: string) => { text: string, svg: string }} Way */

const isOurs = (key) => /^(ours|node-)/.test(key);

/** In the charts of ratios; those that cannot are left to the text, and so is a contender's second time. */
const isShown = (key, rows) => !isOurs(key) && key !== 'torch-op' && rows.some(({ results }) => results[key].ratio !== undefined);

/** @param {Measured} measured @returns {(row: Measured['rows'][0]) => string} */
function rowText({ rows }) {
  const isOneKernel = new Set(rows.map(({ kernel }) => kernel)).size === 1;
  return ({ kernel, shape }) => (isOneKernel ? shapeText(shape) : `${kernel}: ${shapeText(shape)}`);
}

/** @type {Record<string, Way>} */
export const TELL = {
  ratios(measured, machine) {
    const { title, labels, rows } = measured;
    const others = Object.keys(labels).filter((key) => key !== 'ours');
    const shown = others.filter((key) => isShown(key, rows));
    const name = rowText(measured);
    const lines = rows.map((row) => [name(row), ...others.map((key) => cell(row.results[key])), timeText(row.results.ours.median)]);
    return {
      text: columns(['', ...others.map((key) => labels[key]), 'ours'], lines),
      svg: ratioChart(title, shown.map((key) => labels[key]), rows.map((row) => ({ label: name(row), cells: shown.map((key) => row.results[key]) })), machine),
    };
  },

  times({ title, labels, rows: [{ results }] }, machine) {
    const keys = Object.keys(labels).filter((key) => results[key].median !== undefined);
    const lines = keys.map((key) => [labels[key], cell(results[key]), timeText(results[key].median)]);
    const bars = keys.map((key) => ({ label: labels[key], isOurs: isOurs(key), value: results[key].median, text: timeText(results[key].median) }));
    return {
      text: columns(['', 'ratio', 'time'], lines),
      svg: valueChart(title, bars, { machine, caption: 'Time of a call; bars by the logarithm.', isLogarithmic: true }),
    };
  },

  growth({ title, labels, rows }, machine) {
    const keys = Object.keys(labels).filter((key) => rows.every(({ results }) => results[key].median !== undefined));
    const multiple = ({ results }, key) => results[key].median / rows[0].results[key].median;
    const lines = rows.map((row) => [grouped(row.shape.V), ...keys.flatMap((key) => [timeText(row.results[key].median), `x${ratioText(multiple(row, key))}`])]);
    const series = keys.map((key) => ({ label: labels[key], values: rows.map((row) => multiple(row, key)) }));
    return {
      text: columns(['rows', ...keys.flatMap((key) => [labels[key], ''])], lines),
      svg: growthChart(title, rows.map(({ shape }) => shape.V), series, machine),
    };
  },

  memory({ title, labels, rows: [{ shape, results }] }, machine) {
    const table = 4 * shape.V * shape.D;
    const keys = Object.keys(labels).filter((key) => results[key].peak !== undefined);
    const lines = keys.map((key) => {
      const { start, peak, wasm } = results[key];
      return [labels[key], ratioText((peak - start) / table), ...[peak - start, start, peak].map(megabytesText), wasm ? megabytesText(wasm) : ''];
    });
    const bars = keys.map((key) => {
      const grown = results[key].peak - results[key].start;
      return { label: labels[key], isOurs: isOurs(key), value: grown, text: megabytesText(grown) };
    });
    const caption = 'How much the process grew to its peak, over what it had before it read the table.';
    return {
      text: columns(['', 'of the table', 'grown by', 'at the start', 'at the peak', 'WebAssembly'], lines),
      svg: valueChart(title, bars, { machine, caption, line: { value: table, label: `the table: ${megabytesText(table)}` } }),
    };
  },
};
