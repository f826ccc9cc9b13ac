# npx esbuild worker.js --bundle --format=esm --conditions=workerd --outdir=build --loader:.wasm=copy --asset-names=[name] \
#   --loader:.txt=text --loader:.int8=binary --loader:.float32=binary
# npx workerd serve config.capnp
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "embeddings", worker = .embeddings)],
  sockets = [(name = "http", address = "127.0.0.1:8080", http = (), service = "embeddings")],
);

const embeddings :Workerd.Worker = (
  compatibilityDate = "2026-05-01",
  modules = [
    (name = "worker.js", esModule = embed "build/worker.js"),
    (name = "embedding.wasm", wasm = embed "build/embedding.wasm"),
  ],
);
