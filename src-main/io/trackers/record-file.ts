/**
 * Records as TensorFlow writes them (TFRecord): length (8 bytes, little endian), its checksum, the bytes, their checksum.
 * Source: tensorflow/core/lib/io/record_writer.h; the checksums are CRC-32C, rotated and shifted so that they differ from
 * those of data that hold checksums themselves.
 */
export function framed(record: Uint8Array): Uint8Array {
  const out = new Uint8Array(record.length + 16)
  const view = new DataView(out.buffer)
  view.setBigUint64(0, BigInt(record.length), true)
  view.setUint32(8, masked(crc32c(out.subarray(0, 8))), true)
  out.set(record, 12)
  view.setUint32(12 + record.length, masked(crc32c(record)), true)
  return out
}

const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0

/** Castagnoli's polynomial, bits reversed. */
const POLYNOMIAL = 0x82f63b78
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
  return crc
})

/** CRC-32C (RFC 3720, appendix B.4) of bytes. */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}
