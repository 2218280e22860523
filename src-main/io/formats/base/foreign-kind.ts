import { withFile } from './byte-source.ts'
import { invalidFile } from './problem.ts'

interface Kind {
  readonly what: string
  readonly hint: string
  fits(head: Uint8Array): boolean
}

const starts =
  (...bytes: number[]) =>
  (head: Uint8Array): boolean =>
    bytes.every((byte, i) => head[i] === byte)

/** Kinds of files with endings that we read (.mat, .nc, .hdf, .h5, .npz) and contents that we do not. */
const KINDS: readonly Kind[] = [
  {
    what: 'a netCDF-3 (classic) file',
    hint: 'Turn it into netCDF-4 with `nccopy -k nc4 old.nc new.nc`, or in Python with xarray: xr.open_dataset("old.nc").to_netcdf("new.nc", format="NETCDF4").',
    fits: (head) => starts(0x43, 0x44, 0x46)(head) && [1, 2, 5].includes(head[3] ?? 0),
  },
  {
    what: 'an HDF4 file',
    hint: 'Turn it into HDF5 with `h4toh5convert old.hdf new.h5`.',
    fits: starts(0x0e, 0x03, 0x13, 0x01),
  },
  {
    what: 'a MATLAB file of version 4',
    hint: 'Load it in MATLAB and save it again with `save(file, "-v7.3")` or `-v7`; in Python scipy.io.loadmat and scipy.io.savemat do the same.',
    fits: isMat4,
  },
  { what: 'compressed with gzip', hint: 'Unpack it with `gunzip` first.', fits: starts(0x1f, 0x8b) },
  { what: 'an XZ archive', hint: 'Unpack it first.', fits: starts(0xfd, 0x37, 0x7a, 0x58, 0x5a) },
  { what: 'a Git LFS pointer, not the file itself', hint: 'Fetch it with `git lfs pull`.', fits: isPointer },
]

/** The type word of a MATLAB 4 matrix (order, 0, precision, kind), then its rows and columns. */
function isMat4(head: Uint8Array): boolean {
  if (head.length < 20) return false
  const view = new DataView(head.buffer, head.byteOffset, 20)
  return [true, false].some((little) => {
    const [type, rows, columns, imaginary, name] = [0, 4, 8, 12, 16].map((at) => view.getUint32(at, little))
    const [order, zero, precision, kind] = [1000, 100, 10, 1].map(
      (unit) => Math.floor((type ?? 0) / unit) % 10,
    )
    const isType = (type ?? 0) < 5000 && zero === 0 && (precision ?? 9) <= 5 && (kind ?? 9) <= 2
    const isOrder = order === (little ? 0 : 1)
    return (
      isType &&
      isOrder &&
      (imaginary ?? 2) <= 1 &&
      (name ?? 0) > 0 &&
      (name ?? 0) < 256 &&
      (rows ?? 0) + (columns ?? 0) < 2 ** 31
    )
  })
}

function isPointer(head: Uint8Array): boolean {
  return Buffer.from(head).toString('latin1').startsWith('version https://git-')
}

const HEAD_BYTES = 20

/** @throws CotrainError that names the kind of a file that cannot be read as it is, and the way out. */
export function refuseForeign(path: string): void {
  const head = withFile(path, (source) => source.read(0, Math.min(HEAD_BYTES, source.size)))
  const kind = KINDS.find(({ fits }) => fits(head))
  if (kind) throw invalidFile(path, null, `is ${kind.what}.`, kind.hint)
}
