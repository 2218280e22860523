// Loaded with `--require` into every Node process of the unit suite: stands between TensorFlow.js and its binding and keeps
// the names of the operations that were issued, one file per process in the folder that COTRAIN_RECORDED names. Written at
// once, since processes of tests are killed. Proofs run every operation of the list and say nothing about the engine: their
// children are left out, and a test of them unsets COTRAIN_RECORDED.
/* eslint-disable @typescript-eslint/no-require-imports -- loaded before any module, by `--require` */
const { appendFileSync } = require('node:fs')
const Module = require('node:module')
const { join } = require('node:path')

const load = Module._extensions['.node']
const isProof = process.argv.some((argument) => /proof-child/.test(argument))

if (!isProof)
  Module._extensions['.node'] = function (module, file) {
    load(module, file)
    if (/tfjs_binding/.test(file)) module.exports = recorded(module.exports)
  }

function recorded(binding) {
  const seen = new Set()
  const executeOp = (name, ...rest) => {
    const folder = process.env['COTRAIN_RECORDED']
    if (folder !== undefined && !seen.has(name)) {
      seen.add(name)
      appendFileSync(join(folder, `${process.pid}.txt`), `${name}\n`)
    }
    return binding.executeOp(name, ...rest)
  }
  return Object.create(binding, { executeOp: { value: executeOp } })
}
