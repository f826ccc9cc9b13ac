/** What the reader has chosen: for each section one immutable object in a signal, with a history for Undo. */
import { batch, signal } from '@preact/signals-core';

const HISTORY_LENGTH = 200;

/** @param {Record<string, { initial: unknown }>} fields @returns {Record<string, any>} the state before anything is chosen */
export const initialState = (fields) => Object.fromEntries(Object.entries(fields).map(([name, { initial }]) => [name, initial]));

/**
 * @param {Record<string, any>} initial
 * @param {() => void} [onEdit] told of every edit by hand
 */
export function createStore(initial, onEdit = () => {}) {
  const state = signal(initial);
  const past = signal([]);
  const refreshed = signal(0);
  const gesture = signal(null);

  return {
    state,
    past,
    /** Counts the refreshes, for what is drawn only when its own part of the state changes. */
    refreshed,
    /** The name of the drag that is going on, or null. */
    gesture,
    /** `name` is that of a drag, so that all of it is one step of Undo. */
    edit(patch, name = null) {
      const continues = name !== null && name === gesture.peek();
      if (!continues) past.value = [...past.value.slice(-HISTORY_LENGTH), state.value];
      batch(() => {
        gesture.value = name;
        state.value = { ...state.value, ...patch };
      });
      onEdit();
    },
    /** Takes a state over that the reader did not choose here: the address said so. */
    restore(next) {
      past.value = [...past.value.slice(-HISTORY_LENGTH), state.value];
      gesture.value = null;
      state.value = next;
    },
    endGesture() {
      gesture.value = null;
    },
    undo() {
      if (past.value.length === 0) return false;
      state.value = past.value.at(-1);
      past.value = past.value.slice(0, -1);
      gesture.value = null;
      return true;
    },
    /** Draws the fields again, so that a refused entry gives way to the value in force. */
    refresh() {
      refreshed.value++;
      state.value = { ...state.value };
    },
  };
}
