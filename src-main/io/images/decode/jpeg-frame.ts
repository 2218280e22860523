/** Start-of-frame markers of JPEG; C4, C8 and CC of that range are tables. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc

/** What the frame header of a JPEG says; null where the bytes are none. */
export function jpegFrame(bytes: Uint8Array): { height: number; width: number; channels: number } | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null
  const pair = (at: number): number => bytes[at]! * 256 + bytes[at + 1]! // asked for inside only
  for (let at = 2; at + 9 < bytes.length;) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]! // at + 9 is inside
    if (isFrame(marker)) return { height: pair(at + 5), width: pair(at + 7), channels: bytes[at + 9]! }
    at += 2 + pair(at + 2)
  }
  return null
}
