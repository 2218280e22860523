import type { Command } from 'commander'
import { asTable } from './output.ts'
import { readConfig } from './run-commands.ts'
import { inSession } from './session.ts'

export function addDataCommands(program: Command, json: () => boolean): void {
  const data = program.command('data').description('data sets: list, inspect, add, check, remove')
  data
    .command('list', { isDefault: true })
    .description('data sets of this home folder')
    .action(() =>
      inSession(json(), async ({ service, output }) => {
        const sets = await service.call('data.list', {})
        const rows = sets.map((set) => [
          set.id.slice(0, 10),
          set.name,
          set.kind,
          set.present ? '' : 'missing',
          set.summary,
        ])
        output.result(sets, () =>
          rows.length === 0
            ? 'There are no data sets yet.'
            : asTable(['id', 'name', 'kind', '', 'summary'], rows),
        )
      }),
    )
  data
    .command('inspect')
    .description('what a folder or file contains, without importing it')
    .argument('<path>')
    .action((path: string) =>
      inSession(json(), async ({ service, output }) => {
        const found = await service.call('data.inspect', { path })
        output.result(found, () => `${found.format}: ${found.summary}`)
        if (found.problems.length > 0) output.problems(found.problems as never) // the codes of the wire are text
      }),
    )
  data
    .command('add')
    .description('import a folder or file')
    .argument('<path>')
    .option('--name <name>', 'how to call it', '')
    .action((path: string, { name }: { name: string }) =>
      inSession(json(), async ({ service, output }) => {
        const set = await service.call('data.add', { path, name })
        output.result(set, () => `${set.id.slice(0, 10)} ${set.name}: ${set.summary}`)
      }),
    )
  for (const [name, description] of [
    ['show', 'facts and findings of a data set'],
    ['check', 'read a data set through and compare it with its record'],
  ] as const)
    data
      .command(name)
      .description(description)
      .argument('<id>')
      .action((id: string) =>
        inSession(json(), async ({ service, output }) => {
          const set = await service.call(name === 'show' ? 'data.get' : 'data.check', { id })
          const facts = set.facts.map(({ label, value }) => `${label}: ${value}`)
          const findings = set.findings.map((f) => `${f.severity}: ${f.message} ${f.fix}`)
          output.result(set, () =>
            [`${set.name} (${set.kind})`, set.summary, ...facts, ...findings].join('\n'),
          )
          return set.findings.some((f) => f.severity === 'error') ? 1 : 0
        }),
      )
  data
    .command('remove')
    .description('forget a data set')
    .argument('<id>')
    .action((id: string) =>
      inSession(json(), async ({ service, output }) => {
        const done = await service.call('data.remove', { id })
        output.result(done, () => 'Removed.')
      }),
    )
  program
    .command('model')
    .description('layers, parameters and cost of the model of a config')
    .argument('<config>', 'YAML file')
    .action((path: string) =>
      inSession(json(), async ({ service, output }) => {
        const card = await service.call('config.modelCard', { config: await readConfig(path) })
        const rows = card.layers.map((row) => [
          row.name,
          row.kind,
          row.outputShape.join(' x '),
          String(row.parameters),
          row.receptiveField === undefined ? '' : String(row.receptiveField),
        ])
        output.result(
          card,
          () =>
            `${asTable(['layer', 'kind', 'output', 'parameters', 'receptive field'], rows)}\n${card.parameters} parameters, ${(card.multiplyAdds / 1e6).toFixed(1)} M multiply-adds per image`,
        )
      }),
    )
}
