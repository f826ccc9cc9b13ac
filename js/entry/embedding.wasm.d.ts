/** What `import module from 'nn-embedding/embedding.wasm'` gives in workerd; other loaders may give bytes or an address. */
declare const module: WebAssembly.Module;
export default module;
