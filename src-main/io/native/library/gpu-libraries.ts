import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A library that TensorFlow opens to compute on a GPU: its file by the name that is looked for, and where it was found. */
export interface GpuLibrary {
  readonly name: string
  readonly file: string
  readonly path: string | null
}

const CUDA_12: Readonly<Record<string, string>> = {
  'NVIDIA driver': 'libcuda.so.1',
  'CUDA run time': 'libcudart.so.12',
  cuBLAS: 'libcublas.so.12',
  cuBLASLt: 'libcublasLt.so.12',
  cuFFT: 'libcufft.so.11',
  cuSOLVER: 'libcusolver.so.11',
  cuSPARSE: 'libcusparse.so.12',
}
const CUDA_11: Readonly<Record<string, string>> = {
  'NVIDIA driver': 'libcuda.so.1',
  'CUDA run time': 'libcudart.so.11.0',
  cuBLAS: 'libcublas.so.11',
  cuFFT: 'libcufft.so.10',
  cuSOLVER: 'libcusolver.so.11',
  cuSPARSE: 'libcusparse.so.11',
}
/** For Windows no later TensorFlow serves cards; cuDNN opens zlibwapi.dll itself (its installation guide). */
const CUDA_11_WINDOWS: Readonly<Record<string, string>> = {
  'NVIDIA driver': 'nvcuda.dll',
  'CUDA run time': 'cudart64_110.dll',
  cuBLAS: 'cublas64_11.dll',
  cuBLASLt: 'cublasLt64_11.dll',
  cuFFT: 'cufft64_10.dll',
  cuRAND: 'curand64_10.dll',
  cuSOLVER: 'cusolver64_11.dll',
  cuSPARSE: 'cusparse64_11.dll',
  cuDNN: 'cudnn64_8.dll',
  zlib: 'zlibwapi.dll',
}
/** File names by the least TensorFlow that asks for them, as major + minor / 100 (tested build configurations on tensorflow.org). */
const BY_VERSION: readonly { readonly from: number; readonly files: Readonly<Record<string, string>> }[] = [
  { from: 2.18, files: { ...CUDA_12, cuDNN: 'libcudnn.so.9' } },
  { from: 2.15, files: { ...CUDA_12, cuDNN: 'libcudnn.so.8' } },
  { from: 2, files: { ...CUDA_11, cuDNN: 'libcudnn.so.8' } },
]
/** Where Linux distributions, the CUDA installer and WSL put them, and Windows its own. */
const USUAL_FOLDERS = [
  ...(process.env['SystemRoot'] === undefined ? [] : [join(process.env['SystemRoot'], 'System32')]),
  '/usr/local/cuda/lib64',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/usr/lib/wsl/lib',
]

/** The libraries for this TensorFlow version, searched in the engine's own folders first; none on macOS. */
export function gpuLibraries(
  version: string,
  folders: readonly string[],
  { system = process.platform, usual = USUAL_FOLDERS }: { system?: string; usual?: readonly string[] } = {},
): GpuLibrary[] {
  if (system !== 'linux' && system !== 'win32') return []
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const known = BY_VERSION.find(({ from }) => major + minor / 100 >= from)
  const files = system === 'win32' ? CUDA_11_WINDOWS : (known?.files ?? {})
  const own = (process.env[system === 'win32' ? 'PATH' : 'LD_LIBRARY_PATH'] ?? '').split(delimiter)
  const places = [...folders, ...own, ...usual].filter((folder) => folder !== '')
  return Object.entries(files).map(([name, file]) => ({
    name,
    file,
    path: places.map((folder) => join(folder, file)).find((path) => existsSync(path)) ?? null,
  }))
}
