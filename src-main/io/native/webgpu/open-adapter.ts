import { CotrainError } from '../../../../src-shared/contract/errors.ts'
import type { AdapterFacts } from './webgpu-record.ts'

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|microsoft basic render/i

/**
 * The fastest adapter that Dawn (the WebGPU of Chromium, from the package `webgpu`) finds: Vulkan on Linux, Direct3D 12 on
 * Windows, Metal on macOS.
 * @throws CotrainError `engine-unavailable` where there is none
 */
export async function openAdapter(): Promise<GPUAdapter> {
  const found = await adapterOrWhyNot()
  if (typeof found === 'string') throw unavailable(found)
  return found
}

/** The same, or why there is none. */
export async function adapterOrWhyNot(): Promise<GPUAdapter | string> {
  let gpu: GPU
  try {
    const { create, globals } = await import('webgpu')
    Object.assign(globalThis, globals)
    gpu = create([])
  } catch (error) {
    return `Dawn does not start: ${error instanceof Error ? error.message : String(error)}`
  }
  // TensorFlow.js looks for the device where browsers keep it; Node has a navigator without one, or none.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, userAgent: 'node' }, configurable: true })
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  return adapter ?? 'no adapter was found: there is no driver for Vulkan, Metal or Direct3D 12'
}

export function factsOf({ info, limits }: GPUAdapter): AdapterFacts {
  const words = [info.description, info.vendor, info.architecture, info.device].filter((word) => word !== '')
  return {
    name: words.slice(0, 2).join(' ') || 'WebGPU adapter',
    isSoftware: words.some((word) => SOFTWARE.test(word)),
    maxBufferBytes: Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize),
  }
}

function unavailable(what: string): CotrainError {
  const message = `The WebGPU engine is not available: ${what}.`
  const hint =
    'Install the driver of the card (on Linux also libvulkan1), or use COTRAIN_ENGINE=native or wasm.'
  return new CotrainError({ code: 'engine-unavailable', path: 'COTRAIN_ENGINE', message, hint })
}
