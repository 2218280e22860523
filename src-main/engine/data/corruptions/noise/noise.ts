import { byteOfUnit, UNIT_OF_BYTE } from '../base/bytes.ts'
import { poissonQuantiles } from './poisson-quantiles.ts'
import type { Corruption } from '../base/types.ts'

/** x + N(0, c^2), every value on its own. */
export const gaussianNoise: Corruption<number> = ({ data }, c, { draws }) => {
  const noise = draws.normals(data.length)
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) out[i] = byteOfUnit(UNIT_OF_BYTE[data[i]!]! + c * noise[i]!)
  return out
}

/** x + x N(0, c^2). */
export const speckleNoise: Corruption<number> = ({ data }, c, { draws }) => {
  const noise = draws.normals(data.length)
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) {
    const x = UNIT_OF_BYTE[data[i]!]!
    out[i] = byteOfUnit(x + x * (c * noise[i]!))
  }
  return out
}

/** Poisson(c x) / c: photon counts at c photons for white. One uniform number per value, by the inverse distribution. */
export const shotNoise: Corruption<number> = ({ data }, c, { draws }) => {
  const uniforms = draws.uniforms(data.length)
  const quantiles = poissonQuantiles(c)
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) out[i] = byteOfUnit(quantiles.count(data[i]!, uniforms[i]!) / c)
  return out
}

/** Salt and pepper on a fraction c of the values (channels independently), half 1, half 0. */
export const impulseNoise: Corruption<number> = ({ data }, c, { draws }) => {
  const altered = draws.uniforms(data.length)
  const salted = draws.uniforms(data.length)
  const out = new Uint8Array(data.length)
  for (let i = 0; i < data.length; i++) out[i] = altered[i]! > c ? data[i]! : salted[i]! <= 0.5 ? 255 : 0
  return out
}
