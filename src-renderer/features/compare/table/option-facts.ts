import type { RunSummary } from '../../../../src-shared/contract/run.ts'
import type { FormField } from '../../../../src-shared/schema/form.ts'
import { formOf } from '../../../../src-shared/schema/form.ts'
import { findComponent } from '../../../../src-shared/schema/registry.ts'
import type { ComponentKind } from '../../../../src-shared/schema/component.ts'

const isKind = (part: string): part is ComponentKind =>
  part === 'dataset' || part === 'model' || part === 'trainer'

const forms = new Map<string, readonly FormField[]>()

function formFor(kind: ComponentKind, fn: string): readonly FormField[] {
  const key = `${kind} ${fn}`
  const known = forms.get(key)
  if (known !== undefined) return known
  const component = findComponent(kind, fn)
  const form = component === undefined ? [] : formOf(component.schema)
  forms.set(key, form)
  return form
}

/** What the schema says about an option of one of the runs; null for options it does not describe. */
export function optionField(path: string, runs: readonly RunSummary[]): FormField | null {
  const [kind = '', , ...keys] = path.split('.')
  if (!isKind(kind) || keys.length === 0) return null
  for (const fn of new Set(runs.map((r) => r[kind]))) {
    let fields: readonly FormField[] = formFor(kind, fn)
    let found: FormField | undefined
    for (const key of keys) {
      found = fields.find((f) => f.key === key)
      fields = found?.fields ?? []
    }
    if (found !== undefined) return found
  }
  return null
}
