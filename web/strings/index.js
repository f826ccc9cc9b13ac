/** The sentences of the page, one file per language. `strings` is those of the language that is shown. */
import { signal } from '@preact/signals-core';
import { en } from './en.js';
import { zh } from './zh.js';

export const languages = { en, zh };
export const language = signal('en');
export let strings = en;

/** @param {string} code a key of languages */
export function setLanguage(code) {
  strings = languages[code];
  language.value = code;
}
