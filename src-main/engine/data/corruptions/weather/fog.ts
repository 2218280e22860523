import { byteOfUnit, UNIT_OF_BYTE } from '../base/bytes.ts'
import { plasmaFractal } from './plasma-fractal.ts'
import type { Corruption } from '../base/types.ts'

/** [amount, decay of the plasma's roughness] */
export type FogConstants = readonly [amount: number, decay: number]

/** (x + a p) M / (M + a): a plasma p over the image, darkened so that the brightest value M stays. */
export const fog: Corruption<FogConstants> = ({ width, height, data }, [amount, decay], { draws }) => {
  let side = 1
  while (side < Math.max(width, height)) side *= 2
  const plasma = plasmaFractal(side, decay, draws)
  const brightest = UNIT_OF_BYTE[data.reduce((a, b) => (a > b ? a : b), 0)]!
  const out = new Uint8Array(data.length)
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const added = amount * plasma[y * side + x]!
      for (let c = 0; c < 3; c++, i++) {
        out[i] = byteOfUnit(((UNIT_OF_BYTE[data[i]!]! + added) * brightest) / (brightest + amount))
      }
    }
  }
  return out
}
