/** What the bundler makes of an import of a module: its bytes. */
declare module '*.wasm' {
  const bytes: Uint8Array;
  export default bytes;
}
