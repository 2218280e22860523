import { createRequire } from 'node:module'
import type { Binding } from './open-binding.ts'
import { openBinding } from './open-binding.ts'

const require = createRequire(import.meta.url)

/** What we use of the backend that tfjs-node registers; the rest of it stays behind this file. */
export interface LoadedTensorFlow {
  readonly version: string
  readonly gpu: boolean
}

interface LegacyUtil {
  isNullOrUndefined?: (value: unknown) => boolean
  isArray?: (value: unknown) => boolean
}

/** Node 23 removed two predicates that tfjs-node still calls through the CommonJS `util`. */
function restoreUtilPredicates(): void {
  const util = require('util') as LegacyUtil
  util.isNullOrUndefined ??= (value) => value === null || value === undefined
  util.isArray ??= Array.isArray
}

/**
 * Loads tfjs-node with the given binding into this process and makes it the current backend.
 * tfjs-node asks node-pre-gyp where its addon is; for the time of loading a stub answers instead.
 */
export function loadTfjsNode(binding: Binding): LoadedTensorFlow {
  restoreUtilPredicates()
  openBinding(binding)
  const fromTfjs = createRequire(require.resolve('@tensorflow/tfjs-node-gpu/package.json'))
  const locator = fromTfjs.resolve('@mapbox/node-pre-gyp')
  const before = require.cache[locator]
  const exports = { find: () => binding.addon }
  require.cache[locator] = {
    id: locator,
    filename: locator,
    loaded: true,
    exports,
    children: [],
    paths: [],
  } as never // a Module in all that require() reads
  try {
    const tf = require('@tensorflow/tfjs-node-gpu') as TfjsNode
    if (tf.getBackend() !== 'tensorflow') throw new Error(`tfjs-node selected the backend ${tf.getBackend()}`)
    const backend = tf.backend()
    backend.isGPUPackage = backend.isUsingGpuDevice // gates depth dilation of 3-D convolutions, which depends on the device
    return { version: backend.binding.TF_Version, gpu: backend.isUsingGpuDevice }
  } finally {
    if (before) require.cache[locator] = before
    else delete require.cache[locator]
  }
}

interface TfjsNode {
  getBackend(): string
  backend(): { binding: { TF_Version: string }; isUsingGpuDevice: boolean; isGPUPackage: boolean }
}
