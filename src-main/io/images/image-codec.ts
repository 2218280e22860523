import type Sharp from 'sharp'

let loading: Promise<typeof Sharp> | null = null

/** The library that decodes and encodes images, loaded with the first one: no command waits for it that sees no image. */
export function imageCodec(): Promise<typeof Sharp> {
  loading ??= load()
  return loading
}

async function load(): Promise<typeof Sharp> {
  const { default: sharp } = await import('sharp')
  // One thread per image and many images in flight is twice as fast as the reverse; each file is decoded once.
  sharp.concurrency(1)
  sharp.cache(false)
  return sharp
}
