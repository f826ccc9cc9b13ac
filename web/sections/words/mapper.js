/** The work behind the map, in a worker or, where none can be made, on the page: axes, places, and what they lose. */
import { neighborOverlap, pca, project } from 'nn-embedding/lab';

const NEIGHBORS = 10;

/**
 * @param {Float32Array} data the table
 * @param {number} columns
 */
export function createMapper(data, columns) {
  const matrix = { data, shape: [data.length / columns, columns] };
  let last = { key: null, places: null };

  const rowsOf = (rows) => ({ data: Float32Array.from(rows.flatMap((row) => [...data.subarray(row * columns, (row + 1) * columns)])), shape: [rows.length, columns] });

  const mapper = {
    /** The first two principal axes of some rows, or of all, and the places of all rows along them. `key` names the map. */
    map({ key, axes }, onProgress) {
      const found = pca(axes ? rowsOf(axes) : matrix, { onProgress });
      last = { key, places: project(matrix, found) };
      return { places: last.places, explained: found.explainedVarianceRatio };
    },

    /** How many of the nearest rows are the nearest on the map too: for some rows, or for all. */
    overlap({ key, axes, rows }, onProgress) {
      if (last.key !== key) mapper.map({ key, axes }, () => {});
      const { mean, shares } = neighborOverlap(matrix, last.places, { k: NEIGHBORS, ...(rows ? { rows } : {}), onProgress });
      return { mean, shares: rows ? shares : null };
    },
  };
  return mapper;
}
