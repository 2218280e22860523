import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readWindowPlace, rememberWindowPlace } from '../../../../../src-main/host/electron/window-place.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const laptop = { x: 0, y: 0, width: 1920, height: 1080 }
const beside = { x: 1920, y: 0, width: 2560, height: 1440 }
const place = { x: 100, y: 50, width: 1200, height: 800, isMaximized: true }
const fileOf = (name: string): string => join(folder, name, 'window.json')

describe('the place of the window', () => {
  it('is kept between starts', () => {
    const file = fileOf('kept')
    expect(readWindowPlace(file, [laptop])).toBeNull()
    rememberWindowPlace(file, [laptop], place)
    expect(readWindowPlace(file, [laptop])).toEqual(place)
  })

  it('is one for each arrangement of screens, in whatever order the system lists them', () => {
    const file = fileOf('arrangements')
    const wide = { ...place, x: 2500, isMaximized: false }
    rememberWindowPlace(file, [laptop], place)
    rememberWindowPlace(file, [laptop, beside], wide)
    expect(readWindowPlace(file, [laptop])).toEqual(place)
    expect(readWindowPlace(file, [beside, laptop])).toEqual(wide)
    expect(readWindowPlace(file, [beside])).toBeNull()
  })

  it('is not taken where it could not be reached', () => {
    const file = fileOf('unreachable')
    rememberWindowPlace(file, [laptop], { ...place, x: 2500 })
    expect(readWindowPlace(file, [laptop])).toBeNull()
  })

  it('is remembered for the last ten arrangements', () => {
    const file = fileOf('many')
    const screens = (n: number) => [{ ...laptop, width: 1000 + n }]
    for (let n = 0; n < 12; n++) rememberWindowPlace(file, screens(n), place)
    expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object).length).toBe(10)
    expect(readWindowPlace(file, screens(1))).toBeNull()
    expect(readWindowPlace(file, screens(11))).toEqual(place)
  })

  it('is forgotten when the file says something else', () => {
    const file = fileOf('other')
    rememberWindowPlace(file, [laptop], place)
    const [name] = Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)
    mkdirSync(join(file, '..'), { recursive: true })
    for (const value of ['{', '[]', '{"x":"1"}', JSON.stringify({ ...place, width: 1e9 + 0.5 })]) {
      writeFileSync(file, `{${JSON.stringify(name)}:${value}}`)
      expect(readWindowPlace(file, [laptop]), value).toBeNull()
    }
  })
})
