/** One published wheel: the C library inside is the same whatever Python it is made for. */
interface PinnedWheel {
  readonly file: string
  readonly bytes: number
  /** In hexadecimal. */
  readonly sha256: string
}

export interface TensorflowRelease {
  readonly project: string
  readonly version: string
  /** Ending of the folder that it is kept in. */
  readonly variant: '' | '-cuda' | '-cuda11'
  /** Of everything that is fetched where no wheel is pinned; about. null: not known. */
  readonly downloadBytes: number | null
  /** Of the library and its headers, unpacked; about. */
  readonly unpackedBytes: number
  /** By platform (`linux-x64`); elsewhere the checksum is the one that the index states. */
  readonly wheels: Readonly<Record<string, PinnedWheel>>
}

/** The release whose kernels and speed the project was measured with. */
export const TENSORFLOW: TensorflowRelease = {
  project: process.platform === 'darwin' ? 'tensorflow' : 'tensorflow-cpu',
  version: '2.21.0',
  variant: '',
  downloadBytes: null,
  unpackedBytes: 840 << 20,
  wheels: {
    'linux-x64': {
      file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
      bytes: 273_829_956,
      sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    },
  },
}

/**
 * The same release with kernels for NVIDIA cards. The libraries of CUDA and cuDNN are packages of their own, which its metadata
 * names. Sizes are about: 0.6 GB for TensorFlow and 2 GB for the others, which unpack to some 6 GB.
 */
export const TENSORFLOW_CUDA: TensorflowRelease = {
  project: 'tensorflow',
  version: '2.21.0',
  variant: '-cuda',
  downloadBytes: 2.6e9,
  unpackedBytes: 6e9,
  wheels: {},
}

/**
 * The last release that serves cards on Windows, as TensorFlow.js downloads it. The libraries of CUDA 11 and cuDNN 8 are packages
 * of their own. Sizes are about.
 */
export const TENSORFLOW_CUDA_11: TensorflowRelease = {
  project: 'tensorflow',
  version: '2.9.1',
  variant: '-cuda11',
  downloadBytes: 2.3e9,
  unpackedBytes: 5e9,
  wheels: {},
}

/** Whether a file may be what its name says: one that is pinned by name must have that content, whatever way it came. */
export const isPinned = ({ wheels }: TensorflowRelease, file: string, sha256: string): boolean =>
  Object.values(wheels).every((pinned) => pinned.file !== file || pinned.sha256 === sha256)
