export { registerWasmKernels } from './wasm-kernels.ts'
