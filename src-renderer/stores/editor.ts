import { defineStore } from 'pinia'
import type { Ref } from 'vue'
import { computed, ref, shallowRef } from 'vue'
import type { Result } from '../../src-shared/contract/contract.ts'
import type { Problem } from '../../src-shared/contract/errors.ts'
import type { ComponentKind } from '../../src-shared/schema/component.ts'
import { parseRunConfig } from '../../src-shared/schema/run-config.ts'
import { call } from '../api/client.ts'
import { chooseOption } from '../config/choose-option.ts'
import { editorDifferences } from '../config/config-differences.ts'
import { parseText, placeOf } from '../config/config-text.ts'
import type { Section } from '../config/form-state.ts'
import { sectionsOf } from '../config/form-state.ts'
import { switchComponent } from '../config/switch-component.ts'
import { yamlOf } from '../config/yaml-of.ts'
import { usePlugins } from './plugins.ts'
import { edit, redo, startHistory, undo } from '../config/text-history.ts'

/** A config to begin with when no preset is there. */
const NEW_YAML = `name: new experiment
dataset:
  fn: mtl_loader
  config:
    v1_dataset_dict: {dataset: in_silico}
model:
  fn: mtl_builder
trainer:
  fn: cotrainer
  config:
    loss_functions:
      img_classification: CrossEntropyLoss
      v1: PoissonLoss
    to_monitor: [img_classification, v1]
seed: 1000
`

/** What a config was made from. */
export interface Origin {
  readonly name: string
  readonly yaml: string
  /** The run that was cloned; null for presets and new configs. */
  readonly run: string | null
}

/** The config being written. Its YAML text is the truth; form, problems and cards follow from it. */
export const useEditor = defineStore('editor', () => {
  const history = shallowRef(startHistory(NEW_YAML))
  const presets = shallowRef<Result<'config.presets'>>([])
  const recipes = shallowRef<Result<'recipes.list'>>([])
  /** What the text was before the first edit: the preset or run it came from. */
  const origin = shallowRef<Origin>({ name: '', yaml: NEW_YAML, run: null })
  const focusedPath = ref('')
  const folds = foldsOf(focusedPath)

  const text = computed(() => history.value.present)
  const reading = readingOf(text, origin)

  const change = (next: string, key: string): void => {
    history.value = edit(history.value, next, key, Date.now())
  }

  /** Opens a text as a new start of the history's present; what was there stays reachable by undo. */
  function open(yaml: string, name: string, run: string | null = null): void {
    change(yaml, `open ${name} ${Date.now()}`)
    origin.value = { name, yaml, run }
  }

  async function loadPresets(): Promise<void> {
    if (presets.value.length > 0) return
    const [shipped, families] = await Promise.all([call('config.presets', {}), call('recipes.list', {})])
    presets.value = shipped
    recipes.value = families
    const isUntouched = text.value === NEW_YAML && history.value.past.length === 0
    if (isUntouched) startAnew()
  }

  /** A config that runs at once: the co-trained demo under a name of its own. What was there stays reachable by undo. */
  function startAnew(): void {
    const demo = presets.value.find((p) => p.id === 'demo-cotrained')?.yaml
    const yaml = demo?.replace(/^name:.*$/m, 'name: new experiment').replace(/^(#.*\n)+/, '') ?? NEW_YAML
    if (history.value.past.length === 0 && text.value === NEW_YAML) history.value = startHistory(yaml)
    else change(yaml, `new ${Date.now()}`)
    origin.value = { name: '', yaml, run: null }
  }

  async function openFile(path: string): Promise<void> {
    const { name, yaml } = await call('config.read', { path })
    open(yaml, name)
  }

  async function openRun(id: string, name: string): Promise<void> {
    const { config: used } = await call('runs.get', { id })
    open(yamlOf(used), name, id)
  }

  return {
    history,
    presets,
    recipes,
    origin,
    focusedPath,
    ...folds,
    text,
    ...reading,
    change,
    ...optionEdits(text, change),
    open,
    startAnew,
    openFile,
    loadPresets,
    openRun,
    undo: () => (history.value = undo(history.value)),
    redo: () => (history.value = redo(history.value)),
  }
})

/** Parts of the form that a person opened or closed, by path: no edit and no other text closes them again. */
function foldsOf(focusedPath: Ref<string>) {
  const flipped = shallowRef<ReadonlySet<string>>(new Set())

  function flip(key: string): void {
    const next = new Set(flipped.value)
    if (!next.delete(key)) next.add(key)
    flipped.value = next
  }

  /** Opens what a path lies in, and keeps the option itself in the form. */
  function reveal(path: string): void {
    const keys = path.split('.')
    const above = new Set(keys.map((_, i) => keys.slice(0, i + 1).join('.')))
    const next = new Set([...flipped.value].filter((key) => !above.has(key)))
    // The line of the name is closed at first, groups are open.
    if (['name', 'tags', 'comment'].includes(keys[0] ?? '')) next.add('name')
    flipped.value = next
    focusedPath.value = path
  }

  return { flipped, flip, reveal }
}

/** What follows from the text and from where it came. */
function readingOf(text: Readonly<Ref<string>>, origin: Readonly<Ref<Origin>>) {
  const plugins = usePlugins()
  // What a config can name follows from the plug-ins that are trusted: it is read anew with them.
  const parsed = computed(() => ({ ...parseText(text.value), plugins: plugins.all }))
  const result = computed(() =>
    parsed.value.problems.length > 0 ? null : parseRunConfig(parsed.value.given),
  )
  const config = computed(() => (result.value?.ok === true ? result.value.value : null))
  const problems = computed<readonly Problem[]>(() => {
    if (parsed.value.problems.length > 0)
      return parsed.value.problems.map((p) => ({
        code: 'config-invalid',
        message: p.message,
        hint: 'Mend the text in the YAML view.',
      }))
    return result.value?.ok === false ? result.value.problems : []
  })
  /** The form keeps its last readable state while the text has a syntax error. */
  const sections = computed<readonly Section[]>((old) =>
    parsed.value.problems.length === 0 ? sectionsOf(parsed.value.given) : (old ?? []),
  )
  const marks = computed(() => [
    ...parsed.value.problems,
    ...(result.value?.ok === false ? result.value.problems : []).map((p) => ({
      message: `${p.path ?? ''}: ${p.message} ${p.hint ?? ''}`,
      ...(placeOf(text.value, p.path ?? '') ?? { from: 0, to: 1 }),
    })),
  ])
  const isEdited = computed(() => text.value !== origin.value.yaml)
  /** The config as written, before defaults; null while the text has a syntax error. */
  const given = computed(() => parsed.value.given)
  const originConfig = computed(() => {
    const made = parseRunConfig(parseText(origin.value.yaml).given)
    return made.ok ? made.value : null
  })
  /** What differs from the preset or run that this config was made from. */
  const changes = computed(() =>
    config.value === null || originConfig.value === null
      ? []
      : editorDifferences(originConfig.value, config.value),
  )
  return { config, problems, sections, marks, isEdited, given, changes }
}

/** Edits of single options, each a step of undo. */
function optionEdits(text: Readonly<Ref<string>>, change: (next: string, key: string) => void) {
  function set(path: readonly string[], value: unknown): void {
    change(chooseOption(text.value, path, value), path.join('.'))
  }

  function choose(kind: ComponentKind, fn: string): readonly string[] {
    const next = switchComponent(text.value, kind, fn)
    change(next.text, `${kind}.fn`)
    return next.dropped
  }

  /** Sets several options as one step of undo. `undefined` goes back to the default. */
  function setAll(options: readonly { readonly path: string; readonly value?: unknown }[]): void {
    const next = options.reduce(
      (yaml, { path, value }) => chooseOption(yaml, path.split('.'), value),
      text.value,
    )
    change(next, `several ${Date.now()}`)
  }

  return { set, setAll, choose }
}
