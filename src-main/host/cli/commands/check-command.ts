import type { Command } from 'commander'
import type { Result } from '../../../../src-shared/contract/contract.ts'
import { formatProblem } from '../../../../src-shared/contract/errors.ts'
import { partsThere } from '../../../../src-shared/contract/data-parts.ts'
import { sizeText } from '../../../../src-shared/util/size-text.ts'
import { asTable } from '../base/output.ts'
import { readConfig } from '../../../runs/create/config-file.ts'
import { inTerminal } from '../base/terminal.ts'

/** `cotrain check <config>`: what a run would need and train with, without starting it. */
export function addCheckCommand(program: Command, json: () => boolean): void {
  program
    .command('check')
    .description(
      'look at a config and its data without training: problems, warnings, batches of each task and session',
    )
    .argument('<config>', 'YAML file')
    .action((path: string) =>
      inTerminal(json(), async ({ service, output }) => {
        const found = await service.call('config.preflight', { config: await readConfig(path) })
        output.result(found, () => checkText(found))
        return found.problems.length > 0 ? 2 : 0
      }),
    )
}

function checkText({
  id,
  data,
  problems,
  warnings,
  share,
  identicalRun,
  ...memory
}: Result<'config.preflight'>): string {
  const rows = share.map(({ task, session, perEpoch }) => [
    task,
    session === task ? '' : session,
    perEpoch
      .map(({ from, batches }) => (perEpoch.length === 1 ? String(batches) : `${batches} from epoch ${from}`))
      .join(', '),
  ])
  return [
    ...(id === null
      ? []
      : [`run      ${id.slice(0, 10)}${identicalRun === null ? '' : `, which is ${identicalRun.status}`}`]),
    ...partsThere(data).map((text) => `data     ${text}`),
    ...data.filter(({ present }) => !present).map(({ name, detail }) => `data     ${name}, ${detail}`),
    ...memoryLines(memory),
    ...warnings.map((text) => `warning  ${text}`),
    ...problems.map((problem) => `error    ${formatProblem(problem)}`),
    ...(rows.length === 0 ? [] : ['', asTable(['task', 'session', 'batches per epoch'], rows)]),
    ...cardTable(memory.deviceMemory),
  ].join('\n')
}

type Memory = Pick<Result<'config.preflight'>, 'memoryBytes' | 'freeMemoryBytes' | 'deviceMemory'>

function memoryLines({ memoryBytes, freeMemoryBytes, deviceMemory }: Memory): string[] {
  const line = (need: number, free: number, place: string): string =>
    `memory   about ${sizeText(need)} of ${place}, ${sizeText(free)} free`
  return [
    ...(memoryBytes === null ? [] : [line(memoryBytes, freeMemoryBytes, 'main memory')]),
    ...(deviceMemory === null
      ? []
      : [line(deviceMemory.needBytes, deviceMemory.freeBytes, `the ${deviceMemory.card}`)]),
  ]
}

function cardTable(deviceMemory: Memory['deviceMemory']): string[] {
  if (deviceMemory === null) return []
  const rows = deviceMemory.parts.map(({ name, bytes }) => [name, sizeText(bytes)])
  return ['', asTable([`on the ${deviceMemory.card}`, 'about'], rows)]
}
