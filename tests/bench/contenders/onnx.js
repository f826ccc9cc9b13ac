/**
 * Writes a kernel as an ONNX model, with its table inside: `node onnx.js NODE_MODULES FILE KERNEL V=1000 D=64 ...`. A process of its own,
 * so that the memory it takes is not counted as the contender's.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { NEAREST_K, readWork } from './contender.js';

/** Of onnx.proto, what is needed here; the rest is left out. */
const PROTO = `syntax = "proto2";
message TensorProto { repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8; optional bytes raw_data = 9; }
message Dimension { optional int64 dim_value = 1; }
message TensorShapeProto { repeated Dimension dim = 1; }
message TensorTypeProto { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
message TypeProto { optional TensorTypeProto tensor_type = 1; }
message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; }
message AttributeProto { optional string name = 1; optional int64 i = 3; optional int32 type = 20; }
message NodeProto { repeated string input = 1; repeated string output = 2; optional string op_type = 4; repeated AttributeProto attribute = 5; }
message GraphProto {
  repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
message ModelProto { optional int64 ir_version = 1; optional GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8; }`;

const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;

const node = (opType, input, output, attribute = []) => ({ opType, input, output, attribute });
const tensor = (name, dims, dataType, data) =>
  ({ name, dims, dataType, rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) });
const value = (name, elemType, dims) =>
  ({ name, type: { tensorType: { elemType, shape: { dim: dims.map((dimValue) => ({ dimValue })) } } } });
const int64s = (name, number) => tensor(name, [1], INT64, BigInt64Array.of(BigInt(number)));

/** Rows gathered, then reduced over the bag. @param {string} reduce an operator */
const bag = (reduce) => ({ D, n, bags }) => ({
  node: [node('Gather', ['weight', 'indices'], ['rows']), node(reduce, ['rows', 'axes'], ['output'], [{ name: 'keepdims', i: 0, type: 2 }])],
  initializer: [int64s('axes', 1)],
  input: [value('indices', INT32, [bags, n / bags])],
  output: [value('output', FLOAT, [bags, D])],
});

/** @type {Record<string, (work: import('./contender.js').Work) => { node: any[], initializer?: any[], input: any[], output: any[] }>} */
const GRAPHS = {
  lookup: ({ D, n }) => ({
    node: [node('Gather', ['weight', 'indices'], ['output'])],
    input: [value('indices', INT32, [n])],
    output: [value('output', FLOAT, [n, D])],
  }),
  'bag-sum': bag('ReduceSum'),
  'bag-mean': bag('ReduceMean'),
  'bag-max': bag('ReduceMax'),
  'bag-weighted': ({ D, n, bags }) => ({
    node: [node('Gather', ['weight', 'indices'], ['rows']), node('MatMul', ['weights', 'rows'], ['output'])],
    input: [value('indices', INT32, [bags, n / bags]), value('weights', FLOAT, [bags, 1, n / bags])],
    output: [value('output', FLOAT, [bags, 1, D])],
  }),
  nearest: ({ D }) => ({
    node: [node('MatMul', ['weight', 'query'], ['scores']), node('TopK', ['scores', 'k'], ['output', 'best'])],
    initializer: [int64s('k', NEAREST_K)],
    input: [value('query', FLOAT, [D])],
    output: [value('output', FLOAT, [NEAREST_K]), value('best', INT64, [NEAREST_K])],
  }),
};
export const KERNELS = Object.keys(GRAPHS);

/**
 * @param {any} protobuf the package protobufjs
 * @param {string} kernel
 * @param {import('./contender.js').Work} work
 * @returns {Uint8Array} a model that takes `indices` (and `weights`, or `query`) and gives `output`
 */
export function model(protobuf, kernel, work) {
  const { V, D } = work;
  const graph = GRAPHS[kernel](work);
  const weight = tensor('weight', [V, D], FLOAT, work.readWeight(new Float32Array(V * D)));
  const { root } = protobuf.parse(PROTO);
  const ModelProto = root.lookupType('ModelProto');
  return ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 18 }],
    graph: { ...graph, name: kernel, initializer: [weight, ...(graph.initializer ?? [])] },
  }).finish();
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [modules, file, kernel, ...words] = process.argv.slice(2);
  writeFileSync(file, model(createRequire(`${modules}/`)('protobufjs'), kernel, readWork(words.join(' '))));
}
