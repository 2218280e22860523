import type { CanonicalSet } from '../../../src-main/io/canonical/set.ts'
import { TIERS, type Truth, type Written } from './truth.ts'

/**
 * What an imported set says otherwise than the truth; null where it says the same. Trials are compared as a list without
 * order: image (by pixels), tier, and responses by unit.
 */
export async function difference(
  set: CanonicalSet,
  truth: Truth,
  { forgets = [] }: Written,
): Promise<string | null> {
  const [session, ...others] = set.sessions
  if (!session || others.length > 0) return `${set.sessions.length} sessions`
  const { source, id } = set.images
  const size = [source.height, source.width, source.channels].join(' x ')
  const isGrey = truth.channels === 1 && source.channels === 3 // image files are decoded to colour
  const wanted = [truth.height, truth.width, isGrey ? 3 : truth.channels].join(' x ')
  if (size !== wanted) return `images of ${size}, expected ${wanted}`
  const each = source.height * source.width * source.channels
  const pixels = new Float32Array(source.length * each)
  await source.read(Int32Array.from(id.keys()), pixels)
  const scale = 255 / source.pixels.white
  const imageOf = (image: number): string => {
    const at = id.indexOf(image) * each
    const own = pixels.subarray(at, at + each).map((value) => Math.round(value * scale))
    return (isGrey ? own.filter((_, i) => i % 3 === 0) : own).join()
  }
  const order = forgets.includes('units')
    ? truth.units.map((_, unit) => unit)
    : truth.units.map((unit) => session.units.id.indexOf(unit))
  if (session.units.id.length !== truth.units.length || order.includes(-1))
    return `units ${session.units.id.join()}, expected ${truth.units.join()}`
  const count = session.units.id.length
  const line = (image: string, tier: number, responses: readonly number[]): string =>
    [image, tier, responses.map((value) => Math.fround(value)).join()].join(' | ')
  const found = Array.from(session.trials.imageId, (image, trial) =>
    line(
      imageOf(image),
      session.trials.tier[trial] ?? -1,
      order.map((unit) => session.responses[trial * count + unit] ?? -1),
    ),
  ).sort()
  const expected = truth.trials
    .map(({ image, tier, responses }) =>
      line(
        (truth.images[image] ?? []).join(),
        forgets.includes('tiers') ? 0 : TIERS.indexOf(tier),
        responses,
      ),
    )
    .sort()
  if (found.length !== expected.length) return `${found.length} trials, expected ${expected.length}`
  const wrong = found.findIndex((text, i) => text !== expected[i])
  return wrong < 0 ? null : `trial ${found[wrong] ?? ''}, expected ${expected[wrong] ?? ''}`
}
