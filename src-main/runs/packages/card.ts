import type {
  ExampleSource,
  PackageCard,
  PackageScore,
  PackageWords,
} from '../../../src-shared/contract/package.ts'
import { PACKAGE_FORMAT } from '../../../src-shared/contract/package.ts'
import { isFinalKey } from '../../../src-shared/contract/metric-keys.ts'
import { metricInfo } from '../../../src-shared/contract/metrics.ts'
import { findComponent } from '../../../src-shared/schema/registry.ts'
import { wordOf } from '../../../src-shared/schema/words.ts'
import { meanInterval } from '../../engine/eval/student-intervals.ts'
import type { StatedRun } from './packaged-run.ts'

interface CardWish {
  readonly words: PackageWords
  readonly examples: { readonly from: ExampleSource; readonly count: number }
  readonly app: string
  readonly at: Date
}

/** The card of runs of one setting, which state the same data, model and outputs. */
export function cardOf(runs: readonly [StatedRun, ...StatedRun[]], wish: CardWish): PackageCard {
  const [{ config, stated: first }] = runs
  const { shapes, identity } = first
  return {
    format: PACKAGE_FORMAT,
    ...wish.words,
    made: { at: wish.at.toISOString(), app: wish.app },
    model: findComponent('model', config.model.fn)?.title ?? config.model.fn,
    dataset: findComponent('dataset', config.dataset.fn)?.title ?? config.dataset.fn,
    data: { fingerprint: identity.data, parts: identity.parts ?? {} },
    inputs: (['v1', 'v4', 'img_classification'] as const).flatMap((task) => {
      const shape = shapes.inputs[task]
      return shape === undefined ? [] : [{ task, ...shape }]
    }),
    classes: first.classNames,
    sessions: shapes.sessions.map(({ area, key, units }) => ({ area, key, units })),
    scores: scoresOver(runs),
    runs: runs.map(({ stated, config: own }) => ({
      id: stated.id,
      name: stated.name,
      seed: own.seed,
      epochs: stated.epoch,
      seconds: stated.seconds,
      engine: stated.environment?.backend ?? '',
    })),
    examples: wish.examples,
  }
}

/** Each final score over the runs that have it: mean and 95 % t interval over seeds. */
function scoresOver(runs: readonly StatedRun[]): PackageScore[] {
  const keys = new Set(runs.flatMap(({ stated }) => Object.keys(stated.scores).filter(isFinalKey)))
  return [...keys].sort().flatMap((key) => scoreOver(runs, key) ?? [])
}

function scoreOver(runs: readonly StatedRun[], key: string): PackageScore | null {
  const values = runs.flatMap(({ stated }) => stated.scores[key] ?? [])
  return values.length === 0 ? null : { key, ...meanInterval(values), n: values.length }
}

/** Whether every score of a card is that of its runs. */
export const hasScoresOf = ({ scores }: PackageCard, runs: readonly StatedRun[]): boolean =>
  scores.every((score) => JSON.stringify(score) === JSON.stringify(scoreOver(runs, score.key)))

/** The card for people who look into the file without the app, in Markdown. */
export function cardText(card: PackageCard): string {
  const stated = (text: string): string => (text === '' ? 'none stated' : text)
  const number = (value: number): string => String(Number(value.toPrecision(4)))
  const interval = ({ low, high }: PackageScore): string =>
    low === null || high === null ? '' : `${number(low)} to ${number(high)}`
  const sizes = card.inputs.map((i) => `${wordOf(i.task)} ${i.height} x ${i.width} x ${i.channels}`)
  const sessions = card.sessions.map((s) => `${wordOf(s.area)} ${s.key}: ${s.units} units`)
  return [
    `# ${card.title}`,
    '',
    ...(card.note === '' ? [] : [card.note, '']),
    `- Authors: ${stated(card.authors.join('; '))}`,
    `- Licence: ${stated(card.licence)}`,
    `- Citation: ${stated(card.citation)}`,
    `- Made: ${card.made.at} with CoTrain ${card.made.app}`,
    `- Network: ${card.model}; images (height x width x channels): ${sizes.join(', ')}`,
    ...(card.classes.length === 0 ? [] : [`- Classes: ${card.classes.length}`]),
    ...sessions.map((session) => `- Readout: ${session}`),
    `- Trained on: ${card.dataset}, fingerprint ${card.data.fingerprint}. The data are not in this file.`,
    `- Pictures with stored outputs: ${card.examples.count}, ${card.examples.from === 'data' ? 'of the data' : 'generated'}`,
    '',
    '| run | seed | epochs | trained with |',
    '|---|---|---|---|',
    ...card.runs.map(
      ({ id, seed, epochs, engine }) => `| ${id.slice(0, 10)} | ${seed} | ${epochs} | ${engine} |`,
    ),
    '',
    '| score | mean | 95 % interval over seeds | n |',
    '|---|---|---|---|',
    ...card.scores.map((s) => `| ${metricInfo(s.key).label} | ${number(s.mean)} | ${interval(s)} | ${s.n} |`),
    '',
  ].join('\n')
}
