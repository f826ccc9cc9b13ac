/** What the reader has chosen: for each section one immutable object in a signal, with a history for Undo. */
import { signal } from '@preact/signals-core';

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
  let openGesture = null;

  return {
    state,
    past,
    /** Counts the refreshes, for what is drawn only when its own part of the state changes. */
    refreshed,
    /** `gesture` names a drag, so that all of it is one step of Undo. */
    edit(patch, gesture = null) {
      const continues = gesture !== null && gesture === openGesture;
      if (!continues) past.value = [...past.value.slice(-HISTORY_LENGTH), state.value];
      openGesture = gesture;
      state.value = { ...state.value, ...patch };
      onEdit();
    },
    /** Takes a state over that the reader did not choose here: the address said so. */
    restore(next) {
      past.value = [...past.value.slice(-HISTORY_LENGTH), state.value];
      openGesture = null;
      state.value = next;
    },
    endGesture() {
      openGesture = null;
    },
    undo() {
      if (past.value.length === 0) return false;
      state.value = past.value.at(-1);
      past.value = past.value.slice(0, -1);
      openGesture = null;
      return true;
    },
    /** Draws the fields again, so that a refused entry gives way to the value in force. */
    refresh() {
      refreshed.value++;
      state.value = { ...state.value };
    },
  };
}
