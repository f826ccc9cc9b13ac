export * from '../js/entry/node.js';
