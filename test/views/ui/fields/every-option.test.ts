import { fireEvent } from '@testing-library/dom'
import { describe, expect, it } from 'vitest'
import type { Component } from 'vue'
import { h } from 'vue'
import { parse } from 'yaml'
import { components } from '../../../../src-shared/schema/registry.ts'
import { sectionsOf } from '../../../../src-renderer/config/form-state.ts'
import type { FieldState, Section } from '../../../../src-renderer/config/form-state.ts'
import FieldRow from '../../../../src-renderer/ui/fields/FieldRow.vue'
import { show } from '../../../support/show.ts'
import { COTRAINED_YAML } from '../../../support/fake-renderer/made-up-configs.ts'

/** Every part that there is, with all its defaults, and a config as people write it. */
const PARTS: readonly (readonly [name: string, given: unknown, id: Section['id']])[] = [
  ...(['dataset', 'model', 'trainer'] as const).flatMap((kind) =>
    components[kind].map(({ fn }) => [fn, { name: 'x', [kind]: { fn, config: {} } }, kind] as const),
  ),
  ...(['run', 'dataset', 'model', 'trainer'] as const).map(
    (id) => [`demo, part ${id}`, parse(COTRAINED_YAML) as unknown, id] as const,
  ),
]

const statesOf = (given: unknown, id: Section['id']): readonly FieldState[] =>
  sectionsOf(given)
    .filter((section) => section.id === id)
    .flatMap(({ groups }) => groups.flatMap(({ fields }) => fields))
const withInner = (states: readonly FieldState[]): readonly FieldState[] =>
  states.flatMap((s) => [s, ...withInner(s.inner)])

/** All rows of a part, and what they say. */
async function form(given: unknown, id: Section['id']) {
  const states = statesOf(given, id)
  const said: { path: string; value: unknown }[] = []
  const row: Component = FieldRow
  await show({
    render: () =>
      states.map((state) =>
        h(row, {
          key: state.path.join('.'),
          state,
          problems: [],
          onSet: (path: readonly string[], value: unknown) => said.push({ path: path.join('.'), value }),
        }),
      ),
  })
  return { states: withInner(states), said }
}
const controls = () => [...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')]

describe.each(PARTS)('the form of %s', (_, given, id) => {
  it('names every control and says its help', async () => {
    const { states } = await form(given, id)
    expect(states.length).toBeGreaterThan(0)
    expect(controls().length).toBeGreaterThan(0)
    for (const control of controls()) {
      const label = control.getAttribute('aria-label') ?? control.labels?.[0]?.textContent ?? ''
      expect(label.trim(), control.id).not.toBe('')
    }
    for (const { path, field } of states) {
      const help = document.getElementById(`field-${path.join('.')}-help`)
      expect(help?.textContent, path.join('.')).toContain(field.help)
    }
  })

  it('says the same value again when a box is left as it was', async () => {
    const { states, said } = await form(given, id)
    const values = new Map(states.map(({ path, value }) => [path.join('.'), value]))
    const boxes = controls().filter((c) => c.id.startsWith('field-') && c.getAttribute('type') !== 'checkbox')
    for (const box of boxes) fireEvent.change(box)
    expect(said.length).toBe(boxes.length)
    for (const { path, value } of said) expect(value, path).toEqual(values.get(path) ?? null)
  })
})
