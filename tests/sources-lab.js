export * from '../js/entry/lab-node.js';
