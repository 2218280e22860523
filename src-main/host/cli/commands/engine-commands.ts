import type { Command } from 'commander'
import { Option } from 'commander'
import type { EngineWish } from '../../../../src-shared/contract/engine-wish.ts'
import { engineWish } from '../../../../src-shared/contract/engine-wish.ts'
import { proofLine } from '../../../../src-shared/contract/engine-proof.ts'
import { inTerminal } from '../base/terminal.ts'
import type { Terminal } from '../base/terminal.ts'

/** Engines that come with the app. */
const WITHOUT_SETUP: ReadonlySet<string> = new Set(['wasm', 'cpu', 'webgpu'])

/** Sets the native engine up before the first training, unless another one was asked for; says what it does. */
export async function ensureEngine({ service, output }: Terminal): Promise<void> {
  const asked = process.env['COTRAIN_ENGINE'] ?? ''
  const { engine } = await service.call('settings.get', {})
  if (WITHOUT_SETUP.has(asked) || (asked === '' && WITHOUT_SETUP.has(engine))) return
  const end = service.listen('setup.progress', ({ route, phase, text }) =>
    output.progress(`setting up the engine: ${[route, phase].filter((w) => w !== '').join(', ')} ${text}`),
  )
  try {
    await service.call('app.setup', {})
  } finally {
    end()
    output.endProgress()
  }
}

interface Asked {
  readonly force?: boolean
  readonly from?: string | null
  readonly engine?: EngineWish | null
}

export function addEngineCommands(program: Command, json: () => boolean): void {
  program
    .command('doctor')
    .description('what runs on this machine, and why')
    .option('--deep', 'also compare every file of the native engine with its checksum')
    .option('--prove', 'prove anew that the native engine computes right on this machine')
    .action((options: { deep?: boolean; prove?: boolean }) =>
      inTerminal(json(), async ({ service, output }) => {
        service.listen('setup.progress', ({ phase, text }) => output.progress(`${phase} ${text}`))
        const { deep = false, prove = false } = options
        const report = await service.call('app.doctor', { deep, prove })
        output.endProgress()
        output.result(report, () => report.text)
      }),
    )
  program
    .command('setup')
    .description('set up the native TensorFlow engine')
    .option('--force', 'try every way again')
    .option('--from <path>', 'a wheel of TensorFlow, or a folder with one, in place of a download')
    .addOption(
      new Option(
        '--engine <which>',
        'auto: a card that is served, else the processor; gpu, cpu, webgpu: nothing else',
      ).choices(engineWish.options),
    )
    .action(({ force = false, from = null, engine = null }: Asked) =>
      inTerminal(json(), async ({ service, output }) => {
        service.listen('setup.progress', ({ route, phase, bytes, totalBytes, text }) => {
          const done =
            totalBytes === null ? '' : ` ${(bytes / 1e6).toFixed(0)} of ${(totalBytes / 1e6).toFixed(0)} MB`
          output.progress(`${route === '' ? '' : `${route}: `}${phase} ${text}${done}`)
        })
        await service.call('app.setup', { force, from, engine })
        const report = await service.call('app.doctor', {})
        output.endProgress()
        output.result(report, () =>
          [
            `Backend: ${report.backend.name} (${report.backend.reason})`,
            ...(report.webgpu === null ? [] : [report.webgpu.why]),
            ...(report.proof ? [`Proof: ${proofLine(report.proof)}`] : []),
          ].join('\n'),
        )
      }),
    )
}
