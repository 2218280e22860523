import type { RunDetail } from '../contract/run.ts'
import { ENGINE_NAMES } from '../contract/engine-name.ts'
import type { RunConfig } from '../schema/run-config.ts'
import { storedConfig } from '../schema/run-config.ts'
import { capital } from '../util/capital.ts'
import type { Told } from './methods-data.ts'
import { batchPhrase, imagesPhrase, responsesPhrase } from './methods-data.ts'
import {
  cyclePhrase,
  lossPhrase,
  networkPhrase,
  optimizerPhrase,
  readoutPhrase,
  schedulePhrase,
  scoredPhrase,
  startPhrase,
  stoppingPhrase,
} from './methods-training.ts'
import { counted } from '../util/counted.ts'
import { listed } from '../util/listed.ts'
import { unique } from './methods-words.ts'

/** A setting: runs that differ in nothing but the seed, told by the first. */
interface Setting {
  readonly name: string
  readonly told: Told
  readonly runs: readonly RunDetail[]
}

/** One thing to say: `lead` and what a setting has make a sentence. `none`: what stands where only others have it. */
interface Topic {
  readonly title: string
  readonly lead: string
  readonly phrase: (told: Told) => string | null
  readonly none?: string
}

const TOPICS: readonly Topic[] = [
  { title: 'The network', lead: 'The network was', phrase: networkPhrase },
  { title: 'The layer of the neural readouts', lead: 'Neural readouts read', phrase: readoutPhrase },
  { title: 'The start of the weights', lead: 'Weights started', phrase: startPhrase },
  { title: 'The images', lead: 'Images to classify were', phrase: imagesPhrase, none: 'none' },
  { title: 'The responses', lead: 'Responses to predict were', phrase: responsesPhrase, none: 'none' },
  { title: 'The loss', lead: 'The loss was', phrase: lossPhrase },
  { title: 'The batch size', lead: 'A batch held', phrase: batchPhrase },
  { title: 'The order of batches', lead: 'In an epoch,', phrase: cyclePhrase },
  { title: 'The optimizer', lead: 'The optimizer was', phrase: optimizerPhrase },
  { title: 'The schedule of the learning rate', lead: 'The learning rate', phrase: schedulePhrase },
  { title: 'The end of training', lead: 'Training was to end after', phrase: stoppingPhrase },
  { title: 'The weights that were scored', lead: 'Scored weights are', phrase: scoredPhrase },
  {
    title: 'The data seed',
    lead: 'Splits and generated data come from data seed',
    phrase: ({ config }) => String(config.data_seed),
  },
]

/** More values than these are a table, not a sentence. */
const MOST_VALUES = 4

/**
 * A first paragraph for a methods section, in words of the field. It says what the runs recorded and what was set, nothing else;
 * where settings differ it says which has what.
 */
export function methodsText(details: readonly RunDetail[]): string {
  if (details.length === 0) return ''
  const settings = settingsOf(details)
  return [
    countSentence(settings, details),
    ...TOPICS.map((topic) => sentence(topic, settings)),
    epochsSentence(details),
    engineSentence(details),
    'All options that differ from their defaults are listed below.',
  ]
    .filter((text) => text !== '')
    .join(' ')
}

function settingsOf(details: readonly RunDetail[]): Setting[] {
  const groups = new Map<string, RunDetail[]>()
  for (const d of details) groups.set(d.summary.groupId, [...(groups.get(d.summary.groupId) ?? []), d])
  const names = [...groups.values()].map((runs) => runs[0]?.summary.name ?? '')
  return [...groups.values()].flatMap((runs) => {
    const detail = runs[0]
    if (detail === undefined) return []
    const { name, shortId } = detail.summary
    const isOnly = names.filter((other) => other === name).length === 1 && name !== ''
    // a stored config was checked when its run was made
    const config = storedConfig(detail.config as RunConfig)
    return [{ name: isOnly ? `“${name}”` : `“${name}” (${shortId})`, told: { detail, config }, runs }]
  })
}

const namesOf = (settings: readonly Setting[]): string => listed(settings.map(({ name }) => name))

/** "6 networks were trained: “A” and “B”, each with seeds 1000, 2000 and 3000." */
function countSentence(settings: readonly Setting[], details: readonly RunDetail[]): string {
  const seedsOf = ({ runs }: Setting): string => {
    const seeds = unique(runs.map(({ summary }) => String(summary.seed)))
    return `${seeds.length === 1 ? 'seed' : 'seeds'} ${listed(seeds)}`
  }
  const all = unique(settings.map(seedsOf))
  const each = settings.length > 1 ? 'each with ' : 'with '
  const who =
    all.length === 1
      ? `${namesOf(settings)}, ${each}${all[0] ?? ''}`
      : settings.map((s) => `${s.name} with ${seedsOf(s)}`).join('; ')
  return `${counted(details.length, 'network was', 'networks were')} trained: ${who}.${unfinishedText(details)}`
}

function unfinishedText(details: readonly RunDetail[]): string {
  const open = details.map(({ summary }) => summary.status).filter((status) => status !== 'finished')
  const parts = unique(open).map((status) => `${open.filter((s) => s === status).length} ${status}`)
  return parts.length === 0 ? '' : ` Not finished: ${listed(parts)}.`
}

/** What all settings have in one sentence, or who has what. */
function sentence({ title, lead, phrase, none }: Topic, settings: readonly Setting[]): string {
  const said = settings.map((setting) => ({ setting, text: phrase(setting.told) }))
  const texts = unique(said.flatMap(({ text }) => text ?? []))
  const without = said.filter(({ text }) => text === null).map(({ setting }) => setting)
  if (texts.length === 0) return ''
  if (texts.length > MOST_VALUES)
    return `${title} differed between the settings, as listed under “Settings that differ”.`
  if (texts.length === 1 && without.length === 0) return `${lead} ${texts[0] ?? ''}.`
  const parts = texts.map((text) => {
    const who = said.filter((s) => s.text === text).map(({ setting }) => setting)
    return `${text} in ${namesOf(who)}`
  })
  const rest = none === undefined || without.length === 0 ? [] : [`${none} in ${namesOf(without)}`]
  return `${lead} ${[...parts, ...rest].join('; ')}.`
}

/** What was trained, from the records. */
function epochsSentence(details: readonly RunDetail[]): string {
  const epochs = details
    .filter(({ summary }) => summary.status === 'finished')
    .map(({ summary }) => Math.floor(summary.epoch))
  if (epochs.length === 0) return ''
  const [least, most] = [Math.min(...epochs), Math.max(...epochs)]
  return `Finished runs took ${least === most ? counted(most, 'epoch') : `${least} to ${most} epochs`}.`
}

function engineSentence(details: readonly RunDetail[]): string {
  const known = details.flatMap(({ environment }) => environment ?? [])
  if (known.length === 0) return ''
  const engines = unique(
    known.map(({ backend, tensorflow, gpu, card, cpu, precision }) => {
      const engine = [capital(ENGINE_NAMES[backend]), tensorflow ?? '']
        .filter((part) => part !== '')
        .join(' ')
      const format = precision === undefined || precision === 'float32' ? '' : `, products in ${precision}`
      return `${engine} on ${gpu ? (card?.name ?? 'a graphics card') : cpu}${format}`
    }),
  )
  const apps = unique(known.map(({ app }) => app))
  const missing = details.length - known.length
  const gap = missing === 0 ? '' : `; ${counted(missing, 'run')} did not record it`
  return `Computations used ${listed(engines)}, through CoTrain ${listed(apps)}${gap}.`
}
