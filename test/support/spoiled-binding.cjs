// Loaded with `--require` into a Node process: stands between TensorFlow.js and its binding and makes one operation at one
// shape compute wrong, differ from call to call, hang, or end the process. COTRAIN_SPOILED says which, as JSON:
// [{ "operation": "MatMul", "input": [2, 5], "how": "wrong", "unless": { "ONEDNN_MAX_CPU_ISA": "SSE41" } }]
/* eslint-disable @typescript-eslint/no-require-imports -- loaded before any module, by `--require` */
const Module = require('node:module')

const spoiled = JSON.parse(process.env['COTRAIN_SPOILED'] ?? '[]')
const load = Module._extensions['.node']

Module._extensions['.node'] = function (module, file) {
  load(module, file)
  if (/tfjs_binding/.test(file)) module.exports = spoil(module.exports)
}

function spoil(binding) {
  const shapes = new Map()
  let calls = 0
  const createTensor = (shape, ...rest) => {
    const id = binding.createTensor(shape, ...rest)
    shapes.set(id, [...shape])
    return id
  }
  const executeOp = (name, attrs, inputs, outputs) => {
    const found = spoiled.find(
      (s) => s.operation === name && isMeant(s) && inputs.some((id) => is(id, s.input)),
    )
    if (found?.how === 'dies') process.kill(process.pid, 'SIGSEGV')
    if (found?.how === 'hangs') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
    const results = binding.executeOp(name, attrs, inputs, outputs)
    for (const { id, shape } of results) shapes.set(id, [...shape])
    if (found === undefined || found.how === 'dies') return results
    return [
      changed(results[0], found.how === 'varies' ? 1 + 1e-6 * (1 + (calls++ % 7)) : 1.5),
      ...results.slice(1),
    ]
  }
  const is = (id, shape) => shape === undefined || String(shapes.get(id)) === String(shape)
  const changed = (result, factor) => {
    const values = binding.tensorDataSync(result.id).map((value) => value * factor)
    binding.deleteTensor(result.id)
    return { ...result, id: createTensor([...result.shape], result.dtype, values) }
  }
  return Object.create(binding, { createTensor: { value: createTensor }, executeOp: { value: executeOp } })
}

const isMeant = ({ unless = {} }) =>
  Object.entries(unless).every(([name, value]) => process.env[name] !== value)
