/** What an import of a module gives: the compiled module in workerd, its bytes where our bundler has put them in. */
declare module '*.wasm' {
  const source: WebAssembly.Module & Uint8Array;
  export default source;
}
