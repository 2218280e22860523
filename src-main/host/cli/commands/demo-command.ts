import type { Command } from 'commander'
import { demoTable } from '../base/demo-table.ts'
import { ensureEngine } from './engine-commands.ts'
import { exitCodeOf, followRuns } from '../base/follow-runs.ts'
import { inTerminal } from '../base/terminal.ts'

/** Three settings and their comparison: classification alone, with V1 responses, with shuffled V1 responses. */
export function addDemoCommand(program: Command, json: () => boolean): void {
  program
    .command('demo')
    .description(
      'train the three demo settings, over seeds as time allows, and compare them (about ten minutes)',
    )
    .option('--quick', 'a smaller version of about two minutes')
    .option('--full', 'the whole training, as long as it takes')
    .action((options: { quick?: boolean; full?: boolean }) =>
      inTerminal(json(), async (terminal) => {
        const { service, output } = terminal
        await ensureEngine(terminal)
        const { backend } = await service.call('app.doctor', {})
        output.note(`Backend: ${backend.name} (${backend.reason})`)
        const size = options.full === true ? 'full' : options.quick === true ? 'quick' : 'auto'
        const { ids, note } = await service.call('demo.start', { size })
        output.note(note)
        const runs = await followRuns(terminal, ids)
        const compared = await service.call('compare.table', { ids, baseline: ids[0] ?? null })
        output.result({ backend, note, runs, comparison: compared }, () => {
          return `${demoTable(compared)}\n\nOpen it in the app: npm start, then Compare (or: npx cotrain serve --open).`
        })
        return exitCodeOf(runs)
      }),
    )
}
