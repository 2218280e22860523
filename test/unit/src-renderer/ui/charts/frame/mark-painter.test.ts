import { expect, it } from 'vitest'
import { placeLabels } from '../../../../../../src-renderer/ui/charts/frame/mark-painter.ts'
import type { Mark } from '../../../../../../src-renderer/ui/charts/frame/series.ts'

const at = (label: string, place: number, tone: Mark['tone'] = 'muted') => ({
  mark: { x: place, label, tone },
  at: place,
  width: 50,
})

it('keeps names inside the picture', () => {
  expect(placeLabels([at('best', 395, 'good')], 40, 400)[0]?.left).toBe(350)
  expect(placeLabels([at('best', 41, 'good')], 40, 400)[0]?.left).toBe(40)
})

it('lets the less telling name give way', () => {
  const placed = placeLabels([at('rate down', 200), at('best', 210, 'good'), at('rate down', 300)], 40, 400)
  expect(placed.map((p) => p.label)).toEqual(['best', 'rate down'])
})
